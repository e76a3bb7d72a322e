import type { MarkView, MessageView } from '../../protocol/conversations.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Party } from '../../protocol/ids.ts';
import type { OutboxMessage } from './outbox.ts';

/** How far one of this side's own messages has come. */
export type Delivery =
  | { state: 'queued' }
  | { state: 'sending' }
  | { state: 'sent' }
  | { state: 'delivered' }
  | { state: 'read' }
  | { state: 'failed'; code: ErrorCode };

/** One line of the conversation as a person sees it. */
export interface ShownMessage {
  /** Stays the same from writing to reading, so the line never jumps or blinks. */
  key: string;
  /** The server's number; null until the message is stored. */
  seq: number | null;
  /** By the server's clock once stored, until then by this device's. */
  sentAt: number;
  sender: MessageView['sender'];
  body: MessageView['body'];
  isOwn: boolean;
  /** Null for everything that is not this side's own text. */
  delivery: Delivery | null;
  /** Set on this side's own messages: what `retry` and `discard` want. */
  clientMessageId: string | null;
}

/**
 * What this page holds of a conversation. `messages` runs from 1 without a gap; whatever came too early stands in
 * `early` until the gap before it is filled, so a reader never sees a line appear above one already read.
 */
export interface Timeline {
  readonly party: Party;
  readonly messages: readonly MessageView[];
  readonly early: ReadonlyMap<number, MessageView>;
  /** The highest number that anybody has told us of. */
  readonly knownSeq: number;
  readonly marks: Readonly<Record<Party, MarkView>>;
}

export function createTimeline(party: Party): Timeline {
  const mark = { deliveredSeq: 0, readSeq: 0 };
  return { party, messages: [], early: new Map(), knownSeq: 0, marks: { visitor: mark, agent: mark } };
}

/** Takes in messages in any order and any number of times. */
export function addMessages(timeline: Timeline, added: readonly MessageView[]): Timeline {
  const early = new Map(timeline.early);
  let knownSeq = timeline.knownSeq;
  for (const message of added) {
    knownSeq = Math.max(knownSeq, message.seq);
    if (message.seq > timeline.messages.length && !early.has(message.seq)) early.set(message.seq, message);
  }
  if (early.size === timeline.early.size) return timeline;

  const joined: MessageView[] = [];
  for (let seq = timeline.messages.length + 1; ; seq += 1) {
    const next = early.get(seq);
    if (next === undefined) break;
    early.delete(seq);
    joined.push(next);
  }
  const messages = joined.length > 0 ? [...timeline.messages, ...joined] : timeline.messages;
  return { ...timeline, messages, early, knownSeq };
}

/** The number up to which nothing is missing. */
export function heldSeq(timeline: Timeline): number {
  return timeline.messages.length;
}

export function hasGap(timeline: Timeline): boolean {
  return timeline.knownSeq > heldSeq(timeline);
}

export function noteKnownSeq(timeline: Timeline, seq: number): Timeline {
  return seq > timeline.knownSeq ? { ...timeline, knownSeq: seq } : timeline;
}

/** Marks only grow: an older one that arrives late changes nothing. */
export function noteMark(timeline: Timeline, party: Party, mark: MarkView): Timeline {
  const held = timeline.marks[party];
  const deliveredSeq = Math.max(held.deliveredSeq, mark.deliveredSeq, mark.readSeq);
  const readSeq = Math.max(held.readSeq, mark.readSeq);
  if (deliveredSeq === held.deliveredSeq && readSeq === held.readSeq) return timeline;
  return { ...timeline, marks: { ...timeline.marks, [party]: { deliveredSeq, readSeq } } };
}

/** Whether the server has stored this own message, also when the answer to sending it never came. */
export function findStored(timeline: Timeline, clientMessageId: string): MessageView | undefined {
  const isIt = (message: MessageView) => isOwn(timeline, message) && message.clientMessageId === clientMessageId;
  return timeline.messages.findLast(isIt) ?? [...timeline.early.values()].find(isIt);
}

/** The other side's texts after this side's read mark. */
export function countUnread(timeline: Timeline): number {
  const { readSeq } = timeline.marks[timeline.party];
  return timeline.messages.filter(({ seq, sender }) => seq > readSeq && sender.kind === otherParty(timeline.party))
    .length;
}

/**
 * The lines to show: everything held without a gap, then this side's own messages that are still under way, in the
 * order they were written.
 */
export function toShownMessages(
  timeline: Timeline,
  pending: readonly OutboxMessage[],
  sendingId: string | null,
): ShownMessage[] {
  const shown = timeline.messages.map((message) => toShown(timeline, message));
  const waiting: ShownMessage[] = [];
  const storedEarly = [...timeline.early.values()].filter((message) => isOwn(timeline, message));
  for (const message of storedEarly.sort((a, b) => a.seq - b.seq)) waiting.push(toShown(timeline, message));
  for (const message of pending) {
    if (findStored(timeline, message.clientMessageId) === undefined)
      waiting.push(toPending(timeline, message, sendingId));
  }
  return [...shown, ...waiting];
}

export function otherParty(party: Party): Party {
  return party === 'visitor' ? 'agent' : 'visitor';
}

function isOwn(timeline: Timeline, message: MessageView): boolean {
  return message.sender.kind === timeline.party;
}

function toShown(timeline: Timeline, message: MessageView): ShownMessage {
  const own = isOwn(timeline, message);
  return {
    key: own && message.clientMessageId !== null ? message.clientMessageId : message.messageId,
    seq: message.seq,
    sentAt: message.sentAt,
    sender: message.sender,
    body: message.body,
    isOwn: own,
    delivery: own && message.body.kind === 'text' ? { state: toReach(timeline, message.seq) } : null,
    clientMessageId: own ? message.clientMessageId : null,
  };
}

function toReach(timeline: Timeline, seq: number): 'sent' | 'delivered' | 'read' {
  const mark = timeline.marks[otherParty(timeline.party)];
  if (seq <= mark.readSeq) return 'read';
  return seq <= mark.deliveredSeq ? 'delivered' : 'sent';
}

function toPending(timeline: Timeline, message: OutboxMessage, sendingId: string | null): ShownMessage {
  return {
    key: message.clientMessageId,
    seq: null,
    sentAt: message.writtenAt,
    sender: { kind: timeline.party, name: '' },
    body: { kind: 'text', text: message.text },
    isOwn: true,
    delivery: toPendingDelivery(message, sendingId),
    clientMessageId: message.clientMessageId,
  };
}

function toPendingDelivery(message: OutboxMessage, sendingId: string | null): Delivery {
  if (message.failure !== null) return { state: 'failed', code: message.failure };
  return { state: message.clientMessageId === sendingId ? 'sending' : 'queued' };
}
