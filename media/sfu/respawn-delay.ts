const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;
/** A worker that lived this long did not die of its start; the next death counts as the first again. */
export const STABLE_AFTER_MS = 60_000;

/**
 * How long to wait before a dead worker is replaced: not at all the first time, because people are waiting in calls;
 * longer each time it dies again soon, because then something is wrong with the machine.
 */
export function respawnDelayMs(deathsInARow: number): number {
  if (deathsInARow <= 1) return 0;
  return Math.min(FIRST_DELAY_MS * 2 ** (deathsInARow - 2), MAX_DELAY_MS);
}
