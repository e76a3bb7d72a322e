import type { Browser, BrowserContext, FrameLocator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { acceptRequest, askForHelp, launchChromium, openDesk, openShop, toWidget } from '../_support/browser.ts';
import type { AgentPage, VisitorPage } from '../_support/browser.ts';
import { startHostSite } from '../_support/host-site.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';

describe('visitors who have to wait', () => {
  let browser: Browser;
  let server: TestServer;
  let contexts: BrowserContext[];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    contexts = [];
    server = await startServer();
  });
  afterEach(async () => {
    for (const context of contexts) await context.close();
    await server.close();
  });

  async function openAgent(chatCap = 4): Promise<AgentPage> {
    const desk = await openDesk(browser, server.url, await server.addAgent({ name: 'Ada Lind', chatCap }));
    contexts.push(desk.context);
    return desk;
  }

  async function openVisitor(): Promise<VisitorPage> {
    const shop = await openShop(browser, server.url);
    contexts.push(shop.context);
    return shop;
  }

  async function expectWaiting(widget: FrameLocator, position: string): Promise<void> {
    await widget.getByRole('heading', { name: 'Routing your call…' }).waitFor();
    await widget.getByRole('progressbar', { name: 'Routing your call…' }).waitFor();
    await widget.getByRole('status').getByText(position).waitFor();
  }

  test('[V10] a second visitor reads each change of position and is rung for once the agent has room', async () => {
    const desk = await openAgent(1);
    const [first, second] = [await openVisitor(), await openVisitor()];
    await askForHelp(first.widget, 'Text chat', 'Grace Hofer');
    await expectWaiting(first.widget, 'You are next');
    await askForHelp(second.widget, 'Text chat', 'Linus Berg');
    await expectWaiting(second.widget, '2nd in line');

    // What is written while waiting is there when the agent comes.
    await second.widget.getByRole('textbox', { name: 'Message' }).fill('It is about order 4711');
    await second.widget.getByRole('button', { name: 'Send', exact: true }).click();
    await second.widget.getByRole('log', { name: 'Conversation' }).getByText('It is about order 4711').waitFor();

    await acceptRequest(desk.page);
    await second.widget.getByRole('status').getByText('You are next').waitFor();
    const request = desk.page.getByRole('dialog', { name: 'Incoming chat request' });
    await request.waitFor({ state: 'detached' });
    await desk.page.getByRole('button', { name: 'End communication' }).click();
    await request.getByText('Linus Berg').waitFor();
    await acceptRequest(desk.page);
    await second.widget.getByRole('button', { name: 'End chat' }).waitFor();
    await desk.page.getByRole('log', { name: 'Conversation' }).getByText('It is about order 4711').waitFor();
  });

  test('[V10] "Leave queue" takes the request back, and those behind move up', async () => {
    const desk = await openAgent();
    const [first, second] = [await openVisitor(), await openVisitor()];
    await askForHelp(first.widget, 'Text chat', 'Grace Hofer');
    await askForHelp(second.widget, 'Text chat', 'Linus Berg');
    await expectWaiting(second.widget, '2nd in line');
    const request = desk.page.getByRole('dialog', { name: 'Incoming chat request' });
    await request.getByText('Grace Hofer').waitFor();

    await first.widget.getByRole('button', { name: 'Leave queue' }).click();
    await first.widget.getByRole('heading', { name: 'Routing your call…' }).waitFor({ state: 'detached' });
    await second.widget.getByRole('status').getByText('You are next').waitFor();
    await request.getByText('Grace Hofer').waitFor({ state: 'detached' });
    await request.getByText('Linus Berg').waitFor();
  });

  test('[A4] "Queue" puts a request aside; the visitor reads it, and the agent takes it from the queue', async () => {
    const desk = await openAgent();
    const shop = await openVisitor();
    await askForHelp(shop.widget, 'Text chat', 'Grace Hofer');
    const request = desk.page.getByRole('dialog', { name: 'Incoming chat request' });
    await request.getByRole('button', { name: 'Queue' }).click();
    await request.waitFor({ state: 'detached' });
    await shop.widget.getByText('The operator is busy').waitFor();
    await shop.widget.getByText('Your request is queued').waitFor();
    await shop.widget.getByRole('button', { name: 'Leave a message' }).waitFor();

    await desk.page.getByRole('link', { name: 'Communication Queue' }).click();
    const queue = desk.page.getByRole('region', { name: 'Communication Queue' });
    const row = queue.getByRole('listitem').filter({ hasText: 'Grace Hofer' });
    await row.getByText('Put aside by you').waitFor();
    await row.getByRole('button', { name: 'Take the request of Grace Hofer' }).click();
    await shop.widget.getByRole('button', { name: 'End chat' }).waitFor();
    expect(await shop.widget.getByText('The operator is busy').count()).toBe(0);
  });

  test('[V11] a visitor in the queue leaves a message instead of waiting, and the request is taken back', async () => {
    const desk = await openAgent();
    const shop = await openVisitor();
    await askForHelp(shop.widget, 'Text chat', 'Grace Hofer');
    await desk.page
      .getByRole('dialog', { name: 'Incoming chat request' })
      .getByRole('button', { name: 'Queue' })
      .click();
    await shop.widget.getByRole('button', { name: 'Leave a message' }).click();
    expect(await shop.widget.getByRole('textbox', { name: 'Your name' }).inputValue()).toBe('Grace Hofer');
    await leaveMessage(shop.widget, 'I have no time to wait');
    await desk.page.getByRole('link', { name: 'Messages left' }).click();
    await desk.page.getByText('I have no time to wait').waitFor();
    await desk.page.getByRole('link', { name: 'Communication Queue' }).click();
    await desk.page.getByText('Nobody is waiting').waitFor();
  });

  test('[V2] with nobody there a message is left, reaches "Messages left" and is answered there', async () => {
    const shop = await openVisitor();
    await shop.widget.getByRole('button', { name: 'Leave a message' }).click();
    await shop.widget.getByRole('textbox', { name: 'Your name' }).fill('Grace Hofer');
    await shop.widget.getByRole('button', { name: 'Send message' }).click();
    await shop.widget.getByText('Please tell us your e-mail address.').waitFor();
    await shop.widget.getByText('Please write your message.').waitFor();
    await leaveMessage(shop.widget, 'When do you open?\nI am in the neighbourhood.');

    const desk = await openAgent();
    await desk.page.getByRole('link', { name: 'Messages left' }).click();
    const left = desk.page.getByRole('region', { name: 'Messages left' }).getByRole('listitem');
    await left.getByText('When do you open?').waitFor();
    expect(await left.getByRole('link', { name: 'Reply by e-mail' }).getAttribute('href')).toMatch(
      /^mailto:grace%40example\.org\?subject=/,
    );
    await left.getByRole('button', { name: 'Done: message of Grace Hofer' }).click();
    await desk.page.getByText('Everything is answered').waitFor();
  });

  async function leaveMessage(widget: FrameLocator, text: string): Promise<void> {
    await widget.getByRole('textbox', { name: 'E-mail' }).fill('grace@example.org');
    await widget.getByRole('textbox', { name: 'Your message' }).fill(text);
    const agreement = widget.getByRole('checkbox', { name: 'I agree to the processing of my data' });
    if (!(await agreement.isChecked())) await agreement.check();
    await widget.getByRole('button', { name: 'Send message' }).click();
    await widget.getByText('Your message has arrived').waitFor();
  }
});

describe('a page of a site that is not the one it says', () => {
  test('[V1] a page whose origin is not allowed gets no widget and no exception of ours', async () => {
    const browser = await launchChromium();
    const server = await startServer({
      sites: [{ key: 'boots', name: 'Boots', allowedOrigins: ['https://boots.example'] }],
    });
    const host = await startHostSite(() => server.url);
    try {
      const page = await browser.newPage();
      const exceptions: string[] = [];
      page.on('pageerror', (error) => exceptions.push(error.message));
      host.setPage('/', `<script async src="${server.url}/embed.js" data-site="boots"></script><h1>Not Boots</h1>`);
      const refused = page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()));
      await page.goto(host.origin);
      await refused;
      await page.waitForLoadState('load');
      expect(await page.locator('iframe[title="Live help"]').isVisible()).toBe(false);
      expect(await toWidget(page).getByRole('button').count()).toBe(0);
      expect(exceptions).toEqual([]);
    } finally {
      await browser.close();
      await server.close();
      await host.close();
    }
  });
});
