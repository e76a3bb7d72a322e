/** Counts for each key how often it was taken since its window began; the window begins with the first. */
export interface WindowCounter {
  /** @returns 0 when there was one left, otherwise how many milliseconds the key has to wait */
  take(key: string): number;
  /** How many keys are remembered, for tests. */
  readonly size: number;
}

/**
 * In memory and without a timer or a promise per key, because every request passes here. Windows that are over are
 * forgotten together, once per duration, so that what is remembered is what was asked in the last two.
 */
export function createWindowCounter(
  { points, durationMs }: { points: number; durationMs: number },
  now: () => number = () => performance.now(),
): WindowCounter {
  const windows = new Map<string, { endsAt: number; taken: number }>();
  let sweepAt = now() + durationMs;

  function sweep(at: number): void {
    for (const [key, { endsAt }] of windows) if (endsAt <= at) windows.delete(key);
    sweepAt = at + durationMs;
  }

  return {
    take(key) {
      const at = now();
      if (at >= sweepAt) sweep(at);
      const window = windows.get(key);
      if (!window || window.endsAt <= at) {
        windows.set(key, { endsAt: at + durationMs, taken: 1 });
        return 0;
      }
      window.taken += 1;
      return window.taken > points ? Math.ceil(window.endsAt - at) : 0;
    },
    get size() {
      return windows.size;
    },
  };
}
