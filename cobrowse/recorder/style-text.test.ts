import { expect, test } from 'vitest';
import { maskStyle, rewriteStyle, toAssetAddress } from './style-text.ts';

/** Gives each address the next key, and keeps what was asked for. */
function collect() {
  const asked: string[] = [];
  return { asked, toKey: (address: string) => asked.push(address) - 1 };
}

test.each([
  ['a{background:url(/x.png?t=1)}', 'a{background:url("foyer-asset:0")}'],
  ['a{background:URL( "/x.png" )}', 'a{background:url("foyer-asset:0")}'],
  [String.raw`a{background:url('/x\'.png')}`, 'a{background:url("foyer-asset:0")}'],
  ['a{fill:url(#paint)}', 'a{fill:url("#paint")}'],
  ['@import url("/y.css") print;a{top:0}', 'a{top:0}'],
  ["@import '/y.css?t=1';a{top:0}", 'a{top:0}'],
  [
    'a{background:image-set("/x.png?t=1" 1x, url(/y.png) type("image/png") 2x)}',
    'a{background:image-set("foyer-asset:1" 1x, url("foyer-asset:0") type("image/png") 2x)}',
  ],
  ['a{color:red}', 'a{color:red}'],
])('[B11] the style %s is sent as %s', (css, sent) => {
  expect(rewriteStyle(css, collect().toKey)).toBe(sent);
});

test('[B11] an address that must not be named is left out', () => {
  expect(rewriteStyle('a{background:url(javascript:1)}', () => undefined)).toBe('a{background:url("")}');
});

test('[B5] a small picture stands in the frame itself; a drawing, which could hold anything, never does', () => {
  const { asked, toKey } = collect();
  const small = 'data:image/png;base64,iVBORw0KGgo=';
  expect(toAssetAddress(small, toKey)).toBe(small);
  expect(asked).toEqual([]);
  expect(toAssetAddress('data:image/svg+xml;base64,PHN2Zz4=', toKey)).toBe('foyer-asset:0');
  expect(toAssetAddress(`data:image/png;base64,${'A'.repeat(4_000)}`, toKey)).toBe('foyer-asset:1');
});

test('[B4] a masked style keeps its look and none of its words', () => {
  const masked = maskStyle('--who: Ada; color: red; content: "Ada"; font-family: "Ada Sans"; quotes: "a" "b"');
  expect(masked).not.toContain('Ada');
  expect(masked).toContain('color: red');
});
