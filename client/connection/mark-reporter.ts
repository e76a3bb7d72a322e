import type { MarkView } from '../../protocol/conversations.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { toRetryDelayMs } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { ConversationLink } from './conversation-link.ts';
import { isPassing, toRequestError } from './request-error.ts';

/** Long enough for "received" and "read" of a message on an open screen to travel together. */
const GATHER_MS = 100;

export interface MarkReporter {
  /** Says how far this side has come. Told often, sent seldom. */
  report(mark: MarkView): void;
  /** The server knows this much already, from this page or another one. */
  noteReported(mark: MarkView): void;
  /** The connection is fresh: what could not be told is told now. */
  restart(): void;
  close(): void;
}

/** Tells the server how far this side has received and read, one request at a time, only when it is news. */
export function createMarkReporter(options: {
  link: ConversationLink;
  conversationId: ConversationId;
  clock: Clock;
  random: () => number;
}): MarkReporter {
  const { link, conversationId, clock, random } = options;
  let wanted: MarkView = { deliveredSeq: 0, readSeq: 0 };
  let reported: MarkView = { deliveredSeq: 0, readSeq: 0 };
  let failedCount = 0;
  let isReporting = false;
  let cancelTimer: (() => void) | undefined;
  let isClosed = false;

  function isNews(): boolean {
    return wanted.deliveredSeq > reported.deliveredSeq || wanted.readSeq > reported.readSeq;
  }

  function schedule(delayMs: number): void {
    if (isClosed || isReporting || cancelTimer !== undefined || !isNews()) return;
    cancelTimer = clock.after(delayMs, () => {
      cancelTimer = undefined;
      void send();
    });
  }

  async function send(): Promise<void> {
    if (link.state.value !== 'online' || !isNews()) return;
    const mark = wanted;
    isReporting = true;
    let pauseMs = GATHER_MS;
    try {
      await link.request('conversation:mark-messages', { conversationId, ...mark });
      reported = highest(reported, mark);
      failedCount = 0;
    } catch (thrown) {
      // A refusal for good (ended, not ours) is not asked again until there is something new to tell.
      if (isPassing(toRequestError(thrown).code)) pauseMs = toRetryDelayMs(failedCount, random());
      else reported = highest(reported, mark);
      failedCount += 1;
    }
    isReporting = false;
    schedule(pauseMs);
  }

  return {
    report(mark) {
      wanted = highest(wanted, mark);
      schedule(GATHER_MS);
    },
    noteReported(mark) {
      reported = highest(reported, mark);
    },
    restart() {
      cancelTimer?.();
      cancelTimer = undefined;
      failedCount = 0;
      schedule(GATHER_MS);
    },
    close() {
      isClosed = true;
      cancelTimer?.();
    },
  };
}

function highest(a: MarkView, b: MarkView): MarkView {
  return { deliveredSeq: Math.max(a.deliveredSeq, b.deliveredSeq), readSeq: Math.max(a.readSeq, b.readSeq) };
}
