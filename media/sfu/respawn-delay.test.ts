import { expect, test } from 'vitest';
import { respawnDelayMs } from './respawn-delay.ts';

test('[CA22] the first death is made good at once, because people wait in calls', () => {
  expect(respawnDelayMs(1)).toBe(0);
});

test('[CA22] a worker that keeps dying is started more and more rarely, but never given up', () => {
  const delaysMs = Array.from({ length: 12 }, (_, index) => respawnDelayMs(index + 1));
  expect(delaysMs.slice(0, 5)).toEqual([0, 500, 1_000, 2_000, 4_000]);
  expect(delaysMs.at(-1)).toBe(30_000);
  expect(delaysMs).toEqual(delaysMs.toSorted((one, other) => one - other));
});
