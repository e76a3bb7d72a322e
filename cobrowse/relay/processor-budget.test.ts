import { expect, test } from 'vitest';
import { createProcessorBudget, readProcessorMs } from './processor-budget.ts';

/** 100 ms a second, 1,000 ms at once; twice at once it may be overdrawn, then once a minute. */
function createBudget() {
  const clock = { now: 1_700_000_000_000, worked: 0 };
  const budget = createProcessorBudget({
    now: () => clock.now,
    processorMs: () => clock.worked,
    limits: {
      processorMsPerSecond: 100,
      processorMsAtOnce: 1_000,
      overdraftsPerSecond: 1 / 60,
      overdraftsAtOnce: 2,
    },
  });
  const work = (ms: number): void => budget.run(() => void (clock.worked += ms));
  return { clock, budget, work };
}

test('[SH32] what is used up comes back with time, and work goes on when half of it is there', () => {
  const { clock, budget, work } = createBudget();
  work(999);
  expect(budget.findWaitMs()).toBe(0);
  work(501);
  // 500 owed and 500 to have again, at 100 a second.
  expect(budget.findWaitMs()).toBe(10_000);
  clock.now += 9_999;
  expect(budget.findWaitMs()).toBe(1);
  clock.now += 1;
  expect(budget.findWaitMs()).toBe(0);
  work(499);
  expect(budget.findWaitMs()).toBe(0);
});

test('[SH32] who stays within what comes back never waits, however long it goes on', () => {
  const { clock, budget, work } = createBudget();
  for (let second = 0; second < 3_600; second += 1) {
    work(100);
    expect(budget.findWaitMs()).toBe(0);
    clock.now += 1_000;
  }
});

test('[SH32] one overdraft too many is hopeless, until it has been waited for; later ones count anew', () => {
  const { clock, budget, work } = createBudget();
  const overdraw = (): void => {
    work(1_100);
    expect(budget.findWaitMs()).toBeGreaterThan(0);
  };
  const waitForIt = (): void => void (clock.now += budget.findWaitMs());
  overdraw();
  expect(budget.isHopeless()).toBe(false);
  waitForIt();
  overdraw();
  expect(budget.isHopeless()).toBe(false);
  waitForIt();
  overdraw();
  expect(budget.isHopeless()).toBe(true);
  waitForIt();
  expect(budget.findWaitMs()).toBe(0);
  expect(budget.isHopeless()).toBe(false);
  clock.now += 120_000;
  overdraw();
  expect(budget.isHopeless()).toBe(false);
});

test('[SH32] work that fails is counted as well, and a clock that is set back gives nothing', () => {
  const { clock, budget } = createBudget();
  expect(() =>
    budget.run(() => {
      clock.worked += 1_500;
      throw new Error('bad frame');
    }),
  ).toThrow('bad frame');
  const waitMs = budget.findWaitMs();
  expect(waitMs).toBe(10_000);
  clock.now -= 60_000;
  expect(budget.findWaitMs()).toBe(waitMs);
});

test('[SH32] the count of this thread goes on with its work', () => {
  const before = readProcessorMs();
  let sum = 0;
  for (let step = 0; step < 5_000_000; step += 1) sum += Math.sqrt(step);
  expect(sum).toBeGreaterThan(0);
  expect(readProcessorMs()).toBeGreaterThan(before);
});
