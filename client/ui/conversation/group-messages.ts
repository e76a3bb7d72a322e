import type { ShownMessage } from '../../connection/timeline.ts';
import { startOfDay } from '../format-time.ts';

/** What the log is made of, top to bottom. */
export type LogBlock =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'notice'; key: string; message: ShownMessage }
  /** Texts of one person within one minute, stored or waiting: one time stamp for all. */
  | { kind: 'group'; key: string; isOwn: boolean; name: string; messages: [ShownMessage, ...ShownMessage[]] };

/** Puts messages into the blocks that a reader sees as one. Order is never touched. */
export function groupMessages(messages: readonly ShownMessage[]): LogBlock[] {
  const blocks: LogBlock[] = [];
  let day: number | undefined;
  for (const message of messages) {
    const messageDay = startOfDay(message.sentAt);
    // A stamp of an earlier day below a later one would only confuse: clocks differ, the order counts.
    if (day === undefined || messageDay > day) {
      day = messageDay;
      blocks.push({ kind: 'day', key: `day-${messageDay}`, at: message.sentAt });
    }
    const last = blocks.at(-1);
    if (message.body.kind === 'notice') {
      blocks.push({ kind: 'notice', key: message.key, message });
    } else if (last?.kind === 'group' && belongsTogether(last.messages.at(-1) ?? last.messages[0], message)) {
      last.messages.push(message);
    } else {
      const { key, isOwn, sender } = message;
      blocks.push({ kind: 'group', key, isOwn, name: sender.name, messages: [message] });
    }
  }
  return blocks;
}

function belongsTogether(earlier: ShownMessage, later: ShownMessage): boolean {
  if (earlier.isOwn !== later.isOwn || earlier.sender.kind !== later.sender.kind) return false;
  if (!later.isOwn && earlier.sender.name !== later.sender.name) return false;
  if (isFailed(earlier) || isFailed(later) || isWaiting(earlier) !== isWaiting(later)) return false;
  return Math.floor(earlier.sentAt / 60_000) === Math.floor(later.sentAt / 60_000);
}

function isWaiting(message: ShownMessage): boolean {
  return message.delivery?.state === 'queued' || message.delivery?.state === 'sending';
}

function isFailed(message: ShownMessage): boolean {
  return message.delivery?.state === 'failed';
}
