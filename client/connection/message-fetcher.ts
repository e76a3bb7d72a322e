import { signal, type ReadonlySignal } from '@preact/signals';
import type { MessageView } from '../../protocol/conversations.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { toRetryDelayMs } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { ConversationLink } from './conversation-link.ts';
import { findRetryAfterMs, isPassing, toRequestError, type RequestError } from './request-error.ts';

export interface MessageFetcher {
  /** Everything up to now has been fetched once. */
  readonly isLoaded: ReadonlySignal<boolean>;
  /** Why the messages cannot be fetched, when waiting will not help. */
  readonly failure: ReadonlySignal<ErrorCode | null>;
  /** Fetches what is missing, if anything is. Harmless to call at any time. */
  fillGap(): void;
  /** The connection is fresh: whatever happened without us is to be fetched. */
  restart(): void;
  close(): void;
}

interface FetcherOptions {
  link: ConversationLink;
  conversationId: ConversationId;
  clock: Clock;
  random: () => number;
  /** The number up to which nothing is missing. */
  heldSeq(): number;
  hasGap(): boolean;
  onFetched(messages: readonly MessageView[], lastSeq: number): void;
}

/** Fetches the messages that no event has brought: the beginning, and what was missed since. */
export function createMessageFetcher(options: FetcherOptions): MessageFetcher {
  const { link, conversationId, clock, random } = options;
  const isLoaded = signal(false);
  const failure = signal<ErrorCode | null>(null);
  let isStale = true;
  let isFetching = false;
  let failedCount = 0;
  let cancelPause: (() => void) | undefined;
  let isClosed = false;

  function fillGap(): void {
    if (isClosed || isFetching || cancelPause !== undefined || failure.value !== null) return;
    if (link.state.value !== 'online') return;
    if (isStale || options.hasGap()) void fetch();
  }

  async function fetch(): Promise<void> {
    isFetching = true;
    isStale = false;
    const afterSeq = options.heldSeq();
    try {
      const { messages, lastSeq } = await link.request('conversation:fetch-messages', { conversationId, afterSeq });
      if (isClosed) return;
      options.onFetched(messages, lastSeq);
      handleFetched(options.heldSeq() > afterSeq);
    } catch (thrown) {
      handleFailure(toRequestError(thrown));
    } finally {
      isFetching = false;
    }
    fillGap();
  }

  function handleFetched(hasProgress: boolean): void {
    if (!options.hasGap()) isLoaded.value = true;
    if (hasProgress || !options.hasGap()) {
      failedCount = 0;
    } else {
      // The server tells of messages that it does not give out yet; asking without a pause would hammer it.
      pause();
    }
  }

  function handleFailure(error: RequestError): void {
    isStale = true;
    if (isPassing(error.code) || error.code === 'not-signed-in') pause(findRetryAfterMs(error.details));
    else failure.value = error.code;
  }

  function pause(retryAfterMs?: number): void {
    if (isClosed) return;
    const delayMs = toRetryDelayMs(failedCount, random(), retryAfterMs);
    failedCount += 1;
    cancelPause = clock.after(delayMs, () => {
      cancelPause = undefined;
      fillGap();
    });
  }

  return {
    isLoaded,
    failure,
    fillGap,
    restart() {
      cancelPause?.();
      cancelPause = undefined;
      failedCount = 0;
      failure.value = null;
      isStale = true;
      fillGap();
    },
    close() {
      isClosed = true;
      cancelPause?.();
    },
  };
}
