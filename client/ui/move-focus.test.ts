import { expect, test } from 'vitest';
import { findNextIndex } from './move-focus.ts';

test('[A11] arrow keys go round in a list', () => {
  expect(findNextIndex('ArrowDown', 2, 3, 1)).toBe(0);
  expect(findNextIndex('ArrowUp', 0, 3, 1)).toBe(2);
  expect(findNextIndex('ArrowRight', 0, 3, 1)).toBeUndefined();
});

test('[A11] arrow keys walk over a grid and stop at its edge', () => {
  expect(findNextIndex('ArrowDown', 1, 10, 4)).toBe(5);
  expect(findNextIndex('ArrowDown', 8, 10, 4)).toBe(8);
  expect(findNextIndex('ArrowRight', 3, 10, 4)).toBe(4);
  expect(findNextIndex('ArrowLeft', 0, 10, 4)).toBe(0);
});

test('[A11] Home and End go to the ends, other keys are left alone', () => {
  expect(findNextIndex('Home', 5, 10, 4)).toBe(0);
  expect(findNextIndex('End', 5, 10, 4)).toBe(9);
  expect(findNextIndex('Tab', 5, 10, 4)).toBeUndefined();
  expect(findNextIndex('End', -1, 0, 1)).toBeUndefined();
});
