import { afterEach, expect, test } from 'vitest';
import { inOwnLanguage } from './in-own-language.ts';
import { setLanguage } from './language.ts';

afterEach(() => setLanguage('en'));

test('[A10] what a site calls its own things is read in the reader’s language, else in English', () => {
  const both = { en: 'Order number', de: 'Bestellnummer' };
  const read = () => [inOwnLanguage(both, ''), inOwnLanguage({ en: 'Order number' }, '')];
  expect(read()).toEqual(['Order number', 'Order number']);
  setLanguage('de');
  expect(read()).toEqual(['Bestellnummer', 'Order number']);
});

test('[A10] what an older server tells in English alone is read so', () => {
  setLanguage('de');
  expect(inOwnLanguage(undefined, 'Order number')).toBe('Order number');
});
