import { batch, signal, type ReadonlySignal } from '@preact/signals';
import type { MessageView } from '../../protocol/conversations.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { toRetryDelayMs } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { ConversationLink } from './conversation-link.ts';
import type { Outbox, OutboxMessage } from './outbox.ts';
import { createRandomId } from './random-id.ts';
import { findRetryAfterMs, isPassing, toRequestError, type RequestError } from './request-error.ts';

/** Short, because an unanswered message is how a dead link is noticed first. */
const SEND_TIMEOUT_MS = 6_000;
/** A message the server fails on again and again must not hold up those behind it for ever. */
const MAX_SERVER_FAULTS = 8;

export interface MessageSender {
  /** Own messages that are not known to be stored, in the order they are sent. */
  readonly pending: ReadonlySignal<readonly OutboxMessage[]>;
  /** The one that is under way. */
  readonly sendingId: ReadonlySignal<string | null>;
  add(text: string): void;
  retry(clientMessageId: string): void;
  discard(clientMessageId: string): void;
  /** Takes over what another tab, or this page before its reload, has left in the outbox. */
  pickUp(): void;
  /** Forgets the waiting of earlier failures and goes on: the connection is fresh. */
  restart(): void;
  /** The server has them; called with every own message that is seen, however it came. */
  confirm(clientMessageIds: readonly string[]): void;
  close(): void;
}

interface SenderOptions {
  link: ConversationLink;
  conversationId: ConversationId;
  outbox: Outbox;
  clock: Clock;
  random: () => number;
  onStored(message: MessageView): void;
}

/**
 * Sends the outbox of one conversation strictly in order, one message at a time: the next one leaves only when the
 * server has stored the one before or refused it for good.
 */
export function createMessageSender(options: SenderOptions): MessageSender {
  const { link, conversationId, outbox, clock, random } = options;
  const pending = signal<readonly OutboxMessage[]>(outbox.list(conversationId));
  const sendingId = signal<string | null>(null);
  let faultCount = 0;
  let cancelPause: (() => void) | undefined;
  let isSignedOut = false;
  let isClosed = false;

  function sendNext(): void {
    if (isClosed || isSignedOut || sendingId.value !== null || cancelPause !== undefined) return;
    if (link.state.value !== 'online') return;
    const next = pending.value.find(({ failure }) => failure === null);
    if (next !== undefined) void send(next);
  }

  async function send(message: OutboxMessage): Promise<void> {
    const { clientMessageId, text } = message;
    sendingId.value = clientMessageId;
    try {
      const stored = await link.request(
        'conversation:send-message',
        { conversationId, clientMessageId, text },
        { timeoutMs: SEND_TIMEOUT_MS },
      );
      options.onStored(stored.message);
      confirm([clientMessageId]);
    } catch (thrown) {
      handleFailure(message, toRequestError(thrown));
    }
  }

  function handleFailure(message: OutboxMessage, error: RequestError): void {
    // An event may have told meanwhile that the message is stored, although its answer was lost.
    if (isClosed || sendingId.value !== message.clientMessageId) return;
    sendingId.value = null;
    if (error.code === 'internal') faultCount += 1;
    if (error.code === 'not-signed-in') {
      isSignedOut = true;
    } else if (isPassing(error.code) && faultCount < MAX_SERVER_FAULTS) {
      pause(error);
    } else {
      faultCount = 0;
      replace(outbox.setFailure(message, error.code));
      sendNext();
    }
  }

  function pause(error: RequestError): void {
    const delayMs = toRetryDelayMs(faultCount, random(), findRetryAfterMs(error.details));
    cancelPause = clock.after(delayMs, () => {
      cancelPause = undefined;
      sendNext();
    });
  }

  function confirm(clientMessageIds: readonly string[]): void {
    const stored = new Set(clientMessageIds);
    const isWaited = pending.value.some(({ clientMessageId }) => stored.has(clientMessageId));
    if (!isWaited) return;
    for (const clientMessageId of stored) outbox.remove({ conversationId, clientMessageId });
    batch(() => {
      pending.value = pending.value.filter(({ clientMessageId }) => !stored.has(clientMessageId));
      if (sendingId.value !== null && stored.has(sendingId.value)) {
        sendingId.value = null;
        faultCount = 0;
      }
    });
    sendNext();
  }

  function replace(changed: OutboxMessage): void {
    pending.value = inOrder([
      ...pending.value.filter(({ clientMessageId }) => clientMessageId !== changed.clientMessageId),
      changed,
    ]);
  }

  return {
    pending,
    sendingId,
    confirm,
    add(text) {
      replace(outbox.add({ conversationId, clientMessageId: createRandomId(), text }));
      sendNext();
    },
    retry(clientMessageId) {
      const failed = pending.value.find((message) => message.clientMessageId === clientMessageId);
      if (failed === undefined || failed.failure === null) return;
      replace(outbox.setFailure(failed, null));
      sendNext();
    },
    discard(clientMessageId) {
      const failed = pending.value.find((message) => message.clientMessageId === clientMessageId);
      if (failed === undefined || failed.failure === null) return;
      outbox.remove(failed);
      pending.value = pending.value.filter((message) => message !== failed);
    },
    pickUp() {
      // What storage no longer has was stored or discarded in another tab, or the browser's owner cleared it: sending
      // it once more is harmless, losing it is not.
      const kept = outbox.list(conversationId);
      const keptIds = new Set(kept.map(({ clientMessageId }) => clientMessageId));
      const own = pending.value.filter((message) => message.failure === null && !keptIds.has(message.clientMessageId));
      pending.value = inOrder([...kept, ...own]);
      sendNext();
    },
    restart() {
      cancelPause?.();
      cancelPause = undefined;
      isSignedOut = false;
      faultCount = 0;
      sendNext();
    },
    close() {
      isClosed = true;
      cancelPause?.();
    },
  };
}

function inOrder(messages: readonly OutboxMessage[]): OutboxMessage[] {
  return [...messages].sort((a, b) => a.writtenAt - b.writtenAt || (a.clientMessageId < b.clientMessageId ? -1 : 1));
}
