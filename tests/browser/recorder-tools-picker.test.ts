import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FromRecorder, PickedPart } from '../../cobrowse/recorder/recorder-messages.ts';
import { createRecorderWorld, type RecorderWorld } from '../_support/recorder-page.ts';
import { openListening, type ToolsPage, type ToolsPageOptions } from '../_support/tools-page.ts';

const SHOP = `
  <style>body { margin: 0 } main, form, nav, section { display: block; padding: 20px } li { height: 30px }</style>
  <nav id="nav"><a id="lamps" href="/lamps">Lamps</a> <a id="chairs" href="/chairs">Chairs</a></nav>
  <main><form id="delivery" action="/sent"><h2 id="title">Delivery address</h2><label>Street <input id="street" value="Secret Road 1" /></label>
  <button id="send">Send</button></form><section aria-label="Offers"><ul><li>One</li><li id="two">Two</li><li>Three</li></ul></section></main>
  <script>document.getElementById('delivery').onsubmit = () => false;</script>`;

describe('choosing a part of the page', () => {
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
  const picked = async (): Promise<PickedPart> => (await tools.until('picked')).part;
  /** The focus that our own bar takes is all that a page may notice. */
  const heardByPage = async () => (await tools.log()).filter((each) => each !== 'focusin#');
  const isAt = (selector: string, id: string) =>
    tools.page.evaluate(([found, wanted]) => document.querySelector(found!)?.id === wanted, [selector, id] as const);
  const middleOf = async (selector: string) => {
    const box = (await tools.page.locator(selector).boundingBox())!;
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };

  test('[B3] the part under the pointer is outlined, named, and picked by a click that the page never hears of', async () => {
    await open(SHOP);
    await tools.tell({ type: 'pick', purpose: 'only' });
    await tools.untilLayer('.bar', 'Choose the part you want to share');
    const { x, y } = await middleOf('#two');
    await tools.page.mouse.move(x, y);
    await tools.untilLayer('.tip', 'List entry: Two');
    const [outline] = await tools.layer('.pick');
    const box = (await tools.page.locator('#two').boundingBox())!;
    expect(outline!.box.map(Math.round)).toEqual([box.x, box.y, box.width, box.height].map(Math.round));
    await tools.page.mouse.click(x, y);
    const part = await picked();
    expect(part).toMatchObject({ path: '/', label: 'List entry: Two' });
    expect(await isAt(part.selector, 'two')).toBe(true);
    expect(await heardByPage()).toEqual([]);
    await tools.untilLayerEmpty();
    await tools.page.locator('#lamps').hover();
    await tools.page.mouse.down();
    expect(await tools.log()).toContain('pointerdown#lamps');
  });

  test('[B3] the arrow keys walk the page’s tree, Enter picks and Escape cancels', async () => {
    await open(SHOP);
    await tools.tell({ type: 'pick', purpose: 'hide' });
    await tools.untilLayer('.bar', 'Choose the part you want to hide');
    const { x, y } = await middleOf('#title');
    await tools.page.mouse.move(x, y);
    await tools.untilLayer('.tip', 'Heading: Delivery address');
    for (const [key, name] of [
      ['ArrowUp', 'Form: Delivery address'],
      ['ArrowRight', 'Section: Offers'],
      ['ArrowDown', 'List'],
      ['ArrowDown', 'List entry: One'],
      ['ArrowRight', 'List entry: Two'],
      ['ArrowLeft', 'List entry: One'],
    ] as const) {
      await tools.page.keyboard.press(key);
      await tools.untilLayer('.tip', name);
      expect((await tools.layer('[role=status]'))[0]?.text).toContain(name);
    }
    await tools.page.keyboard.press('Escape');
    await tools.until('pick-cancelled');
    await tools.tell({ type: 'pick', purpose: 'only' });
    await tools.page.mouse.move(x, y);
    await tools.untilLayer('.tip', 'Heading');
    await tools.page.keyboard.press('ArrowUp');
    await tools.page.keyboard.press('Enter');
    const part = await picked();
    expect(part.label).toBe('Form: Delivery address');
    expect(await isAt(part.selector, 'delivery')).toBe(true);
    expect(await heardByPage()).toEqual([]);
    expect(JSON.stringify(await tools.heard())).not.toMatch(/"label":"[^"]*Secret Road/);
  });

  test('[B3] by touch a tap shows the part, and it is picked by the button or a second tap', async () => {
    await open(SHOP, { hasTouch: true, look: { language: 'de', accent: null } });
    await tools.tell({ type: 'pick', purpose: 'hide' });
    await tools.untilLayer('.bar', 'Wählen Sie den Teil, den Sie verbergen möchten');
    const { x, y } = await middleOf('#title');
    await tools.page.touchscreen.tap(x, y);
    await tools.untilLayer('.tip', 'Überschrift: Delivery address');
    const [larger] = (await tools.layer('button')).filter(({ text }) => text === 'Größer');
    await tools.page.touchscreen.tap(larger!.box[0] + 5, larger!.box[1] + 5);
    await tools.untilLayer('.tip', 'Formular: Delivery address');
    // It covers the larger part, so it goes to the other edge, with the next picture that is drawn.
    await tools.untilLayer('.bar.low');
    const [choose] = (await tools.layer('button')).filter(({ text }) => text === 'Teil verbergen');
    await tools.page.touchscreen.tap(choose!.box[0] + 5, choose!.box[1] + 5);
    expect(await isAt((await picked()).selector, 'delivery')).toBe(true);
    expect(await heardByPage()).toEqual([]);
  });

  test('[B3] what says what to do makes room for what lies under it', async () => {
    await open('<p id="top" style="width: 100%; text-align: center">At the top</p>');
    await tools.tell({ type: 'pick', purpose: 'only' });
    await tools.untilLayer('.bar');
    const [x, y] = [500, (await middleOf('#top')).y];
    await tools.page.mouse.click(x, y);
    await tools.untilLayer('.bar.low');
    await tools.page.mouse.click(x, y);
    expect(await isAt((await picked()).selector, 'top')).toBe(true);
  });

  test('[B3] what scripts pretend picks nothing, and nothing of ours can be picked', async () => {
    world.site.setPage('/widget/', '<!doctype html><p>Widget</p>');
    await open(
      `${SHOP}<div id="container" style="position: fixed; right: 10px; bottom: 10px; z-index: 2147483647"><iframe title="Live help" src="/widget/"></iframe></div>`,
    );
    const from = (await tools.heard()).length;
    await tools.tell({ type: 'pick', purpose: 'only' });
    await tools.untilLayer('.bar');
    await tools.page.evaluate(() => {
      const at = { bubbles: true, clientX: 60, clientY: 120 };
      for (const name of ['pointermove', 'pointerdown', 'pointerup', 'click']) {
        document.elementFromPoint(60, 120)!.dispatchEvent(new PointerEvent(name, at));
      }
      window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    });
    const widget = (await tools.page.locator('iframe').boundingBox())!;
    await tools.page.mouse.click(widget.x + 20, widget.y + 20);
    await tools.tell({ type: 'cancel-pick' });
    await tools.until('pick-cancelled', from);
    expect((await tools.heard()).slice(from).filter(({ type }) => type === 'picked')).toEqual([]);
  });

  test('[B3] a part within a dialog, a shadow tree or a frame is reached as well', async () => {
    world.site.setPage('/frame', '<!doctype html><body style="margin: 20px"><p id="deep">Deep inside</p></body>');
    await open(
      '<x-card id="card"></x-card><iframe id="frame" src="/frame"></iframe><dialog id="dialog"><p id="asked">Really?</p></dialog>',
      {},
      'card.attachShadow({ mode: "open" }).innerHTML = "<section><p>One</p><p id=inner>Two</p></section>"; window.show = () => dialog.showModal();',
    );
    const pick = async (selector: string, within = tools.page.locator(selector)) => {
      const from = (await tools.heard()).length;
      await tools.tell({ type: 'pick', purpose: 'only' });
      await tools.untilLayer('.bar');
      const box = (await within.boundingBox())!;
      await tools.page.mouse.click(box.x + 5, box.y + box.height / 2);
      const picking: Extract<FromRecorder, { type: 'picked' }> = await tools.until('picked', from);
      return picking.part.selector;
    };
    expect(await pick('#inner')).toBe('#card >>> #inner');
    expect(await pick('#deep', tools.page.frameLocator('#frame').locator('#deep'))).toBe('#frame >>> #deep');
    await tools.page.evaluate(() => (window as { show?: () => void }).show?.());
    expect(await pick('#asked')).toBe('#asked');
  });

  test('[B3] a picked part is found again after a reload, whatever the page calls its elements', async () => {
    const pages: [body: string, target: string][] = [
      ['<div><div><p>One</p></div><div><p>Two</p><p class="target">Three</p></div></div>', 'Three'],
      ['<div id=":r1:"><span id="input-48213" class="target">Made up</span></div>', 'Made up'],
      ['<p id="twice">One</p><p id="twice" class="target">Two</p>', 'Two'],
      ['<div data-testid="total"><b class="target">9 €</b></div>', '9 €'],
      [
        '<form name="order"><fieldset><input type="radio" name="way" /><label class="target">Post</label></fieldset></form>',
        'Post',
      ],
      ['<ul><li>a</li><li>b</li><li class="target">c</li><li>d</li></ul>', 'c'],
      ['<x-box><p slot="x" class="target">Slotted</p></x-box>', 'Slotted'],
      ['<div id="a.b:c"><p class="target">Odd name</p></div>', 'Odd name'],
      ['<svg width="50" height="50"><g><text y="20" class="target">Drawn</text></g></svg>', 'Drawn'],
    ];
    for (const [body, text] of pages) {
      await open(body);
      await tools.tell({ type: 'pick', purpose: 'only' });
      await tools.untilLayer('.bar');
      const { x, y, height } = (await tools.page.locator('.target').boundingBox())!;
      await tools.page.mouse.click(x + 3, y + height / 2);
      const { selector } = await picked();
      await tools.page.reload();
      const found = await tools.page.evaluate(
        (wanted) => Array.from(document.querySelectorAll(wanted), ({ textContent }) => textContent),
        selector,
      );
      expect(found, selector).toEqual([text]);
      expect(selector).not.toMatch(/48213|:r1:/);
      if (text !== 'Drawn') await tools.context.close();
    }
  });
});
