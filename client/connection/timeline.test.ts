import { expect, test } from 'vitest';
import type { MessageView } from '../../protocol/conversations.ts';
import type { MessageId } from '../../protocol/ids.ts';
import type { OutboxMessage } from './outbox.ts';
import {
  addMessages,
  countUnread,
  createTimeline,
  findStored,
  hasGap,
  heldSeq,
  noteKnownSeq,
  noteMark,
  toShownMessages,
} from './timeline.ts';

function createMessage(
  seq: number,
  kind: 'visitor' | 'agent' | 'system' = 'agent',
  key: string | null = null,
): MessageView {
  return {
    messageId: `message ${seq}` as MessageId,
    seq,
    sentAt: seq * 1_000,
    sender: { kind, name: 'Mira' },
    body:
      kind === 'system' ? { kind: 'notice', notice: 'agent-joined', data: {} } : { kind: 'text', text: `text ${seq}` },
    clientMessageId: key,
  };
}

function createPending(key: string, failure: OutboxMessage['failure'] = null): OutboxMessage {
  return { conversationId: 'c', clientMessageId: key, text: key, writtenAt: 1, failure };
}

const shownKeys = (timeline: ReturnType<typeof createTimeline>, pending: OutboxMessage[] = []) =>
  toShownMessages(timeline, pending, null).map(({ key }) => key);

test('[C1] messages are shown by their number, however they came', () => {
  const timeline = addMessages(
    createTimeline('visitor'),
    [3, 1, 2].map((seq) => createMessage(seq)),
  );
  expect(shownKeys(timeline)).toEqual(['message 1', 'message 2', 'message 3']);
  expect(hasGap(timeline)).toBe(false);
});

test('[C1] a message that comes twice is shown once and changes nothing', () => {
  const once = addMessages(createTimeline('visitor'), [createMessage(1)]);
  expect(addMessages(once, [createMessage(1)])).toBe(once);
});

test('[C1] what comes after a gap is held back until the gap is filled', () => {
  const gapped = addMessages(createTimeline('visitor'), [createMessage(1), createMessage(3)]);
  expect([heldSeq(gapped), hasGap(gapped), shownKeys(gapped)]).toEqual([1, true, ['message 1']]);
  const filled = addMessages(gapped, [createMessage(2)]);
  expect([heldSeq(filled), hasGap(filled)]).toEqual([3, false]);
});

test('[C1] a number that somebody told of counts as a gap until the message is there', () => {
  const told = noteKnownSeq(createTimeline('visitor'), 1);
  expect(hasGap(told)).toBe(true);
  expect(hasGap(addMessages(told, [createMessage(1)]))).toBe(false);
  expect(noteKnownSeq(told, 1)).toBe(told);
});

test('[C1] an own message keeps its key from writing to storing, also behind a gap', () => {
  const pending = [createPending('mine')];
  const empty = createTimeline('visitor');
  expect(shownKeys(empty, pending)).toEqual(['mine']);
  const early = addMessages(empty, [createMessage(2, 'visitor', 'mine')]);
  expect(shownKeys(early, pending)).toEqual(['mine']);
  expect(findStored(early, 'mine')?.seq).toBe(2);
  expect(shownKeys(addMessages(early, [createMessage(1)]), pending)).toEqual(['message 1', 'mine']);
});

test("[C1] the other side's key never stands for an own message", () => {
  const timeline = addMessages(createTimeline('visitor'), [createMessage(1, 'agent', 'mine')]);
  expect(findStored(timeline, 'mine')).toBeUndefined();
  expect(shownKeys(timeline, [createPending('mine')])).toEqual(['message 1', 'mine']);
});

test("[C1] delivered and read follow the other side's marks, which only grow", () => {
  const sent = addMessages(
    createTimeline('visitor'),
    [1, 2, 3].map((seq) => createMessage(seq, 'visitor', `own ${seq}`)),
  );
  const marked = noteMark(sent, 'agent', { deliveredSeq: 2, readSeq: 1 });
  const states = toShownMessages(marked, [], null).map(({ delivery }) => delivery?.state);
  expect(states).toEqual(['read', 'delivered', 'sent']);
  expect(noteMark(marked, 'agent', { deliveredSeq: 1, readSeq: 0 })).toBe(marked);
  expect(noteMark(sent, 'agent', { deliveredSeq: 0, readSeq: 3 }).marks.agent.deliveredSeq).toBe(3);
});

test("[C1] this side's own mark says nothing about its own messages", () => {
  const sent = addMessages(createTimeline('visitor'), [createMessage(1, 'visitor', 'own')]);
  const marked = noteMark(sent, 'visitor', { deliveredSeq: 1, readSeq: 1 });
  expect(toShownMessages(marked, [], null)[0]?.delivery).toEqual({ state: 'sent' });
});

test('[C1] what is under way is queued, sending or failed with its reason', () => {
  const pending = [createPending('a'), createPending('b'), createPending('c', 'conversation-ended')];
  const states = toShownMessages(createTimeline('visitor'), pending, 'a').map(({ delivery }) => delivery);
  expect(states).toEqual([{ state: 'sending' }, { state: 'queued' }, { state: 'failed', code: 'conversation-ended' }]);
});

test("[C14] unread are the other side's messages after the own read mark, notices not", () => {
  const timeline = addMessages(createTimeline('agent'), [
    createMessage(1, 'visitor'),
    createMessage(2, 'system'),
    createMessage(3, 'agent'),
    createMessage(4, 'visitor'),
  ]);
  expect(countUnread(timeline)).toBe(2);
  expect(countUnread(noteMark(timeline, 'agent', { deliveredSeq: 4, readSeq: 3 }))).toBe(1);
});
