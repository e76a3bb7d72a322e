export interface WaitFacts {
  /** 1 is next. */
  position: number;
  /** Agents who could take a request right now. They are rung side by side, each with one request at a time. */
  freeAgents: number;
  /** Conversations that the department's agents could take right now without exceeding their caps. */
  freeSlots: number;
  /** Conversations that they hold at the moment. */
  busySlots: number;
  /** From recent conversations, newest first; milliseconds. */
  recent: { waitedMs: number; servedMs: number | null }[];
}

/** Before anything is known: how long an agent takes to answer and a conversation lasts, in ordinary support desks. */
const ASSUMED_ANSWER_MS = 30_000;
const ASSUMED_SERVICE_MS = 8 * 60_000;
/** Fewer than this say more about chance than about the desk. */
const MIN_KNOWN = 3;

/**
 * How long a visitor will probably wait (QU6): with a free slot until it is this request's turn to ring and somebody answers, otherwise until enough
 * conversations have ended. Null when nobody serves, because any number would be a lie.
 */
export function estimateWaitMs({ position, freeAgents, freeSlots, busySlots, recent }: WaitFacts): number | null {
  const slots = freeSlots + busySlots;
  if (slots === 0) return null;
  const answerMs = median(recent.map((service) => service.waitedMs)) ?? ASSUMED_ANSWER_MS;
  if (position <= freeSlots) return Math.min(answerMs, ASSUMED_ANSWER_MS * 4) * Math.ceil(position / freeAgents);
  const serviceMs =
    median(recent.flatMap(({ servedMs }) => (servedMs === null ? [] : [servedMs]))) ?? ASSUMED_SERVICE_MS;
  return Math.round(((position - freeSlots) / slots) * serviceMs);
}

export function median(values: number[]): number | undefined {
  if (values.length < MIN_KNOWN) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
