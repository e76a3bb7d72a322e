import { describe, expect, test, vi } from 'vitest';
import { sparing } from './sparing.ts';

describe('what is looked at again and again', () => {
  /** How often something that takes this long is done, when it is asked for twice a second for a minute. */
  const countRuns = (tookMs: number, everyMs: number): number => {
    let nowMs = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    let runs = 0;
    const act = sparing(() => {
      runs += 1;
      nowMs += tookMs;
    }, everyMs);
    for (; nowMs < 60_000; nowMs += 500) act();
    clock.mockRestore();
    return runs;
  };

  test('[SH48] is looked at as often as was asked for where that takes no time', () => {
    expect(countRuns(0, 0)).toBe(120);
    expect(countRuns(0, 5_000)).toBe(11);
  });
  test('[SH48] costs the visitor no more than a hundredth of the time on a large page', () => {
    expect(countRuns(100, 0)).toBeLessThanOrEqual(6);
    expect(countRuns(100, 0)).toBeGreaterThan(3);
    expect(countRuns(100, 5_000)).toBeLessThanOrEqual(6);
  });
});
