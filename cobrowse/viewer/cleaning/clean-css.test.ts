import { describe, expect, test } from 'vitest';
import { cleanCss } from './clean-css.ts';

const place = { assetPath: '/cb-asset/t/', epoch: 3, tabId: 'tab' };

describe('style sheets of a shared page', () => {
  test.each([
    ['url(foyer-asset:7)', 'url("/cb-asset/t/3/tab/7")'],
    ['a{background:URL( "foyer-asset:7" )}', 'a{background:url("/cb-asset/t/3/tab/7")}'],
    [
      "@font-face{src:url('foyer-asset:1') format('woff2')}",
      '@font-face{src:url("/cb-asset/t/3/tab/1") format(\'woff2\')}',
    ],
    ['image-set("foyer-asset:2" 1x)', 'image-set("/cb-asset/t/3/tab/2" 1x)'],
    ['fill:url(#gradient)', 'fill:url("#gradient")'],
    ['url(data:image/png;base64,AAAA)', 'url("data:image/png;base64,AAAA")'],
    ['url("data:image/svg+xml,<svg a=\'b\'>(x)</svg>")', 'url("data:image/svg+xml,<svg a=\'b\'>(x)</svg>")'],
  ])('[B11] %s may stay', (css, clean) => expect(cleanCss(css, place)).toBe(clean));

  test.each([
    'url(https://x.example/a)',
    "url('//x.example/a')",
    'url( /a )',
    'url(foyer-asset:../../x)',
    'url(foyer-asset:1/../../x)',
    'u\\72l(https://x.example/a)',
    '\\75rl(https://x.example/a)',
    '\\000075 rl(https://x.example/a)',
    '\\url(https://x.example/a)',
    'url(data:text/html,<script>)',
    'url(javascript:x)',
    'url(blob:https://x.example/1)',
    "url('https://x.example/\\'a')",
  ])('[B11] %s leads nowhere', (css) => {
    expect(cleanCss(`a { background: ${css} }`, place)).toMatch(/^a \{ background: url\("data:,"\).* \}$/s);
  });

  test.each([
    '@import "https://x.example/a";',
    "@import url('https://x.example/a') layer(x) supports(display: grid) screen;",
    '@\\69mport "a";',
    '@IMPORT url(a);',
    '@import "a"',
  ])('[B11] %s is left out', (css) => {
    expect(cleanCss(`${css}\nb { color: red }`, place)).not.toMatch(/import|x\.example/i);
  });

  test.each([
    'a { color: red }',
    '.md\\:flex { width: 50\\% }',
    '/* url(https://x.example/a) @import "b" */ a { color: red }',
    'a::after { content: "url(https://x.example/a) @import" }',
    '.\\31 0 { color: red }',
    '',
  ])('[B5] %s stays as it is', (css) => expect(cleanCss(css, place)).toBe(css));

  test('[O5] a sheet made to take long does not', () => {
    for (const part of ['url(', '@import (', '"\\', '/*', "url('", '@import "']) {
      const startedWith = part.repeat(40_000);
      expect(cleanCss(`url(a)${startedWith}`, place).length).toBeGreaterThan(0);
    }
  });
});
