import type { Clock } from '../clock.ts';

export interface ManualClock extends Clock {
  /** Moves time on and runs what falls due, in order, with everything that follows from it. */
  advance(durationMs: number): Promise<void>;
}

/** A clock that stands still until a test moves it. */
export function createManualClock(startAt = 1_800_000_000_000): ManualClock {
  let nowMs = startAt;
  let nextId = 0;
  const timers = new Map<number, { dueAt: number; action: () => void }>();

  function findNextDue(untilMs: number): [number, { dueAt: number; action: () => void }] | undefined {
    let next: [number, { dueAt: number; action: () => void }] | undefined;
    for (const entry of timers) {
      if (entry[1].dueAt <= untilMs && (next === undefined || entry[1].dueAt < next[1].dueAt)) next = entry;
    }
    return next;
  }

  return {
    now: () => nowMs,
    after(delayMs, action) {
      const id = nextId;
      nextId += 1;
      timers.set(id, { dueAt: nowMs + Math.max(0, delayMs), action });
      return () => timers.delete(id);
    },
    async advance(durationMs) {
      const untilMs = nowMs + durationMs;
      await settle();
      for (let due = findNextDue(untilMs); due !== undefined; due = findNextDue(untilMs)) {
        timers.delete(due[0]);
        nowMs = Math.max(nowMs, due[1].dueAt);
        due[1].action();
        await settle();
      }
      nowMs = untilMs;
    },
  };
}

/** Lets every promise that is ready run to its end. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
