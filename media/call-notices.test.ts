import { describe, expect, test } from 'vitest';
import type { ConversationId } from '../protocol/ids.ts';
import type { CallEndReason } from '../protocol/media.ts';
import { noticeOfChange, noticeOfLastEnd } from './call-notices.ts';
import { proposedCall } from './call-store-contract.ts';
import type { CallRecord } from './call-record.ts';

const proposed = proposedCall('conversation' as ConversationId);
const live: CallRecord = { ...proposed, phase: 'live', liveAt: 60_000 };
const ended = (from: CallRecord, endReason: CallEndReason): CallRecord => ({
  ...from,
  phase: 'ended',
  endedAt: 75_000,
  endReason,
});

test('[CA21] the log says when a call became live, once', () => {
  expect(noticeOfChange(proposed, live)).toEqual({ notice: 'call-started', data: { modality: 'video' } });
  expect(noticeOfChange(live, { ...live, phase: 'held' })).toBeUndefined();
});

test('[CA21] the log says how long a call was and why it ended, once', () => {
  const over = ended(live, 'hung-up');
  expect(noticeOfChange(live, over)).toEqual({
    notice: 'call-ended',
    data: { modality: 'video', reason: 'hung-up', durationMs: 15_000 },
  });
  expect(noticeOfChange(over, over)).toBeUndefined();
});

test('[CA21] how long a call was that ends with its conversation is told by the conversation alone', () => {
  expect(noticeOfLastEnd(live, 75_000)).toEqual({
    notice: 'call-ended',
    data: { modality: 'video', reason: 'conversation-ended', durationMs: 15_000 },
  });
  expect(noticeOfLastEnd(proposed, 75_000)).toBeUndefined();
  expect(noticeOfLastEnd({ ...proposed, phase: 'prepared' }, 75_000)).toBeUndefined();
  expect(noticeOfChange(live, ended(live, 'conversation-ended'))).toBeUndefined();
});

describe('a call that was never live', () => {
  test.each([
    ['declined', 'call-declined'],
    ['unanswered', 'call-missed'],
    ['cancelled', 'call-missed'],
    ['hung-up', 'call-ended'],
    ['media-failed', 'call-ended'],
    ['participant-left', 'call-ended'],
    ['conversation-ended', undefined],
  ] as const)('[CA21] and ended as %s leaves %s', (endReason, notice) => {
    expect(noticeOfChange(proposed, ended(proposed, endReason))?.notice).toBe(notice);
  });
});
