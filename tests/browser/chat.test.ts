import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { acceptRequest, askForHelp, launchChromium, openDesk, openShop } from '../_support/browser.ts';
import type { AgentPage, VisitorPage } from '../_support/browser.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';

describe('a text chat in two browsers', () => {
  let browser: Browser;
  let server: TestServer;
  let desk: AgentPage;
  let shop: VisitorPage;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    server = await startServer();
    const agent = await server.addAgent({ name: 'Ada Lind' });
    desk = await openDesk(browser, server.url, agent);
    shop = await openShop(browser, server.url);
  });
  afterEach(async () => {
    await shop.context.close();
    await desk.context.close();
    await server.close();
  });

  const say = async (where: { getByRole: VisitorPage['widget']['getByRole'] }, text: string): Promise<void> => {
    await where.getByRole('textbox', { name: 'Message' }).fill(text);
    await where.getByRole('button', { name: 'Send', exact: true }).click();
  };

  test('[C1] what one side writes stands on the other side, both ways, and is marked as read', async () => {
    await askForHelp(shop.widget, 'Text chat', 'Grace Hofer');
    await acceptRequest(desk.page);
    await shop.widget.getByText('Ada Lind').first().waitFor();

    await say(shop.widget, 'I cannot finish my order');
    await desk.page.getByRole('log', { name: 'Conversation' }).getByText('I cannot finish my order').waitFor();
    await say(desk.page, 'I am looking into it');
    await shop.widget.getByRole('log', { name: 'Conversation' }).getByText('I am looking into it').waitFor();
    await desk.page.getByText(/read/i).first().waitFor();
  });

  test('[C1] the newest line stays in sight when something takes room from the log, and not for who has scrolled up', async () => {
    await askForHelp(shop.widget, 'Text chat', 'Grace Hofer');
    await acceptRequest(desk.page);
    await shop.widget.getByText('Ada Lind').first().waitFor();
    await say(desk.page, Array.from({ length: 60 }, (_line, index) => `Line ${index}`).join('\n'));
    const log = shop.widget.getByRole('log', { name: 'Conversation' });
    await log.getByText('Line 59').waitFor();
    const distance = () => log.evaluate((each) => each.scrollHeight - each.clientHeight - each.scrollTop);
    await expect.poll(distance).toBeLessThan(2);
    // The log moves in the same moment, as when a screen is shown and a line says so.
    await log.evaluate(async (each) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      each.scrollTop -= 20;
      await frame();
      await frame();
      // Before the next frame begins: what has scrolled is told in it before anything hears of another size.
      await new Promise((resolve) => setTimeout(resolve));
      each.scrollTop += 20;
      each.parentElement!.style.maxHeight = '200px';
    });
    await expect.poll(distance).toBeLessThan(2);

    await log.evaluate((each) => (each.scrollTop -= 300));
    await say(desk.page, 'One more thing');
    await shop.widget.getByRole('button', { name: 'New messages' }).click();
    await expect.poll(distance).toBeLessThan(2);
  });

  test('[V2] the button appears when an agent is there and goes when the agent switches Live Help off', async () => {
    const button = shop.widget.getByRole('button', { name: 'Click for Live Help' });
    await button.waitFor();
    await desk.page.getByRole('switch', { name: 'Live Help' }).click();
    await button.waitFor({ state: 'hidden' });
    await desk.page.getByRole('switch', { name: 'Live Help' }).click();
    await button.waitFor();
  });

  test('[V5] a name with a refused character is answered at the field and says what to change', async () => {
    await shop.widget.getByRole('button', { name: 'Click for Live Help' }).click();
    await shop.widget.getByRole('button', { name: 'Text chat' }).click();
    const name = shop.widget.getByRole('textbox', { name: 'Your name' });
    await name.fill('Bob!');
    await shop.widget.getByRole('button', { name: 'Start', exact: true }).click();
    await shop.widget.getByText(/Please leave out “!”/).waitFor();
    expect(await name.getAttribute('aria-invalid')).toBe('true');
    await name.fill('Bobby');
    await shop.widget.getByRole('button', { name: 'Start', exact: true }).click();
    await shop.widget.getByText(/tick/i).first().waitFor();
  });

  test('[C6] "End chat" ends the conversation on both sides', async () => {
    await askForHelp(shop.widget, 'Text chat', 'Grace Hofer');
    await acceptRequest(desk.page);
    await shop.widget.getByRole('button', { name: 'End chat' }).click();
    await shop.widget.getByText('This conversation has ended').first().waitFor();
    await desk.page.getByRole('log', { name: 'Conversation' }).getByText(/ended/i).first().waitFor();
  });

  test('[V15] a server restart in the middle of a chat loses nothing and doubles nothing', async () => {
    await askForHelp(shop.widget, 'Text chat', 'Grace Hofer');
    await acceptRequest(desk.page);
    await say(shop.widget, 'before the restart');
    await desk.page.getByRole('log', { name: 'Conversation' }).getByText('before the restart').waitFor();

    await server.app.close();
    await say(shop.widget, 'written by the visitor meanwhile');
    await say(desk.page, 'written by the agent meanwhile');
    await server.restart();

    for (const where of [shop.widget, desk.page]) {
      const log = where.getByRole('log', { name: 'Conversation' });
      await log.getByText('written by the visitor meanwhile').waitFor();
      await log.getByText('written by the agent meanwhile').waitFor();
      expect(await log.getByText('before the restart').count()).toBe(1);
      expect(await log.getByText('written by the visitor meanwhile').count()).toBe(1);
      expect(await log.getByText('written by the agent meanwhile').count()).toBe(1);
    }
    await say(shop.widget, 'after the restart');
    await desk.page.getByRole('log', { name: 'Conversation' }).getByText('after the restart').waitFor();
  });

  test('[V15] a visitor who goes to another page keeps the conversation and the agent', async () => {
    await askForHelp(shop.widget, 'Text chat', 'Grace Hofer');
    await acceptRequest(desk.page);
    await say(shop.widget, 'I am still here');
    await desk.page.getByRole('log', { name: 'Conversation' }).getByText('I am still here').waitFor();
    await shop.page.goto(`${server.url}/demo/basket.html`);
    await shop.widget.getByRole('log', { name: 'Conversation' }).getByText('I am still here').waitFor();
    await say(desk.page, 'And so am I');
    await shop.widget.getByRole('log', { name: 'Conversation' }).getByText('And so am I').waitFor();
    await desk.page.getByText('/demo/basket.html').first().waitFor();
  });
});
