import { expect, test } from 'vitest';
import { describeDuration, describeProgress } from './report.mjs';

test.each([
  [300, '0.3 s'],
  [59_400, '59 s'],
  [60_000, '1 min 0 s'],
  [119_800, '2 min 0 s'],
])('[O1] %i ms are told as "%s"', (ms, text) => {
  expect(describeDuration(ms)).toBe(text);
});

test('[O1] a build tells how far it is and how long it will take', () => {
  const log = '[1/200] Building a.o\n[50/200] Building b.o\nwarning: [99/200] is not a step\n';
  expect(describeProgress(log, 0, 30_000)).toBe('50 of 200, 25 %, about 1 min 30 s left');
});

test('[O1] a build that has only begun promises nothing', () => {
  expect(describeProgress('[1/200] Building a.o', 0, 4_000)).toBe('1 of 200, 0 %');
  expect(describeProgress('', 0, 4_000)).toBeUndefined();
});
