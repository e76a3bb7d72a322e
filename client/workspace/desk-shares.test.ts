import { expect, test } from 'vitest';
import type { ShareId } from '../../protocol/ids.ts';
import type { ShareView } from '../../protocol/sharing.ts';
import { listOpenShares, mergeConversation } from './desk-conversation.ts';
import { conversationOf, idOf, MINUTE_MS, NINE_OCLOCK, sessionOf, shareOf } from './desk-fixtures.ts';
import { emptyDesk, nextDesk, type DeskEvent } from './desk-state.ts';
import { toEndWords } from './share-end-words.ts';

const one = conversationOf(1);
const { conversationId } = one;
const changed = (changes: Partial<ShareView>): DeskEvent => ({
  kind: 'share-changed',
  share: shareOf(conversationId, changes),
});

function sharesAfter(...events: DeskEvent[]): ShareView[] {
  const start = { kind: 'session-started', session: sessionOf({ conversations: [one] }), receivedAt: 0 } as const;
  const desk = [start, ...events].reduce(nextDesk, emptyDesk);
  if (desk.phase !== 'ready') throw new Error('The desk never became ready.');
  return listOpenShares(desk.conversations.get(conversationId) ?? conversationOf(2));
}

test('[B1] a share is on the desk from the question to the end', () => {
  expect(sharesAfter(changed({}))).toMatchObject([{ phase: 'asked' }]);
  expect(sharesAfter(changed({}), changed({ revision: 2, phase: 'live' }))).toMatchObject([{ phase: 'live' }]);
  expect(sharesAfter(changed({}), changed({ revision: 2, phase: 'ended' }))).toEqual([]);
});

test('[B2] news that comes late does not bring back what has ended', () => {
  const ended = changed({ revision: 5, phase: 'ended' });
  expect(sharesAfter(changed({ revision: 4, phase: 'live' }), ended, changed({ revision: 4, phase: 'live' }))).toEqual(
    [],
  );
  const stale = conversationOf(1, { revision: 2, shares: [shareOf(conversationId, { revision: 4, phase: 'live' })] });
  expect(sharesAfter(ended, { kind: 'conversation-changed', conversation: stale })).toEqual([]);
});

test('[B1] a view that was read before a share began does not take it away', () => {
  const before = conversationOf(1, { revision: 2 });
  expect(
    sharesAfter(changed({ revision: 3, phase: 'live' }), { kind: 'conversation-changed', conversation: before }),
  ).toHaveLength(1);
  const newer = shareOf(conversationId, { shareId: idOf<ShareId>(9, 2), askedAt: NINE_OCLOCK + MINUTE_MS });
  const known = conversationOf(1, { shares: [newer] });
  const heard = conversationOf(1, { revision: 2, shares: [shareOf(conversationId, { revision: 9, phase: 'live' })] });
  expect(mergeConversation(known, heard).shares).toEqual([newer]);
});

test('[B2] who looks comes with the same revision', () => {
  const live = { revision: 3, phase: 'live' } as const;
  expect(sharesAfter(changed(live), changed({ ...live, watchers: ['Ada Lind'] }))).toMatchObject([
    { watchers: ['Ada Lind'] },
  ]);
});

test('[B1] a page and a screen are two shares', () => {
  const screen = changed({ shareId: idOf<ShareId>(9, 2), kind: 'screen' });
  expect(sharesAfter(changed({}), screen).map(({ kind }) => kind)).toEqual(['co-browse', 'screen']);
});

test('[B1] how a share ended is said in a sentence, unless the agent ended it', () => {
  const wordsFor = (endReason: ShareView['endReason'], changes: Partial<ShareView> = {}) =>
    toEndWords(shareOf(conversationId, { phase: 'ended', endReason, ...changes }), 'Grace');
  expect(wordsFor('declined')).toBe('Grace does not want to share right now.');
  expect(wordsFor('unanswered')).toBe('Grace has not answered.');
  expect(wordsFor('ended-by-sharer')).toBe('Grace has ended sharing.');
  expect(wordsFor('ended-by-sharer', { sharer: 'agent' })).toBeNull();
  expect(wordsFor('ended-by-viewer')).toBeNull();
  expect(wordsFor('ended-by-viewer', { sharer: 'agent' })).toBe('Grace has ended sharing.');
  expect(wordsFor('sharer-left')).toContain('left the page');
  expect(wordsFor('viewer-left')).toBe('Sharing has ended because you were away.');
  expect(wordsFor('cancelled')).toBeNull();
});
