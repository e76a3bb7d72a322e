import { expect, test } from 'vitest';
import { pickWorker, type WorkerLoad } from './worker-choice.ts';

const idle: WorkerLoad = { cpuShare: 0, newCalls: 0, consumers: 0, calls: 0 };

test('[CA19] without workers there is no choice', () => {
  expect(pickWorker([])).toBeUndefined();
});

test('[CA19] the least busy worker takes the call, whatever it carries', () => {
  expect(
    pickWorker([
      { ...idle, cpuShare: 0.6, consumers: 2 },
      { ...idle, cpuShare: 0.2, consumers: 40 },
      { ...idle, cpuShare: 0.4, consumers: 0 },
    ]),
  ).toBe(1);
});

test('[CA19] equally busy workers are told apart by consumers, then by calls, then by their order', () => {
  expect(
    pickWorker([
      { ...idle, consumers: 3 },
      { ...idle, consumers: 2 },
    ]),
  ).toBe(1);
  expect(
    pickWorker([
      { ...idle, calls: 3 },
      { ...idle, calls: 2 },
    ]),
  ).toBe(1);
  expect(pickWorker([idle, idle])).toBe(0);
});

test('[CA19] a difference that is only noise of the reading does not count', () => {
  expect(
    pickWorker([
      { ...idle, cpuShare: 0.102, calls: 1 },
      { ...idle, cpuShare: 0.11, calls: 0 },
    ]),
  ).toBe(1);
});

test('[CA19] calls given since the last reading count before they are measured', () => {
  expect(
    pickWorker([
      { ...idle, newCalls: 6 },
      { ...idle, cpuShare: 0.05, consumers: 9 },
    ]),
  ).toBe(1);
});
