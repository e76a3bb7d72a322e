import { expect, test } from 'vitest';
import { isPrivatePath } from './private-paths.ts';

const at = (address: string): { pathname: string; hash: string } => new URL(address, 'https://shop.example');

test.each([
  ['/account/*', '/account/cards', true],
  ['/account/*', '/account', true],
  ['/account/*', '/account/', true],
  ['/account/*', '/accounts', false],
  ['/account', '/account/cards', false],
  ['/account', '/Account', true],
  ['account/*', '/account/cards', true],
  ['*/pay', '/en/shop/pay', true],
  ['/a*c/x', '/abbc/x', true],
  ['/account/*', 'https://shop.example//account//cards', true],
  ['/konto/über*', '/konto/%C3%BCbersicht', true],
  ['/app#/account/*', '/app#/account/cards', true],
  ['/app#/account/*', '/app#/lamps', false],
  ['/pay.(php)+', '/pay.(php)+', true],
  ['/pay.php', '/payxphp', false],
  ['*', '/', true],
])('[B4] the private path %s and the address %s: %s', (pattern, address, isPrivate) => {
  expect(isPrivatePath([pattern], at(address))).toBe(isPrivate);
});

test('[B4] an address that no browser would decode is still compared', () => {
  expect(isPrivatePath(['/account/*'], { pathname: '/account/%E0%A4%A', hash: '' })).toBe(true);
  expect(isPrivatePath([], at('/account'))).toBe(false);
});
