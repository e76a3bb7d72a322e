import { expect, test } from 'vitest';
import { isOpenable } from './openable-pages.ts';

const PAGE = 'https://shop.example/lamps';

test.each([
  ['https://shop.example/basket?x=1', true],
  ['https://shop.example:443/', true],
  ['https://pay.example/now', true],
  ['http://shop.example/', false],
  ['https://shop.example:8443/', false],
  ['https://shop.example.evil.example/', false],
  ['https://shop.example@evil.example/', false],
  ['https://www.pay.example/', false],
  ['//evil.example/', false],
  ['javascript:alert(1)', false],
])('[B7] %s may be opened from a page of the shop: %s', (url, isAllowed) => {
  expect(isOpenable(url, PAGE, ['https://pay.example'])).toBe(isAllowed);
});

test('[B7] from a page without an address nothing is opened', () => {
  expect(isOpenable('https://shop.example/', '', [])).toBe(false);
  expect(isOpenable('javascript:alert(1)', 'data:text/html,', [])).toBe(false);
});
