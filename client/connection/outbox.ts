import type { ErrorCode } from '../../protocol/errors.ts';
import type { Clock } from './clock.ts';
import type { KeyValueStorage } from './safe-storage.ts';
import { OUTBOX_PREFIX } from './unsent-words.ts';

/** One message of this side that the server has not yet confirmed. */
export interface OutboxMessage {
  readonly conversationId: string;
  readonly clientMessageId: string;
  readonly text: string;
  /** When it was written; strictly growing within a conversation, so it is the order as well. */
  readonly writtenAt: number;
  /** Why the server will not take it; null while it is still to be sent. */
  readonly failure: ErrorCode | null;
}

/**
 * Keeps messages until the server has confirmed them, over reloads too. Tabs of one visitor share it: each message has
 * an entry of its own, so tabs never overwrite one another, and sending one twice is harmless (`clientMessageId`).
 */
export interface Outbox {
  /** In the order they are to be sent. */
  list(conversationId: string): OutboxMessage[];
  add(message: { conversationId: string; clientMessageId: string; text: string }): OutboxMessage;
  /** Notes a refusal, or with null that it is to be sent again, now as the last of its conversation. */
  setFailure(message: OutboxMessage, failure: ErrorCode | null): OutboxMessage;
  /** Confirmed or discarded. Harmless when it is gone already. */
  remove(message: { conversationId: string; clientMessageId: string }): void;
}

/** A message that could not be sent for a month is of no use to anybody any more. */
const MAX_AGE_MS = 30 * 86_400_000;

export function createOutbox(storage: KeyValueStorage, clock: Pick<Clock, 'now'>): Outbox {
  forgetOldMessages(storage, clock.now());

  function list(conversationId: string): OutboxMessage[] {
    return storage
      .keys(`${OUTBOX_PREFIX}${conversationId}:`)
      .flatMap((key) => readOutboxMessage(storage.get(key)) ?? [])
      .filter((message) => message.conversationId === conversationId)
      .sort((a, b) => a.writtenAt - b.writtenAt || (a.clientMessageId < b.clientMessageId ? -1 : 1));
  }

  function write(message: OutboxMessage): OutboxMessage {
    storage.set(toKey(message), JSON.stringify(message));
    return message;
  }

  /** A clock set back must not move a message before an earlier one. */
  function nextWrittenAt(conversationId: string): number {
    const last = list(conversationId).at(-1);
    return Math.max(clock.now(), last === undefined ? 0 : last.writtenAt + 1);
  }

  return {
    list,
    add: (message) => write({ ...message, writtenAt: nextWrittenAt(message.conversationId), failure: null }),
    setFailure(message, failure) {
      const writtenAt = failure === null ? nextWrittenAt(message.conversationId) : message.writtenAt;
      return write({ ...message, writtenAt, failure });
    },
    remove: (message) => storage.remove(toKey(message)),
  };
}

function toKey(message: { conversationId: string; clientMessageId: string }): string {
  return `${OUTBOX_PREFIX}${message.conversationId}:${message.clientMessageId}`;
}

function forgetOldMessages(storage: KeyValueStorage, now: number): void {
  for (const key of storage.keys(OUTBOX_PREFIX)) {
    const message = readOutboxMessage(storage.get(key));
    if (message === undefined || now - message.writtenAt > MAX_AGE_MS) storage.remove(key);
  }
}

/** Storage belongs to the browser's owner and to older versions of this page: only what has the right shape counts. */
export function readOutboxMessage(stored: string | null): OutboxMessage | undefined {
  if (stored === null) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(stored);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { conversationId, clientMessageId, text, writtenAt, failure } = value as Partial<OutboxMessage>;
  if (typeof conversationId !== 'string' || typeof clientMessageId !== 'string') return undefined;
  if (typeof text !== 'string' || typeof writtenAt !== 'number') return undefined;
  return { conversationId, clientMessageId, text, writtenAt, failure: typeof failure === 'string' ? failure : null };
}
