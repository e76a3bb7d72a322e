import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PageError } from '../_support/page-connection.ts';
import { createSharedSite, openSharing, watchShare, type SharedSite } from '../_support/shared-site.ts';
import { findCanaries } from './recorder-canary-page.ts';

/**
 * A page whose scripts have put something that throws in the place of what browsers have. It breaks by a click, changes
 * by ways of its own that still work, and mends itself, so that one can read what has happened.
 */
const PAGE = `<h1>ok-heading-x</h1><main></main><p id="once"></p>
  <section data-foyer="block"><p id="blocked">cn-blocked-x</p></section>
  <section data-foyer="mask"><p id="masked">cn-masked-x</p><input value="cn-input-x"></section>
  <input type="password" value="cn-password-x"><button id="break">Break</button>
  <script>
    const html = document.documentElement, main = document.querySelector('main');
    const [blocked, masked, once, button] = ['blocked', 'masked', 'once', 'break'].map((id) => document.getElementById(id));
    const later = setTimeout, { defineProperty, getOwnPropertyDescriptor: own } = Object;
    const write = Function.prototype.call.bind(own(Node.prototype, 'textContent').set);
    const note = Function.prototype.call.bind(Element.prototype.setAttribute);
    const say = (text) => { faults += text + ' '; note(html, 'data-faults', faults); };
    let faults = '';
    addEventListener('error', (event) => say(event.message + ' at ' + event.filename.split('/').pop() + ':' + event.lineno + ':' + event.colno + ' ' + event.error?.stack));
    addEventListener('unhandledrejection', (event) => say('rejection: ' + event.reason));
    const thrower = () => { throw new Error('the page has broken this'); };
    const findOwner = (path) => path.split('.').reduce((at, name) => at[name], window);
    button.onclick = () => {
      const mends = [];
      // Looked up while all of it still works.
      const found = html.dataset.breaks.split(' ').map((path) => {
        const at = path.lastIndexOf('.');
        const owner = at < 0 ? window : findOwner(path.slice(0, at));
        const name = path.slice(at + 1) === '@iterator' ? Symbol.iterator : path.slice(at + 1);
        const before = own(owner, name);
        if (!before) say('no ' + path);
        return { owner, name, before };
      });
      for (let index = 0; index < found.length; index += 1) {
        const { owner, name, before } = found[index];
        const broken = 'get' in before ? { ...before, get: thrower, set: thrower } : { ...before, value: thrower };
        mends[index] = () => defineProperty(owner, name, before);
        defineProperty(owner, name, { ...broken, configurable: true });
      }
      let count = 0;
      const change = () => {
        count += 1;
        write(main, 'ok-broken-' + count + '-x');
        write(blocked, 'cn-blocked-' + count + '-x');
        write(masked, 'cn-masked-' + count + '-x');
        if (count === 6) write(once, 'ok-once-x');
        if (count < 12) return later(change, 100);
        for (let index = 0; index < mends.length; index += 1) mends[index]();
        write(main, 'ok-mended-x');
        note(html, 'data-mended', 'true');
        // What has come through is told with something that happens afterwards, too.
        setInterval(() => write(main, 'ok-mended-' + (count += 1) + '-x'), 250);
      };
      note(html, 'data-broken', 'true');
      change();
    };
  </script>`;

const BROKEN: [what: string, paths: string][] = [
  [
    'observers',
    'MutationObserver MutationObserver.prototype.observe MutationObserver.prototype.takeRecords ResizeObserver',
  ],
  [
    'shadow trees and custom elements',
    'Element.prototype.attachShadow CustomElementRegistry.prototype.define Element.prototype.shadowRoot',
  ],
  [
    'looking things up',
    'Document.prototype.querySelector Document.prototype.querySelectorAll Element.prototype.querySelectorAll Element.prototype.matches Element.prototype.closest DocumentFragment.prototype.querySelector',
  ],
  [
    'attributes',
    'Element.prototype.getAttribute Element.prototype.hasAttribute Element.prototype.setAttribute Element.prototype.attributes',
  ],
  [
    'the tree',
    'Node.prototype.childNodes Node.prototype.parentNode Node.prototype.firstChild Node.prototype.nextSibling Node.prototype.nodeType Node.prototype.contains Node.prototype.textContent Node.prototype.isConnected Node.prototype.getRootNode',
  ],
  [
    'styles',
    'getComputedStyle CSSStyleSheet.prototype.cssRules CSSStyleSheet.prototype.insertRule Document.prototype.styleSheets matchMedia',
  ],
  [
    'events',
    'EventTarget.prototype.addEventListener EventTarget.prototype.removeEventListener EventTarget.prototype.dispatchEvent',
  ],
  ['messages', 'MessagePort.prototype.postMessage MessagePort.prototype.start postMessage structuredClone'],
  ['JSON', 'JSON.stringify JSON.parse'],
  [
    'collections',
    'Map.prototype.get Map.prototype.set Set.prototype.add Set.prototype.has WeakMap.prototype.get WeakMap.prototype.set Map Set WeakMap',
  ],
  [
    'arrays',
    'Array.prototype.forEach Array.prototype.map Array.prototype.filter Array.prototype.push Array.from Array.prototype.@iterator',
  ],
  [
    'objects and texts',
    'Object.keys Object.entries Object.assign Object.defineProperty String.prototype.startsWith String.prototype.split RegExp.prototype.test Proxy Reflect.apply',
  ],
  [
    'time',
    'Date.now Performance.prototype.now requestAnimationFrame setTimeout setInterval queueMicrotask Promise.prototype.then',
  ],
  [
    'addresses and fields',
    'URL HTMLInputElement.prototype.value HTMLInputElement.prototype.type HTMLElement.prototype.dataset Document.prototype.createElement',
  ],
];

describe('a page that breaks what we touch', () => {
  let site: SharedSite;
  beforeAll(async () => {
    // Each may ask ten times a minute.
    site = await createSharedSite({}, {}, ['Oskar Berg', 'Ines Duarte', 'Tom Verhoeven']);
    site.setPage('/broken', PAGE);
  });
  afterAll(() => site.close());

  const breakPage = async (page: Page, paths: string): Promise<void> => {
    // By hand and by attributes: the page's own world is not to be relied upon from here on.
    await page.locator('html').evaluate((html, list) => html.setAttribute('data-breaks', list), paths);
    await page.locator('#break').click();
    await page.locator('html[data-broken]').waitFor({ state: 'attached' });
  };

  describe.each([
    ['before the recorder comes', true],
    ['while it is shared', false],
  ])('%s', (_when, isBefore) => {
    test.concurrent.for(BROKEN)(
      '[V1] %s throw: the page hears of no fault of ours, nothing private is told, and sharing works or says that it ended',
      { timeout: 120_000 },
      async ([, paths], { onTestFinished }) => {
        const visitor = await openSharing(
          site,
          '/broken',
          isBefore ? { beforeAllow: (page) => breakPage(page, paths) } : {},
        );
        const { page, widget, wire, agent, share, conversationId } = visitor;
        onTestFinished(async () => {
          await agent.request('conversation:end-conversation', { conversationId });
          await visitor.context.close();
        });
        const thrown: string[] = [];
        page.on('pageerror', ({ message }) => thrown.push(message));
        const ends = visitor
          .untilShare(({ phase }) => phase === 'ended' || phase === 'paused')
          .then(({ endReason, pausedBecause }) => endReason ?? pausedBecause ?? '');
        const eye = await watchShare(agent, share.shareId).catch((error: unknown) => {
          if (error instanceof PageError && error.code === 'share-ended') return undefined;
          throw error;
        });
        if (!isBefore) {
          await eye?.untilSeen('ok-heading-x');
          await breakPage(page, paths);
        }
        const works = Promise.resolve(eye?.untilSeen('ok-mended-'))
          .then(() => eye?.untilSeen('ok-once-x'))
          .then(() => (eye ? 'works' : ends));
        const result = await Promise.any([works, ends]);
        void Promise.allSettled([works, ends]);
        expect(['works', 'failed', 'unreadable-rules']).toContain(result);
        if (result !== 'works')
          await widget
            .getByText(/cannot be shared/)
            .first()
            .waitFor();
        await page.locator('html[data-mended]').waitFor({ state: 'attached' });
        expect(await page.locator('html').getAttribute('data-faults')).toBeNull();
        expect(thrown).toEqual([]);
        expect(findCanaries(wire.text())).toEqual([]);
        expect(findCanaries(eye?.text() ?? '')).toEqual([]);
      },
    );
  });
});
