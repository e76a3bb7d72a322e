import { expect, test } from 'vitest';
import { freshIngressWatch, judgeIngress, type IngressVerdict } from './transport-limits.ts';

const LIMIT = 1_000_000;

function verdicts(bitrates: number[]): IngressVerdict[] {
  let watch = freshIngressWatch;
  return bitrates.map((bitrate) => {
    const judged = judgeIngress(watch, bitrate, LIMIT);
    watch = judged.watch;
    return judged.verdict;
  });
}

test('[CA20] half as much again as allowed is still fine, for ever', () => {
  expect(new Set(verdicts(Array.from({ length: 20 }, () => LIMIT * 1.5)))).toEqual(new Set(['fine']));
});

test('[CA20] the third reading in a row above costs the tracks', () => {
  expect(verdicts([1_600_000, 1_600_000, 1_600_000])).toEqual(['fine', 'fine', 'close-tracks']);
});

test('[CA20] a reading within the limit in between starts the count again', () => {
  expect(verdicts([1_600_000, 1_600_000, 900_000, 1_600_000, 1_600_000])).toEqual(Array(5).fill('fine'));
});

test('[CA20] who goes on after the tracks were closed loses the transport', () => {
  const six = verdicts(Array.from({ length: 6 }, () => 9_000_000));
  expect(six).toEqual(['fine', 'fine', 'close-tracks', 'fine', 'fine', 'close-transport']);
});
