import { expect, test } from 'vitest';
import { toBadgedTitle } from './title-badge.ts';

test('[C14] the title carries the unread count and loses it again', () => {
  expect(toBadgedTitle('Foyer', 3)).toBe('(3) Foyer');
  expect(toBadgedTitle('(3) Foyer', 4)).toBe('(4) Foyer');
  expect(toBadgedTitle('(99+) Foyer', 0)).toBe('Foyer');
  expect(toBadgedTitle('Foyer', 120)).toBe('(99+) Foyer');
  expect(toBadgedTitle('(Not a count) Foyer', 0)).toBe('(Not a count) Foyer');
});
