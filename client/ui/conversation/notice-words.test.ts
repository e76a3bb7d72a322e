import { afterEach, expect, test } from 'vitest';
import { noticeKind } from '../../../protocol/conversations.ts';
import { setLanguage, type Language } from '../language.ts';
import { toNoticeWords } from './notice-words.ts';

afterEach(() => setLanguage('en'));

test.each(['en', 'de'] as const)('[C1] every notice has words on both sides (%s)', (chosen: Language) => {
  setLanguage(chosen);
  for (const notice of noticeKind.options) {
    for (const reader of ['visitor', 'agent'] as const) {
      const words = toNoticeWords({ kind: 'notice', notice, data: {} }, reader);
      expect(words).toBeTruthy();
      expect(words).not.toMatch(/[{}]|undefined/);
    }
  }
});

test('[C6] the end is told from the side of the person who reads', () => {
  const ended = { kind: 'notice' as const, notice: 'conversation-ended' as const, data: { reason: 'visitor-ended' } };
  expect(toNoticeWords(ended, 'visitor')).toBe('You have ended the conversation.');
  expect(toNoticeWords(ended, 'agent')).toBe('The visitor has ended the conversation.');
});

test('[B2] what is shared, by whom and for how long is told in words', () => {
  const say = (
    notice: 'share-asked' | 'share-started' | 'share-ended' | 'share-declined',
    data = {},
    reader: 'agent' | 'visitor' = 'agent',
  ) => toNoticeWords({ kind: 'notice', notice, data }, reader);
  expect(say('share-asked', { kind: 'screen' })).toBe('The visitor was asked to share the screen.');
  expect(say('share-asked', { kind: 'screen' }, 'visitor')).toBe('You were asked to share your screen.');
  expect(say('share-asked', { kind: 'co-browse' }, 'visitor')).toBe('You were asked to share this page.');
  expect(say('share-started', { kind: 'screen', sharer: 'visitor' }, 'visitor')).toBe('Your screen is shared.');
  expect(say('share-started', { kind: 'screen', sharer: 'agent' }, 'visitor')).toBe('A screen is shared with you.');
  expect(say('share-started', { kind: 'co-browse', sharer: 'visitor' })).toBe('The page is shared.');
  expect(say('share-started', { kind: 'screen', sharer: 'agent' })).toBe('The agent’s screen is shared.');
  expect(say('share-ended', { durationMs: 271_000 })).toBe('Sharing ended after 4:31');
  expect(say('share-ended', { durationMs: 0 })).toBe('Sharing has ended.');
  expect(say('share-ended', { durationMs: 271_000, reason: 'viewer-left' })).toContain('because the agent was away');
  expect(say('share-declined', { reason: 'declined' })).toBe('Sharing was declined.');
  expect(say('share-declined', { reason: 'failed' })).toBe('This could not be shared.');
  expect(say('share-declined', { reason: 'unanswered' })).toBe('Nobody answered whether something may be shared.');
  expect(say('share-declined', { reason: 'cancelled' })).toBe('The question about sharing was taken back.');
});

test('[M5] the end of a call says how long it was', () => {
  const ended = { kind: 'notice' as const, notice: 'call-ended' as const, data: { durationMs: 271_000 } };
  expect(toNoticeWords(ended, 'agent')).toBe('Call ended after 4:31');
});
