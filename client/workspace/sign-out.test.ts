import { signal } from '@preact/signals';
import { expect, test } from 'vitest';
import type { AgentId, ConversationId } from '../../protocol/ids.ts';
import { createOutbox } from '../connection/outbox.ts';
import { createSafeStorage } from '../connection/safe-storage.ts';
import { FakeBrowserStorage } from '../connection/testing/browser-storage.ts';
import { createDraft } from '../ui/conversation/draft.ts';
import { adaId, conversationOf, idOf, NINE_OCLOCK, sessionOf } from './desk-fixtures.ts';
import { emptyDesk, nextDesk } from './desk-state.ts';
import { openPapers } from './papers.ts';
import { createSignOut } from './sign-out.ts';

const running = conversationOf(1);
const ended = conversationOf(2, { phase: 'ended', endedAt: NINE_OCLOCK });
const benId = idOf<AgentId>(1, 2);

/** Ada at a browser that others use too. */
function adaAtASharedBrowser() {
  const browser = new FakeBrowserStorage();
  const papers = openPapers(createSafeStorage(browser), adaId);
  const desk = signal(
    nextDesk(emptyDesk, {
      kind: 'session-started',
      session: sessionOf({ conversations: [running, ended] }),
      receivedAt: NINE_OCLOCK,
    }),
  );
  let signedOutCount = 0;
  const door = { signOut: async () => void (signedOutCount += 1) };
  return {
    browser,
    papers,
    signOut: createSignOut({ papers, desk, door }),
    draft: (conversationId: ConversationId, text: string) => createDraft(papers.storage, conversationId).write(text),
    queue: (conversationId: ConversationId, text: string) =>
      createOutbox(papers.storage, { now: () => NINE_OCLOCK }).add({ conversationId, clientMessageId: text, text }),
    stored: () =>
      Array.from({ length: browser.length }, (_, index) => browser.getItem(browser.key(index) ?? '')).join(),
    signedOutCount: () => signedOutCount,
  };
}

test('[A1] with nothing unsent the agent signs out at once', () => {
  const { signOut, signedOutCount } = adaAtASharedBrowser();
  signOut.begin();
  expect(signOut.question.value).toBeNull();
  expect(signedOutCount()).toBe(1);
});

test('[A1] a draft and a message that waits for the network are told before they are lost', () => {
  const { signOut, signedOutCount, draft, queue, stored } = adaAtASharedBrowser();
  draft(running.conversationId, 'Half a sentence');
  queue(running.conversationId, 'Written without a line');
  signOut.begin();
  expect(signedOutCount()).toBe(0);
  expect(signOut.question.value?.map(({ text }) => text)).toEqual(['Written without a line', 'Half a sentence']);
  signOut.stay();
  expect(signOut.question.value).toBeNull();
  expect(stored()).toContain('Half a sentence');

  signOut.begin();
  signOut.confirm();
  expect(signedOutCount()).toBe(1);
  expect(stored()).toBe('');
});

test('[A1] what was written into an ended conversation goes without a question', () => {
  const { signOut, signedOutCount, draft, stored } = adaAtASharedBrowser();
  draft(ended.conversationId, 'Too late');
  signOut.begin();
  expect(signedOutCount()).toBe(1);
  expect(stored()).toBe('');
});

test('[A1] after a session that expired the same agent finds the draft, another one finds nothing', () => {
  const { browser, draft, stored } = adaAtASharedBrowser();
  draft(running.conversationId, 'Not for Ben');
  const again = openPapers(createSafeStorage(browser), adaId);
  expect(createDraft(again.storage, running.conversationId).read()).toBe('Not for Ben');
  const bens = openPapers(createSafeStorage(browser), benId);
  expect(bens.listUnsent()).toEqual([]);
  expect(stored()).toBe('');
});

test('[A1] what a visitor writes in the same browser stays', () => {
  const { browser, signOut, draft } = adaAtASharedBrowser();
  const visitors = createDraft(createSafeStorage(browser), 'theirs');
  visitors.write('A question of mine');
  draft(running.conversationId, 'An answer');
  signOut.confirm();
  expect(visitors.read()).toBe('A question of mine');
});
