import type { CallLine } from './call-host.ts';
import type { CallRecord } from './call-record.ts';

/** The line that a change of a call leaves in the conversation's log, if any. Clients word it for the reader. */
export function noticeOfChange(before: CallRecord, after: CallRecord): CallLine | undefined {
  // The conversation has stored it by then, before the line of its own end.
  return after.endReason === 'conversation-ended' ? undefined : toLine(before, after);
}

/** The line of a call that ends with its conversation, if any. */
export function noticeOfLastEnd(record: CallRecord, now: number): CallLine | undefined {
  return toLine(record, { ...record, phase: 'ended', endedAt: now, endReason: 'conversation-ended' });
}

function toLine(before: CallRecord, after: CallRecord): CallLine | undefined {
  const { modality, proposedBy, liveAt, endedAt, endReason } = after;
  // What carries a shared screen: its share has lines of its own.
  if (modality === 'screen') return undefined;
  if (before.liveAt === null && liveAt !== null) return { notice: 'call-started', data: { modality } };
  // What ends while somebody only waits was no call, and the end of the waiting is told by the conversation.
  if (before.phase === 'prepared') return undefined;
  if (before.phase === 'ended' || after.phase !== 'ended' || endReason === null) return undefined;
  if (liveAt !== null) {
    return {
      notice: 'call-ended',
      data: { modality, reason: endReason, durationMs: Math.max(0, (endedAt ?? liveAt) - liveAt) },
    };
  }
  switch (endReason) {
    case 'declined':
      return { notice: 'call-declined', data: { modality, proposedBy } };
    case 'unanswered':
    case 'cancelled':
      return { notice: 'call-missed', data: { modality, proposedBy, wasCancelled: endReason === 'cancelled' } };
    case 'conversation-ended':
      // The end of the conversation is a line of its own and says enough.
      return undefined;
    case 'hung-up':
    case 'participant-left':
    case 'media-failed':
      return { notice: 'call-ended', data: { modality, reason: endReason, durationMs: 0 } };
  }
}
