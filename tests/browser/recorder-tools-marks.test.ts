import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ShareMark } from '../../protocol/sharing.ts';
import { createRecorderWorld, type RecorderWorld } from '../_support/recorder-page.ts';
import { openListening, openTools, type ToolsPage, type ToolsPageOptions } from '../_support/tools-page.ts';

describe('what is shown over the visitor’s page', () => {
  let world: RecorderWorld;
  let tools: ToolsPage;

  beforeAll(async () => {
    world = await createRecorderWorld();
  });
  afterAll(() => world.close());
  afterEach(() => tools.context.close());

  const open = async (...page: [body: string, options?: ToolsPageOptions, script?: string]) => {
    tools = await openListening(world, ...page);
  };
  const mark = (...marks: ShareMark[]) => tools.tell({ type: 'marks', name: 'Jana', marks });
  /** How many pixels of the layer's canvases are painted. */
  const painted = () =>
    tools.page.evaluate(() =>
      window.closedRoots
        .flatMap((root) => Array.from(root.querySelectorAll('canvas')))
        .reduce((sum, canvas) => {
          const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
          return sum + data.filter((value, index) => index % 4 === 3 && value > 0).length;
        }, 0),
    );
  const untilPainted = (isWanted: boolean) =>
    expect.poll(painted, { timeout: 15_000 }).toSatisfy((count: number) => count > 0 === isWanted);

  test('[B6] the agent’s pointer stands on its element with its name, and moves along as the page scrolls', async () => {
    await open(
      '<div style="height: 300px"></div><button id="buy" style="width: 200px; height: 50px">Buy</button><div style="height: 3000px"></div>',
    );
    const nodeId = await tools.idOf('#buy');
    await mark({ kind: 'pointer', at: { nodeId, x: 0.5, y: 0.5 } }, { kind: 'highlight', nodeId });
    await tools.untilLayer('.flag', 'Jana');
    await tools.untilLayer('.mark');
    const placeOf = async (selector: string) => (await tools.layer(selector))[0]?.box.map(Math.round);
    const [left = 0, top = 0, width = 0] = (await placeOf('.mark'))!;
    const button = (await tools.page.locator('#buy').boundingBox())!;
    expect([left, top, width]).toEqual([button.x - 4, button.y - 4, button.width + 8].map(Math.round));
    await tools.page.mouse.wheel(0, 200);
    await expect.poll(async () => (await placeOf('.mark'))?.[1]).toBe(top - 200);
    await expect
      .poll(async () => (await placeOf('.pointer'))?.[1])
      .toBe(Math.round(button.y - 200 + button.height / 2 - 2));
    await mark({ kind: 'pointer', at: null }, { kind: 'highlight', nodeId: null });
    await tools.untilLayerEmpty();
  });

  test('[B6] ink is drawn, fades by itself, and lies above a dialog without being in its way', async () => {
    await open(
      '<p id="text" style="height: 60px">Text</p><dialog id="dialog"><button id="in">In</button></dialog>',
      {},
      'window.show = () => dialog.showModal();',
    );
    const nodeId = await tools.idOf('#text');
    await mark({
      kind: 'ink',
      strokeId: 1,
      points: [
        { nodeId, x: 0.1, y: 0.1 },
        { nodeId, x: 0.5, y: 0.9 },
      ],
      isEnd: true,
    });
    await untilPainted(true);
    await tools.page.evaluate(() => (window as { show?: () => void }).show?.());
    await tools.page.locator('#in').click();
    expect(await tools.log()).toContain('click#in');
    await tools.page.waitForFunction(() => window.closedRoots.every(({ host }) => !host.isConnected));
    expect(await painted()).toBe(0);
  });

  test('[B6] a permission that is taken back takes its marks along, and marks without one are not shown', async () => {
    await open('<p id="text" style="height: 60px">Text</p>');
    const nodeId = await tools.idOf('#text');
    const at = { nodeId, x: 0.5, y: 0.5 };
    await mark({ kind: 'pointer', at }, { kind: 'ink', strokeId: 1, points: [at], isEnd: false });
    await tools.untilLayer('.flag');
    await untilPainted(true);
    await tools.grant('draw');
    await tools.untilLayerEmpty('.pointer');
    await tools.grant();
    await tools.untilLayerEmpty();
    await mark({ kind: 'pointer', at }, { kind: 'laser', at }, { kind: 'highlight', nodeId });
    await tools.grant('point');
    await mark({ kind: 'highlight', nodeId });
    await tools.untilLayer('.mark');
    expect(await tools.layer('.pointer')).toEqual([]);
  });

  test('[B6] the visitor draws on the own page, which hears nothing of it, until Escape', async () => {
    await open('<p id="text" style="height: 200px">Text</p><a id="link" href="/away">Away</a>');
    await tools.tell({ type: 'tool', tool: 'ink' });
    await tools.untilLayer('.shield');
    await tools.log();
    await tools.page.mouse.move(100, 50);
    await tools.page.mouse.down();
    await tools.page.mouse.move(200, 120, { steps: 8 });
    await tools.page.mouse.up();
    await untilPainted(true);
    await expect
      .poll(async () => (await tools.heard()).flatMap((each) => (each.type === 'marks' ? each.marks : [])))
      .toSatisfy((marks: ShareMark[]) => marks.some((each) => each.kind === 'ink' && each.isEnd));
    const marks = (await tools.heard()).flatMap((each) => (each.type === 'marks' ? each.marks : []));
    const points = marks.flatMap((each) => (each.kind === 'ink' ? each.points : []));
    const text = await tools.idOf('#text');
    expect(points.length).toBeGreaterThan(4);
    expect(points.every(({ nodeId, x, y }) => nodeId === text && x >= 0 && x <= 1 && y >= 0 && y <= 1)).toBe(true);
    expect(await tools.log()).toEqual([]);
    await tools.page.keyboard.press('Escape');
    await tools.until('tool-ended');
    await tools.page.locator('#text').click();
    expect(await tools.log()).toContain('click#text');
  });

  test('[B6] a laser of the visitor is told while it moves, and taken away at the end', async () => {
    await open('<p id="text" style="height: 200px">Text</p>');
    await tools.tell({ type: 'tool', tool: 'laser' });
    await tools.untilLayer('.shield');
    await tools.page.mouse.move(100, 100, { steps: 5 });
    await tools.until('marks');
    await tools.tell({ type: 'tool', tool: 'none' });
    await expect
      .poll(async () => (await tools.heard()).flatMap((each) => (each.type === 'marks' ? each.marks : [])).at(-1))
      .toEqual({ kind: 'laser', at: null });
  });

  test('[B4] the visitor sees what is hidden, in its place, also when the page changes', async () => {
    await open(
      '<input id="pw" type="password" style="width: 300px; height: 40px" aria-label="Password" /><div id="late"></div><div style="height: 3000px"></div>',
    );
    await tools.tell({ type: 'show-hidden', isOn: true, agentName: 'Jana' });
    await tools.untilLayer('.hidden', 'Hidden from Jana');
    const boxes = async () => (await tools.layer('.hidden')).map(({ box }) => box.map(Math.round));
    const field = (await tools.page.locator('#pw').boundingBox())!;
    expect(await boxes()).toEqual([[field.x, field.y, field.width, field.height].map(Math.round)]);
    await tools.page.evaluate(() => {
      document.querySelector('#late')!.innerHTML = '<p data-foyer="block" style="height: 50px">Secret</p>';
    });
    await expect.poll(boxes).toHaveLength(2);
    await tools.page.evaluate(() => scrollTo(0, 1_500));
    await expect.poll(boxes).toHaveLength(0);
    await tools.page.evaluate(() => scrollTo(0, 0));
    await expect.poll(boxes).toHaveLength(2);
    await tools.tell({ type: 'look', look: { language: 'de', accent: null } });
    await tools.untilLayer('.hidden', 'Nicht sichtbar für Jana');
    await tools.tell({ type: 'show-hidden', isOn: false });
    await tools.untilLayerEmpty();
  });

  test('[B9] the watermark stands over the page and is in nobody’s way', async () => {
    await open('<button id="buy">Buy</button>');
    await tools.tell({ type: 'watermark', text: 'Shared with Jana' });
    await untilPainted(true);
    await tools.page.locator('#buy').click();
    expect(await tools.log()).toContain('click#buy');
    await tools.tell({ type: 'watermark', text: null });
    await tools.untilLayerEmpty();
  });

  test('[B2] a stop takes everything off the page at once, and nothing over it hides the widget', async () => {
    world.site.setPage('/widget/', '<!doctype html><p>Widget</p>');
    await open(
      '<p id="text" style="height: 300px">Text</p><div style="position: fixed; right: 0; bottom: 0"><iframe title="Live help" src="/widget/" style="display: block; border: 0; width: 300px; height: 200px"></iframe></div>',
    );
    const nodeId = await tools.idOf('#text');
    await tools.tell({ type: 'watermark', text: 'Shared' });
    await tools.tell({ type: 'tool', tool: 'ink' });
    await mark({ kind: 'highlight', nodeId });
    await tools.untilLayer('.mark');
    const clip = await tools.page.evaluate(
      () => getComputedStyle(window.closedRoots[0]!.querySelector('.all')!).clipPath,
    );
    expect(clip).toContain('M 700 500');
    await tools.tell({ type: 'stop' });
    await tools.untilLayerEmpty();
    expect(await tools.page.evaluate(() => document.querySelectorAll('[popover]').length)).toBe(0);
  });

  test('[V1] nothing of it needs more of a strict policy than our scripts, and what is ours is never sent', async () => {
    const faults: string[] = [];
    world.site.setPage('/page.js', 'window.log = [];');
    world.site.setPage(
      '/',
      '<!doctype html><html lang="en"><head><title>Shop</title></head><body><p id="text">Text</p><input id="pw" type="password" aria-label="Password" /><script src="/page.js"></script></body></html>',
      {
        'content-security-policy': "default-src 'none'; script-src 'self'",
      },
    );
    tools = await openTools(world, {
      before() {
        addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
          console.error(`refused ${violatedDirective} ${blockedURI}`);
        });
      },
    });
    tools.page.on('pageerror', (fault) => faults.push(fault.message));
    tools.page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    const nodeId = await tools.idOf('#text');
    await tools.tell({ type: 'watermark', text: 'Watermarked' });
    await tools.tell({ type: 'show-hidden', isOn: true });
    await mark({ kind: 'pointer', at: { nodeId, x: 0.1, y: 0.5 } });
    await tools.untilLayer('.flag', 'Jana');
    await tools.untilLayer('.hidden', 'Hidden from Jana');
    await tools.tell({ type: 'pick', purpose: 'only' });
    await tools.untilLayer('.bar');
    expect(
      await tools.page.evaluate(() => getComputedStyle(window.closedRoots[0]!.querySelector('.bar')!).display),
    ).toBe('flex');
    await tools.settle();
    expect(await tools.posted()).not.toMatch(/Watermarked|popover/);
    expect(faults.filter((each) => /refused|violates/.test(each))).toEqual([]);
  });
});
