import { expect, test } from 'vitest';
import { toLanguageName, toLocalTime, toPagePath, toReferrerHost, toSafeLink } from './visitor-words.ts';

test('[A4] only web addresses become links', () => {
  expect(toSafeLink('https://shop.example/a?b=1')).toBe('https://shop.example/a?b=1');
  expect(toSafeLink('http://shop.example')).toBe('http://shop.example/');
  for (const hostile of [
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,hi',
    'file:///etc',
    '',
    'shop',
  ]) {
    expect(toSafeLink(hostile)).toBeNull();
  }
});

test('[A4] a page reads as its path, and a strange address does no harm', () => {
  expect(toPagePath('https://shop.example/r%C3%BCckgabe/label?x=1#y')).toBe('/rückgabe/label');
  expect(toPagePath('https://shop.example/%E0%A4%A')).toBe('/%E0%A4%A');
  expect(toPagePath('not an address')).toBe('not an address');
});

test('[A6] a visitor who came from another site shows its host', () => {
  expect(toReferrerHost('https://www.search.example/find?q=x')).toBe('search.example');
  expect(toReferrerHost(null)).toBeNull();
  expect(toReferrerHost('')).toBeNull();
});

test('[A6] language and local time are told in the reader’s language', () => {
  expect(toLanguageName('de-AT', 'en')).toBe('German');
  expect(toLanguageName('de-AT', 'de')).toBe('Deutsch');
  expect(toLanguageName('!!', 'en')).toBe('!!');
  const noonUtc = Date.UTC(2026, 0, 1, 12, 0);
  expect(toLocalTime('Asia/Tokyo', noonUtc, 'de')).toBe('21:00');
  expect(toLocalTime('Nowhere/Land', noonUtc, 'de')).toBeNull();
  expect(toLocalTime(null, noonUtc, 'de')).toBeNull();
});
