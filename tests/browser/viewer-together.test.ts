import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { FromViewer } from '../../cobrowse/viewer/viewer-messages.ts';
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

const PAGE = `<!doctype html><title>Form</title><style>body { margin: 0 } .tall { height: 3000px }
  input, select, button, textarea { display: block; width: 200px; height: 40px; margin: 10px }
  .inner { height: 100px; overflow: auto } .inner div { height: 800px }</style>
  <button id="buy">Buy</button><input id="name" value="Ada"><select id="size"><option>Small</option><option>Large</option></select>
  <input id="secret" type="password" value="x"><div id="hidden" data-foyer-hidden style="width: 200px; height: 40px"></div>
  <input id="fixed" readonly value="fixed"><div class="inner" id="inner"><div>Inner</div></div><p id="note">Text</p><div class="tall"></div>`;

let world: ViewerWorld;
let window: ViewerWindow;
let shared: SharedPage;
let frame: ReturnType<typeof createFrameSource>;
beforeAll(async () => {
  world = await createViewerWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  shared = await openSharedPage(world, PAGE);
  window = await openViewerWindow(world);
  frame = createFrameSource();
  await window.say({ type: 'show-tab', tabId: TAB, epoch: 1 });
  await window.sendPieces(frame(await shared.takeKey(), true));
  await window.untilHeard('shown');
});
afterEach(async () => {
  await window.close();
  await shared.close();
});

/** The middle of an element of the copy, in the agent's window, and its id there. */
async function placeOf(selector: string): Promise<{ x: number; y: number }> {
  return window.viewer.evaluate((wanted) => {
    const device = document.querySelector('.viewer-device')!.getBoundingClientRect();
    const scale = device.width / (document.querySelector('.viewer-device') as HTMLElement).offsetWidth;
    const copy = [...document.querySelectorAll<HTMLElement>('.viewer-copy')].find(
      ({ style }) => style.visibility === '',
    )!;
    const box = copy.querySelector('iframe')!.contentDocument!.querySelector(wanted)!.getBoundingClientRect();
    return { x: device.left + (box.left + box.width / 2) * scale, y: device.top + (box.top + box.height / 2) * scale };
  }, selector);
}
const actsOf = (messages: FromViewer[]) => messages.flatMap((message) => (message.type === 'act' ? [message.act] : []));
const marksOf = (messages: FromViewer[]) =>
  messages.flatMap((message) => (message.type === 'marks' ? message.marks : []));
const idOf = (selector: string): Promise<number> =>
  shared.page.evaluate(
    (wanted) =>
      (
        globalThis as never as { rrwebRecord: { record: { mirror: { getId(node: Node): number } } } }
      ).rrwebRecord.record.mirror.getId(document.querySelector(wanted)!),
    selector,
  );
const overlay = () => window.viewer.getByLabel('Page of the visitor');

test('[B7] a click is addressed by element, so that it hits the same one in any window', async () => {
  await window.say({ type: 'grants', grants: ['click-and-type'] });
  await window.say({ type: 'tool', tool: 'act' });
  const { x, y } = await placeOf('#buy');
  await window.page.mouse.click(x, y);
  const { act, tabId, epoch, actId } = await window.untilHeard('act');
  expect({ tabId, epoch }).toEqual({ tabId: TAB, epoch: 1 });
  expect(actId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(act).toMatchObject({ kind: 'click', at: { nodeId: await idOf('#buy') } });
  const { at } = act as Extract<typeof act, { kind: 'click' }>;
  expect([at.x, at.y].map((value) => Math.abs(value - 0.5) < 0.02)).toEqual([true, true]);
});

test('[B7] typing goes into a field that stands over the visitor’s, and is sent as what that one holds', async () => {
  await window.say({ type: 'grants', grants: ['click-and-type'] });
  await window.say({ type: 'tool', tool: 'act' });
  const { x, y } = await placeOf('#name');
  await window.page.mouse.click(x, y);
  const field = window.viewer.getByRole('textbox', { name: 'Text for the field of the visitor' });
  expect(await field.inputValue()).toBe('Ada');
  await field.fill('Grace Höpper');
  await field.press('Enter');
  const nodeId = await idOf('#name');
  await window.untilHeard('act', 3);
  expect(actsOf(await window.heard()).slice(1)).toEqual([
    { kind: 'type', nodeId, text: 'Grace Höpper' },
    { kind: 'press', nodeId, key: 'Enter' },
  ]);
  await field.press('Escape');
  await field.waitFor({ state: 'detached' });
});

test('[B7] a choice is made from the options of the visitor’s field', async () => {
  await window.say({ type: 'grants', grants: ['click-and-type'] });
  await window.say({ type: 'tool', tool: 'act' });
  const { x, y } = await placeOf('#size');
  await window.page.mouse.click(x, y);
  await window.viewer.getByRole('combobox', { name: 'Choice for the visitor' }).selectOption('Large');
  await window.untilHeard('act', 2);
  expect(actsOf(await window.heard())[1]).toEqual({ kind: 'select', nodeId: await idOf('#size'), indexes: [1] });
});

test.each([
  ['#secret', 'This is private: only the visitor can use it.'],
  ['#hidden', 'This is private: only the visitor can use it.'],
  ['#fixed', 'This cannot be changed.'],
])('[B7] %s is refused with the reason, before anything is sent', async (selector, reason) => {
  await window.say({ type: 'grants', grants: ['click-and-type', 'scroll'] });
  await window.say({ type: 'tool', tool: 'act' });
  const { x, y } = await placeOf(selector);
  await window.page.mouse.click(x, y);
  await window.viewer.locator('.viewer-refusal', { hasText: reason }).waitFor();
  expect(await window.viewer.locator('[aria-live]').allTextContents()).toContain(reason);
  expect(actsOf(await window.heard())).toEqual([]);
});

test('[B7] without the permission nothing is sent, and what is taken back ends at once', async () => {
  await window.say({ type: 'tool', tool: 'act' });
  const { x, y } = await placeOf('#name');
  await window.page.mouse.click(x, y);
  await window.viewer.locator('.viewer-refusal', { hasText: 'The visitor has not allowed this.' }).waitFor();
  await window.page.mouse.wheel(0, 300);
  expect(actsOf(await window.heard())).toEqual([]);

  await window.say({ type: 'grants', grants: ['click-and-type'] });
  await window.page.mouse.click(x, y);
  const field = window.viewer.getByRole('textbox', { name: 'Text for the field of the visitor' });
  await field.waitFor();
  await window.say({ type: 'grants', grants: [] });
  await field.waitFor({ state: 'detached' });
});

test('[B7] a turn of the wheel scrolls what is under the pointer, the page or a part of it', async () => {
  await window.say({ type: 'grants', grants: ['scroll'] });
  await window.say({ type: 'tool', tool: 'act' });
  const page = await placeOf('#buy');
  await window.page.mouse.move(page.x, page.y);
  await window.page.mouse.wheel(0, 400);
  expect((await window.untilHeard('act')).act).toMatchObject({ kind: 'scroll', nodeId: null, left: 0 });
  const inner = await placeOf('#inner');
  await window.page.mouse.move(inner.x, inner.y);
  await window.page.mouse.wheel(0, 150);
  expect((await window.untilHeard('act', 2)).act).toMatchObject({ kind: 'scroll', nodeId: await idOf('#inner') });
});

test('[B6] pointing, drawing and highlighting are told by place, and only where they are allowed', async () => {
  const { x, y } = await placeOf('#note');
  await window.say({ type: 'tool', tool: 'point' });
  await window.page.mouse.move(x, y);
  await window.say({ type: 'grants', grants: ['point'] });
  // What is said to the viewer and what the mouse does come on ways of their own, so each is done until it is taken.
  const heardMarks = async () => marksOf(await window.heard());
  let moves = 0;
  await expect
    .poll(async () => {
      moves += 1;
      await window.page.mouse.move(x + (moves % 2), y);
      return (await heardMarks()).length;
    })
    .toBeGreaterThan(0);
  expect((await heardMarks())[0]).toMatchObject({ kind: 'pointer', at: { nodeId: await idOf('#note') } });

  await window.say({ type: 'tool', tool: 'highlight' });
  await expect
    .poll(async () => {
      await window.page.mouse.click(x, y);
      return (await heardMarks()).some(({ kind }) => kind === 'highlight');
    })
    .toBe(true);
  await window.say({ type: 'tool', tool: 'ink' });
  await window.say({ type: 'grants', grants: ['point', 'draw'] });
  let strokes = 0;
  const heardInk = async () => (await heardMarks()).flatMap((mark) => (mark.kind === 'ink' ? [mark] : []));
  await expect
    .poll(async () => {
      strokes += 1;
      await window.page.mouse.move(x, y);
      await window.page.mouse.down();
      await window.page.mouse.move(x + 30, y + 10, { steps: 5 });
      await window.page.mouse.up();
      return (await heardInk()).some(({ isEnd }) => isEnd);
    })
    .toBe(true);
  const ink = await heardInk();
  expect(new Set(ink.map(({ strokeId }) => strokeId)).size).toBeLessThanOrEqual(strokes);
  expect(ink.every(({ points }) => points.length >= 1 && points.length <= 64)).toBe(true);
});

test('[B6] what the visitor points at is drawn at the same place', async () => {
  const nodeId = await idOf('#note');
  const inked = () =>
    window.viewer.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.viewer-marks')!;
      return canvas
        .getContext('2d')!
        .getImageData(0, 0, canvas.width, canvas.height)
        .data.some((value) => value !== 0);
    });
  expect(await inked()).toBe(false);
  const points = [0.1, 0.3, 0.5].map((x) => ({ nodeId, x, y: 0.5 }));
  await window.say({ type: 'marks', name: 'Ada', marks: [{ kind: 'ink', strokeId: 1, points, isEnd: true }] });
  await expect.poll(inked).toBe(true);
  // It fades by itself.
  await expect.poll(inked, { timeout: 20_000 }).toBe(false);
});

test('[B5] an agent who looks around sees where the visitor is, and returns there', async () => {
  await window.say({ type: 'follow', isOn: false });
  const { x, y } = await placeOf('#buy');
  await window.page.mouse.move(x, y);
  await window.page.mouse.wheel(0, 500);
  await expect.poll(() => window.inCopy((document) => document.scrollingElement!.scrollTop)).toBeGreaterThan(300);
  expect(await window.viewer.locator('.viewer-outline').isVisible()).toBe(true);
  await shared.page.evaluate(() => scrollTo(0, 120));
  await window.sendPieces(frame(await shared.takeEvents()));
  await window.untilHeard('confirm');
  expect(await window.inCopy((document) => document.scrollingElement!.scrollTop)).toBeGreaterThan(300);
  await window.say({ type: 'follow', isOn: true });
  await expect.poll(() => window.inCopy((document) => document.scrollingElement!.scrollTop)).toBe(120);
  expect(await window.viewer.locator('.viewer-outline').isVisible()).toBe(false);
  expect(actsOf(await window.heard())).toEqual([]);
});

test('[B3] a cleared view is blank at once, and nothing of the older scope comes back', async () => {
  await window.say({ type: 'clear', scopeNumber: 1 });
  await window.viewer.getByText('Waiting for the page of the visitor …').waitFor();
  expect(await window.viewer.locator('.viewer-copy').count()).toBe(0);
  await window.sendPieces(frame(await shared.takeKey(), true));
  const next = createFrameSource({ epoch: 2, scopeNumber: 1 });
  await window.sendPieces(next(await shared.takeKey(), true));
  expect((await window.untilHeard('shown', 2)).epoch).toBe(2);
});

test('[B9] the watermark lies over everything, and German is spoken where it is wanted', async () => {
  await window.say({ type: 'look', language: 'de', scheme: 'dark', assetPath: '/cb-asset/t/', visitorName: 'Ada' });
  await window.say({ type: 'watermark', text: 'Mira <b> 12:30' });
  const background = await window.viewer
    .locator('.viewer-watermark')
    .evaluate((element) => getComputedStyle(element).backgroundImage);
  expect(background).toContain('data:image/svg+xml');
  await window.viewer.getByLabel('Seite des Besuchers').waitFor();
  expect(await overlay().count()).toBe(0);
  await window.say({ type: 'navigating' });
  await window.viewer.getByText('Der Besucher öffnet eine andere Seite …').waitFor();
  expect(await window.viewer.locator('.viewer-copy').count()).toBe(1);
});
