import { expect, test } from 'vitest';
import { createStyleMentions } from './style-mentions.ts';

test('[B4] of attributes a page invents, only what its own rules ask for can be sent', () => {
  const mentions = createStyleMentions();
  mentions.add('.card, #main > .md\\:flex{} [data-state]{} [data-state="open"]{} [data-kind^=pre]{} [lang|="en"]{}');
  expect(['card', 'main', 'md:flex', 'customer-4711'].filter((name) => mentions.hasName(name))).toEqual([
    'card',
    'main',
    'md:flex',
  ]);
  expect(mentions.findLiteral('data-state', 'open')).toBe('open');
  expect(mentions.findLiteral('data-state', 'secret')).toBe('');
  expect(mentions.findLiteral('data-kind', 'prepaid-4711')).toBe('pre');
  expect(mentions.findLiteral('data-kind', 'other')).toBeUndefined();
  expect(mentions.findLiteral('lang', 'en-GB')).toBe('en');
  expect(mentions.findLiteral('data-customer', '4711')).toBeUndefined();
  expect(mentions.hasAttribute('data-customer')).toBe(false);
});

test('[B5] a font is known by the rule of a sheet that names it, however it is written', () => {
  const mentions = createStyleMentions();
  mentions.add(
    '@font-face{src:url(data:font/woff2;base64,aaaa);font-family:"Open Sans"}@FONT-FACE { font-family: Lato }',
  );
  expect(['Open Sans', '"open sans"', 'Lato', 'Sans'].filter((family) => mentions.hasFont(family))).toEqual([
    'Open Sans',
    '"open sans"',
    'Lato',
  ]);
});

test('[B4] rules that come later count from then on', () => {
  const mentions = createStyleMentions();
  expect(mentions.hasName('late')).toBe(false);
  mentions.add('.late{}');
  expect(mentions.hasName('late')).toBe(true);
});
