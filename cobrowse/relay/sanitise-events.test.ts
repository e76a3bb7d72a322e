import { expect, test } from 'vitest';
import { MAX_DEPTH } from './node-table.ts';
import { keyFrame, textAdded } from './relay-fixture.ts';
import { createFrameCleaner } from './sanitise-events.ts';

const EVIL = 'http://evil.example/x';

interface Node {
  id: number;
  type: number;
  tagName?: string;
  attributes?: Record<string, unknown>;
  textContent?: string;
  childNodes?: Node[];
  isShadowHost?: boolean;
}

/** The body of a key frame as a viewer would get it. */
function cleanBody(body: readonly unknown[]): Node[] {
  const cleaned = createFrameCleaner().clean(JSON.stringify(keyFrame(body)), true);
  const events = JSON.parse(cleaned?.events ?? '[]') as { data: { node?: Node } }[];
  const root = events.find(({ data }) => data.node)?.data.node;
  return root?.childNodes?.[1]?.childNodes?.[1]?.childNodes ?? [];
}

function element(id: number, tagName: string, attributes: object = {}, childNodes: readonly object[] = [], more = {}) {
  return { type: 2, id, tagName, attributes, childNodes, ...more };
}

/** A cleaner that knows these nodes, and what it makes of one more event. */
function afterKey(body: readonly object[]) {
  const cleaner = createFrameCleaner();
  cleaner.clean(JSON.stringify(keyFrame(body)), true);
  return (...events: object[]): { type: number; data: Record<string, unknown> }[] =>
    JSON.parse(cleaner.clean(JSON.stringify(events), false)?.events ?? '[]');
}

const change = (data: object): object => ({ type: 3, data, timestamp: 2 });
const mutation = (parts: object): object =>
  change({ source: 0, texts: [], attributes: [], removes: [], adds: [], ...parts });

test('[B5] an honest page passes unchanged', () => {
  const body = [
    element(10, 'main', { class: 'a b', id: 'x', 'data-id': '7', hidden: true, style: 'color: red' }, [
      { type: 3, id: 11, textContent: 'Text <b> & "more"' },
      element(12, 'img', {
        src: 'foyer-asset:3',
        srcset: 'foyer-asset:3 1x, foyer-asset:4 2x',
        alt: 'A',
        rr_width: '10.5px',
      }),
      element(
        13,
        'svg',
        { viewBox: '0 0 1 1', fill: 'url(#g)' },
        [element(14, 'use', { href: '#i' }, [], { isSVG: true })],
        { isSVG: true },
      ),
      element(15, 'my-thing', {}, [element(16, 'p', {}, [], { isShadow: true })], {
        isShadowHost: true,
        isCustom: true,
      }),
      element(17, 'style', { _cssText: 'a { b: c }' }, [{ type: 3, id: 18, textContent: '', isStyle: true }]),
      element(19, 'input', { type: 'text', value: 'x', rr_scrollLeft: 4 }),
      element(20, 'video', {
        rr_mediaState: 'paused',
        rr_mediaCurrentTime: 1.5,
        rr_mediaMuted: false,
        rr_mediaLoop: true,
      }),
    ]),
  ];
  expect(cleanBody(body)).toEqual(body);
});

test.each([
  ['script', element(9, 'script', { src: EVIL }, [{ type: 3, id: 99, textContent: 'alert(1)' }])],
  ['SCRIPT', element(9, 'SCRIPT', { src: EVIL })],
  ['svg script', element(9, 'script', { href: EVIL }, [], { isSVG: true })],
  ['svg script by prefix', element(9, 'x:script', { href: EVIL }, [], { isSVG: true })],
  ['object', element(9, 'object', { data: EVIL })],
  ['embed', element(9, 'embed', { src: EVIL })],
  ['applet', element(9, 'applet', { code: EVIL })],
  ['base', element(9, 'base', { href: EVIL, target: '_top' })],
  ['refresh', element(9, 'meta', { 'http-equiv': 'refresh', content: `0;url=${EVIL}` })],
  ['referrer', element(9, 'meta', { name: 'referrer', content: 'unsafe-url' })],
  ['stylesheet', element(9, 'link', { rel: 'stylesheet', href: EVIL })],
  ['prefetch', element(9, 'link', { rel: 'prefetch', href: EVIL, imagesrcset: EVIL })],
  ['iframe', element(9, 'iframe', { src: EVIL, srcdoc: `<img src=${EVIL}>`, rr_src: EVIL })],
  ['img', element(9, 'img', { src: EVIL, srcset: `${EVIL} 2x`, onerror: 'alert(1)', lowsrc: EVIL })],
  ['logout', element(9, 'img', { src: '/api/logout' })],
  ['protocol', element(9, 'img', { src: '//evil.example/x', ONERROR: 'alert(1)' })],
  ['img of the recorder', element(9, 'img', { rr_dataURL: EVIL })],
  ['canvas', element(9, 'canvas', { rr_dataURL: 'data:image/svg+xml,<svg/>' })],
  ['svg image', element(9, 'image', { href: EVIL, 'xlink:href': EVIL }, [], { isSVG: true })],
  ['svg use', element(9, 'use', { href: `${EVIL}#a` }, [], { isSVG: true })],
  ['svg paint', element(9, 'rect', { fill: `url(${EVIL})`, filter: `u\\72l(${EVIL}#f)` }, [], { isSVG: true })],
  ['animation', element(9, 'animate', { attributeName: 'href', to: 'javascript:alert(1)' }, [], { isSVG: true })],
  ['set', element(9, 'set', { attributeName: 'xlink:href', to: EVIL }, [], { isSVG: true })],
  ['link to click', element(9, 'a', { href: 'javascript:alert(1)', ping: EVIL, target: '_top', download: 'x' })],
  ['attribution', element(9, 'img', { attributionsrc: EVIL })],
  ['form', element(9, 'form', { action: EVIL, target: '_top' })],
  ['button', element(9, 'button', { formaction: EVIL, autofocus: true, popovertarget: 'x' })],
  ['poster', element(9, 'video', { poster: EVIL, src: EVIL, autoplay: true })],
  ['body', element(9, 'table', { background: EVIL })],
  ['style attribute', element(9, 'p', { style: `background: url(${EVIL})` })],
  ['style element', element(9, 'style', { _cssText: `@import "${EVIL}";` })],
  ['style of svg', element(9, 'style', {}, [{ type: 3, id: 10, textContent: `@import "${EVIL}";` }], { isSVG: true })],
  ['inlined link', element(9, 'link', { _cssText: `a{background:url(${EVIL})}` })],
  ['unknown', element(9, 'x-y', { href: EVIL, src: EVIL, newsrc: EVIL, newurl: 'javascript:alert(1)' })],
  ['quote', element(9, 'blockquote', { cite: EVIL })],
])('[B11] nothing dangerous remains of %s', (_what, node) => {
  const [clean] = cleanBody([node]);
  expect(clean?.id).toBe(9);
  const text = JSON.stringify(clean);
  expect(text).not.toMatch(/evil|javascript|alert|logout|refresh|referrer|svg\+xml/i);
  expect(text).not.toMatch(
    /"(on\w+|srcdoc|action|formaction|target|ping|autofocus|autoplay|http-equiv|popovertarget)":/i,
  );
  expect(clean?.tagName).not.toMatch(/^(?:.*:)?(?:script|object|embed|applet|base)$/i);
});

test('[B11] what throws in the viewer is not built', () => {
  const broken = [
    { type: 4, id: 20, textContent: 'x' },
    element(21, 'a b'),
    element(22, '<img>'),
    element(23, 'img', {}, [], { isShadowHost: true }),
    element(24, 'font-face', {}, [], { isCustom: true, isShadowHost: true }),
    element(25, 'p', { 'a b': 'x', '<': 'x', '@click': 'x', ok: 'y' }),
    { type: 1, id: 26, name: 'html', publicId: '', systemId: '' },
    { type: 0, id: 27, childNodes: [] },
    { type: 9, id: 28 },
    element(-4, 'p'),
    element(1.5, 'p'),
    null,
    'text',
    [],
  ];
  const clean = cleanBody(broken);
  expect(clean.map(({ id, tagName }) => [id, tagName])).toEqual([
    [20, undefined],
    [21, 'noscript'],
    [22, 'noscript'],
    [23, 'img'],
    [24, 'font-face'],
    [25, 'p'],
  ]);
  expect(clean.some(({ isShadowHost }) => isShadowHost)).toBe(false);
  expect(clean.at(-1)?.attributes).toEqual({ ok: 'y' });
});

test('[B11] a text keeps the rules it was judged by, whatever it is moved to', () => {
  const send = afterKey([element(10, 'style'), element(11, 'p'), { type: 3, id: 12, textContent: 'x' }]);
  // Judged as plain text first, then moved below the style element under the same id.
  const evil = `@import "${EVIL}";`;
  expect(send(mutation({ texts: [{ id: 12, value: evil }] }))).toHaveLength(1);
  const moved = { parentId: 10, nextId: null, node: { type: 3, id: 12, textContent: 'x' } };
  expect(send(mutation({ removes: [{ parentId: 5, id: 12 }], adds: [moved] }))[0]?.data['adds']).toEqual([]);
  const added = { parentId: 10, nextId: null, node: { type: 3, id: 13, textContent: evil } };
  expect(JSON.stringify(send(mutation({ adds: [added] })))).not.toContain('evil');
  expect(JSON.stringify(send(mutation({ texts: [{ id: 13, value: evil }] })))).not.toContain('evil');
  // And an element keeps its kind.
  const turned = { parentId: 5, nextId: null, node: element(11, 'iframe', {}) };
  expect(send(mutation({ adds: [turned] }))).toEqual([]);
});

test('[B11] changed attributes are judged by the element they belong to', () => {
  const send = afterKey([
    element(10, 'img'),
    element(11, 'a'),
    element(12, 'link'),
    element(13, 'p'),
    element(14, 'meta', { name: 'viewport' }),
  ]);
  const attributes = [
    { id: 10, attributes: { src: EVIL, alt: 'ok', onload: 'x' } },
    { id: 11, attributes: { href: 'javascript:alert(1)', class: null } },
    { id: 12, attributes: { rel: 'stylesheet', href: EVIL, _cssText: `@import "${EVIL}";a{}` } },
    {
      id: 13,
      attributes: { style: { background: `url(${EVIL})`, color: ['red', 'important'], top: false, behavior: 'x' } },
    },
    { id: 14, attributes: { 'http-equiv': 'refresh', name: 'referrer' } },
    { id: 77, attributes: { class: 'unknown' } },
  ];
  expect(send(mutation({ attributes }))[0]?.data['attributes']).toEqual([
    { id: 10, attributes: { src: null, alt: 'ok' } },
    { id: 11, attributes: { href: '#', class: null } },
    { id: 12, attributes: { href: null, _cssText: ' a{}' } },
    { id: 13, attributes: { style: { background: 'url("data:,")', color: ['red', 'important'], top: false } } },
  ]);
});

test('[O5] nodes that were never introduced are passed over and counted', () => {
  const cleaner = createFrameCleaner();
  cleaner.clean(JSON.stringify(keyFrame()), true);
  const events = [
    textAdded(10, 'x', 999),
    mutation({ texts: [{ id: 998, value: 'x' }], removes: [{ parentId: 5, id: 997 }] }),
    change({ source: 3, id: 996, x: 1, y: 1 }),
    change({ source: 5, id: 995, text: 'x', isChecked: false }),
    change({ source: 3, id: 5, x: 1, y: 1 }),
  ];
  const cleaned = cleaner.clean(JSON.stringify(events), false);
  expect(cleaned).toMatchObject({ unknownNodes: 5, droppedEvents: 4 });
  expect(JSON.parse(cleaned?.events ?? '')).toEqual([events[4]]);
});

test('[O5] neither a deep tree nor one that is moved together becomes deeper than allowed', () => {
  let tree: object = element(10, 'p');
  for (let id = 11; id < 1_500; id += 1) tree = element(id, 'p', {}, [tree]);
  expect(depthOf(cleanBody([tree]))).toBeLessThanOrEqual(MAX_DEPTH);
  const chain = (from: number, count: number): object[] =>
    Array.from({ length: count }, (_, index) => ({
      parentId: index === 0 ? 5 : from + index - 1,
      nextId: null,
      node: element(from + index, 'p'),
    }));
  const send = afterKey([]);
  send(mutation({ adds: [...chain(100, 300), ...chain(1_000, 300)] }));
  const joined = { parentId: 399, nextId: null, node: element(1_000, 'p') };
  expect(send(mutation({ adds: [joined] }))).toEqual([]);
});

test.each([
  ['not JSON', '{"a":', false],
  ['no list', '{"length":3}', false],
  ['a key frame without a page', '[]', true],
  [
    'a key frame with a page that is none',
    JSON.stringify([{ type: 2, data: { node: { type: 2, id: 1 } }, timestamp: 1 }]),
    true,
  ],
])('[O5] %s is no frame', (_what, text, isKey) => {
  expect(createFrameCleaner().clean(text, isKey)).toBeUndefined();
});

test('[B11] only known events pass, with known fields', () => {
  const send = afterKey([element(10, 'p')]);
  const own = (tag: string, payload: unknown): object => ({ type: 5, data: { tag, payload }, timestamp: 2 });
  const passed = send(
    { type: 6, data: { plugin: 'x', payload: {} }, timestamp: 2 },
    { type: 7, data: { url: EVIL }, timestamp: 2 },
    { type: 2, data: { node: { type: 0, id: 1, childNodes: [] } }, timestamp: 2 },
    { type: 3, data: { source: 9, id: 10, type: 0, commands: [] }, timestamp: 2 },
    { type: 3, data: { source: 10, family: 'x', fontSource: `url(${EVIL})`, buffer: false }, timestamp: 2 },
    { type: 3, data: { source: 3, id: 10, x: 1, y: 2, more: EVIL }, timestamp: 2, delay: 1, evil: EVIL },
    { type: 3, data: { source: 3, id: 10, x: 1, y: 2 }, timestamp: 'now' },
    own('else', {}),
    own('constructor', {}),
    own('foyer:reduced', { tickMs: 250, more: 1 }),
    own('foyer:reduced', { tickMs: -1 }),
    own('foyer:route', { url: `https://shop.example/a?token=1#x`, title: 'A' }),
    own('foyer:fonts', { css: `@font-face{src:url(${EVIL})}` }),
    own('foyer:state', { nodeId: 10, animated: { transform: 'none', 'a b': 'x', 'background-image': `url(${EVIL})` } }),
    own('foyer:state', { nodeId: 77, isPopoverOpen: true }),
    own('foyer:not-shown', { nodes: [{ nodeId: 10, because: EVIL }], fonts: 2 }),
    own('foyer:not-shown', { nodes: [], fonts: EVIL }),
  );
  expect(JSON.stringify(passed)).not.toMatch(/evil|token/);
  expect(passed.map(({ data }) => data)).toEqual([
    { source: 3, id: 10, x: 1, y: 2 },
    { tag: 'foyer:reduced', payload: { tickMs: 250 } },
    { tag: 'foyer:route', payload: { url: 'https://shop.example/a', title: 'A' } },
    { tag: 'foyer:fonts', payload: { css: '@font-face{src:url("data:,")}' } },
    {
      tag: 'foyer:state',
      payload: { nodeId: 10, animated: { transform: 'none', 'background-image': 'url("data:,")' } },
    },
    { tag: 'foyer:not-shown', payload: { nodes: [], fonts: 2 } },
  ]);
});

function depthOf(nodes: readonly Node[]): number {
  let depth = 0;
  for (let level = nodes; level.length > 0; level = level.flatMap(({ childNodes }) => childNodes ?? [])) depth += 1;
  return depth;
}
