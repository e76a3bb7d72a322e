import { expect, test } from 'vitest';
import { cleanCss, cleanSheet, cleanStyleText } from './sanitise-css.ts';

const EVIL = 'http://evil.example/x';

test.each([
  'a { color: red; background: #fff url(#grad) no-repeat }',
  'a::before { content: "http://not-loaded.example"; }',
  "@font-face { font-family: 'X'; src: local('X'), url(foyer-asset:12) format('woff2') }",
  '.a { background: url("foyer-asset:3") } .b { mask: url(#m) }',
  '.a { background-image: image-set("foyer-asset:1" 1x, "foyer-asset:2" type("image/avif") 2x) }',
  '.a { background: url(data:image/png;base64,iVBORw0KGgo=) }',
  '@media (min-width: 3px) { a[href^="/x"] > b:not(.c):hover { width: calc(100% - 3px) } }',
  '@layer base { :root { --url: 1px; scroll-behavior: smooth } }',
  '.\\31 0\\/12 { width: 83% }',
  '.sm\\:hover\\:x:hover { transform: translate3d(0,0,0) rotate(-1e3deg) }',
  '@container (width > 3px) { a { inset: 0 } }',
  '/* url(http://only.a.comment) @import */ a { b: c }',
  'a{b:c}<!-- d{e:f} -->',
])('[B5] harmless style stays as it is: %s', (css) => {
  expect(cleanCss(css)).toBe(css);
});

test.each([
  `a { background: url(${EVIL}) }`,
  `a { background: URL( "${EVIL}" ) }`,
  `a { background: u\\72l(${EVIL}) }`,
  `a { background: \\75\\52\\6c(${EVIL}) }`,
  `a { background: \\000075rl(${EVIL}) }`,
  `a { background: url(${EVIL}`,
  `a { background: url("${EVIL}`,
  `a { background: url('${EVIL}`,
  `a { background: url(\\68ttp://evil.example/x) }`,
  `a { background: url(//evil.example/x) }`,
  `a { background: url(/logout) }`,
  `a { background: url(foyer-asset:1/../../logout) }`,
  `a { background: url("foyer-asset:1\n") }`,
  `a { background: url(data:image/svg+xml,<svg/>) }`,
  `a { background: url(data:text/html,evil) }`,
  `a { background: image-set("${EVIL}" 1x) }`,
  `a { background: -webkit-image-set(url(foyer-asset:1) 1x, '${EVIL}' 2x) }`,
  `a { background: image("${EVIL}") }`,
  `a { background: src("${EVIL}") }`,
  `a { background: cross-fade("${EVIL}", red) }`,
  `@import "${EVIL}";`,
  `@import url(${EVIL});`,
  `@im\\70ort "${EVIL}";`,
  `@\\69mport '${EVIL}'`,
  `@IMPORT"${EVIL}";a{}`,
  `/**/@import/**/"${EVIL}";`,
  `@charset "x";@import "${EVIL}";`,
  `a{}@import "a;b" url(${EVIL}) (x;y);b{}`,
  `@namespace url(${EVIL});`,
  `a{b:"\nurl(${EVIL})"}`,
  `a{b:'\\\n' url(${EVIL})}`,
  `a { background: url(a b url(${EVIL})) }`,
  `a { background: url( x"y url(${EVIL}) ) }`,
  `a{b:1e3url(x);c:url(${EVIL})}`,
])('[B11] nothing that a browser would ask for remains of %s', (css) => {
  for (const clean of [cleanCss(css), cleanStyleText(css), cleanSheet(css)]) {
    expect(findAddresses(clean), clean).toEqual([]);
    expect(clean.toLowerCase()).not.toMatch(/@(?:\\69|i)m/);
    // What is clean stays as it is.
    expect(cleanCss(clean)).toBe(clean);
  }
});

// Where the address may stay as a mere text, a real browser is the judge: tests/browser/relay-styles.test.ts.
test.each([
  ['a { --x: "http://evil.example"; background: image-set(var(--x) 1x) }', 'image-set(var('],
  ['a { background: src(var(--x)) }', 'src(var('],
  ['u@import x;rl(http://evil.example)', 'url('],
  ['a { width: expression(alert(1)) }', 'expression'],
  ['a { width: ex\\70ression(alert(1)) }', 'ression'],
  ['a { behavior: url(#default#x) }', 'behavior:'],
  ['a { -moz-binding : url(#x) }', '-moz-binding'],
  ['a { -moz-bind\\69ng/* */: url(#x) }', 'ng/*'],
  ['a { background: paint(worklet) }', 'paint'],
])('[B11] %s does nothing', (css, without) => {
  expect(cleanCss(css)).not.toContain(without);
});

test('[B11] marks that the viewer takes out join nothing', () => {
  const mark = '/* rr_split */';
  expect(cleanSheet(`a { b: u${mark}rl(${EVIL}) }`)).not.toContain('evil');
  expect(cleanSheet(`@im${mark}port "${EVIL}";`)).not.toContain('evil');
  expect(cleanSheet(`/* rr_sp${mark}lit */ a { b: u/* rr_sp${mark}lit */rl(${EVIL}) }`)).not.toMatch(
    /url|\/\* rr_split/,
  );
  const harmless = `a { b: c }${mark} d { e: url(foyer-asset:4) }`;
  expect(cleanSheet(harmless)).toBe(harmless);
});

test('[B11] neighbouring texts of one style element join to nothing', () => {
  const torn = [
    ['u', `rl(${EVIL})`],
    ['\\75 ', `rl(${EVIL})`],
    ['\\75\n', `rl(${EVIL})`],
    ['@', `import "${EVIL}";`],
    ['@im', `port "${EVIL}";`],
    ['/*', `*/ @import "${EVIL}";`],
    ['a{b:"', `" } @import "${EVIL}"; c{d:"`],
    ["a{b:'", `' } c{d:url(${EVIL})} e{f:'`],
    ['a*/', `*'*/ @import "${EVIL}"; '`],
    ['/', `*'*/ @import "${EVIL}"; '`],
    ['a{b:url(', `${EVIL})}`],
    ['a{b:url("', `${EVIL}")}`],
    ['a{b:ur\\', `6c(${EVIL})}`],
    ['a{b:\\7', `5rl(${EVIL})}`],
    ['a{b:image-set(', `"${EVIL}" 1x)}`],
  ] as const;
  for (const pieces of torn) {
    const joined = pieces.map((piece) => cleanStyleText(piece)).join('');
    expect(cleanCss(joined), pieces.join(' | ')).toBe(joined);
  }
});

test('[B5] a picture that stands in a style as SVG text becomes an asset', () => {
  const kept: string[] = [];
  const keepSvg = (svg: Uint8Array): number => 1_000_000_000 + kept.push(Buffer.from(svg).toString()) - 1;
  const text = '<svg xmlns="http://www.w3.org/2000/svg"/>';
  const css = `a { background: url("data:image/svg+xml,${encodeURIComponent(text)}") } b { mask: url(data:image/svg+xml;base64,${Buffer.from(text).toString('base64')}) }`;
  expect(cleanCss(css, keepSvg)).toBe(
    'a { background: url("foyer-asset:1000000000") } b { mask: url("foyer-asset:1000000001") }',
  );
  expect(kept).toEqual([text, text]);
});

test('[O5] time grows with the length, whatever stands in it', () => {
  const hostile = ['(', 'url(', '"', '\\', '/*', '@import ', 'a{', '\\75 ', 'image-set(', '@import (', "url('"];
  for (const piece of hostile) expect(cleanCss(piece.repeat(30_000)).length).toBeLessThan(3_000_000);
});

/** Addresses outside of our own scheme and harmless data, wherever they stand. */
function findAddresses(css: string): string[] {
  return css.match(/evil\.example|\/logout|text\/html|image\/svg/g) ?? [];
}
