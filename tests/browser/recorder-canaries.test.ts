import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultRelayLimits } from '../../cobrowse/relay/relay-limits.ts';
import { createRecorderWorld, type RecordedPage, type RecorderWorld } from '../_support/recorder-page.ts';
import {
  CANARY_BODY,
  CANARY_HEAD,
  CANARY_RULES,
  CANARY_SCRIPT,
  changePage,
  findCanaries,
} from './recorder-canary-page.ts';

const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
/** What the library leaves out as well, so that not finding it says nothing. */
const NOT_RECORDED_AT_ALL = ['cn-template-x', 'cn-password-x', 'cn-script-inline-x'];

describe('canaries in private places', () => {
  let world: RecorderWorld;
  let recorded: RecordedPage;

  beforeAll(async () => {
    world = await createRecorderWorld();
    world.site.setPage('/pic.png', PICTURE, { 'content-type': 'image/png' });
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    recorded = await world.open(
      `<!doctype html><html lang="en"><head>${CANARY_HEAD}</head><body>${CANARY_BODY}<script>${CANARY_SCRIPT}</script></body></html>`,
      { path: '/account?cn-page-query-x#cn-page-fragment-x' },
    );
  });
  afterEach(() => recorded.context.close());

  /** The same things on the page again, by the library alone. */
  const startRaw = async () => {
    await recorded.page.addScriptTag({ url: '/raw-library.js' });
    await recorded.page.addScriptTag({ url: '/raw.js' });
    await recorded.page.evaluate(() => window.startRaw());
  };
  const untilText = (text: string) =>
    recorded.page.waitForFunction(
      (wanted) => window.recorderHeard.some((message) => message.type === 'events' && message.events.includes(wanted)),
      text,
    );

  test('[B4] a key frame holds nothing private, and all that is not', async () => {
    await recorded.start(CANARY_RULES);
    await untilText('ok-frame-x');
    const posted = await recorded.posted();
    expect(findCanaries(posted)).toEqual([]);
    const source = CANARY_HEAD + CANARY_BODY + CANARY_SCRIPT;
    const missing = [...new Set(source.match(/ok-[a-z-]+?-x/g))].filter((name) => !posted.includes(name));
    expect(missing, 'hidden although nothing says so').toEqual([]);

    // The same page by the library alone: nearly all of it, so the probe sees what it should.
    await startRaw();
    await recorded.page.waitForFunction(() => JSON.stringify(window.rawEvents).includes('ok-frame-x'));
    const planted = findCanaries(source.replaceAll("cn-' + id + '-x", 'cn-blocked-frame-x'));
    const raw = await recorded.raw();
    const unseen = planted.filter((name) => !raw.includes(name) && !NOT_RECORDED_AT_ALL.includes(name));
    expect(planted.length).toBeGreaterThan(70);
    expect(unseen).toEqual([]);
  });

  test('[B4] no change of a page brings out what is private', async () => {
    await recorded.start(CANARY_RULES);
    await recorded.page.evaluate(changePage);
    await recorded.settle();
    expect(findCanaries(await recorded.posted())).toEqual([]);
    expect(await recorded.posted()).toContain('ok-later-x');
  });

  test('[B4] the library alone would have brought out those changes', async () => {
    await startRaw();
    await recorded.page.evaluate(() => {
      window.rawEvents.length = 0;
    });
    await recorded.page.evaluate(changePage);
    await recorded.page.waitForFunction(() => JSON.stringify(window.rawEvents).includes('ok-later-x'));
    expect(findCanaries(await recorded.raw()).length).toBeGreaterThan(15);
  });

  test('[B4] what is typed into private fields stays on the page, also a password that is shown in the clear', async () => {
    await recorded.start(CANARY_RULES);
    const { page } = recorded;
    await page.locator('#pw').fill('cn-typed-password-x');
    await page.evaluate(() => document.querySelector('#pw')!.setAttribute('type', 'text'));
    await page.locator('#pw').fill('cn-typed-in-clear-x');
    await page.locator('#iban').fill('cn-typed-iban-x');
    await page.locator('#masked-input').fill('cn-typed-masked-x');
    await page.locator('#blocked-input').fill('cn-typed-blocked-x');
    await page.evaluate(() => {
      document.querySelector<HTMLInputElement>('#pw')!.value = 'cn-set-password-x';
    });
    await page.locator('#name').fill('ok-typed-x');
    await untilText('ok-typed-x');
    await recorded.settle();
    expect(findCanaries(await recorded.posted())).toEqual([]);
  });

  test('[B3] narrowing to a part sends nothing of the rest from the new start on', async () => {
    await recorded.start();
    const from = (await recorded.heard()).length;
    const part = { path: '/account', selector: 'form', label: 'Form' };
    await recorded.start(CANARY_RULES, { onlyPart: part, hidden: [] });
    await recorded.page.evaluate(() => {
      document.querySelector('h1')!.textContent = 'ok-outside-text-x';
      document.querySelector('#live')!.setAttribute('title', 'ok-outside-title-x');
      document.querySelector('main')!.append('ok-outside-added-x');
      document.querySelector('button')!.textContent = 'ok-inside-x';
    });
    await untilText('ok-inside-x');
    const later = (await recorded.heard()).slice(from);
    const streamed = JSON.stringify(later.filter((message) => 'epoch' in message && message.type !== 'page'));
    expect(streamed).not.toMatch(/ok-(?:heading|text|link|live|outside|title|frame|shadow|alt)/);
    expect(findCanaries(JSON.stringify(later))).toEqual([]);
    expect(streamed).toContain('ok-input-x');
  });

  test('[B3] what the visitor has hidden stays hidden, also when its place in the page changes', async () => {
    const hidden = [{ path: '/account', selector: 'main > :nth-child(2)', label: 'Text' }];
    await recorded.start(CANARY_RULES, { onlyPart: null, hidden });
    await recorded.page.evaluate(() => {
      const text = document.querySelector('main > :nth-child(2)')!;
      document.querySelector('main')!.append(text);
      text.textContent = 'ok-text-later-x';
    });
    await recorded.settle();
    expect(await recorded.posted()).not.toMatch(/ok-(?:text|tooltip)/);
  });

  test('[B4] what becomes private while it is shared is taken away at once', async () => {
    await recorded.start(CANARY_RULES);
    const from = (await recorded.heard()).length;
    await recorded.page.evaluate(() => document.querySelector('h1')!.classList.add('denied'));
    const key = await recorded.page.waitForFunction((start) => {
      const found = window.recorderHeard.slice(start).find((message) => message.type === 'events' && message.isKey);
      return found && 'events' in found ? found.events : undefined;
    }, from);
    expect(await key.jsonValue()).not.toContain('ok-heading-x');
    await recorded.page.evaluate(() => {
      document.querySelector('h1')!.textContent = 'cn-later-heading-x';
    });
    await recorded.settle();
    expect(findCanaries(await recorded.posted())).toEqual([]);
  });

  test('[B4] a page that hides and shows things all the time is shared at the pace that the server allows', async () => {
    await recorded.start(CANARY_RULES);
    await recorded.page.evaluate(() => {
      const heading = document.querySelector('h1')!;
      const toggle = (): void => {
        const isHidden = heading.classList.toggle('denied');
        heading.textContent = isHidden ? 'cn-hidden-heading-x' : 'ok-heading-x';
        setTimeout(toggle, 50);
      };
      toggle();
    });
    // Before its turn for a key frame comes, what is hidden is gone.
    await untilText('"removes":[{');
    await recorded.page.waitForFunction(
      () => window.recorderHeard.filter((message) => message.type === 'events' && message.isKey).length >= 12,
      undefined,
      { timeout: 100_000 },
    );
    const keys = (await recorded.heard()).flatMap((message) =>
      message.type === 'events' && message.isKey
        ? [(JSON.parse(message.events) as { timestamp: number }[])[0]!.timestamp]
        : [],
    );
    for (const [count, at] of keys.entries()) {
      const allowed = defaultRelayLimits.keysAtOnce + ((at - keys[0]!) / 1_000) * defaultRelayLimits.keysPerSecond;
      expect(count + 1, `key frames after ${at - keys[0]!} ms`).toBeLessThanOrEqual(allowed);
    }
    expect(findCanaries(await recorded.posted())).toEqual([]);
  });

  test('[B4] a rule about something else on the page counts from the moment that it applies', async () => {
    await recorded.start({ deny: [...CANARY_RULES.deny, '.in-secret #live', 'main:has(.alarm) h1'] });
    const from = (await recorded.heard()).length;
    await recorded.page.evaluate(() => {
      document.body.classList.add('in-secret');
      document.querySelector('#live')!.textContent = 'cn-indirect-x';
    });
    await recorded.page.waitForFunction(
      (start) => window.recorderHeard.slice(start).some((message) => message.type === 'events' && message.isKey),
      from,
    );
    expect(findCanaries(await recorded.posted())).toEqual([]);
    const key = (await recorded.heard()).findLast((message) => message.type === 'events' && message.isKey);
    expect(JSON.stringify(key)).not.toContain('ok-live-x');
  });

  test('[B4] where the site is private by default, only what it allows can be read', async () => {
    await recorded.start({ ...CANARY_RULES, isPrivateByDefault: true, allow: ['h1', '#live'] });
    await recorded.page.evaluate(() => {
      document.querySelector('#live')!.textContent = 'ok-allowed-x';
      document.querySelector('main')!.insertAdjacentHTML('beforeend', '<p title="ok-new-title-x">ok-new-text-x</p>');
    });
    await untilText('ok-allowed-x');
    const posted = await recorded.posted();
    expect(findCanaries(posted)).toEqual([]);
    expect(posted).toContain('ok-heading-x');
    expect(posted).not.toMatch(/ok-(?:text|tooltip|link|input|placeholder|alt|new|title|button|option|frame|shadow)/);
    // Still laid out as it is.
    expect(posted).toContain('.card');
  });

  test.each([
    ['a page that is private by default', { ...CANARY_RULES, isPrivateByDefault: true }, null],
    ['a narrowed page', CANARY_RULES, { path: '/account', selector: 'h1', label: '' }],
  ])('[B4] words that style sheets put on %s are not sent, and how it looks is', async (_which, rules, onlyPart) => {
    const sheetOf = (place: string) => `.${place}::after{content:"cn-${place}-x; cn-${place}-more-x";color:red}
      .${place}{--who:cn-${place}-name-x;--tint:rgb(1, 2, 3);list-style-type:"cn-${place}-list-x";quotes:"cn-${place}-quote-x" ""}
      .${place}-icon::before{content:"\uf101"} @property --${place}{syntax:"*";inherits:false;initial-value:cn-${place}-initial-x}`;
    world.site.setPage('/foreign.css', sheetOf('foreign'), {
      'content-type': 'text/css',
      'access-control-allow-origin': '*',
    });
    await recorded.page.evaluate(
      ([inline, adopted, foreign]) => {
        document.head.insertAdjacentHTML('beforeend', `<style id="words">${inline}</style>`);
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(adopted!);
        document.adoptedStyleSheets = [sheet];
        return new Promise((resolve) => {
          const link = document.createElement('link');
          Object.assign(link, { rel: 'stylesheet', href: foreign, onload: resolve });
          document.head.append(link);
        });
      },
      [sheetOf('inline'), sheetOf('adopted'), `${world.site.foreignOrigin}/foreign.css`],
    );
    await recorded.start(rules, { onlyPart, hidden: [] });
    await recorded.page.evaluate(
      (later) => {
        const { sheet } = document.querySelector<HTMLStyleElement>('#words')!;
        for (const rule of later) sheet!.insertRule(rule);
        const { style } = sheet!.cssRules[1] as CSSStyleRule;
        style.setProperty('content', '"cn-set-x"');
        style.setProperty('--set', 'cn-set-property-x');
        style.setProperty('list-style', '"cn-set-list-x"');
        style.setProperty('color', 'rgb(4, 5, 6)');
        document.adoptedStyleSheets[0]!.replaceSync('.replaced::after{content:"cn-replaced-x";color:rgb(7, 8, 9)}');
      },
      sheetOf('inserted').split('\n').slice(0, 1),
    );
    for (const look of ['rgb(4, 5, 6)', 'rgb(7, 8, 9)', '.foreign']) await untilText(look);
    const posted = await recorded.posted();
    expect(findCanaries(posted)).toEqual([]);
    expect(posted).not.toContain('more-x');
    for (const place of ['inline', 'adopted', 'foreign']) expect(posted).toContain(`.${place}::after`);
    expect(posted).toContain('--tint: rgb(1, 2, 3)');
    expect(posted).toContain('\uf101');
  });

  test('[B4] pictures in animations by scripts are named by their keys', async () => {
    await recorded.start(CANARY_RULES);
    await recorded.page.evaluate(() => {
      const image = 'url("/pic.png?cn-animated-x")';
      document.querySelector('h1')!.animate([{ backgroundImage: image }, { backgroundImage: image, opacity: 0.25 }], {
        duration: 1,
        fill: 'forwards',
      });
    });
    await untilText('animated');
    await untilText('0.25');
    expect(findCanaries(await recorded.posted())).toEqual([]);
  });

  test('[B4] a restart with a key frame is as private as the first', async () => {
    await recorded.start(CANARY_RULES);
    await recorded.page.evaluate(changePage);
    await recorded.tell({ type: 'hold' });
    const from = (await recorded.heard()).length;
    await recorded.tell({ type: 'key' });
    await recorded.until('events', from);
    await recorded.page.evaluate(changePage);
    await recorded.settle();
    expect(findCanaries(await recorded.posted())).toEqual([]);
  });
});
