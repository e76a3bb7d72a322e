import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { GOOD_SELECTORS, WRONG_SELECTORS } from '../../server/sites/selector-samples.ts';
import { createRecorderWorld, WHOLE_PAGE, NO_RULES } from '../_support/recorder-page.ts';
import type { RecordedPage, RecorderWorld } from '../_support/recorder-page.ts';
import type { ChosenScope, PrivacyRules } from '../../cobrowse/recorder/recorder-messages.ts';

describe('when nothing of a page may be shared', () => {
  let world: RecorderWorld;
  let recorded: RecordedPage;

  beforeAll(async () => {
    world = await createRecorderWorld();
  });
  afterAll(() => world.close());
  afterEach(() => recorded.context.close());

  const open = async (path = '/') => {
    recorded = await world.open(
      '<!doctype html><title>Shop</title><ul><li>one</li><li id="two">two</li><li>three</li></ul>',
      { path },
    );
  };
  const begin = (rules: Partial<PrivacyRules>, scope: ChosenScope = WHOLE_PAGE) =>
    recorded.tell({ type: 'start', stream: { epoch: 7, scopeNumber: 7, scope, rules: { ...NO_RULES, ...rules } } });
  const streamed = async () => (await recorded.heard()).filter(({ type }) => type === 'events');
  const part = (selector: string): ChosenScope => ({ onlyPart: { path: '/', selector, label: '' }, hidden: [] });
  const hiding = (selector: string, path = '/'): ChosenScope => ({
    onlyPart: null,
    hidden: [{ path, selector, label: '' }],
  });

  test.each([
    ['is no selector', '..price', WHOLE_PAGE],
    ['is left open and would swallow the next rule', '[data-x="price', WHOLE_PAGE],
    ['ends in the middle of an escape', '.price\\', WHOLE_PAGE],
    ['is an open comment', '.price/*', WHOLE_PAGE],
    ['the browser forgives, so that it means nothing', ':is(..price, .total)', WHOLE_PAGE],
    ['the browser forgives deep within', 'li:not(:where(p:is(..price)))', WHOLE_PAGE],
    ['names what is no element', '.price::before', WHOLE_PAGE],
    ['is the visitor’s own part', '', part('::part(')],
  ])('[B4] a rule that %s shares nothing and is named', async (_why, selector, scope) => {
    await open();
    await begin({ deny: selector === '' ? [] : [selector, '.card'] }, scope);
    const paused = await recorded.until('paused');
    expect(paused).toEqual({
      type: 'paused',
      epoch: 7,
      because: 'unreadable-rules',
      detail: selector === '' ? '::part(' : selector,
    });
    expect(await streamed()).toEqual([]);
  });

  test('[B4] what is accepted when it is saved can be read here, and what is refused there stops sharing here', async () => {
    await open();
    const answerTo = async (selector: string) => {
      const from = (await recorded.heard()).length;
      await begin({ deny: [selector] });
      const answer = await recorded.page.waitForFunction(
        (count) => window.recorderHeard.slice(count).find(({ type }) => type === 'paused' || type === 'events'),
        from,
      );
      return answer.jsonValue();
    };
    for (const selector of GOOD_SELECTORS) expect(await answerTo(selector), selector).toMatchObject({ type: 'events' });
    for (const selector of WRONG_SELECTORS) {
      // Browsers read it, and it names nothing on a page: only the saving is strict about that.
      if (selector === ':host') continue;
      const paused = { type: 'paused', because: 'unreadable-rules', detail: selector };
      expect(await answerTo(selector), selector).toMatchObject(paused);
    }
  });

  test('[B4] a private page is not shared, and neither is what a single-page site shows under a private address', async () => {
    await open('/account/cards');
    await begin({ privatePaths: ['/account/*'] });
    expect(await recorded.until('paused')).toMatchObject({ because: 'private-page' });
    expect(await streamed()).toEqual([]);
    await recorded.context.close();

    await open('/');
    await recorded.start({ privatePaths: ['/account/*'] });
    const from = (await recorded.heard()).length;
    await recorded.page.evaluate(() => {
      history.pushState({}, '', '/account/cards');
      document.body.innerHTML = '<p>cn-card-x</p>';
    });
    expect(await recorded.until('paused', from)).toMatchObject({ because: 'private-page' });
    expect(await recorded.posted()).not.toContain('cn-card-x');
  });

  test('[B4] a frame whose page is private is shared as an empty one, whatever happens in it', async () => {
    world.site.setPage('/account/cards', '<!doctype html><body><p>cn-framed-x</p>');
    world.site.setPage('/help', '<!doctype html><body><p>ok-framed-x</p>');
    recorded = await world.open(
      '<!doctype html><body><iframe src="/account/cards"></iframe><iframe id="help" src="/help"></iframe>',
    );
    await recorded.start({ privatePaths: ['/account/*'] });
    await recorded.page.waitForFunction(() => JSON.stringify(window.recorderHeard).includes('ok-framed-x'));
    await recorded.page.evaluate(() => {
      for (const frame of document.querySelectorAll('iframe')) {
        const { contentDocument, contentWindow } = frame;
        if (frame.id === 'help') contentWindow!.history.pushState({}, '', '/account');
        contentDocument!.body.insertAdjacentHTML('beforeend', '<p>cn-later-x</p>');
        contentDocument!.querySelector('p')!.textContent = 'cn-changed-x';
      }
    });
    await recorded.settle();
    expect(await recorded.posted()).not.toContain('cn-');
  });

  test('[B3] sharing pauses when the only shared part is gone, and does not go over to another in its place', async () => {
    await open();
    await recorded.start({}, part('li:nth-child(2)'));
    expect(await recorded.posted()).toContain('two');
    const from = (await recorded.heard()).length;
    await recorded.page.evaluate(() => document.querySelector('#two')!.remove());
    expect(await recorded.until('paused', from)).toMatchObject({ because: 'part-gone' });
    expect(JSON.stringify(await streamed())).not.toContain('three');
  });

  test('[B3] a part that is not on this page is not shared as something else', async () => {
    await open();
    await begin({}, part('#elsewhere'));
    expect(await recorded.until('paused')).toMatchObject({ because: 'part-gone' });
    expect(await streamed()).toEqual([]);
  });

  test('[B3] on another page than its own a part is nothing, though its selector leads somewhere there', async () => {
    await open('/account');
    await begin({}, part('ul > li:nth-of-type(2)'));
    expect(await recorded.until('paused')).toMatchObject({ because: 'part-gone' });
    expect(await streamed()).toEqual([]);
    await recorded.context.close();

    await open();
    await recorded.start({}, part('ul > li:nth-of-type(2)'));
    const from = (await recorded.heard()).length;
    await recorded.page.evaluate(() => {
      history.pushState({}, '', '/account');
      document.querySelector('#two')!.textContent = 'cn-account-x';
    });
    expect(await recorded.until('paused', from)).toMatchObject({ because: 'part-gone' });
    expect(await recorded.posted()).not.toContain('cn-account-x');
  });

  test('[B3] a part with a name of its own is found again when the page draws it anew', async () => {
    await open();
    await recorded.start({}, part('#two'));
    await recorded.page.evaluate(() => {
      const again = document.createElement('li');
      again.id = 'two';
      again.textContent = 'ok-again-x';
      document.querySelector('#two')!.replaceWith(again);
    });
    await recorded.page.waitForFunction(() => JSON.stringify(window.recorderHeard).includes('ok-again-x'));
    expect(JSON.stringify(await streamed())).not.toContain('three');
  });

  test('[B3] a hidden part that is no longer where it was shares nothing, and is named', async () => {
    await open();
    await begin({}, hiding('ul > li:nth-of-type(4)'));
    expect(await recorded.until('paused')).toMatchObject({
      because: 'part-gone',
      detail: 'ul > li:nth-of-type(4)',
    });
    expect(await streamed()).toEqual([]);
  });

  test('[B3] a part that was hidden on another page is not missed on this one', async () => {
    await open();
    await recorded.start({}, hiding('#elsewhere', '/elsewhere'));
    expect(await recorded.posted()).toContain('three');
    const from = (await recorded.heard()).length;
    await recorded.page.evaluate(() => history.pushState({}, '', '/elsewhere'));
    expect(await recorded.until('paused', from)).toMatchObject({ because: 'part-gone', detail: '#elsewhere' });
  });

  test('[B3] the route that a site keeps in the fragment says which page it is', async () => {
    await open();
    await recorded.start({}, hiding('#elsewhere', '/#/elsewhere'));
    const from = (await recorded.heard()).length;
    await recorded.page.evaluate(() => (location.hash = '#/elsewhere'));
    expect(await recorded.until('paused', from)).toMatchObject({ because: 'part-gone' });
  });

  test('[B3] nothing is sent until a hidden part is there that the page draws late, or anew elsewhere', async () => {
    await open();
    await begin({}, hiding('ul > li:nth-of-type(4)'));
    await recorded.page.evaluate(() =>
      document.querySelector('ul')!.insertAdjacentHTML('beforeend', '<li>cn-late-x</li>'),
    );
    await recorded.until('events');
    await recorded.settle();
    expect(await recorded.posted()).toContain('three');
    expect(await recorded.posted()).not.toContain('cn-late-x');
    // In one go out of its place and back under another one: only the visitor knows that it is the same.
    const from = (await recorded.heard()).length;
    await recorded.page.evaluate(() => {
      document.querySelector('li:nth-of-type(4)')!.remove();
      document.body.insertAdjacentHTML('afterbegin', '<p>cn-late-x</p>');
    });
    expect(await recorded.until('paused', from)).toMatchObject({ because: 'part-gone' });
    expect(await recorded.posted()).not.toContain('cn-late-x');
  });

  const prepend = () =>
    recorded.page.evaluate(() => document.querySelector('ul')!.insertAdjacentHTML('afterbegin', '<li>zero</li>'));
  /** The visitor points at it and clicks. */
  const pick = async (purpose: 'only' | 'hide', selector: string) => {
    const from = (await recorded.heard()).length;
    await recorded.tell({ type: 'pick', purpose });
    const box = (await recorded.page.locator(selector).boundingBox())!;
    // Until the tools are there a click does nothing.
    while (!(await recorded.heard()).slice(from).some(({ type }) => type === 'picked')) {
      await recorded.page.mouse.move(box.x + 5, box.y + 5);
      await recorded.page.mouse.click(box.x + 5, box.y + 5);
    }
    return (await recorded.until('picked', from)).part;
  };

  test.each(['stop', 'hold'] as const)(
    '[B3] what the visitor has hidden stays hidden after a %s, wherever the page has put it meanwhile, until it is taken back',
    async (silence) => {
      await open();
      const scope = hiding('ul > li:nth-of-type(3)');
      await recorded.start({}, scope);
      await recorded.tell({ type: silence });
      await prepend();
      await recorded.start({}, scope);
      await recorded.settle();
      expect(await recorded.posted()).toContain('zero');
      expect(await recorded.posted()).not.toContain('three');
      await recorded.start();
      await recorded.settle();
      expect(await recorded.posted()).toContain('three');
    },
  );

  test('[B3] the only shared part is the one that was picked, also when recording begins later or anew', async () => {
    await open();
    const only = await pick('only', 'li:nth-of-type(3)');
    await prepend();
    for (const _start of ['first', 'again']) {
      await recorded.start({}, { onlyPart: only, hidden: [] });
      await recorded.page.evaluate(() => document.querySelector('li:nth-of-type(4)')!.append(' ok-inside-x'));
      await recorded.page.waitForFunction(() => JSON.stringify(window.recorderHeard).includes('ok-inside-x'));
      await recorded.tell({ type: 'stop' });
      await prepend();
      await recorded.page.evaluate(() => document.querySelector('li')!.remove());
    }
    const sent = JSON.stringify(await streamed());
    expect(sent).toContain('three');
    expect(sent).not.toMatch(/one|two|zero/);
  });

  test('[B3] a page that draws a hidden part anew shares nothing unless it still says the same', async () => {
    await open();
    const hidden = [await pick('hide', 'li:nth-of-type(3)')];
    await recorded.start({}, { onlyPart: null, hidden });
    const redraw = (texts: string[]) =>
      recorded.page.evaluate((all) => {
        document.querySelector('ul')!.innerHTML = all.map((text) => `<li>${text}</li>`).join('');
      }, texts);
    await redraw(['ok-first-x', 'two', 'three']);
    await recorded.page.waitForFunction(() => JSON.stringify(window.recorderHeard).includes('ok-first-x'));
    const from = (await recorded.heard()).length;
    await redraw(['zero', 'one', 'two', 'three']);
    expect(await recorded.until('paused', from)).toMatchObject({ because: 'part-gone' });
    expect(JSON.stringify(await streamed())).not.toContain('three');
  });

  test('[B3] a hidden part with a name of its own may come and go', async () => {
    await open();
    await recorded.start({}, hiding('#two'));
    await recorded.page.evaluate(() => {
      document.querySelector('#two')!.remove();
      document.querySelector('ul')!.insertAdjacentHTML('beforeend', '<li>ok-after-x</li>');
    });
    await recorded.settle();
    await recorded.page.evaluate(() =>
      document.querySelector('ul')!.insertAdjacentHTML('beforeend', '<li id="two">cn-again-x</li>'),
    );
    await recorded.settle();
    expect(await recorded.posted()).toContain('ok-after-x');
    expect(await recorded.posted()).not.toContain('cn-again-x');
  });

  test('[V1] pages that cover what we touch are shared as they are, or not at all, and never hear of a fault of ours', async () => {
    recorded = await world.open(
      `<!doctype html><body><script>
        window.faults = [];
        addEventListener('error', (event) => faults.push(event.message));
        addEventListener('unhandledrejection', (event) => faults.push(String(event.reason)));
        Array.prototype.toJSON = () => 'cn-polluted-x'; Object.prototype.extra = 1;
        Element.prototype.matches = () => { throw new Error('mine'); };
        window.matchMedia = () => { throw new Error('mine'); };
        document.getAnimations = () => { throw new Error('mine'); };
      </script>
      <form data-foyer="block"><input name="parentNode"><input name="localName"><input name="nodeType"><p>cn-form-x</p></form>`,
    );
    await begin({ deny: ['.card'] });
    await recorded.page.waitForFunction(() =>
      window.recorderHeard.some(({ type }) => type === 'failed' || type === 'events'),
    );
    expect(await recorded.posted()).not.toMatch(/cn-/);
    expect(await recorded.page.evaluate(() => (window as { faults?: string[] }).faults)).toEqual([]);
  });

  test('[V1] a form whose fields are called like what we read is shared as any other', async () => {
    recorded = await world.open(
      `<!doctype html><body><form id="named"><input name="textContent"><input name="querySelectorAll"><input name="getRootNode"></form>
      <img name="getElementById"><p>ok-beside-x</p><input aria-labelledby="named">`,
    );
    await begin({});
    await recorded.page.waitForFunction(() =>
      window.recorderHeard.some(({ type }) => type === 'failed' || type === 'events'),
    );
    expect(await recorded.posted()).toContain('ok-beside-x');
  });
});
