import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeBrowserStorage } from './testing/browser-storage.ts';

const OLD_ENTRY = '/assets/widget/index-old.js';
let page: EventTarget;
let reload: ReturnType<typeof vi.fn>;
let answer: () => Promise<Response>;

/** Each page has its own memory of whether it is outdated. */
async function openPage() {
  vi.resetModules();
  return import('./upgrade-watch.ts');
}

const pageOf = (entry: string) => new Response(`<script type="module" src="${entry}"></script>`);
/** Whoever asked for the part hears of the failure after the page has found out why. */
async function failToLoad(): Promise<void> {
  page.dispatchEvent(new Event('vite:preloadError'));
  await new Promise((resolve) => setImmediate(resolve));
}

beforeEach(() => {
  page = new EventTarget();
  reload = vi.fn();
  answer = async () => pageOf(OLD_ENTRY);
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('location', { href: 'https://support.example/widget/?site=demo', reload });
  vi.stubGlobal('document', { querySelector: () => ({ getAttribute: () => OLD_ENTRY }) });
  vi.stubGlobal('sessionStorage', new FakeBrowserStorage());
  vi.stubGlobal('fetch', () => answer());
});
afterEach(() => vi.unstubAllGlobals());

test('[RS8] a page whose parts are gone with an upgrade loads itself anew, once', async () => {
  const { watchForUpgrade, isPageOutdated } = await openPage();
  watchForUpgrade(() => true);
  answer = async () => pageOf('/assets/widget/index-new.js');
  await failToLoad();
  expect(reload).toHaveBeenCalledTimes(1);
  await failToLoad();
  expect(reload).toHaveBeenCalledTimes(1);
  expect(isPageOutdated.value).toBe(true);

  // A cache that goes on giving out the old page does not make it reload for ever.
  page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  const again = await openPage();
  again.watchForUpgrade(() => true);
  await failToLoad();
  expect(reload).toHaveBeenCalledTimes(1);
  expect(again.isPageOutdated.value).toBe(true);
});

test('[RS8] a page waits with it until nothing would be lost', async () => {
  const { watchForUpgrade } = await openPage();
  const isFree = signal(false);
  watchForUpgrade(() => isFree.value);
  answer = async () => pageOf('/assets/widget/index-new.js');
  await failToLoad();
  expect(reload).not.toHaveBeenCalled();
  isFree.value = true;
  expect(reload).toHaveBeenCalledTimes(1);
});

test.each<[string, () => Promise<Response>]>([
  ['the network is away', () => Promise.reject(new TypeError('Failed to fetch'))],
  ['the server is still starting', async () => new Response('not built yet', { status: 503 })],
  ['the server still has this page', async () => pageOf(OLD_ENTRY)],
])('[RS8] a page does not load itself anew while %s', async (_why, told) => {
  const { watchForUpgrade, retryOrReload } = await openPage();
  watchForUpgrade(() => true);
  answer = told;
  await failToLoad();
  const retry = vi.fn();
  retryOrReload(retry);
  expect(retry).toHaveBeenCalledTimes(1);
  expect(reload).not.toHaveBeenCalled();
});
