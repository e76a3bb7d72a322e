import { afterAll, beforeAll, expect, test } from 'vitest';
import { toDigest, toDigestStep } from '../../cobrowse/stream-events.ts';
import {
  createFrameSource,
  createViewerWorld,
  openSharedPage,
  openViewerWindow,
  TAB,
  type SharedPage,
  type ViewerWindow,
  type ViewerWorld,
} from './viewer-world.ts';

let world: ViewerWorld;
beforeAll(async () => {
  world = await createViewerWorld();
});
afterAll(() => world.close());

const own = (tag: string, payload: object) => ({ type: 5, timestamp: 1, data: { tag, payload } });
const idOf = (shared: SharedPage, selector: string): Promise<number> =>
  shared.page.evaluate(
    (wanted) =>
      (
        globalThis as never as { rrwebRecord: { record: { mirror: { getId(node: Node): number } } } }
      ).rrwebRecord.record.mirror.getId(document.querySelector(wanted)!),
    selector,
  );

async function show(html: string): Promise<{
  shared: SharedPage;
  window: ViewerWindow;
  frame: ReturnType<typeof createFrameSource>;
  close(): Promise<void>;
}> {
  const shared = await openSharedPage(world, html);
  const window = await openViewerWindow(world);
  const frame = createFrameSource();
  await window.say({ type: 'show-tab', tabId: TAB, epoch: 1 });
  await window.sendPieces(frame(await shared.takeKey(), true));
  await window.untilHeard('shown');
  return { shared, window, frame, close: async () => void (await Promise.all([window.close(), shared.close()])) };
}

test('[B5] formulas, shapes with text on a path, lists of several choices and open popovers are what they are', async () => {
  const { shared, window, frame, close } = await show(`<!doctype html><title>x</title>
    <math><mfrac><mi>a</mi><mn>2</mn></mfrac></math><svg><text><textPath href="#p">On a path</textPath></text></svg>
    <select id="many" multiple><option>1</option><option>2</option><option>3</option></select><input id="half" type="checkbox">
    <div id="pop" popover>Menu</div><p id="moved">Moves</p>`);
  const ids = await Promise.all(['#many', '#half', '#pop', '#moved'].map((selector) => idOf(shared, selector)));
  await window.sendPieces(
    frame([
      own('foyer:state', { nodeId: ids[0], selected: [0, 2] }),
      own('foyer:state', { nodeId: ids[1], isIndeterminate: true }),
      own('foyer:state', { nodeId: ids[2], isPopoverOpen: true }),
      own('foyer:state', { nodeId: ids[3], animated: { opacity: '0.25', 'margin-left': '33px' } }),
    ]),
  );
  await window.untilHeard('confirm');
  expect(
    await window.inCopy((document) => ({
      formula: document.querySelector('mfrac')!.namespaceURI,
      path: document.querySelector('textPath')?.localName,
      chosen: [...document.querySelector<HTMLSelectElement>('#many')!.options].map(({ selected }) => selected),
      half: document.querySelector<HTMLInputElement>('#half')!.indeterminate,
      open: document.querySelector('#pop')!.matches(':popover-open'),
      opacity: getComputedStyle(document.querySelector('#moved')!).opacity,
      margin: getComputedStyle(document.querySelector('#moved')!).marginLeft,
      style: document.querySelector('#moved')!.getAttribute('style'),
    })),
  ).toEqual({
    formula: 'http://www.w3.org/1998/Math/MathML',
    path: 'textPath',
    chosen: [true, false, true],
    half: true,
    open: true,
    opacity: '0.25',
    margin: '33px',
    style: null,
  });
  await window.sendPieces(
    frame([
      own('foyer:state', { nodeId: ids[2], isPopoverOpen: false }),
      own('foyer:state', { nodeId: ids[3], animated: {} }),
    ]),
  );
  await window.untilHeard('confirm', 2);
  expect(await window.inCopy((document) => document.querySelector('#pop')!.matches(':popover-open'))).toBe(false);
  expect(await window.inCopy((document) => getComputedStyle(document.querySelector('#moved')!).opacity)).toBe('1');
  await close();
});

test('[B5] a part scrolled before it is shown, and one that comes along scrolled, stand where the visitor has them', async () => {
  const { shared, window, frame, close } = await show('<!doctype html><title>x</title><div id="root"></div>');
  await shared.page.evaluate(() => {
    document.querySelector('#root')!.innerHTML =
      '<div id="a" style="height:50px;overflow:auto"><div style="height:900px"></div></div>';
    document.querySelector('#a')!.scrollTop = 210;
  });
  await window.sendPieces(frame(await shared.takeEvents()));
  await window.untilHeard('confirm');
  expect(await window.inCopy((document) => document.querySelector('#a')!.scrollTop)).toBe(210);
  await window.sendPieces(frame(await shared.takeKey(), true));
  await window.untilHeard('shown', 2);
  expect(await window.inCopy((document) => document.querySelector('#a')!.scrollTop)).toBe(210);
  await close();
});

test('[B5] what cannot be shown says so in its place, and hidden parts are drawn as such', async () => {
  const { shared, window, frame, close } =
    await show(`<!doctype html><title>x</title><canvas id="map" width="300" height="100"></canvas><canvas></canvas>
    <div id="secret" data-foyer-hidden style="width:200px;height:60px"></div>`);
  // What was said of the page before holds no longer.
  expect((await window.untilHeard('not-shown')).reasons).toEqual({});
  await window.sendPieces(
    frame([own('foyer:not-shown', { nodes: [{ nodeId: await idOf(shared, '#map'), because: 'canvas' }] })]),
  );
  expect((await window.untilHeard('not-shown', 2)).reasons).toEqual({ canvas: 1 });
  await window.sendPieces(frame([own('foyer:not-shown', { nodes: [], fonts: 2 })]));
  expect((await window.untilHeard('not-shown', 3)).reasons).toEqual({ canvas: 1, font: 2 });
  const picture = await window.inCopy((document) => getComputedStyle(document.querySelector('#map')!).backgroundImage);
  expect(decodeURIComponent(picture)).toContain([...'drawing'].map((sign) => `&#${sign.codePointAt(0)};`).join(''));
  expect(
    await window.inCopy((document) => {
      const { width, height } = document.querySelector('#map')!.getBoundingClientRect();
      return [width, height];
    }),
    'it takes the room that it has at the visitor',
  ).toEqual([300, 100]);
  expect(
    await window.inCopy((document) => getComputedStyle(document.querySelector('#secret')!, '::before').content),
  ).toBe('"Hidden"');
  expect(await window.inCopy((document) => document.querySelector('#secret')!.childNodes.length)).toBe(0);
  await close();
});

test('[B5] a copy that differs from what the visitor’s page counted asks for a key frame, and one that fits does not', async () => {
  const { shared, window, frame, close } = await show(
    `<!doctype html><title>x</title><div id="root">${'<p>Text <b>b</b></p>'.repeat(40)}</div>`,
  );
  const digest = (): Promise<{ nodeCount: number; nodes: { id: number; parentId: number; textLength: number }[] }> =>
    shared.page.evaluate(() => {
      const { mirror } = (
        globalThis as never as { rrwebRecord: { record: { mirror: { getId(node: Node | null): number } } } }
      ).rrwebRecord.record;
      const nodes: { id: number; parentId: number; textLength: number }[] = [];
      const walk = (node: Node): void => {
        const id = mirror.getId(node);
        if (id > 0 && (node.nodeType === 1 || node.nodeType === 3)) {
          const isStyle = node.parentNode?.nodeName === 'STYLE';
          nodes.push({
            id,
            parentId: mirror.getId(node.parentNode),
            textLength: node.nodeType === 3 && !isStyle ? node.nodeValue!.length : 0,
          });
        }
        if (node.nodeName !== 'SCRIPT') node.childNodes.forEach(walk);
      };
      walk(document);
      return { nodeCount: nodes.length, nodes: nodes.toSorted((a, b) => a.id - b.id) };
    });
  const toEvent = ({ nodeCount, nodes }: Awaited<ReturnType<typeof digest>>) =>
    own('foyer:digest', { nodeCount, digest: toDigest(nodes.filter(({ id }) => id % toDigestStep(nodeCount) === 0)) });
  // The script that records stands in the page without its text.
  await shared.page.evaluate(() => document.querySelectorAll('script').forEach((script) => script.remove()));
  await window.sendPieces(frame([...(await shared.takeEvents()), toEvent(await digest())]));
  await window.untilHeard('confirm');
  expect((await window.heard()).filter(({ type }) => type === 'resync')).toEqual([]);

  await shared.page.evaluate(() => document.querySelector('#root p')!.remove());
  await shared.takeEvents();
  await window.sendPieces(frame([toEvent(await digest())]));
  expect((await window.untilHeard('resync')).because).toBe('differs');
  await close();
});

test('[B5] ten minutes of changes leave nothing behind in the viewer', async () => {
  const { window, frame, close } = await show('<!doctype html><title>x</title><p id="clock">0</p><ul id="list"></ul>');
  const session = await window.context.newCDPSession(window.page);
  const bytesUsed = async (): Promise<number> => {
    for (let round = 0; round < 3; round += 1) await session.send('HeapProfiler.collectGarbage');
    return window.viewer.evaluate(
      () => (performance as never as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
    );
  };
  const change = (seq: number) => ({
    type: 3,
    timestamp: seq,
    data: {
      source: 0,
      texts: [],
      removes: [],
      adds: [],
      attributes: [{ id: 3, attributes: { 'data-tick': `${seq} ${'x'.repeat(400)}` } }],
    },
  });
  const run = async (from: number, frames: number): Promise<void> => {
    for (let batch = 0; batch < frames / 100; batch += 1) {
      await window.sendPieces(
        Array.from({ length: 100 }, (_, index) =>
          frame(Array.from({ length: 10 }, () => change(from + batch * 100 + index))),
        ).flat(),
      );
    }
    await window.viewer.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  };
  await run(0, 1_000);
  const before = await bytesUsed();
  // 20 frames a second for ten minutes, without a key frame: of 50 MB of events the compressed pieces alone are kept.
  await run(1_000, 12_000);
  await expect
    .poll(() => window.inCopy((document) => document.documentElement.getAttribute('data-tick')?.split(' ')[0]))
    .toBe('12999');
  expect((await bytesUsed()) - before).toBeLessThan(8_000_000);
  await close();
});
