import { expect, test } from 'vitest';
import { cleanAttribute } from './clean-attributes.ts';
import { chooseScheme, fixScheme } from './page-scheme.ts';

test.each([
  ['@media (prefers-color-scheme: dark) { a { top: 0 } }', '@media (min-width: 0px) { a { top: 0 } }'],
  ['@media print and (PREFERS-COLOR-SCHEME:light){}', '@media print and (max-width: -1px){}'],
  ['@media not ( prefers-color-scheme : light ) {}', '@media not (max-width: -1px) {}'],
  ['@media (prefers-color-scheme) {}', '@media (min-width: 0px) {}'],
  [':root{color-scheme:light dark!important;top:0}', ':root{color-scheme: dark!important;top:0}'],
  [':root{color-scheme:only light}', ':root{color-scheme:only light}'],
  ['a{--color-scheme: light dark}', 'a{--color-scheme: light dark}'],
  ['a{content:"(prefers-color-scheme: dark)"}', 'a{content:"(prefers-color-scheme: dark)"}'],
  ["/* don't */ @media (prefers-color-scheme: light) {}", "/* don't */ @media (max-width: -1px) {}"],
])('[B5] of a visitor whose browser is set to dark the style %s is shown as %s', (css, shown) => {
  expect(fixScheme(css, 'dark')).toBe(shown);
  expect(fixScheme(css, undefined)).toBe(css);
});

test('[B5] the other way round, a light page stays light', () => {
  expect(fixScheme('@media (prefers-color-scheme: dark) {}', 'light')).toBe('@media (max-width: -1px) {}');
  expect(chooseScheme('light dark', 'light').trim()).toBe('light');
});

test('[B5] a page that tells its schemes beside its sheets is shown as it is at the visitor’s', () => {
  const place = { assetPath: '/cb-asset/x/', tabId: 't', epoch: 1, scheme: 'dark' as const };
  expect(cleanAttribute('meta', 'content', 'light dark', place)?.trim()).toBe('dark');
  expect(cleanAttribute('meta', 'content', '0; url=https://evil.example', place)).toBeUndefined();
  expect(cleanAttribute('style', 'media', '(prefers-color-scheme: dark)', place)).toBe('(min-width: 0px)');
  expect(cleanAttribute('p', 'style', 'color-scheme: light dark', place)).toBe('color-scheme:  dark');
});

test('[B5] a sheet that never ends what it begins is read once', () => {
  for (const sign of ['"\\"', "'", '/*', '( ', 'color-scheme ']) {
    const begun = performance.now();
    fixScheme(`color-scheme${sign.repeat(200_000)}`, 'dark');
    expect(performance.now() - begun).toBeLessThan(2_000);
  }
});
