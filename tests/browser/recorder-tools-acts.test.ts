import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createRecorderWorld, type RecorderWorld } from '../_support/recorder-page.ts';
import { openListening, type ToolsPage, type ToolsPageOptions } from '../_support/tools-page.ts';

describe('what an agent does on the visitor’s page', () => {
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
  const log = () => tools.log();
  const value = (selector: string) => tools.page.locator(selector).inputValue();

  test('[B7] a click brings the page every event of a mouse, and the browser’s own reaction once', async () => {
    await open(
      '<button id="buy"><span id="text">Add to cart</span></button>',
      {},
      'buy.onclick = ({ clientX, clientY, isTrusted }) => log.push([clientX, clientY, isTrusted].join());',
    );
    const answer = await tools.act({ kind: 'click', at: { nodeId: await tools.idOf('#text'), x: 0.25, y: 0.5 } });
    expect(answer).toMatchObject({ refusal: null, label: 'Add to cart' });
    const box = (await tools.page.locator('#text').boundingBox())!;
    const heard = await log();
    expect(heard.filter((each) => each.includes('#'))).toEqual([
      'pointerdown#text',
      'mousedown#text',
      'focusin#buy',
      'pointerup#text',
      'mouseup#text',
      'click#text',
    ]);
    const [x = 0, y = 0] = heard
      .find((each) => each.endsWith('false'))!
      .split(',')
      .map(Number);
    expect(Math.abs(x - (box.x + box.width / 4))).toBeLessThanOrEqual(1);
    expect(Math.abs(y - (box.y + box.height / 2))).toBeLessThanOrEqual(1);
    await tools.untilLayer('.flag', 'Jana clicked');
    // Around the very place, at every moment of its growing.
    const ripple = (await tools.layer('.ripple'))[0]!.box;
    expect(Math.round(ripple[0] + ripple[2] / 2)).toBe(Math.round(box.x + box.width / 4));
    await tools.untilLayerEmpty();
  });

  test('[B7] labels, boxes, summaries and links do by a click what they do by a hand, once', async () => {
    await open(`
      <label id="label"><input type="checkbox" id="box" /> Gift</label>
      <input type="radio" name="r" id="radio" aria-label="Blue" />
      <details id="details"><summary id="summary">More</summary><p id="inside">Text</p></details>
      <a id="link" href="#there">There</a>`);
    expect(await tools.click('#label', 0.9)).toBeNull();
    expect(await tools.page.locator('#box').isChecked()).toBe(true);
    expect((await log()).filter((each) => each === 'change#box')).toHaveLength(1);
    expect(await tools.click('#box')).toBeNull();
    expect(await tools.page.locator('#box').isChecked()).toBe(false);
    expect(await tools.click('#radio')).toBeNull();
    expect(await tools.page.locator('#radio').isChecked()).toBe(true);
    expect(await tools.click('#summary')).toBeNull();
    expect(await tools.page.locator('#details').getAttribute('open')).not.toBeNull();
    expect(await tools.click('#link')).toBeNull();
    expect(new URL(tools.page.url()).hash).toBe('#there');
  });

  test('[B7] a link or form that would open another window is refused, and so is what starts a program', async () => {
    await open(`
      <a id="blank" href="/other" target="_blank">Other</a> <a id="mail" href="mailto:a@example.com">Mail</a>
      <form id="form" target="_blank"><button id="send">Send</button><input id="q" aria-label="Query" /></form>`);
    expect(await tools.click('#blank')).toBe('not-possible');
    expect(await tools.click('#mail')).toBe('not-possible');
    expect(await tools.click('#send')).toBe('not-possible');
    expect(await tools.press('#q', 'Enter')).toBe('not-possible');
    expect(tools.context.pages()).toHaveLength(1);
    expect((await log()).filter((each) => each.startsWith('click'))).toEqual([]);
  });

  test('[B7] Enter does nothing that a click may not', async () => {
    await open(
      `<a id="link" href="/next">Next</a><a id="blank" href="/other" target="_blank">Other</a>
      <a id="mail" href="mailto:a@example.com">Mail</a>
      <form id="form" action="/sent"><button id="send" formtarget="_blank">Send</button></form>
      <a id="late" href="/fine">Late</a>`,
      {},
      `
      document.getElementById('late').addEventListener('keydown', ({ target }) => { target.href = 'mailto:b@example.com'; });
      document.getElementById('link').addEventListener('click', (event) => event.preventDefault());`,
    );
    await tools.log();
    for (const id of ['#blank', '#mail', '#send']) expect(await tools.press(id, 'Enter'), id).toBe('not-possible');
    expect(await tools.log()).toEqual([]);
    expect(await tools.press('#late', 'Enter')).toBe('not-possible');
    expect((await tools.log()).filter((each) => each.startsWith('click'))).toEqual([]);
    expect(await tools.press('#link', 'Enter')).toBeNull();
    expect(await tools.log()).toContain('click#link');
  });

  test('[B7] text goes into fields that a framework controls, as if typed', async () => {
    // As such frameworks do it: a setter of their own on the element, and the truth kept outside of it.
    const controlled = `
      const own = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
      let tracked = ''; window.state = '';
      Object.defineProperty(field, 'value', { configurable: true, get() { return own.get.call(this); }, set(v) { tracked = v; own.set.call(this, v); } });
      field.addEventListener('input', (event) => {
        if (own.get.call(field) === tracked) return;
        window.state = own.get.call(field).toUpperCase(); tracked = window.state; own.set.call(field, window.state);
        log.push(event.inputType);
      });`;
    await open('<input id="field" aria-label="Street" /><input id="next" aria-label="Town" />', {}, controlled);
    expect(await tools.type('#field', 'Main St')).toBeNull();
    expect(await tools.page.evaluate(() => (window as { state?: string }).state)).toBe('MAIN ST');
    expect(await log()).toEqual(['focusin#field', 'beforeinput#field', 'input#field', 'insertText']);
    expect(await tools.type('#field', 'Main Str. 5')).toBeNull();
    expect(await log()).toEqual(['beforeinput#field', 'input#field', 'insertText']);
    expect(await tools.press('#field', 'Tab')).toBeNull();
    expect(await log()).toEqual(['keydown#field', 'change#field', 'focusin#next', 'keyup#field']);
    expect(await value('#field')).toBe('MAIN STR. 5');
  });

  test('[B7] a field takes no more than it may hold, and half a date does not destroy a whole one', async () => {
    await open(`
      <input id="short" maxlength="3" aria-label="Code" /><input id="date" type="date" value="2026-01-02" aria-label="Day" />
      <textarea id="text" aria-label="Note">old</textarea><input id="fixed" readonly value="x" aria-label="Fixed" />
      <input id="check" type="checkbox" aria-label="Box" />`);
    expect(await tools.type('#short', 'abcdef')).toBeNull();
    expect(await value('#short')).toBe('abc');
    expect(await tools.type('#date', '2026-1')).toBe('not-possible');
    expect(await value('#date')).toBe('2026-01-02');
    expect(await tools.type('#date', '2026-03-04')).toBeNull();
    expect(await value('#date')).toBe('2026-03-04');
    expect(await tools.type('#text', 'line one\nline two')).toBeNull();
    expect(await tools.press('#text', 'Enter')).toBeNull();
    expect(await tools.press('#text', 'Backspace')).toBeNull();
    expect(await tools.press('#text', 'Backspace')).toBeNull();
    expect(await value('#text')).toBe('line one\nline tw');
    expect(await tools.type('#fixed', 'y')).toBe('read-only');
    expect(await tools.type('#check', 'y')).toBe('not-possible');
  });

  test('[B7] an editor of the page is written in through the browser’s own editing', async () => {
    await open(
      '<div id="editor" contenteditable="true"><p>Old <b>text</b></p></div>',
      {},
      'editor.addEventListener("input", ({ isTrusted }) => log.push("trusted " + isTrusted));',
    );
    expect(await tools.type('#editor', 'New words')).toBeNull();
    expect(await tools.page.locator('#editor').innerText()).toBe('New words');
    expect(await log()).toContain('trusted true');
    expect(await tools.press('#editor', 'Backspace')).toBeNull();
    expect(await tools.page.locator('#editor').innerText()).toBe('New word');
    expect(await tools.type('#editor', '')).toBeNull();
    expect((await tools.page.locator('#editor').innerText()).trim()).toBe('');
  });

  test('[B7] an editor that holds something hidden is not written over', async () => {
    await open('<div id="editor" contenteditable="true">Open <span data-foyer="mask">secret</span></div>');
    expect(await tools.type('#editor', 'x')).toBe('private');
    expect(await tools.page.locator('#editor').innerText()).toBe('Open secret');
  });

  test('[B7] one option or several are chosen as a hand would choose them', async () => {
    await open(`
      <select id="one" aria-label="Colour"><option>Red</option><option>Blue</option><option disabled>Green</option></select>
      <select id="many" multiple aria-label="Sizes"><option selected>S</option><option>M</option><option>L</option></select>`);
    expect(await tools.select('#one', [1])).toBeNull();
    expect(await value('#one')).toBe('Blue');
    expect(await tools.select('#one', [1])).toBeNull();
    expect((await log()).filter((each) => each === 'change#one')).toHaveLength(1);
    for (const wrong of [[2], [7], [], [0, 1]]) expect(await tools.select('#one', wrong)).toBe('not-possible');
    expect(await tools.select('#many', [1, 2])).toBeNull();
    expect(
      await tools.page
        .locator('#many')
        .evaluate((many: HTMLSelectElement) => Array.from(many.selectedOptions, (o) => o.text)),
    ).toEqual(['M', 'L']);
    expect(await log()).toEqual(['focusin#many', 'input#many', 'change#many']);
  });

  test('[B7] Enter sends a form as the browser would, through its button and its checks', async () => {
    await open(`
      <form id="form"><input id="a" aria-label="A" required /><button id="other" type="button">Other</button><button id="send">Send</button></form>
      <form id="plain"><input id="only" aria-label="Only" /></form>
      <form id="pair"><input id="p1" aria-label="P1" /><input id="p2" aria-label="P2" /></form>`);
    expect(await tools.press('#a', 'Enter')).toBeNull();
    expect((await log()).filter((each) => /click|submit/.test(each))).toEqual(['click#send']);
    expect(await tools.type('#a', 'x')).toBeNull();
    expect(await tools.press('#a', 'Enter')).toBeNull();
    expect((await log()).filter((each) => /change|click|submit/.test(each))).toEqual([
      'change#a',
      'click#send',
      'submit#form',
    ]);
    expect(await tools.press('#only', 'Enter')).toBeNull();
    expect(await log()).toContain('submit#plain');
    expect(await tools.press('#p1', 'Enter')).toBeNull();
    expect((await log()).filter((each) => each.startsWith('submit'))).toEqual([]);
  });

  test('[B7] Tab goes on to the next field and Escape closes what is open', async () => {
    await open(
      `
      <button id="first">First</button><button disabled>Off</button><x-box id="host"></x-box><button id="last">Last</button>
      <dialog id="dialog"><button id="in">In</button></dialog>`,
      {},
      'host.attachShadow({ mode: "open" }).innerHTML = "<button id=shadowed>In shadow</button>"; window.show = () => dialog.showModal();',
    );
    expect(await tools.press('#first', 'Tab')).toBeNull();
    expect(await log()).toContain('focusin#shadowed');
    expect(await tools.press('#shadowed', 'Tab')).toBeNull();
    expect(await log()).toContain('focusin#last');
    await tools.page.evaluate(() => (window as { show?: () => void }).show?.());
    await tools.settle();
    expect(await tools.press('#in', 'Escape')).toBeNull();
    expect(await tools.page.locator('#dialog').getAttribute('open')).toBeNull();
  });

  test('[B7] the page and what scrolls in it are scrolled at once', async () => {
    await open(`
      <div id="box" style="height: 100px; overflow: auto"><div style="height: 900px">Long</div></div>
      <div id="fixed" style="height: 100px; overflow: hidden"><div style="height: 900px">Clipped</div></div>
      <div style="height: 3000px">Tall</div>`);
    await tools.page.addStyleTag({ content: 'html { scroll-behavior: smooth }' }).catch(() => undefined);
    const nodeId = await tools.idOf('#box');
    expect((await tools.act({ kind: 'scroll', nodeId, left: 0, top: 250 })).refusal).toBeNull();
    expect(await tools.page.locator('#box').evaluate((box) => box.scrollTop)).toBe(250);
    expect((await tools.act({ kind: 'scroll', nodeId: null, left: 0, top: 700 })).refusal).toBeNull();
    expect(await tools.page.evaluate(() => scrollY)).toBe(700);
    const fixed = await tools.idOf('#fixed');
    expect((await tools.act({ kind: 'scroll', nodeId: fixed, left: 0, top: 9 })).refusal).toBe('not-possible');
    await tools.untilLayer('.flag', 'Jana scrolled');
  });

  test('[B7] what lies outside the window is brought into view before it is clicked, where scrolling is allowed', async () => {
    await open('<div style="height: 2000px">Tall</div><button id="low">Low</button>', { grants: ['click-and-type'] });
    expect(await tools.click('#low')).toBe('not-possible');
    await tools.grant('click-and-type', 'scroll');
    expect(await tools.click('#low')).toBeNull();
    expect(await log()).toContain('click#low');
    expect(await tools.page.evaluate(() => scrollY)).toBeGreaterThan(500);
  });

  test('[B7] things in shadow trees and in frames of the page are acted upon where they are', async () => {
    world.site.setPage(
      '/frame',
      '<!doctype html><body style="margin: 30px"><button id="framed">Framed</button><input id="typed" aria-label="Typed" /><script>framed.onclick = () => { parent.log.push("framed " + event.clientX); }</script></body>',
    );
    await open(
      '<x-card id="card"></x-card><iframe src="/frame" style="margin-left: 50px; border: 5px solid"></iframe>',
      {},
      `card.attachShadow({ mode: 'open' }).innerHTML = '<button id="inner">Inner</button><slot></slot>';`,
    );
    expect(await tools.click('#inner')).toBeNull();
    expect(await log()).toContain('click#inner');
    const frame = tools.page.frameLocator('iframe');
    expect(await tools.click('#framed')).toBeNull();
    expect(await tools.type('#typed', 'In the frame')).toBeNull();
    expect(await frame.locator('#typed').inputValue()).toBe('In the frame');
    // As the frame counts, whatever stands around it.
    const [inFrame] = (await log()).filter((each) => each.startsWith('framed'));
    const box = await frame.locator('#framed').evaluate((button) => button.getBoundingClientRect().toJSON() as DOMRect);
    expect(Number(inFrame?.split(' ')[1])).toBeCloseTo(box.x + box.width / 2, -1);
  });
});
