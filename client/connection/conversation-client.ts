import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import type { ConversationView, MessageView } from '../../protocol/conversations.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { ConversationId, Party } from '../../protocol/ids.ts';
import { systemClock, type Clock } from './clock.ts';
import type { ConversationLink } from './conversation-link.ts';
import { createMarkReporter } from './mark-reporter.ts';
import { createMessageFetcher } from './message-fetcher.ts';
import { createMessageSender } from './message-sender.ts';
import { createOutbox } from './outbox.ts';
import { watchPage } from './page-watch.ts';
import { openStorage, type KeyValueStorage } from './safe-storage.ts';
import {
  addMessages,
  countUnread,
  createTimeline,
  hasGap,
  heldSeq,
  noteKnownSeq,
  noteMark,
  otherParty,
  toShownMessages,
  type ShownMessage,
} from './timeline.ts';
import { createTypingExchange } from './typing-exchange.ts';

/** A view that counts one message more usually comes just before that message; only when it does not, one is missing. */
const HINT_GRACE_MS = 1_000;

/** What a view of the conversation tells about its messages. */
export type ConversationProgress = Pick<ConversationView, 'conversationId' | 'lastSeq' | 'marks'>;

/** One side's view of one conversation: what to show, and what a person can do. */
export interface ConversationClient {
  readonly conversationId: ConversationId;
  readonly party: Party;
  /** All lines in order, own unsent ones last. */
  readonly messages: ReadonlySignal<readonly ShownMessage[]>;
  readonly isOtherTyping: ReadonlySignal<boolean>;
  readonly isOnline: ReadonlySignal<boolean>;
  /** False until the messages have been fetched for the first time: show a skeleton. */
  readonly isLoaded: ReadonlySignal<boolean>;
  /** Why the messages cannot be fetched at all, such as `forbidden`. */
  readonly loadFailure: ReadonlySignal<ErrorCode | null>;
  /** The other side's texts that were not yet shown. */
  readonly unreadCount: ReadonlySignal<number>;
  /** Takes the text at once, whatever the network does; blank text is ignored. */
  send(text: string): void;
  /** Sends a failed message again, as the last one. */
  retry(clientMessageId: string): void;
  /** Throws a failed message away. */
  discard(clientMessageId: string): void;
  /** Everything up to here has been shown on a visible screen. */
  markRead(): void;
  /** At each key press; with false once the field is empty. */
  setTyping(isTyping?: boolean): void;
  /** Takes marks and the last number out of a view that came another way, such as the answer of start-session. */
  applyConversation(conversation: ConversationProgress): void;
  /** Hears each new text of the other side once, when it arrives live: for sounds and notifications. */
  onMessageReceived(handler: (message: MessageView) => void): () => void;
  close(): void;
}

export interface ConversationClientOptions {
  connection: ConversationLink;
  conversationId: ConversationId;
  party: Party;
  /** The view that led here, when there is one. */
  conversation?: ConversationProgress;
  /** Where unsent messages outlive a reload. */
  storage?: KeyValueStorage;
  clock?: Clock;
  /** Spreads retries; 0 to 1. */
  random?: () => number;
}

/** Keeps one conversation true on this page: nothing lost, doubled or out of order, whatever the network does (C1). */
export function createConversationClient(options: ConversationClientOptions): ConversationClient {
  const { connection: link, conversationId, party, clock = systemClock, random = Math.random } = options;
  const timeline = signal(createTimeline(party));
  const receivedHandlers = new Set<(message: MessageView) => void>();
  const typing = createTypingExchange(link, conversationId, clock);
  const marks = createMarkReporter({ link, conversationId, clock, random });
  const sender = createMessageSender({
    link,
    conversationId,
    outbox: createOutbox(options.storage ?? openStorage('local'), clock),
    clock,
    random,
    onStored: (message) => takeIn([message]),
  });
  const fetcher = createMessageFetcher({
    link,
    conversationId,
    clock,
    random,
    heldSeq: () => heldSeq(timeline.peek()),
    hasGap: () => hasGap(timeline.peek()),
    onFetched(messages, lastSeq) {
      timeline.value = noteKnownSeq(timeline.peek(), lastSeq);
      takeIn(messages);
    },
  });
  const cancelHints = new Set<() => void>();
  let isClosed = false;

  function takeIn(messages: readonly MessageView[]): void {
    if (isClosed) return;
    const before = timeline.peek();
    batch(() => {
      timeline.value = addMessages(before, messages);
      const own = messages.filter(({ sender: by }) => by.kind === party);
      sender.confirm(own.flatMap(({ clientMessageId }) => clientMessageId ?? []));
    });
    const joined = timeline.peek().messages.slice(heldSeq(before));
    reportMark();
    const isLive = fetcher.isLoaded.peek();
    for (const message of joined) {
      if (message.sender.kind !== otherParty(party)) continue;
      typing.handleOther(false);
      if (isLive && message.body.kind === 'text') for (const handler of receivedHandlers) handler(message);
    }
    fetcher.fillGap();
  }

  /** Own messages need no mark of ours, so they cause no report. */
  function reportMark(): void {
    const { messages, marks: known } = timeline.peek();
    const lastForeignSeq = messages.findLast(({ sender: by }) => by.kind !== party)?.seq ?? 0;
    marks.report({
      deliveredSeq: lastForeignSeq,
      readSeq: Math.min(known[party].readSeq, lastForeignSeq),
    });
  }

  function applyConversation(conversation: ConversationProgress): void {
    if (conversation.conversationId !== conversationId || isClosed) return;
    marks.noteReported(conversation.marks[party]);
    let next = noteMark(timeline.peek(), 'visitor', conversation.marks.visitor);
    next = noteMark(next, 'agent', conversation.marks.agent);
    timeline.value = next;
    if (conversation.lastSeq <= next.knownSeq) return;
    const cancel = clock.after(HINT_GRACE_MS, () => {
      cancelHints.delete(cancel);
      timeline.value = noteKnownSeq(timeline.peek(), conversation.lastSeq);
      fetcher.fillGap();
    });
    cancelHints.add(cancel);
  }

  function isOurs(event: { conversationId: ConversationId }): boolean {
    return event.conversationId === conversationId;
  }

  const stops = [
    link.on('conversation:message-added', (event) => {
      if (isOurs(event)) takeIn([event.message]);
    }),
    link.on('conversation:marks-changed', (event) => {
      if (!isOurs(event)) return;
      if (event.party === party) marks.noteReported(event.mark);
      timeline.value = noteMark(timeline.peek(), event.party, event.mark);
    }),
    link.on('conversation:typing-changed', (event) => {
      if (isOurs(event) && event.party !== party) typing.handleOther(event.isTyping);
    }),
    link.on('conversation:changed', (event) => applyConversation(event.conversation)),
    link.state.subscribe((state) => {
      if (state !== 'online') return;
      fetcher.restart();
      sender.pickUp();
      sender.restart();
      marks.restart();
    }),
    watchPage({ onWake: () => sender.pickUp(), onNetworkLost: () => undefined }),
  ];
  if (options.conversation !== undefined) applyConversation(options.conversation);

  return {
    conversationId,
    party,
    messages: computed(() => toShownMessages(timeline.value, sender.pending.value, sender.sendingId.value)),
    isOtherTyping: typing.isOtherTyping,
    isOnline: computed(() => link.state.value === 'online'),
    isLoaded: fetcher.isLoaded,
    loadFailure: fetcher.failure,
    unreadCount: computed(() => countUnread(timeline.value)),
    send(text) {
      if (text.trim().length === 0) return;
      typing.handleSent();
      sender.add(text);
    },
    retry: (clientMessageId) => sender.retry(clientMessageId),
    discard: (clientMessageId) => sender.discard(clientMessageId),
    markRead() {
      const readSeq = heldSeq(timeline.peek());
      timeline.value = noteMark(timeline.peek(), party, { deliveredSeq: readSeq, readSeq });
      reportMark();
    },
    setTyping: (isTyping = true) => typing.setTyping(isTyping),
    applyConversation,
    onMessageReceived(handler) {
      receivedHandlers.add(handler);
      return () => receivedHandlers.delete(handler);
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      for (const stop of stops) stop();
      for (const cancel of cancelHints) cancel();
      fetcher.close();
      sender.close();
      marks.close();
      typing.close();
    },
  };
}
