import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { acceptRequest, askForHelp, launchChromium, openDesk, openShop } from '../_support/browser.ts';
import type { AgentPage, VisitorPage } from '../_support/browser.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { findBarriers, findFocused, tabTo, widgetFrame } from './accessibility-probe.ts';
import { countLiveTracks, hearRemote, seeRemote, watchLocalTracks } from './media-probe.ts';
import { countScreenTracks, seeScreen, watchScreens } from './screen-probe.ts';

const ABOVE_SILENCE = 0.01;
const ADVANCING_FRAMES = 10;
const RTC_PORT = 44_700;

describe('the conversation in a window of its own', () => {
  let browser: Browser;
  let server: TestServer;
  let desk: AgentPage;
  let shop: VisitorPage;

  const prepare = async (context: BrowserContext) => {
    await watchLocalTracks(context);
    await watchScreens(context);
  };
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    server = await startServer({ mediaWorkers: 1, rtcPort: RTC_PORT });
    const agent = await server.addAgent({ name: 'Ada Lind' });
    desk = await openDesk(browser, server.url, agent);
    shop = await openShop(browser, server.url, { prepare });
  });
  afterEach(async () => {
    await shop.context.close();
    await desk.context.close();
    await server.close();
  });

  const button = (where: Page | FrameLocator, name: string) => where.getByRole('button', { name, exact: true });
  const banner = (where: Page | FrameLocator) => where.getByRole('region', { name: 'Sharing' });
  const message = (where: Page | FrameLocator) => where.getByRole('textbox', { name: 'Message' });

  const talk = async (choice: 'Text chat' | 'Video call' = 'Text chat') => {
    await askForHelp(shop.widget, choice, 'Grace Hofer');
    await acceptRequest(desk.page);
    await message(shop.widget).waitFor();
  };

  async function openInWindow(): Promise<Page> {
    const [opened] = await Promise.all([
      shop.context.waitForEvent('page'),
      button(shop.widget, 'Open in a window').click(),
    ]);
    await message(opened).waitFor();
    return opened;
  }

  async function send(where: Page | FrameLocator, text: string): Promise<void> {
    await message(where).fill(text);
    await message(where).press('Enter');
  }

  const read = (where: Page | FrameLocator, text: string) =>
    where.getByRole('log', { name: 'Conversation' }).getByText(text).waitFor();

  test('[M15] the chat goes on in a window of its own, and closing it brings the chat back with what was written', async () => {
    await talk();
    await send(shop.widget, 'Do you have it in green?');
    await message(shop.widget).fill('One more thing');
    const own = await openInWindow();
    await read(own, 'Do you have it in green?');
    expect(await message(own).inputValue()).toBe('One more thing');
    await shop.widget.getByText('The conversation is in its own window').waitFor();
    expect(await message(shop.widget).count()).toBe(0);

    await send(own, 'Or in blue?');
    await read(desk.page, 'Or in blue?');
    await send(desk.page, 'Blue is in stock.');
    await read(own, 'Blue is in stock.');

    await message(own).fill('Then I take');
    await own.close();
    await read(shop.widget, 'Blue is in stock.');
    expect(await message(shop.widget).inputValue()).toBe('Then I take');
    expect(await shop.widget.getByText('The conversation is in its own window').count()).toBe(0);
  });

  test('[B2] the banner stands in the window and beside the button of the page, and END in the window stops the sharing', async () => {
    await talk();
    const own = await openInWindow();
    await button(desk.page, 'Request co-browsing').click();
    await button(own, 'Allow').click();
    await banner(own).getByText('You are sharing this page').first().waitFor();
    await banner(shop.widget).getByText('You are sharing this page').waitFor();
    // Around them the page shines through.
    const ground = await widgetFrame(shop.page).evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(ground).toBe('rgba(0, 0, 0, 0)');
    await banner(own).getByText('with Ada Lind').first().waitFor();

    await button(own, 'CHANGE SHARING').click();
    await button(own, 'Pause').click();
    await banner(own).getByText('Sharing is paused').first().waitFor();
    await button(own, 'Resume').click();
    await banner(own).getByText('You are sharing this page').first().waitFor();

    await button(own, 'END SCREEN SHARE').click();
    await banner(own).waitFor({ state: 'detached' });
    await banner(shop.widget).waitFor({ state: 'detached' });
    await desk.page.getByText('Grace Hofer has ended sharing.').first().waitFor();
  });

  test('[B2] a click that the page makes up allows nothing in the window', async () => {
    await talk();
    const own = await openInWindow();
    await button(desk.page, 'Request co-browsing').click();
    await button(own, 'Allow').dispatchEvent('click');
    await button(own, 'Not now').waitFor();
    expect(await banner(own).count()).toBe(0);
    await button(own, 'Allow').click();
    await banner(own).waitFor();
  });

  test('[M11] a screen chosen in the window is shown from the page, so it goes on when the window is closed', async () => {
    await talk();
    const own = await openInWindow();
    await button(own, 'Share screen').click();
    await button(own, 'Allow').click();
    await seeScreen(desk.page, 'Grace Hofer', ADVANCING_FRAMES);
    await own.close();
    await banner(shop.widget).waitFor();
    await seeScreen(desk.page, 'Grace Hofer', ADVANCING_FRAMES);
    await button(shop.widget, 'END SCREEN SHARE').click();
    expect(await countScreenTracks(shop.widget)).toBe(0);
  });

  test('[M15] a running call is seen in the window, heard all the time, and hung up there', async () => {
    await talk('Video call');
    await seeRemote(shop.widget, 'Ada Lind', 1);
    const own = await openInWindow();
    await seeRemote(own, 'Ada Lind', ADVANCING_FRAMES);
    expect(await hearRemote(shop.widget, ABOVE_SILENCE)).toBeGreaterThan(ABOVE_SILENCE);
    await button(own, 'Mute').click();
    await desk.page.getByText('Grace Hofer is muted').waitFor();
    await own.close();
    await seeRemote(shop.widget, 'Ada Lind', ADVANCING_FRAMES);
    await button(shop.widget, 'Unmute').waitFor();
    await button(shop.widget, 'Hang up').click();
    await expect.poll(() => countLiveTracks(shop.widget)).toBe(0);
  });

  test('[M15] the next page of the site takes the window up again, with everything in it', async () => {
    await talk();
    const own = await openInWindow();
    await button(desk.page, 'Request co-browsing').click();
    await button(own, 'Allow').click();
    await banner(own).waitFor();
    await shop.page.goto(`${server.url}/demo/basket.html`);
    await shop.widget.getByText('The conversation is in its own window').waitFor();
    await banner(own).getByText('You are sharing this page').first().waitFor();
    await send(own, 'Now I am at the basket.');
    await read(desk.page, 'Now I am at the basket.');
    await button(own, 'Bring back').click();
    await read(shop.widget, 'Now I am at the basket.');
    await banner(shop.widget).waitFor();
    expect(own.isClosed()).toBe(true);
  });

  test('[M15] a window without its page says so, and closes with the page', async () => {
    await talk();
    const own = await openInWindow();
    await shop.page.evaluate(() => window.Foyer?.('shutdown'));
    await own.getByText('The conversation is on its way…').waitFor();
    expect(await findBarriers(own)).toEqual([]);
    await Promise.all([own.waitForEvent('close'), shop.page.close()]);
  });

  test('[M15] loading the window anew keeps the conversation in it', async () => {
    await talk();
    const own = await openInWindow();
    await own.reload();
    await message(own).waitFor();
    await shop.widget.getByText('The conversation is in its own window').waitFor();
  });

  test('[M15] where the browser opens no window the visitor reads what to do, and the chat stays', async () => {
    await talk();
    await widgetFrame(shop.page).evaluate(() => {
      window.open = () => null;
    });
    await button(shop.widget, 'Open in a window').click();
    await shop.widget.getByText('Your browser did not open a window.').waitFor();
    await message(shop.widget).waitFor();
  });

  test('[A11] the window is reached and left with the keyboard alone, and axe finds nothing serious in it', async () => {
    await talk();
    const frame = widgetFrame(shop.page);
    await button(shop.widget, 'Open in a window').focus();
    const [own] = await Promise.all([shop.context.waitForEvent('page'), shop.page.keyboard.press('Enter')]);
    await message(own).waitFor();
    expect(await own.title()).toBe('Ada Lind · Live help');
    expect(await own.evaluate(() => document.documentElement.lang)).toBe('en');
    await expect.poll(async () => (await findFocused(own))?.name).toBe('Message');
    await button(desk.page, 'Request co-browsing').click();
    await button(own, 'Allow').waitFor();
    expect(await findBarriers(own)).toEqual([]);
    const toAllow = await tabTo(own, own, 'Allow');
    expect(toAllow.unringed).toEqual([]);
    await own.keyboard.press('Enter');
    await banner(own).waitFor();
    expect(await findBarriers(own)).toEqual([]);
    await tabTo(own, own, 'CHANGE SHARING');
    await own.keyboard.press('Enter');
    await own.getByRole('dialog', { name: 'CHANGE SHARING' }).waitFor();
    await own.keyboard.press('Escape');
    await expect.poll(async () => (await findFocused(own))?.name).toBe('CHANGE SHARING');
    await tabTo(own, own, 'Bring back', 'Shift+Tab');
    // The window goes when the key goes down, so that it may be gone before the key has come up.
    await Promise.all([own.waitForEvent('close'), own.keyboard.press('Enter').catch(() => undefined)]);
    await message(shop.widget).waitFor();
    await expect.poll(async () => (await findFocused(frame))?.name).toBe('Message');
    expect(await findBarriers(frame)).toEqual([]);
  });
});
