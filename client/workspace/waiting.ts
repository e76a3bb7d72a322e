/** An answer within half a minute feels like a conversation; after two minutes people leave. */
const NOTICEABLE_MS = 30_000;
const LONG_MS = 120_000;

/** How urgent an unanswered visitor is: the chip goes from quiet over amber to red. */
export function toWaitTone(waitedMs: number): 'plain' | 'warn' | 'bad' {
  if (waitedMs >= LONG_MS) return 'bad';
  return waitedMs >= NOTICEABLE_MS ? 'warn' : 'plain';
}
