import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createResyncPace, type ResyncPace } from './resync-pace.ts';

/** How often the visitor's page counts. */
const LOOK_MS = 5_000;

let asked: string[];
let pace: ResyncPace;
beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  pace = createResyncPace((because) => asked.push(because));
});
afterEach(() => {
  pace.close();
  vi.useRealTimers();
});

/** As many looks of the page, one after another. */
function look(times: number, isSame: boolean, answer: () => void = () => {}): void {
  for (let count = 0; count < times; count += 1) {
    vi.advanceTimersByTime(LOOK_MS);
    const before = asked.length;
    pace.handleCompared(isSame);
    if (asked.length > before) answer();
  }
}

test('[SH45] a copy that differs is asked about until a key frame has come, however many requests are lost', () => {
  look(60, false);
  expect(asked.length).toBeGreaterThan(10);
  look(1, false, pace.handleKey);
  const before = asked.length;
  look(60, true);
  expect(asked).toHaveLength(before);
});

test('[SH45] a copy that differs after each key frame costs the page ever less, and is not forgotten', () => {
  look(12, false, pace.handleKey);
  const soon = asked.length;
  expect(soon).toBeGreaterThanOrEqual(3);
  look(120, false, pace.handleKey);
  expect(asked.length - soon, 'in ten minutes').toBeLessThanOrEqual(3);
  expect(asked.length - soon).toBeGreaterThanOrEqual(1);
  look(1, true);
  look(1, false);
  const healed = asked.length;
  look(1, false, pace.handleKey);
  look(8, false, pace.handleKey);
  expect(asked.length, 'what fitted meanwhile differs for a reason of its own').toBeGreaterThan(healed);
  expect(new Set(asked)).toEqual(new Set(['differs']));
});
