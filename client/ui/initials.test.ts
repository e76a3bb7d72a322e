import { expect, test } from 'vitest';
import { toInitials } from './initials.ts';

test.each([
  ['Mira Kowalski', 'MK'],
  ['  ada  ', 'A'],
  ['Guest 12', 'G12'],
  ['Tomás de la Brito', 'TB'],
  ['李小龍', '李'],
  ['émile zola', 'ÉZ'],
  ['👩‍🚀 Ripley', '👩‍🚀R'],
  ['', '?'],
  ['Jean-Luc', 'JL'],
])('[V4] the face of "%s" says %s', (name, initials) => {
  expect(toInitials(name)).toBe(initials);
});
