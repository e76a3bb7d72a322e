import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createScoreTeller, worstOf, type SeatScores } from './seat-scores.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const now: SeatScores = { sending: null, receiving: null };
  const told: SeatScores[] = [];
  const teller = createScoreTeller(
    2_000,
    () => ({ ...now }),
    (scores) => void told.push(scores),
  );
  return { now, told, teller };
}

test('[M7] many moves within the gap are told once, with what holds then', () => {
  const { now, told, teller } = setUp();
  for (const score of [3, 5, 9]) {
    now.sending = score;
    teller.touch();
  }
  vi.advanceTimersByTime(2_000);
  expect(told).toEqual([{ sending: 9, receiving: null }]);
});

test('[M7] what has not moved is not told again', () => {
  const { now, told, teller } = setUp();
  now.receiving = 10;
  for (let turn = 0; turn < 3; turn += 1) {
    teller.touch();
    vi.advanceTimersByTime(2_000);
  }
  expect(told).toHaveLength(1);
});

test('[M7] after the end nobody is told anything', () => {
  const { now, told, teller } = setUp();
  now.receiving = 10;
  teller.touch();
  teller.close();
  teller.touch();
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual([]);
});

test('[M7] a side is as good as its worst track, and nothing is known while nothing flows', () => {
  expect(worstOf([10, undefined, 4])).toBe(4);
  expect(worstOf([undefined])).toBeNull();
});
