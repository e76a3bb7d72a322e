import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ShareAct } from '../../protocol/sharing.ts';
import { createRecorderWorld, type RecorderWorld } from '../_support/recorder-page.ts';
import { openListening, type ToolsPage, type ToolsPageOptions } from '../_support/tools-page.ts';

describe('what an agent may not do on the visitor’s page', () => {
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

  test('[B7] each kind of act needs its own permission, at this very moment', async () => {
    await open('<button id="buy">Buy</button><input id="field" aria-label="Field" />', { grants: ['point', 'draw'] });
    const nodeId = await tools.idOf('#field');
    expect(await tools.click('#buy')).toBe('not-granted');
    expect(await tools.type('#field', 'x')).toBe('not-granted');
    expect(await tools.select('#field', [0])).toBe('not-granted');
    expect((await tools.act({ kind: 'scroll', nodeId: null, left: 0, top: 1 })).refusal).toBe('not-granted');
    expect((await tools.act({ kind: 'navigate', to: 'reload' })).refusal).toBe('not-granted');
    expect((await tools.act({ kind: 'open', url: `${world.site.origin}/x` })).refusal).toBe('not-granted');
    await tools.grant('click-and-type');
    expect(await tools.click('#buy')).toBeNull();
    await tools.tell({ type: 'stop' });
    expect((await tools.act({ kind: 'type', nodeId, text: 'x' })).refusal).toBe('not-granted');
    await tools.grant('click-and-type');
    expect((await tools.act({ kind: 'type', nodeId, text: 'x' })).refusal).toBe('paused');
    expect(await value('#field')).toBe('');
  });

  test('[B4] what is private or read-only is refused, whichever number is named', async () => {
    await open(
      `<input id="secret" type="password" aria-label="Password" /><input id="card" autocomplete="cc-number" aria-label="Card" />
       <input id="upload" type="file" aria-label="File" /><div id="masked" data-foyer="mask"><button id="in-mask">In mask</button></div>
       <div id="operator"><button id="in-block">Deny</button></div>
       <input id="author" data-foyer="read-only" value="a" aria-label="Author" /><input id="rule" class="locked" value="b" aria-label="Rule" />
       <label id="label" for="secret">Password</label><label id="free" for="rule">Rule</label>
       <form id="form"><input id="plain" aria-label="Plain" /><span data-foyer="block"><button id="send">Pay</button></span></form>`,
      { rules: { deny: ['#operator'], readOnly: ['.locked'] } },
    );
    expect(await tools.type('#author', 'x')).toBe('read-only');
    expect(await tools.type('#rule', 'x')).toBe('read-only');
    expect(await tools.click('#label')).toBe('private');
    expect(await tools.click('#free')).toBe('read-only');
    expect(await tools.press('#plain', 'Enter')).toBe('private');
    // Every number there is or might be: nothing private is ever clicked, typed into or submitted.
    await log();
    for (let nodeId = 1; nodeId < 80; nodeId += 1) {
      await tools.act({ kind: 'click', at: { nodeId, x: 0.5, y: 0.5 } });
      await tools.act({ kind: 'type', nodeId, text: 'taken over' });
      await tools.act({ kind: 'press', nodeId, key: 'Enter' });
    }
    const heard = await log();
    const touched = new Set(heard.map((each) => each.split('#')[1]));
    for (const id of ['secret', 'card', 'upload', 'masked', 'in-mask', 'operator', 'in-block', 'send']) {
      expect(touched).not.toContain(id);
    }
    for (const id of ['#secret', '#card']) expect(await value(id)).toBe('');
    expect([await value('#author'), await value('#rule')]).toEqual(['a', 'b']);
  });

  test('[B7] made-up and outdated numbers name nothing', async () => {
    await open('<button id="buy">Buy</button>');
    const nodeId = await tools.idOf('#buy');
    for (const wrong of [99_999, -1, 0, 1.5, Number.NaN]) {
      const { refusal } = await tools.act({ kind: 'click', at: { nodeId: wrong, x: 0.5, y: 0.5 } });
      expect(refusal).toBe('gone');
    }
    await tools.page.locator('#buy').evaluate((buy) => buy.remove());
    expect((await tools.act({ kind: 'click', at: { nodeId, x: 0.5, y: 0.5 } })).refusal).toBe('gone');
    expect((await tools.act({ kind: 'explode' } as never)).refusal).toBe('not-granted');
    expect((await tools.act({ kind: 'toString' } as never)).refusal).toBe('not-granted');
  });

  test('[B7] what is covered is not clicked, neither is the cover', async () => {
    await open(`
      <button id="buy" style="position: absolute; left: 50px; top: 50px; width: 200px; height: 60px">Buy</button>
      <div id="cover" style="position: absolute; left: 150px; top: 40px; width: 200px; height: 90px; background: #eee">Cover</div>
      <button id="off" disabled>Off</button>`);
    expect(await tools.click('#buy', 0.9)).toBe('not-possible');
    expect(await tools.click('#buy', 0.2)).toBeNull();
    expect(await tools.click('#off')).toBe('not-possible');
    const clicked = (await log()).filter((each) => each.startsWith('click'));
    expect(clicked).toEqual(['click#buy']);
  });

  test('[B3] a remote click never reaches the widget or anything else of ours', async () => {
    world.site.setPage(
      '/widget/',
      '<!doctype html><button style="position: fixed; inset: 0" onclick="parent.log.push(\'consented\')">Allow</button>',
    );
    await open(`
      <button id="below" style="position: fixed; left: 100px; top: 100px; width: 200px; height: 100px">Below</button>
      <div id="container" style="position: fixed; left: 50px; top: 50px; width: 300px; height: 200px"><iframe title="Live help" src="/widget/" style="width: 100%; height: 100%"></iframe></div>`);
    // Nobody sees on the copy that the widget is in the way.
    expect(await tools.click('#below')).toBe('own-interface');
    for (let nodeId = 1; nodeId < 60; nodeId += 1) {
      await tools.act({ kind: 'click', at: { nodeId, x: 0.5, y: 0.5 } });
      await tools.act({ kind: 'press', nodeId, key: 'Enter' });
    }
    const heard = await log();
    expect(heard).not.toContain('consented');
    expect(heard.filter((each) => each.endsWith('#container'))).toEqual([]);
  });

  test('[B7] whoever is in the middle of a sentence in the widget keeps the keyboard', async () => {
    world.site.setPage('/widget/', '<!doctype html><input id="message" aria-label="Message" />');
    await open(
      '<input id="field" aria-label="Field" /><div id="editor" contenteditable="true">Old</div><iframe title="Live help" src="/widget/"></iframe>',
    );
    await tools.page.frameLocator('iframe').locator('#message').focus();
    expect(await tools.click('#field')).toBeNull();
    expect(await tools.type('#field', 'x')).toBeNull();
    expect(await tools.type('#editor', 'New')).toBeNull();
    expect(await tools.press('#field', 'Tab')).toBeNull();
    expect(await tools.page.evaluate(() => document.activeElement?.localName)).toBe('iframe');
    expect([await value('#field'), await tools.page.locator('#editor').innerText()]).toEqual(['x', 'New']);
  });

  test('[B7] the visitor’s own hands come first, what scripts pretend does not count', async () => {
    await open('<input id="field" aria-label="Field" /><button id="buy">Buy</button>');
    await tools.page.evaluate(() =>
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true })),
    );
    expect(await tools.click('#buy')).toBeNull();
    await tools.page.locator('#field').press('a');
    expect(await tools.type('#field', 'taken over')).toBe('visitor-is-busy');
    expect(await tools.click('#buy')).toBe('visitor-is-busy');
    expect((await tools.act({ kind: 'scroll', nodeId: null, left: 0, top: 5 })).refusal).toBe('visitor-is-busy');
    expect(await value('#field')).toBe('a');
    await tools.page.mouse.move(300, 300);
    await tools.page.mouse.down();
    expect(await tools.click('#buy')).toBe('visitor-is-busy');
    await tools.page.mouse.up();
  });

  test('[B7] a press that nobody hears the end of keeps an agent waiting for seconds and not for ever', async () => {
    await open('<button id="buy">Buy</button><select id="size"><option>S</option><option>M</option></select>');
    const untilFree = () => expect.poll(() => tools.click('#buy'), { timeout: 15_000, interval: 500 }).toBeNull();
    const session = await tools.context.newCDPSession(tools.page);
    // As where the browser opens a menu of its own, which takes the release for itself.
    const press = (button: 'left' | 'right') =>
      session.send('Input.dispatchMouseEvent', { type: 'mousePressed', x: 300, y: 300, button, clickCount: 1 });
    await press('right');
    expect(await tools.click('#buy')).toBe('visitor-is-busy');
    await untilFree();
    await press('left');
    expect(await tools.click('#buy')).toBe('visitor-is-busy');
    // The hand is back on the page, and no button is down.
    await session.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x: 310, y: 300, buttons: 0 });
    await untilFree();
  });

  test('[B7] the page is reloaded, or another one opened, after that was answered', async () => {
    await open('<p>Here</p>');
    world.site.setPage('/other', '<!doctype html><title>Other</title><p>There</p>');
    expect((await tools.act({ kind: 'navigate', to: 'forward' })).refusal).toBe('not-possible');
    for (const url of ['javascript:alert(1)', 'file:///etc/passwd', 'no address']) {
      expect((await tools.act({ kind: 'open', url })).refusal).toBe('not-possible');
    }
    const answered = tools.page.waitForEvent('console', (message) => message.text() === 'answered null');
    await tools.page.evaluate(() => {
      const push = window.recorderHeard.push.bind(window.recorderHeard);
      window.recorderHeard.push = (...messages) => {
        for (const each of messages) if (each.type === 'act-done') console.log(`answered ${String(each.refusal)}`);
        return push(...messages);
      };
    });
    await tools.tell({
      type: 'act',
      actId: 'a',
      act: { kind: 'open', url: `${world.site.origin}/other` },
      agentName: 'Jana',
    });
    await answered;
    await tools.page.waitForURL('**/other');
  });

  test('[B7] on a page whose ground is broken every act is answered, and nothing is thrown', async () => {
    const faults: string[] = [];
    await open(
      '<form id="form"><input name="parentNode" id="a" aria-label="A" /><input name="getBoundingClientRect" id="b" aria-label="B" /><button id="buy">Buy</button></form>',
    );
    tools.page.on('pageerror', (fault) => faults.push(fault.message));
    const nodeId = await tools.idOf('#buy');
    const formId = await tools.idOf('#form');
    await tools.act({ kind: 'click', at: { nodeId: formId, x: 0.5, y: 0.5 } });
    expect((await tools.act({ kind: 'click', at: { nodeId, x: 0.5, y: 0.5 } })).refusal).toBeNull();
    await tools.page.evaluate(() => {
      const broken = () => {
        throw new Error('broken by the page');
      };
      Object.assign(Element.prototype, { getBoundingClientRect: broken, scrollIntoView: broken, matches: broken });
      Object.assign(Document.prototype, { elementFromPoint: broken, execCommand: broken });
      Object.assign(EventTarget.prototype, { dispatchEvent: broken });
      Object.assign(HTMLElement.prototype, { focus: broken, click: broken });
    });
    for (const act of [
      { kind: 'click', at: { nodeId, x: 0.5, y: 0.5 } },
      { kind: 'type', nodeId: await tools.idOf('#a'), text: 'x' },
      { kind: 'press', nodeId, key: 'Enter' },
      { kind: 'select', nodeId, indexes: [0] },
    ] satisfies ShareAct[]) {
      expect((await tools.act(act)).refusal).toEqual(expect.any(String));
    }
    expect(faults).toEqual([]);
  });
});
