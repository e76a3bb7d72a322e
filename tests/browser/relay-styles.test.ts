import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cleanCss, cleanStyleText } from '../../cobrowse/relay/sanitise-css.ts';
import { launchChromium } from '../_support/browser.ts';

let browser: Browser;
let page: Page;
let server: Server;
let url: string;
const hits = new Set<string>();
let sentinels = 0;
let onHit: (name: string) => void = () => undefined;

beforeAll(async () => {
  server = createServer((request, response) => {
    const found = /\/hit\/[\w-]+/.exec(request.url ?? '');
    const name = found?.[0].slice('/hit/'.length);
    if (name !== undefined) hits.add(name);
    if (name !== undefined) onHit(name);
    response.writeHead(request.url === '/' ? 200 : 404, { 'content-type': 'text/html' });
    response.end('<!doctype html><title>x</title><body><div id="at"><a>a</a><b>b</b><i>i</i></div>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchChromium();
  page = await browser.newPage();
  await page.goto(`${url}/`);
});

afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

/** Puts each list of texts into a style element of its own, as text nodes, lets the page use it, and takes it out. */
async function applyStyles(styles: readonly (readonly string[])[]): Promise<void> {
  sentinels += 1;
  const sentinel = `sentinel-${sentinels}`;
  const arrived = new Promise<void>((resolve) => (onHit = (name) => name === sentinel && resolve()));
  await page.evaluate(
    (all) => {
      for (const texts of all) {
        const style = document.createElement('style');
        for (const text of texts) style.append(document.createTextNode(text));
        document.head.append(style);
        for (const element of document.querySelectorAll('#at, #at > *'))
          getComputedStyle(element).getPropertyValue('background-image');
        document.body.getBoundingClientRect();
        style.remove();
      }
    },
    [...styles, [`a{background-image:url(${url}/hit/${sentinel})}`]],
  );
  // Asked for last and of the same kind: what was asked for before has arrived too.
  await arrived;
  hits.delete(sentinel);
}

const known = (address: string): readonly (readonly string[])[] => [
  [`a{background-image:url(${address})}`],
  [`a{background-image:u\\72l(${address})}`],
  [`a{background-image:\\75\\52\\6c("${address}")}`],
  [`a{background-image:image-set("${address}" 1x)}`],
  [`a{--x:"${address}";background-image:image-set(var(--x) 1x)}`],
  [`@import "${address}";`],
  [`@im\\70ort '${address}'`],
  ['u', `rl(${address})`],
  ['a{background-image:u', `rl(${address})}`],
  ['a{background-image:\\75 ', `rl(${address})}`],
  ['a{background-image:ur\\6c', `(${address})}`],
  ['@im', `port "${address}";`],
  ['/*', `*/ @import "${address}";`],
  ['a{content:"', `";background-image:url(${address});content:"`],
  ['a{}b*/', `*'*/ a{background-image:url(${address})} '`],
  ['a{background-image:url(', `${address})}`],
  [`u@import x;rl(${address});a{background-image:url(${address})}`],
  [`#url( " ) {} a { background-image: url(${address}) } "`],
  [`1url( " ) ; a { background-image: url(${address}) } "`],
  [`a{background-image:url(a b);background-image:url(${address})}`],
  [`a{content:"\n;background-image:url(${address})}`],
  [`@font-face{font-family:x;src:url(${address})}a{font-family:x}`],
  [`a{cursor:url(${address}),auto;list-style-image:url(${address});mask-image:url(${address})}`],
  [`a::before{content:url(${address})}`],
];

test('[B11] without cleaning, styles do reach the network: the probe sees them', async () => {
  await applyStyles(known(`${url}/hit/control`));
  expect([...hits]).toEqual(['control']);
});

test('[B11] cleaned, none of the known tricks reaches the network', async () => {
  await applyStyles(known(`${url}/hit/known`).map((texts) => texts.map((text) => cleanStyleText(text))));
  // Requests of the test before may still come in.
  expect(hits).not.toContain('known');
});

test('[B11] cleaned, no torn or twisted style reaches the network, however it is put together', async () => {
  const random = createRandom(20_261);
  const controls: string[][] = [];
  const cleaned: string[][] = [];
  for (let count = 0; count < 1_500; count += 1) {
    const texts = makeTwisted(random, `${url}/hit/CASE-${count}`);
    controls.push(texts.map((text) => text.replaceAll('CASE', 'control')));
    cleaned.push(texts.map((text) => cleanStyleText(text.replaceAll('CASE', 'cleaned'))));
    const joined = cleaned.at(-1)?.join('') ?? '';
    expect(cleanCss(joined), 'what is clean stays as it is, also joined').toBe(joined);
  }
  await applyStyles(controls);
  expect(hits.size, 'the generator makes styles that load').toBeGreaterThan(100);
  hits.clear();
  await applyStyles(cleaned);
  const found = [...hits].filter((hit) => hit.startsWith('cleaned')).map((hit) => cleaned[Number(hit.split('-')[1])]);
  expect(found).toEqual([]);
});

/** A style as somebody would write who knows how tokens end, torn into one to three texts. */
function makeTwisted(random: () => number, address: string): string[] {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  const loads = [
    `url(${address})`,
    `url("${address}")`,
    `u\\72l('${address}')`,
    `\\75 rl(${address})`,
    `image-set("${address}" 1x)`,
    `-webkit-image-set(url(${address}) 1x)`,
    `image-set(var(--x) 1x)`,
  ];
  const noise = [
    '"',
    "'",
    '(',
    ')',
    '{',
    '}',
    ';',
    '/*',
    '*/',
    '\\',
    '\n',
    ' ',
    '@import ',
    '@',
    '#',
    '-',
    '--',
    '1',
    '1e3',
    '+',
    'u',
    'url(',
    'url(a b',
    'rl(',
    '\\75 ',
    '\\',
    '[',
    ']',
    '<!--',
    '-->',
    '!',
    'a{',
    'b{}',
    '@media all{',
    ',',
    `@import "${address}";`,
    `--x:"${address}";`,
    '@import x;',
    '"\n',
    "'\\\n'",
    '/**/',
    'url("',
    'x:',
    '\f',
    '\0',
  ];
  let text = pick(['', '', 'a{', '@media all{', '#at>*{color:red}', '/* x */']);
  for (let count = Math.floor(random() * 5); count > 0; count -= 1) text += pick(noise);
  text +=
    pick(['a{background-image:', '}a{background-image:', ';background-image:', '}}*{background-image:']) +
    pick(loads) +
    '}';
  for (let count = Math.floor(random() * 4); count > 0; count -= 1) text += pick(noise);
  const cuts = [Math.floor(random() * text.length), Math.floor(random() * text.length)].sort((one, two) => one - two);
  return pick([
    [text],
    [text.slice(0, cuts[0]), text.slice(cuts[0])],
    [text.slice(0, cuts[0]), text.slice(cuts[0], cuts[1]), text.slice(cuts[1])],
  ]);
}

/** mulberry32: the same seed, the same styles. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
