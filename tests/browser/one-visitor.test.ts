import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askForHelp, launchChromium, openDesk, toWidget } from '../_support/browser.ts';
import type { AgentPage } from '../_support/browser.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';

describe('one browser is one visitor', () => {
  let browser: Browser;
  let server: TestServer;
  let desk: AgentPage;
  let context: BrowserContext;

  beforeAll(async () => {
    browser = await launchChromium();
    server = await startServer();
    desk = await openDesk(browser, server.url, await server.addAgent({ name: 'Ada Lind' }));
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  beforeEach(async () => {
    context = await browser.newContext({ locale: 'en-GB' });
  });
  afterEach(() => context.close());

  async function openTab(path: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${server.url}/demo/${path}`);
    return page;
  }

  /** Neither page hears a word of the server before the other one is listening too. */
  async function holdUntilBothConnect(): Promise<void> {
    let release: () => void;
    const bothOpen = new Promise<void>((resolve) => (release = resolve));
    let openCount = 0;
    await context.routeWebSocket(/socket\.io/, (socket) => {
      const toServer = socket.connectToServer();
      openCount += 1;
      if (openCount === 2) release();
      toServer.onMessage((message) => void bothOpen.then(() => socket.send(message)));
    });
  }

  const button = (page: Page) => toWidget(page).getByRole('button', { name: 'Click for Live Help' });

  test('[V15] two tabs of a first visit opened at once show the same conversation, and so does the next page', async () => {
    await holdUntilBothConnect();
    const [first, second] = await Promise.all([openTab(''), openTab('basket.html')]);
    await Promise.all([button(first).waitFor(), button(second).waitFor()]);
    const countVisitors = () => server.read((db) => db.selectFrom('visitors').select('visitorId').execute());
    expect(await countVisitors()).toHaveLength(1);

    await askForHelp(toWidget(first), 'Text chat', 'Grace Hofer');
    await button(second).click();
    for (const page of [first, second]) await toWidget(page).getByRole('button', { name: 'Leave queue' }).waitFor();
    await first.goto(`${server.url}/demo/product.html`);
    await second.goto(`${server.url}/demo/checkout.html`);
    for (const page of [first, second]) await toWidget(page).getByRole('button', { name: 'Leave queue' }).waitFor();
    await toWidget(second).getByRole('button', { name: 'Leave queue' }).click();
    await desk.page.getByRole('dialog', { name: 'Incoming chat request' }).waitFor({ state: 'detached' });
  });

  test('[V5] "Not you?" in one tab forgets the person in the other tab too', async () => {
    const first = await openTab('');
    await askForHelp(toWidget(first), 'Text chat', 'Grace Hofer');
    await toWidget(first).getByRole('button', { name: 'Leave queue' }).click();
    await toWidget(first).getByRole('button', { name: 'Text chat' }).click();
    const second = await openTab('basket.html');
    await button(second).click();
    await toWidget(second).getByRole('button', { name: 'Text chat' }).click();
    await toWidget(second).getByText('Good to see you again, Grace Hofer.').waitFor();

    await toWidget(first).getByRole('button', { name: 'Not you?' }).click();
    await toWidget(second).getByRole('textbox', { name: 'Your name' }).waitFor();
    expect(await toWidget(second).getByRole('textbox', { name: 'Your name' }).inputValue()).toBe('');
  });
});
