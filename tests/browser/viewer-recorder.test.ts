import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StreamEvent } from '../../cobrowse/stream-events.ts';
import { openRecorded, startRecorderSite, type RecordedPage, type RecorderSite } from '../_support/recorder-page.ts';
import { runProgram, writeDown } from './viewer-programs.ts';
import {
  createFrameSource,
  createViewerWorld,
  openViewerWindow,
  TAB,
  type ViewerWindow,
  type ViewerWorld,
} from './viewer-world.ts';

let world: ViewerWorld;
let site: RecorderSite;
beforeAll(async () => {
  world = await createViewerWorld();
  site = await startRecorderSite();
});
afterAll(async () => {
  await site.close();
  await world.close();
});

const PAGE = `<!doctype html><html lang="en"><head><title>Shop</title><style id="sheet">p { color: red }</style></head><body>
  <div id="root"><div class="box"></div><form><input value="a"><textarea>written before</textarea><select><option>1</option><option>2</option>
  </select><input type="checkbox"></form><svg><g id="drawing"></g></svg><x-part id="part">slotted</x-part>
  ${'<p>Text <b>with</b> parts</p>'.repeat(120)}</div></body></html>`;

/** Everything that was recorded, batch by batch, up to and including the digest with this number. */
async function takeUntilDigest(
  recorded: RecordedPage,
  count: number,
): Promise<{ isKey: boolean; events: StreamEvent[] }[]> {
  const isDigest = 'foyer:digest';
  await recorded.page.waitForFunction(
    ([tag, wanted]) =>
      window.recorderHeard.filter((message) => message.type === 'events' && message.events.includes(tag)).length >=
      wanted,
    [isDigest, count] as const,
  );
  return (await recorded.heard()).flatMap((message) =>
    message.type === 'events' ? [{ isKey: message.isKey, events: JSON.parse(message.events) as StreamEvent[] }] : [],
  );
}

/** A viewer in which all of it has been shown. */
async function showRecorded(batches: { isKey: boolean; events: StreamEvent[] }[]): Promise<ViewerWindow> {
  const viewer = await openViewerWindow(world);
  const frame = createFrameSource();
  await viewer.say({ type: 'show-tab', tabId: TAB, epoch: 1 });
  const [key, ...later] = batches;
  await viewer.sendPieces(frame(key?.events ?? [], true));
  await viewer.untilHeard('shown');
  for (const { isKey, events } of later) await viewer.sendPieces(frame(events, isKey));
  await viewer.page.waitForFunction(
    (last) =>
      (globalThis as never as { heard: { type: string; seq?: number }[] }).heard.some(
        ({ type, seq }) => type === 'confirm' && seq === last,
      ),
    later.length,
  );
  return viewer;
}

test('[B5] what the recorder counts on the visitor’s page, the viewer counts here', async () => {
  site.setPage('/', PAGE);
  const recorded = await openRecorded(world.browser, site);
  await recorded.page.evaluate(() => {
    document.querySelector('#part')!.attachShadow({ mode: 'open' }).innerHTML =
      `${'<i>in the shadow</i>'.repeat(60)}<slot></slot>`;
  });
  await recorded.start();
  for (let round = 0; round < 4; round += 1) {
    await recorded.page.evaluate(runProgram, { seed: 40 + round, steps: 15 });
    await recorded.settle();
  }
  const viewer = await showRecorded(await takeUntilDigest(recorded, 2));
  expect((await viewer.heard()).filter(({ type }) => type === 'resync')).toEqual([]);
  expect(await viewer.inCopy(writeDown)).toEqual(await recorded.page.evaluate(`(${String(writeDown)})(document)`));
  await viewer.close();
  await recorded.context.close();
});

test('[B5] a component that is moved in the moment it gets its shadow tree is shown with it', async () => {
  site.setPage('/moved', '<!doctype html><title>Moved</title><div id="outer"><p>Around</p></div>');
  const recorded = await openRecorded(world.browser, site, '/moved');
  await recorded.start();
  await recorded.page.evaluate(async () => {
    const outer = document.querySelector('#outer')!;
    outer.insertAdjacentHTML('afterbegin', '<section>slotted</section>');
    const host = outer.querySelector('section')!;
    const shadow = host.attachShadow({ mode: 'open' });
    shadow.innerHTML = '<i>first in the shadow</i><em>second</em><slot></slot>';
    outer.replaceWith(...outer.childNodes);
    // Moved again and changed within before the screen is drawn anew, but after the first notice.
    await Promise.resolve();
    document.body.append(host);
    await Promise.resolve();
    shadow.append(shadow.firstElementChild!);
  });
  await recorded.settle();
  const viewer = await showRecorded(await takeUntilDigest(recorded, 1));
  const shown = await viewer.inCopy(writeDown);
  expect(shown).toEqual(await recorded.page.evaluate(`(${String(writeDown)})(document)`));
  expect(shown.join()).toContain('first in the shadow');
  expect((await viewer.heard()).filter(({ type }) => type === 'resync')).toEqual([]);
  await viewer.close();
  await recorded.context.close();
});

test('[B5] what went away with a component or a frame is counted on neither side', async () => {
  site.setPage(
    '/gone',
    '<!doctype html><title>Gone</title><section></section><iframe title="Inner"></iframe><p>Stays</p>',
  );
  const recorded = await openRecorded(world.browser, site, '/gone');
  await recorded.page.evaluate(() => {
    document.querySelector('section')!.attachShadow({ mode: 'open' }).innerHTML = '<i>in the shadow</i>'.repeat(5);
    document.querySelector('iframe')!.contentDocument!.body.innerHTML = '<b>in the frame</b>'.repeat(5);
  });
  await recorded.start();
  await recorded.until('events');
  await recorded.page.waitForFunction(() => JSON.stringify(window.recorderHeard).includes('in the frame'));
  await recorded.page.evaluate(() => document.querySelectorAll('section, iframe').forEach((each) => each.remove()));
  await recorded.settle();
  const viewer = await showRecorded(await takeUntilDigest(recorded, 1));
  expect((await viewer.heard()).filter(({ type }) => type === 'resync')).toEqual([]);
  await viewer.close();
  await recorded.context.close();
});

test('[B5] a component that moves to where it is private is shown there once, and masked', async () => {
  site.setPage(
    '/hidden',
    '<!doctype html><title>Hidden</title><p id="host">slotted</p><section data-foyer="mask"></section>',
  );
  const recorded = await openRecorded(world.browser, site, '/hidden');
  await recorded.page.evaluate(() => {
    document.querySelector('#host')!.attachShadow({ mode: 'open' }).innerHTML = '<i>word</i><slot></slot>';
  });
  await recorded.start();
  await recorded.page.evaluate(() => document.querySelector('section')!.append(document.querySelector('#host')!));
  await recorded.settle();
  const viewer = await showRecorded(await takeUntilDigest(recorded, 1));
  expect(await viewer.inCopy((page) => page.querySelector('section > p')!.shadowRoot!.textContent)).toBe('••••');
  expect((await viewer.heard()).filter(({ type }) => type === 'resync')).toEqual([]);
  await viewer.close();
  await recorded.context.close();
});

test('[B5] what is wrapped moves along with what is around its new wrapper', async () => {
  site.setPage('/wrapped', '<!doctype html><title>Wrapped</title><div><p>wrapped words</p></div><section></section>');
  const recorded = await openRecorded(world.browser, site, '/wrapped');
  await recorded.start();
  await recorded.page.evaluate(() => {
    const wrapper = document.createElement('blockquote');
    const words = document.querySelector('p')!;
    words.before(wrapper);
    wrapper.append(words);
    document.querySelector('section')!.append(document.querySelector('div')!);
  });
  await recorded.settle();
  const viewer = await showRecorded(await takeUntilDigest(recorded, 1));
  expect(await viewer.inCopy((page) => page.querySelector('section blockquote p')?.textContent)).toBe('wrapped words');
  expect((await viewer.heard()).filter(({ type }) => type === 'resync')).toEqual([]);
  await viewer.close();
  await recorded.context.close();
});

test('[B5] what scripts change in style sheets is the same on both sides, also within other rules', async () => {
  site.setPage(
    '/sheets',
    `<!doctype html><title>Sheets</title><style id="sheet">p { color: red; & b { color: green } }
      @media all { @supports (color: red) { p { top: 1px } } p { top: 2px } }
      @keyframes fade { from { opacity: 0 } to { opacity: 1 } }</style><p>Text</p>`,
  );
  const recorded = await openRecorded(world.browser, site, '/sheets');
  await recorded.start();
  await recorded.page.evaluate(() => {
    const { sheet } = document.querySelector<HTMLStyleElement>('#sheet')!;
    const [plain, media, frames] = sheet!.cssRules as never as [CSSStyleRule, CSSMediaRule, CSSKeyframesRule];
    const supports = media.cssRules[0] as CSSSupportsRule;
    (plain.cssRules[0] as CSSStyleRule).style.setProperty('color', 'blue', 'important');
    (supports.cssRules[0] as CSSStyleRule).style.setProperty('left', '3px');
    (supports.cssRules[0] as CSSStyleRule).style.removeProperty('top');
    frames[1]!.style.setProperty('opacity', '0.5');
    supports.insertRule('p { right: 4px }', 1);
    media.deleteRule(1);
    media.insertRule('p { bottom: 5px }');
    sheet!.insertRule('i { color: red }');
    sheet!.addRule('u', 'color: red');
    sheet!.deleteRule(0);
    const adopted = new CSSStyleSheet();
    document.adoptedStyleSheets = [adopted];
    adopted.replaceSync('p { margin: 7px }');
  });
  await recorded.settle();
  const viewer = await showRecorded(await takeUntilDigest(recorded, 1));
  const readSheets = (page: Document): string[] => [
    ...Array.from(page.querySelector<HTMLStyleElement>('#sheet')!.sheet!.cssRules, ({ cssText }) => cssText),
    page.defaultView!.getComputedStyle(page.querySelector('p')!).margin,
  ];
  const shown = await viewer.inCopy(readSheets);
  expect(shown).toEqual(await recorded.page.evaluate(`(${String(readSheets)})(document)`));
  expect(shown.join()).toContain('blue');
  expect(shown.at(-1)).toBe('7px');
  await viewer.close();
  await recorded.context.close();
});

test('[B5] fields, popovers and ends of animations within components and frames are as the visitor has them', async () => {
  site.setPage(
    '/inner',
    '<!doctype html><title>Inner</title><x-open></x-open><x-closed></x-closed><iframe title="Inner"></iframe>',
  );
  const recorded = await openRecorded(world.browser, site, '/inner');
  await recorded.page.evaluate(() => {
    const content = `<select multiple><option>1</option><option>2</option><option>3</option></select>
      <input type="checkbox"><div popover="manual">Open</div><p>Fades</p>`;
    const roots = {
      open: document.querySelector('x-open')!.attachShadow({ mode: 'open' }),
      closed: undefined as ShadowRoot | undefined,
      frame: document.querySelector('iframe')!.contentDocument!.body,
    };
    roots.open.innerHTML = roots.frame.innerHTML = content;
    const attachClosed = (): void => {
      roots.closed = document.querySelector('x-closed')!.attachShadow({ mode: 'closed' });
      roots.closed.innerHTML = content;
    };
    Object.assign(globalThis, { roots, attachClosed });
  });
  await recorded.start();
  await recorded.page.evaluate(() => {
    const { roots, attachClosed } = globalThis as never as {
      roots: Record<string, ParentNode>;
      attachClosed(): void;
    };
    attachClosed();
    for (const root of Object.values(roots)) {
      for (const option of root.querySelectorAll('option')) option.selected = option.textContent !== '2';
      root.querySelector('input')!.indeterminate = true;
      root.querySelector<HTMLElement>('[popover]')!.showPopover();
      root.querySelector('p')!.animate([{ opacity: 1 }, { opacity: 0.25 }], { duration: 1, fill: 'forwards' });
    }
  });
  await recorded.page.waitForFunction(() => JSON.stringify(window.recorderHeard).includes('opacity'));
  // What moves is built anew on the other side.
  await recorded.page.evaluate(() => document.body.append(document.querySelector('x-open')!));
  await recorded.settle();
  const viewer = await showRecorded(await takeUntilDigest(recorded, 1));
  expect(
    await viewer.inCopy((page) =>
      [
        page.querySelector('x-open')!.shadowRoot!,
        page.querySelector('x-closed')!.shadowRoot!,
        page.querySelector('iframe')!.contentDocument!,
      ].map((root) => ({
        chosen: Array.from(root.querySelectorAll('option'), ({ selected }) => selected),
        isHalfTicked: root.querySelector('input')!.indeterminate,
        isOpen: root.querySelector('[popover]')!.matches(':popover-open'),
        opacity: getComputedStyle(root.querySelector('p')!).opacity,
      })),
    ),
  ).toEqual(
    // An open popover closes where it is moved.
    [false, true, true].map((isOpen) => ({ chosen: [true, false, true], isHalfTicked: true, isOpen, opacity: '0.25' })),
  );
  await viewer.close();
  await recorded.context.close();
});
