import { expect, test } from 'vitest';
import type { CallId } from '../../protocol/ids.ts';
import { systemClock } from '../connection/clock.ts';
import { createOutbox } from '../connection/outbox.ts';
import { createSafeStorage } from '../connection/safe-storage.ts';
import { createDraft } from '../ui/conversation/draft.ts';
import { createVisitorMemory } from './visitor-memory.ts';
import { conversationIdOf } from './widget-fixtures.ts';

const callId = '018f0000-0000-7000-8000-000000000020' as CallId;

function openBrowser() {
  const [local, tab] = [createSafeStorage(undefined), createSafeStorage(undefined)];
  return { local, tab, loadPage: (siteKey = 'demo') => createVisitorMemory(siteKey, local, tab) };
}

test('[V15] the visitor is the same person on the next page, and another one on another site', () => {
  const browser = openBrowser();
  expect(browser.loadPage().findToken()).toBeUndefined();
  browser.loadPage().keepToken('secret');
  expect(browser.loadPage().findToken()).toBe('secret');
  expect(browser.loadPage('other').findToken()).toBeUndefined();
});

test('[V1] the next page of the same tab opens the widget as it was left', () => {
  const browser = openBrowser();
  expect(browser.loadPage().readWidget()).toEqual({ isOpen: false, isPoppedOut: false, dismissedId: null });
  browser.loadPage().keepWidget({ isOpen: true, isPoppedOut: true, dismissedId: conversationIdOf(3) });
  expect(browser.loadPage().readWidget()).toEqual({
    isOpen: true,
    isPoppedOut: true,
    dismissedId: conversationIdOf(3),
  });
});

test('[M15] a call keeps its tab, its mute and its camera over a change of page', () => {
  const browser = openBrowser();
  browser.loadPage().keepCallHere(callId, true);
  browser.loadPage().keepCallWish(callId, { isMuted: true, isCameraOn: false });
  expect(browser.loadPage().findCallHere()).toBe(callId);
  expect(browser.loadPage().findCallWish(callId)).toEqual({ isMuted: true, isCameraOn: false });
  expect(browser.loadPage().findCallWish('018f0000-0000-7000-8000-000000000021' as CallId)).toBeUndefined();
});

test('[M15] the end of an older call does not take the seat of the present one away', () => {
  const browser = openBrowser();
  const memory = browser.loadPage();
  memory.keepCallHere(callId, true);
  memory.keepCallHere(conversationIdOf(3), false);
  expect(memory.findCallHere()).toBe(callId);
  memory.keepCallHere(callId, false);
  expect(memory.findCallHere()).toBeNull();
});

test('[V5] "Not you?" leaves no unsent word of the person behind, and touches nobody else\'s', () => {
  const browser = openBrowser();
  const memory = browser.loadPage();
  const [own, earlier, others] = [conversationIdOf(1), conversationIdOf(2), conversationIdOf(3)];
  for (const conversationId of [own, earlier, own]) memory.noteConversation(conversationId);
  browser.loadPage('other').noteConversation(others);
  const outbox = createOutbox(browser.local, systemClock);
  for (const conversationId of [own, earlier, others]) {
    createDraft(browser.local, conversationId).write('half a sent');
    outbox.add({ conversationId, clientMessageId: 'a', text: 'not sent yet' });
  }
  browser.loadPage().forgetWords();
  expect(browser.local.keys('foyer:draft:')).toEqual([`foyer:draft:${others}`]);
  expect(browser.local.keys('foyer:outbox:')).toEqual([`foyer:outbox:${others}:a`]);
  expect(browser.local.keys('foyer:conversations:')).toEqual(['foyer:conversations:other']);
});
