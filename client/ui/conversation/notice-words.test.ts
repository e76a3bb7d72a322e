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

test('[M5] the end of a call says how long it was', () => {
  const ended = { kind: 'notice' as const, notice: 'call-ended' as const, data: { durationMs: 271_000 } };
  expect(toNoticeWords(ended, 'agent')).toBe('Call ended after 4:31');
});
