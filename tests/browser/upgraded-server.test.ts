import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { acceptRequest, launchChromium, openDesk, openShop } from '../_support/browser.ts';
import type { AgentPage, VisitorPage } from '../_support/browser.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { copyPages } from '../_support/upgraded-pages.ts';
import type { UpgradablePages } from '../_support/upgraded-pages.ts';

describe('pages that were open while the server was upgraded', () => {
  let browser: Browser;
  let pages: UpgradablePages;
  let server: TestServer;
  let desk: AgentPage;
  let shop: VisitorPage;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    pages = await copyPages();
    server = await startServer({ overrides: { clientDir: pages.clientDir } });
    desk = await openDesk(browser, server.url, await server.addAgent({ name: 'Ada Lind' }));
    shop = await openShop(browser, server.url);
  });
  afterEach(async () => {
    await shop.context.close();
    await desk.context.close();
    await server.close();
    await pages.remove();
  });

  const countWidgetLoads = () => {
    const loads = { count: 0 };
    shop.page.on('framenavigated', (frame) => {
      if (frame.url().includes('/widget/')) loads.count += 1;
    });
    return loads;
  };

  test('[RS8] the widget loses neither what stands in the form nor the place in the queue, and goes on by itself', async () => {
    await shop.widget.getByRole('button', { name: 'Click for Live Help' }).click();
    await shop.widget.getByRole('button', { name: 'Text chat' }).waitFor();
    const loads = countWidgetLoads();
    await pages.upgrade();
    const refused = shop.page.waitForResponse((response) => response.status() === 404);
    await shop.widget.getByRole('button', { name: 'Text chat' }).click();
    await refused;
    // The conversation's code is gone; the form does not need it and stays.
    await shop.widget.getByRole('textbox', { name: 'Your name' }).fill('Grace Hofer');
    await shop.widget.getByRole('checkbox', { name: 'I agree to the processing of my data' }).check();
    expect(loads.count).toBe(0);
    await shop.widget.getByRole('button', { name: 'Start', exact: true }).click();
    await shop.widget.getByRole('button', { name: 'Leave queue' }).waitFor();
    expect(loads.count).toBe(1);

    await acceptRequest(desk.page);
    await shop.widget.getByRole('textbox', { name: 'Message' }).fill('Hello');
    await shop.widget.getByRole('button', { name: 'Send', exact: true }).click();
    await desk.page.getByRole('log', { name: 'Conversation' }).getByText('Hello').waitFor();
    expect(loads.count).toBe(1);
  });

  test('[RS8] where a part stays missing the page says so instead of loading itself for ever', async () => {
    await shop.widget.getByRole('button', { name: 'Click for Live Help' }).click();
    await shop.widget.getByRole('button', { name: 'Text chat' }).waitFor();
    const loads = countWidgetLoads();
    // For each page that asks for this part there is yet another build, however often it asks.
    let built = { forLoad: -1, done: Promise.resolve() };
    await shop.page.route(/conversation-screen.*\.js/, async (route) => {
      if (built.forLoad !== loads.count) built = { forLoad: loads.count, done: pages.upgrade() };
      await built.done;
      await route.fulfill({ status: 404 });
    });
    await shop.widget.getByRole('button', { name: 'Text chat' }).click();
    await shop.widget.getByRole('textbox', { name: 'Your name' }).fill('Grace Hofer');
    await shop.widget.getByRole('checkbox', { name: 'I agree to the processing of my data' }).check();
    await shop.widget.getByRole('button', { name: 'Start', exact: true }).click();
    await expect.poll(() => loads.count).toBe(1);
    await shop.widget.getByText('This page is out of date. Please load it again.').waitFor();
    expect(loads.count).toBe(1);
    await shop.page.unroute(/conversation-screen.*\.js/);
    await shop.widget.getByRole('button', { name: 'Try again' }).click();
    await shop.widget.getByRole('button', { name: 'Leave queue' }).waitFor();
    expect(loads.count).toBe(2);
  });

  test('[RS8] the screen for leaving a message, of which the old page has nothing yet, costs one loading and opens', async () => {
    await desk.page.getByRole('switch', { name: 'Live Help' }).click();
    const leave = shop.widget.getByRole('button', { name: 'Leave a message' });
    await leave.waitFor();
    const loads = countWidgetLoads();
    await pages.upgrade();
    const refused = shop.page.waitForResponse(
      (response) => response.status() === 404 && response.url().includes('leave-message-screen'),
    );
    await leave.click();
    await refused;
    await shop.widget.getByRole('textbox', { name: 'Your name' }).fill('Grace Hofer');
    expect(loads.count).toBe(1);
    // What stands in the form now is not lost to another upgrade.
    await pages.upgrade();
    await shop.widget.getByRole('textbox', { name: 'Your message' }).fill('Do you ship to Norway?');
    await shop.widget.getByRole('textbox', { name: 'E-mail' }).fill('grace@example.com');
    await shop.widget.getByRole('checkbox', { name: 'I agree to the processing of my data' }).check();
    await shop.widget.getByRole('button', { name: 'Send message' }).click();
    await shop.widget.getByText('Your message has arrived.').waitFor();
    expect(loads.count).toBe(1);
  });
});
