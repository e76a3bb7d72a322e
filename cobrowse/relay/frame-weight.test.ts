import { expect, test } from 'vitest';
import { isTooHeavy } from './frame-weight.ts';

const weigh = (value: unknown, maxFrameParts: number, maxObjectMembers = 1_000): boolean =>
  isTooHeavy(typeof value === 'string' ? value : JSON.stringify(value), { maxFrameParts, maxObjectMembers });
/** The fewest parts with which it passes. */
const partsOf = (value: unknown): number => {
  let parts = 0;
  while (weigh(value, parts)) parts += 1;
  return parts;
};

test('[O5] a frame weighs what it holds: braces, brackets, colons and commas, whatever stands in its texts', () => {
  expect(partsOf([])).toBe(1);
  expect(partsOf([1, 2, 3])).toBe(3);
  expect(partsOf({ a: 1, b: { c: [2] } })).toBe(7);
  for (const text of ['{[:,]}', '"', '\\', '\\"', '\\\\":{', '"'.repeat(9), '\\'.repeat(9)]) {
    expect(partsOf([text, text]), text).toBe(2);
    expect(partsOf({ [text]: text }), text).toBe(2);
  }
});

test('[O5] no object may hold more names than any element has attributes, wherever it stands', () => {
  const names = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, {}]));
  expect(weigh([names(1_000), names(1_000)], 100_000)).toBe(false);
  expect(weigh([names(3), [names(1_001)]], 100_000)).toBe(true);
  // Those of what is inside count there alone, and those before it go on to count.
  const mixed = { ...names(600), inner: names(900) };
  expect(weigh(mixed, 100_000)).toBe(false);
  expect(
    weigh({ ...mixed, ...Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`b${at}`, 1])) }, 100_000),
  ).toBe(true);
});

test('[O5] what is no JSON is left to the parser', () => {
  for (const text of ['', '"', '["', '}}}]]', ':,', '\u0000', '["\\']) expect(weigh(text, 1_000), text).toBe(false);
});
