import type { BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { added, changed, element, loaders, meta, snapshot, text } from '../_support/forged-page.ts';
import {
  createFrameSource,
  createViewerWorld,
  openViewerWindow,
  TAB,
  type ViewerWindow,
  type ViewerWorld,
} from './viewer-world.ts';

let world: ViewerWorld;
let window: ViewerWindow;
let context: BrowserContext;
let own: string[];
beforeAll(async () => {
  world = await createViewerWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  context = await world.browser.newContext({ viewport: { width: 900, height: 700 } });
  await context.addCookies(
    [world.server.url, world.foreignUrl].map((url) => ({ name: 'agent', value: 'secret', url })),
  );
  own = [];
  world.seen.length = 0;
  window = await openViewerWindow(world, { context });
  // Answered ones: what the policy holds back is told as a request as well, and has never left the browser.
  context.on('response', (response) => own.push(response.url()));
});
afterEach(() => context.close());

async function expectUnharmed(): Promise<void> {
  // A picture of our own that comes last: by then all others would have been asked for.
  await window.viewer.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const last = new Image();
        last.onload = last.onerror = () => resolve();
        last.src = '/cb-asset/t/last';
      }),
  );
  expect(world.seen).toEqual([]);
  const { pathname } = new URL(world.server.url);
  const foreign = own.filter(
    (url) => !new RegExp(`^${world.server.url}${pathname}cb-asset/t/`).test(url) && !url.startsWith('data:'),
  );
  expect(foreign).toEqual([]);
  const state = await window.page.evaluate(() => ({
    hacked: 'hacked' in globalThis,
    secret: (globalThis as never as { secret: string }).secret,
    cookie: document.cookie,
    path: location.pathname,
  }));
  expect(state).toEqual({ hacked: false, secret: 'of the workspace', cookie: 'agent=secret', path: '/workspace/test' });
  expect(await window.viewer.evaluate(() => 'hacked' in globalThis)).toBe(false);
  expect(new URL(window.viewer.url()).pathname).toBe('/viewer/');
}

test('[B11] a forged page loads nothing but its own pictures, runs nothing and reaches nobody', async () => {
  const frame = createFrameSource();
  await window.say({ type: 'show-tab', tabId: TAB, epoch: 1 });
  const targets = [world.foreignUrl, `${world.server.url}/api/v1/session?`, world.server.url, ''];
  await window.sendPieces(frame(snapshot(targets.flatMap(loaders), loaders(world.foreignUrl)), true));
  await window.untilHeard('shown');
  await expectUnharmed();
  await window.sendPieces(frame([added(targets.flatMap(loaders))]));
  await window.untilHeard('confirm');
  await expectUnharmed();
  expect(own.some((url) => url.endsWith('/cb-asset/t/1/0f8e9a40-0000-4000-8000-000000000001/1'))).toBe(true);
});

test('[B11] what is changed later is looked at as well', async () => {
  const at = world.foreignUrl;
  const frame = createFrameSource();
  await window.say({ type: 'show-tab', tabId: TAB, epoch: 1 });
  const body = [
    { type: 2, id: 100, tagName: 'img', attributes: {}, childNodes: [] },
    { type: 2, id: 101, tagName: 'div', attributes: {}, childNodes: [] },
    {
      type: 2,
      id: 102,
      tagName: 'style',
      attributes: {},
      childNodes: [{ type: 3, id: 103, textContent: '', isStyle: true }],
    },
    { type: 2, id: 104, tagName: 'iframe', attributes: {}, childNodes: [] },
    { type: 2, id: 105, tagName: 'link', attributes: { rel: 'prefetch' }, childNodes: [] },
    { type: 2, id: 106, tagName: 'meta', attributes: { 'http-equiv': 'refresh' }, childNodes: [] },
  ];
  await window.sendPieces(frame(snapshot(body), true));
  await window.untilHeard('shown');
  const change = (data: object) => ({ type: 3, timestamp: 2, data });
  const custom = (tag: string, payload: object) => ({ type: 5, timestamp: 2, data: { tag, payload } });
  await window.sendPieces(
    frame([
      changed({
        attributes: [
          { id: 100, attributes: { src: `${at}/a`, srcset: `${at}/b 1x`, onerror: 'top.hacked=1' } },
          {
            id: 101,
            attributes: { style: { background: `url(${at}/c)`, 'list-style': [`url(${at}/d)`, 'important'] } },
          },
          { id: 101, attributes: { style: `cursor: url(${at}/e), auto`, onfocus: 'top.hacked=1', autofocus: '' } },
          { id: 104, attributes: { src: `${at}/f`, srcdoc: '<script>top.hacked=1</script>' } },
          { id: 105, attributes: { href: `${at}/g` } },
          { id: 106, attributes: { content: `0;url=${at}/h` } },
        ],
        texts: [{ id: 103, value: `body { background: url(${at}/i) } @import "${at}/j";` }],
      }),
      changed({
        adds: [
          { parentId: 102, nextId: null, node: { type: 3, id: 110, textContent: `p { background: url(${at}/k) }` } },
        ],
      }),
      change({
        source: 8,
        id: 102,
        adds: [{ rule: `body { background: url(${at}/l) }`, index: 0 }],
        replaceSync: `@import "${at}/m"`,
      }),
      change({
        source: 13,
        id: 102,
        index: [0],
        set: { property: 'background', value: `url(${at}/n)`, priority: undefined },
      }),
      change({
        source: 15,
        id: 1,
        styleIds: [1],
        styles: [{ styleId: 1, rules: [{ rule: `html { background: url(${at}/o) }` }] }],
      }),
      change({ source: 10, family: 'x', fontSource: `url(${at}/p)`, buffer: false }),
      change({
        source: 9,
        id: 101,
        type: 0,
        commands: [{ property: 'drawImage', args: [{ rr_type: 'HTMLImageElement', src: `${at}/q` }] }],
      }),
      change({ source: 7, id: 101, type: 0 }),
      custom('foyer:fonts', { css: `@font-face { font-family: y; src: url(${at}/r) } * { font-family: y }` }),
      custom('foyer:state', { nodeId: 101, animated: { 'background-image': `url(${at}/s)` } }),
      custom('foyer:not-shown', { nodes: [{ nodeId: 101, because: `"] { background: url(${at}/t) } [x="` }] }),
    ]),
  );
  await window.untilHeard('confirm');
  await expectUnharmed();
});

test('[B11] where an address slips past every rule, the policy of the page still lets nothing through', async () => {
  const frame = createFrameSource();
  await window.say({ type: 'show-tab', tabId: TAB, epoch: 1 });
  await window.sendPieces(frame(snapshot([]), true));
  await window.untilHeard('shown');
  const at = world.foreignUrl;
  await window.viewer.evaluate(
    (html) => {
      document.querySelector<HTMLIFrameElement>('.viewer-copy iframe')!.contentDocument!.body.innerHTML = html;
    },
    `<img src="${at}/1"><img src="/api/v1/session"><video src="${at}/2" poster="${at}/3"></video><audio src="${at}/4"></audio>
    <object data="${at}/5"></object><embed src="${at}/6"><iframe src="${at}/7"></iframe><iframe src="/demo/"></iframe>
    <iframe srcdoc="<img src='${at}/8'><script>top.hacked=1</script>"></iframe><style>@import "${at}/9"; @import "/demo/";
    body { background: url(${at}/10) } @font-face { font-family: z; src: url(${at}/11) } * { font-family: z }</style>
    <link rel="stylesheet" href="${at}/12"><svg><image href="${at}/13"/><use href="${at}/14#a"/></svg><input type="image" src="${at}/15">
    <img src="x:" onerror="top.hacked=1"><form action="${at}/16"><button></button></form><script>top.hacked=1</script>`,
  );
  await window.inCopy((document) => document.querySelector('form')!.submit());
  await expectUnharmed();
});

test('[B11] pages that no browser would have made are refused, and the next one is shown', async () => {
  let deep: object = element('div');
  for (let depth = 0; depth < 1_000; depth += 1) deep = element('div', {}, [deep]);
  const pages: object[][] = [
    snapshot([deep]),
    snapshot([{ type: 99, id: 50 }]),
    snapshot([
      element('form', { name: 'createElement' }),
      element('img', { name: 'documentElement' }),
      element('p', {}, [text('past')]),
    ]),
    [
      meta,
      { type: 2, timestamp: 1, data: { node: { type: 2, id: 1, tagName: 'html', attributes: {}, childNodes: [] } } },
    ],
    [meta, { type: 2, timestamp: 1, data: {} }],
    [meta],
    [{ type: 3, timestamp: 1, data: { source: 0, adds: 7, removes: null } }],
    snapshot([element('p', { style: 'color: red', constructor: 'x', __proto__x: 'y', '"><script>': '1' })]),
    snapshot([{ type: 2, id: 61, tagName: 'p', attributes: null, childNodes: 'none' }]),
  ];
  await window.say({ type: 'show-tab', tabId: TAB, epoch: 1 });
  let epoch = 1;
  for (const page of pages) {
    epoch += 1;
    await window.sendPieces(createFrameSource({ epoch })(page, true));
  }
  await window.sendPieces(
    createFrameSource({ epoch: epoch + 1 })(snapshot([element('h1', {}, [text('Still here')])]), true),
  );
  await window.page.waitForFunction(
    (wanted) =>
      (globalThis as never as { heard: { type: string; epoch?: number }[] }).heard.some(
        (message) => message.type === 'shown' && message.epoch === wanted,
      ),
    epoch + 1,
  );
  expect(await window.inCopy((document) => document.querySelector('h1')?.textContent)).toBe('Still here');
  expect((await window.heard()).filter(({ type }) => type === 'resync').length).toBeGreaterThan(3);
  await expectUnharmed();
});

test('[B11] only the page that frames it hands the viewer a port, and only once', async () => {
  const count = async () => (await window.heard()).filter(({ type }) => type === 'ready').length;
  await window.page.evaluate((message) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => (globalThis as never as { heard: unknown[] }).heard.push(data);
    Object.assign(globalThis, { second: port1 });
    frames[0]?.postMessage(message, '*', [port2]);
  }, 'foyer:viewer-port');
  await window.say({ type: 'show-tab', tabId: TAB, epoch: 1 });
  await window.sendPieces(createFrameSource()(snapshot([]), true));
  await window.untilHeard('shown');
  expect(await count()).toBe(1);
});
