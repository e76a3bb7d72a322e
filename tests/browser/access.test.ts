import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askForHelp, launchChromium, openDesk, openShop } from '../_support/browser.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { findBarriers, findFocused, findMotion, tabTo, widgetFrame } from './accessibility-probe.ts';
import { seeRemote } from './media-probe.ts';

const RTC_PORT = 44_140;
const SOON = { timeout: 15_000 };

describe('people who cannot use a mouse, or see little, or mind motion', () => {
  let browser: Browser;
  let server: TestServer;
  let contexts: BrowserContext[];

  beforeAll(async () => {
    browser = await launchChromium();
    server = await startServer({ mediaWorkers: 1, rtcPort: RTC_PORT });
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  beforeEach(() => {
    contexts = [];
  });
  afterEach(async () => {
    for (const context of contexts) await context.close();
  });

  test.each(['light', 'dark'] as const)(
    '[A11] axe finds nothing serious in any state of widget and workspace, %s',
    async (colorScheme) => {
      const agent = await server.addAgent({ name: 'Ada Lind' });
      // Colours in the middle of a transition are nobody's colours.
      const context = await browser.newContext({ locale: 'en-GB', colorScheme, reducedMotion: 'reduce' });
      contexts.push(context);
      const desk = await context.newPage();
      await desk.goto(`${server.url}/workspace/`);
      await desk.getByRole('button', { name: 'Sign in' }).click();
      await desk.getByText('Enter the e-mail address of your account.').waitFor();
      expect(await findBarriers(desk)).toEqual([]);
      await desk.getByRole('textbox', { name: 'E-mail' }).fill(agent.email);
      await desk.getByRole('textbox', { name: 'Password' }).fill(agent.password);
      await desk.getByRole('button', { name: 'Sign in' }).click();
      await desk.getByText('All quiet').first().waitFor();
      expect(await findBarriers(desk)).toEqual([]);
      const liveHelp = desk.getByRole('switch', { name: 'Live Help' });
      if (!(await liveHelp.isChecked())) await liveHelp.click();

      const shop = await openShop(browser, server.url, { colorScheme });
      contexts.push(shop.context);
      await shop.page.emulateMedia({ reducedMotion: 'reduce', colorScheme });
      const { widget } = shop;
      await widget.getByRole('button', { name: 'Click for Live Help' }).waitFor();
      expect(await findBarriers(widgetFrame(shop.page))).toEqual([]);
      await widget.getByRole('button', { name: 'Click for Live Help' }).click();
      await widget.getByRole('button', { name: 'Video call' }).waitFor();
      expect(await findBarriers(widgetFrame(shop.page))).toEqual([]);
      await widget.getByRole('button', { name: 'Video call' }).click();
      await widget.getByRole('button', { name: 'Start', exact: true }).click();
      await widget.getByText('Please tell us your name.').waitFor();
      expect(await findBarriers(widgetFrame(shop.page))).toEqual([]);
      await widget.getByRole('textbox', { name: 'Your name' }).fill('Grace Hofer');
      await widget.getByRole('checkbox', { name: 'I agree to the processing of my data' }).check();
      await widget.getByRole('button', { name: 'Start', exact: true }).click();
      await widget.getByRole('heading', { name: 'Routing your call…' }).waitFor();
      expect(await findBarriers(widgetFrame(shop.page))).toEqual([]);

      const request = desk.getByRole('dialog', { name: 'Incoming chat request' });
      await request.waitFor();
      expect(await findBarriers(desk)).toEqual([]);
      await request.getByRole('button', { name: 'Accept', exact: true }).click();
      await seeRemote(widget, 'Ada Lind', 1);
      await seeRemote(desk, 'Grace Hofer', 1);
      await desk.getByRole('textbox', { name: 'Message' }).fill('See https://example.org/help');
      await desk.getByRole('button', { name: 'Send', exact: true }).click();
      await widget.getByRole('link', { name: 'https://example.org/help' }).waitFor();
      expect(await findBarriers(desk)).toEqual([]);
      expect(await findBarriers(widgetFrame(shop.page))).toEqual([]);

      await desk.getByRole('button', { name: 'End communication' }).click();
      await widget.getByText('This conversation has ended').waitFor();
      expect(await findBarriers(desk)).toEqual([]);
      expect(await findBarriers(widgetFrame(shop.page))).toEqual([]);
    },
  );

  test('[A11] visitor and agent hold a conversation with the keyboard alone and always see where they are', async () => {
    const agent = await server.addAgent({ name: 'Ada Lind' });
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });
    contexts.push(context);
    const desk = await context.newPage();
    await desk.goto(`${server.url}/workspace/`);
    await desk.getByRole('button', { name: 'Sign in' }).waitFor();
    const unringed: string[] = [];
    const go = async (page: Page, where: Parameters<typeof tabTo>[1], name: string | RegExp, key?: 'Shift+Tab') => {
      unringed.push(...(await tabTo(page, where, name, key)).unringed);
    };
    if ((await findFocused(desk))?.name !== 'E-mail') await go(desk, desk, 'E-mail');
    await desk.keyboard.type(agent.email);
    await go(desk, desk, 'Password');
    await desk.keyboard.type(agent.password);
    await desk.keyboard.press('Enter');
    await desk.getByRole('switch', { name: 'Live Help' }).waitFor();
    await go(desk, desk, 'Live Help');
    const liveHelp = desk.getByRole('switch', { name: 'Live Help' });
    if (!(await liveHelp.isChecked())) await desk.keyboard.press('Space');
    await expect.poll(() => liveHelp.isChecked(), SOON).toBe(true);

    const shop = await openShop(browser, server.url);
    contexts.push(shop.context);
    await shop.widget.getByRole('button', { name: 'Click for Live Help' }).waitFor();
    const frame = widgetFrame(shop.page);
    await go(shop.page, frame, 'Click for Live Help');
    await shop.page.keyboard.press('Enter');
    await shop.widget.getByRole('button', { name: 'Text chat' }).waitFor();
    await go(shop.page, frame, 'Text chat');
    await shop.page.keyboard.press('Enter');
    await expect.poll(async () => (await findFocused(frame))?.name, SOON).toBe('Your name');
    // A wrong name brings the keyboard back to its field.
    await shop.page.keyboard.type('Bo!');
    await shop.page.keyboard.press('Enter');
    await shop.widget.getByText(/Please leave out/).waitFor();
    await expect.poll(async () => (await findFocused(frame))?.name, SOON).toBe('Your name');
    await shop.page.keyboard.press('ControlOrMeta+A');
    await shop.page.keyboard.type('Grace Hofer');
    await go(shop.page, frame, /^I agree to the processing of my data/);
    await shop.page.keyboard.press('Space');
    await go(shop.page, frame, 'Start');
    await shop.page.keyboard.press('Enter');

    const request = desk.getByRole('dialog', { name: 'Incoming chat request' });
    await request.waitFor();
    await desk.keyboard.press('Alt+r');
    await expect.poll(async () => (await findFocused(desk))?.name, SOON).toBe('Accept');
    await go(desk, desk, 'Queue');
    await go(desk, desk, 'Accept', 'Shift+Tab');
    await desk.keyboard.press('Enter');
    await expect.poll(async () => (await findFocused(desk))?.name, SOON).toBe('Message');
    await desk.keyboard.type('What can I do for you?');
    await desk.keyboard.press('Enter');
    await shop.widget.getByRole('log', { name: 'Conversation' }).getByText('What can I do for you?').waitFor();

    if ((await findFocused(frame))?.name !== 'Message') await go(shop.page, frame, 'Message');
    await shop.page.keyboard.type('The first line');
    await shop.page.keyboard.press('Shift+Enter');
    await shop.page.keyboard.type('and the second');
    await shop.page.keyboard.press('Enter');
    await desk.getByRole('log', { name: 'Conversation' }).getByText('and the second').waitFor();
    // Escape minimises and gives the keyboard to the button, which opens it again where it was.
    await shop.page.keyboard.press('Escape');
    await expect.poll(async () => (await findFocused(frame))?.name, SOON).toBe('Click for Live Help');
    await shop.page.keyboard.press('Enter');
    await shop.widget.getByRole('button', { name: 'End chat' }).waitFor();
    await go(shop.page, frame, 'End chat', 'Shift+Tab');
    await shop.page.keyboard.press('Enter');
    await shop.widget.getByText('This conversation has ended').waitFor();

    await go(shop.page, frame, 'Start a new conversation');
    await shop.page.keyboard.press('Enter');
    await askForHelpAgain();
    await request.waitFor();
    await desk.keyboard.press('Alt+a');
    await request.waitFor({ state: 'detached' });
    await desk.getByRole('button', { name: 'End communication' }).waitFor();
    // Around the corner and back, so that the box to write in is passed as well.
    await go(desk, desk, 'Message');
    await go(desk, desk, 'End communication', 'Shift+Tab');
    await desk.keyboard.press('Enter');
    await shop.widget.getByText('This conversation has ended').waitFor();
    expect(unringed).toEqual([]);

    async function askForHelpAgain(): Promise<void> {
      await shop.widget.getByRole('button', { name: 'Text chat' }).waitFor();
      await go(shop.page, frame, 'Text chat');
      await shop.page.keyboard.press('Enter');
      await shop.widget.getByRole('button', { name: 'Start', exact: true }).waitFor();
      await go(shop.page, frame, /^I agree to the processing of my data/);
      await shop.page.keyboard.press('Space');
      await shop.page.keyboard.press('Enter');
    }
  });

  test('[A11] with reduced motion nothing moves while a request waits and rings', async () => {
    const desk = await openDesk(browser, server.url, await server.addAgent({ name: 'Ada Lind' }));
    const shop = await openShop(browser, server.url);
    contexts.push(desk.context, shop.context);
    await askForHelp(shop.widget, 'Text chat', 'Grace Hofer');
    await shop.widget.getByRole('progressbar', { name: 'Routing your call…' }).waitFor();
    await desk.page.getByRole('dialog', { name: 'Incoming chat request' }).waitFor();
    // Without the wish something does move, so the check below can fail.
    await expect.poll(() => findMotion(widgetFrame(shop.page)), SOON).not.toEqual([]);
    for (const page of [shop.page, desk.page]) await page.emulateMedia({ reducedMotion: 'reduce' });
    await expect.poll(() => findMotion(widgetFrame(shop.page)), SOON).toEqual([]);
    await expect.poll(() => findMotion(desk.page), SOON).toEqual([]);
  });
});
