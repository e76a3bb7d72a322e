import { describe, expect, test } from 'vitest';
import { estimateWaitMs } from './wait-estimate.ts';

const served = (waitedMs: number, servedMs: number) => ({ waitedMs, servedMs });

describe('how long a visitor will probably wait', () => {
  test('[QU6] with a free agent it is the time in which requests are lately answered', () => {
    const recent = [served(10_000, 60_000), served(20_000, 60_000), served(12_000, 60_000)];
    expect(estimateWaitMs({ position: 1, freeAgents: 1, freeSlots: 2, busySlots: 0, recent })).toBe(12_000);
  });

  test('[QU6] free agents answer side by side, one request each at a time', () => {
    const recent = [served(10_000, 60_000), served(10_000, 60_000), served(10_000, 60_000)];
    const at = (position: number, freeAgents: number) =>
      estimateWaitMs({ position, freeAgents, freeSlots: freeAgents * 6, busySlots: 0, recent });
    expect([1, 2, 3, 4].map((position) => at(position, 4))).toEqual([10_000, 10_000, 10_000, 10_000]);
    expect([1, 2, 3, 4].map((position) => at(position, 2))).toEqual([10_000, 10_000, 20_000, 20_000]);
    expect([1, 2, 3, 4].map((position) => at(position, 1))).toEqual([10_000, 20_000, 30_000, 40_000]);
  });

  test('[QU6] with all agents busy it grows with the position and shrinks with the number of agents', () => {
    const recent = [served(0, 240_000), served(0, 240_000), served(0, 240_000)];
    const at = (position: number, busySlots: number) =>
      estimateWaitMs({ position, freeAgents: 0, freeSlots: 0, busySlots, recent });
    expect(at(1, 2)).toBe(120_000);
    expect(at(3, 2)).toBe(360_000);
    expect(at(3, 6)).toBe(120_000);
  });

  test('[QU6] nobody is promised a time when nobody serves', () => {
    expect(estimateWaitMs({ position: 1, freeAgents: 0, freeSlots: 0, busySlots: 0, recent: [] })).toBeNull();
  });

  test('[QU6] before anything is known an ordinary desk is assumed', () => {
    expect(estimateWaitMs({ position: 1, freeAgents: 1, freeSlots: 1, busySlots: 0, recent: [] })).toBe(30_000);
  });
});
