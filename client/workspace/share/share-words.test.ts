import { expect, test } from 'vitest';
import { setLanguage } from '../../ui/language.ts';
import { sayNotShown, sayScope, toSharedPath } from './share-words.ts';
import { isToolGiven } from './tool-grants.ts';
import { toWebAddress } from './web-address.ts';

test('[B3] what is shared is said in words, hidden parts counted', () => {
  expect(sayScope({ scope: { kind: 'page', hiddenParts: 0 } })).toEqual(['Whole page']);
  expect(sayScope({ scope: { kind: 'part', hiddenParts: 1 } })).toEqual(['Only a part of the page', '1 hidden part']);
  expect(sayScope({ scope: { kind: 'page', hiddenParts: 3 } })).toEqual(['Whole page', '3 hidden parts']);
  expect(sayScope({ scope: { kind: 'screen', surface: 'window' } })).toEqual(['One window']);
  expect(sayScope({ scope: null })).toEqual([]);
});

test('[B5] what cannot be shown is counted by its kind, in both languages', () => {
  const counts = { canvas: 2, media: 1, plugin: 0, font: 1, unheard: 5 };
  expect(sayNotShown(counts)).toBe(
    'Not shown here: 2 drawings, 1 film or sound, 1 font that only the visitor’s browser has',
  );
  setLanguage('de');
  expect(sayNotShown({ ...counts, canvas: 0 })).toBe(
    'Hier nicht gezeigt: 1 Film oder Ton, 1 Schrift, die nur der Browser des Besuchers hat',
  );
  setLanguage('en');
  expect(sayNotShown({ plugin: 0 })).toBeNull();
});

test('[B8] a tab is named by the path of its page', () => {
  expect(toSharedPath('https://shop.example/lamps/oak')).toBe('/lamps/oak');
  expect(toSharedPath('not an address')).toBe('not an address');
});

test('[B7] a tool needs one of its permissions', () => {
  expect(isToolGiven('look', [])).toBe(true);
  expect(isToolGiven('laser', ['draw'])).toBe(false);
  expect(isToolGiven('act', ['scroll'])).toBe(true);
});

test('[B7] an address may be a path, a host or the whole, and never anything that is no page', () => {
  const page = 'https://shop.example/lamps/oak';
  expect(toWebAddress('/basket', page)).toBe('https://shop.example/basket');
  expect(toWebAddress('basket.html?from=mail', page)).toBe('https://shop.example/lamps/basket.html?from=mail');
  expect(toWebAddress(' shop.example/help ', page)).toBe('https://shop.example/help');
  expect(toWebAddress('http://other.example/x?y=1', page)).toBe('http://other.example/x?y=1');
  for (const bad of ['', '   ', 'javascript:alert(1)', 'data:text/html,hi', 'file:///etc/hosts', 'http://']) {
    expect(toWebAddress(bad, page), bad).toBeNull();
  }
  expect(toWebAddress(`/${'a'.repeat(3_000)}`, page)).toBeNull();
});
