import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium, toWidget } from '../_support/browser.ts';
import { startHostSite } from '../_support/host-site.ts';
import type { HostSite } from '../_support/host-site.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';

const FRAME = 'iframe[title="Live help"]';
/** A busy machine may take its time; a failing test waits this long. */
const SOON = { timeout: 15_000 };

// Nobody is on duty here, so the site's button is "Leave a message": the loader does not care which one it is.
describe('the loader on a page of another site', () => {
  let browser: Browser;
  let host: HostSite;
  let server: TestServer;
  let context: BrowserContext;
  let page: Page;
  let warnings: string[];
  let faults: string[];

  beforeAll(async () => {
    browser = await launchChromium();
    host = await startHostSite(() => server.url);
    server = await startServer({
      sites: [{ key: 'boots', name: 'Boots', allowedOrigins: [host.origin, host.foreignOrigin] }],
    });
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    await host.close();
  });

  beforeEach(async () => {
    context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });
    page = await context.newPage();
    warnings = [];
    faults = [];
    page.on('console', (message) => {
      if (message.type() === 'warning') warnings.push(message.text());
      if (message.type() === 'error') faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(error.message));
  });
  afterEach(() => context.close());

  const tag = (attributes = 'data-site="boots"') =>
    `<script async src="${server.url}/embed.js" ${attributes}></script>`;
  const open = async (path: string, head: string, body = '<main><h1>Boots</h1></main>', origin = host.origin) => {
    host.setPage(
      new URL(path, host.origin).pathname,
      `<!doctype html><html lang="en"><head><title>Boots</title>${head}</head><body>${body}</body></html>`,
    );
    await page.goto(origin + path);
  };
  const button = (of = page) => toWidget(of).getByRole('button', { name: 'Leave a message' });
  const panel = (of = page) => toWidget(of).getByRole('dialog', { name: 'Live help' });

  test('[V1] shows its button beside a strict policy, moves nothing and throws nothing', async () => {
    host.setPage(
      '/measure.js',
      'window.shifts = []; new PerformanceObserver((list) => window.shifts.push(...list.getEntries())).observe({ type: "layout-shift", buffered: true });',
    );
    await open('/', `<script src="/measure.js"></script>${tag()}`);
    await button().waitFor();
    const seen = await page.evaluate(() => ({
      shifts: (window as { shifts?: unknown[] }).shifts?.length,
      scrollWidth: document.documentElement.scrollWidth,
      scrollHeight: document.documentElement.scrollHeight,
      styleAttributes: document.querySelectorAll('style').length,
    }));
    expect(seen).toEqual({ shifts: 0, scrollWidth: 1280, scrollHeight: 900, styleAttributes: 0 });
    expect(faults).toEqual([]);
  });

  test('[V1] calls made before the loader has arrived are made up for', async () => {
    host.setPage(
      '/early.js',
      `window.Foyer = window.Foyer || function () { (Foyer.q = Foyer.q || []).push(arguments) };
       window.heard = [];
       Foyer('on', 'ready', function () { heard.push('ready') });
       Foyer('on', 'status', function (isAvailable) { heard.push('status ' + isAvailable) });
       Foyer('on', 'open', function () { heard.push('open') });
       Foyer('open');`,
    );
    await open('/early', `<script src="/early.js"></script>${tag()}`);
    await panel().waitFor();
    await expect
      .poll(() => page.evaluate(() => (globalThis as never as { heard?: string[] }).heard?.toSorted()))
      .toEqual(['open', 'ready', 'status false']);
  });

  test('[V1] a second script tag is harmless', async () => {
    await open('/twice', tag() + tag(), `<p>Text</p>${tag()}`);
    await button().waitFor();
    await page.waitForLoadState('load');
    expect(await page.locator(FRAME).count()).toBe(1);
  });

  test('[V1] a fault in a handler of the page stops nothing of ours', async () => {
    await open('/faulty', tag());
    await button().waitFor();
    await page.evaluate(() => {
      window.Foyer?.('on', 'open', () => {
        throw new Error('a fault of the page');
      });
      window.Foyer?.('on', 'open', 'no function at all');
      window.Foyer?.('nonsense', { with: 'options' });
      window.Foyer?.('open');
    });
    await panel().waitFor();
    await expect.poll(() => faults, SOON).toEqual(['a fault of the page']);
  });

  test('[V1] shutdown takes everything back, boot brings it again', async () => {
    await open('/shutdown', tag());
    await button().waitFor();
    await page.evaluate(() => window.Foyer?.('shutdown'));
    expect(await page.locator(FRAME).count()).toBe(0);
    expect(await page.evaluate(() => String(history.pushState))).toContain('[native code]');
    await page.evaluate(() => window.Foyer?.('open'));
    await page.evaluate(() => window.Foyer?.('boot'));
    await button().waitFor();
  });

  test('[V1] a replaced body keeps its widget', async () => {
    await open('/replaced', tag());
    await button().waitFor();
    await page.evaluate(() => document.body.replaceWith(document.createElement('body')));
    await button().waitFor();
    expect(await page.locator(FRAME).count()).toBe(1);
  });

  test('[V1] a page of a single-page site is reported, what its query and fragment hold is not', async () => {
    await open('/shop?size=42&utm_source=mail#secret', tag());
    await button().waitFor();
    const pagesKnown = () =>
      server.read(async (db) => {
        const rows = await db.selectFrom('visitors').select(['pageUrl', 'pageTitle']).execute();
        return rows.map(({ pageUrl, pageTitle }) => `${pageUrl} ${pageTitle}`);
      });
    await expect.poll(pagesKnown, SOON).toContain(`${host.origin}/shop?utm_source=mail Boots`);
    await page.evaluate(() => {
      history.pushState({}, '', '/basket?token=also-secret#also-secret');
      document.title = 'Basket';
    });
    await expect.poll(pagesKnown, SOON).toContain(`${host.origin}/basket Basket`);
  });

  test('[V1] stays open on the next page and does not take the keyboard from it', async () => {
    await open('/one', tag());
    await button().click();
    await panel().waitFor();
    await open('/two', tag(), '<input aria-label="Search" autofocus>');
    await panel().waitFor();
    expect(await page.getByLabel('Search').evaluate((field) => field === document.activeElement)).toBe(true);
  });

  test('[A11] opened from a button of the page, the keyboard goes in and comes back with Escape', async () => {
    host.setPage('/ask.js', 'document.querySelector("button").addEventListener("click", () => Foyer("open"));');
    await open('/own-button', tag(), '<button>Ask us</button><script src="/ask.js"></script>');
    await button().waitFor();
    await page.getByRole('button', { name: 'Ask us' }).press('Enter');
    await expect.poll(() => panel().evaluate((element) => element.contains(document.activeElement)), SOON).toBe(true);
    await page.keyboard.press('Escape');
    await button().waitFor();
    await expect
      .poll(() =>
        page.getByRole('button', { name: 'Ask us' }).evaluate((element) => element === document.activeElement),
      )
      .toBe(true);
  });

  test('[V1] covers a phone’s screen and leaves the page where it was', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open('/phone', tag(), `<main>${'<p>Boots</p>'.repeat(200)}</main>`);
    await button().waitFor();
    await page.evaluate(() => scrollTo(0, 700));
    await button().click();
    await panel().waitFor();
    await expect.poll(() => page.locator(FRAME).boundingBox(), SOON).toEqual({ x: 0, y: 0, width: 390, height: 844 });
    await toWidget(page).getByRole('button', { name: 'Minimize' }).click();
    await button().waitFor();
    expect(await page.evaluate(() => scrollY)).toBe(700);
  });

  test('[V1] works on another site even where the browser denies it storage', async () => {
    await open('/foreign', tag(), undefined, host.foreignOrigin);
    await button().click();
    await panel().waitFor();
    expect(faults).toEqual([]);
  });

  test('[V1] without a site key it says so in one sentence and shows nothing', async () => {
    await open('/no-key', tag(''));
    await expect.poll(() => warnings, SOON).toHaveLength(1);
    expect(warnings[0]).toContain('data-site');
    expect(await page.locator(FRAME).count()).toBe(0);
    expect(faults).toEqual([]);
  });

  test('[V1] an unknown site shows nothing but a line in the console', async () => {
    await open('/unknown', tag('data-site="nobody"'));
    await expect.poll(() => warnings.join() + faults.join(), SOON).not.toBe('');
    await page.waitForLoadState('load');
    expect(await page.locator(FRAME).isVisible()).toBe(false);
  });
});
