import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { acceptRequest, askForHelp, launchChromium, openDesk, openShop, toWidget } from '../_support/browser.ts';
import type { AgentPage, VisitorPage } from '../_support/browser.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { countLiveTracks, seeRemote, watchLocalTracks } from './media-probe.ts';
import {
  countPackets,
  countScreenTracks,
  hearScreen,
  seeScreen,
  stopInBrowser,
  watchPackets,
  watchScreens,
} from './screen-probe.ts';

const ABOVE_SILENCE = 0.01;
const ADVANCING_FRAMES = 10;
const RTC_PORT = 44_300;

describe('a shared screen in two browsers', () => {
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
    desk = await openDesk(browser, server.url, agent, { prepare });
    shop = await openShop(browser, server.url, { prepare });
  });
  afterEach(async () => {
    await shop.context.close();
    await desk.context.close();
    await server.close();
  });

  const talk = async (choice: 'Text chat' | 'Video call' = 'Text chat') => {
    await askForHelp(shop.widget, choice, 'Grace Hofer');
    await acceptRequest(desk.page);
    await shop.widget.getByRole('textbox', { name: 'Message' }).waitFor();
  };
  const button = (where: Page | FrameLocator, name: string) => where.getByRole('button', { name, exact: true });
  const screenOf = (where: Page | FrameLocator, name: string) => where.locator(`video[aria-label="Screen of ${name}"]`);

  async function shareWhenAsked(): Promise<void> {
    await button(desk.page, 'Request screen share').click();
    await shop.widget.getByRole('alertdialog', { name: 'Ada Lind would like to see your screen' }).waitFor();
    await button(shop.widget, 'Allow').click();
  }

  test('[M11] from a plain chat the agent asks for the screen, sees it move, and END takes it away', async () => {
    await talk();
    await shareWhenAsked();
    const size = await seeScreen(desk.page, 'Grace Hofer', ADVANCING_FRAMES);
    expect(size.width).toBeGreaterThan(100);
    await shop.widget
      .getByRole('region', { name: 'Sharing' })
      .getByText(/You are sharing/)
      .first()
      .waitFor();
    await shop.widget.getByRole('region', { name: 'Sharing' }).getByText('with Ada Lind').first().waitFor();
    // Nothing else was opened for it, and nobody was rung.
    expect(await countLiveTracks(shop.widget)).toBe(0);
    expect(await button(shop.widget, 'Hang up').count()).toBe(0);
    expect(await button(desk.page, 'Hang up').count()).toBe(0);

    await button(shop.widget, 'END SCREEN SHARE').click();
    expect(await countScreenTracks(shop.widget)).toBe(0);
    await screenOf(desk.page, 'Grace Hofer').waitFor({ state: 'detached' });
  });

  test('[M11] the visitor offers the screen, and the browser’s own stop ends it on both sides', async () => {
    await talk();
    await button(shop.widget, 'Share screen').click();
    await button(shop.widget, 'Allow').click();
    await seeScreen(desk.page, 'Grace Hofer', ADVANCING_FRAMES);
    await stopInBrowser(shop.widget);
    await screenOf(desk.page, 'Grace Hofer').waitFor({ state: 'detached' });
    await button(shop.widget, 'END SCREEN SHARE').waitFor({ state: 'detached' });
    await desk.page.getByText('Sharing was stopped in the browser.').waitFor();
  });

  test('[M11] the agent shows a screen with its sound, and the visitor sees, hears and ends it', async () => {
    await talk();
    await button(desk.page, 'Share my screen').click();
    await seeScreen(shop.widget, 'Ada Lind', ADVANCING_FRAMES);
    expect(await hearScreen(shop.widget, 'Ada Lind', ABOVE_SILENCE)).toBeGreaterThan(ABOVE_SILENCE);
    await button(shop.widget, 'Actual size').click();
    await button(shop.widget, 'Fit').click();
    await button(shop.widget, 'Sound off').click();
    await button(shop.widget, 'Sound on').waitFor();
    await button(shop.widget, 'END SCREEN SHARE').click();
    await expect.poll(() => countScreenTracks(desk.page)).toBe(0);
    await screenOf(shop.widget, 'Ada Lind').waitFor({ state: 'detached' });
  });

  test('[M11] a screen is shown during a video call and goes on when the call ends', async () => {
    await talk('Video call');
    await seeRemote(desk.page, 'Grace Hofer', 1);
    await shareWhenAsked();
    await seeScreen(desk.page, 'Grace Hofer', ADVANCING_FRAMES);
    await seeRemote(desk.page, 'Grace Hofer', ADVANCING_FRAMES);
    await button(shop.widget, 'Hang up').click();
    await button(desk.page, 'Hang up').waitFor({ state: 'detached' });
    await expect.poll(() => countLiveTracks(shop.widget)).toBe(0);
    await seeScreen(desk.page, 'Grace Hofer', ADVANCING_FRAMES * 3);
  });

  test('[M11] a call that is added while a screen is shown leaves the screen as it is', async () => {
    await talk();
    await shareWhenAsked();
    await seeScreen(desk.page, 'Grace Hofer', 1);
    await button(desk.page, 'Video call').click();
    await button(shop.widget, 'Accept').click();
    await seeRemote(desk.page, 'Grace Hofer', ADVANCING_FRAMES);
    await seeScreen(desk.page, 'Grace Hofer', ADVANCING_FRAMES);
    expect(await shop.widget.getByRole('alertdialog').count()).toBe(0);
  });

  test('[M11] who refuses the browser’s question reads why nothing is shown, and may try again', async () => {
    await talk();
    await watchScreens(shop.page, { refusesOnce: true });
    await shop.page.reload();
    await button(desk.page, 'Request screen share').click();
    const widget = toWidget(shop.page);
    await button(widget, 'Allow').click();
    await widget.getByText('Nothing is shared. To share, choose a screen').waitFor();
    await button(widget, 'Allow').click();
    await seeScreen(desk.page, 'Grace Hofer', ADVANCING_FRAMES);
  });

  test('[B9] who looks at a shared screen, and since when, stands over its picture, also where it fills the window', async () => {
    await talk();
    await shareWhenAsked();
    await seeScreen(desk.page, 'Grace Hofer', ADVANCING_FRAMES);
    const watermark = desk.page.locator('[data-watermark^="Ada Lind"]');
    /** Edges of the picture that stand out of the watermark, in whole pixels. */
    const uncovered = async () => {
      const [mark, picture] = await Promise.all([
        watermark.boundingBox(),
        screenOf(desk.page, 'Grace Hofer').boundingBox(),
      ]);
      if (mark === null || picture === null || picture.width < 100) return ['no picture'];
      const right = ({ x, width }: typeof mark) => x + width;
      const bottom = ({ y, height }: typeof mark) => y + height;
      const out = {
        left: mark.x - picture.x,
        top: mark.y - picture.y,
        right: right(picture) - right(mark),
        bottom: bottom(picture) - bottom(mark),
      };
      return Object.entries(out).flatMap(([edge, px]) => (px > 1 ? [`${edge} ${px}`] : []));
    };
    await expect.poll(uncovered).toEqual([]);
    expect(await watermark.evaluate((element) => getComputedStyle(element).backgroundImage)).toContain(
      'data:image/svg',
    );
    await button(desk.page, 'Full screen').click();
    await desk.page.waitForFunction(() => document.fullscreenElement !== null);
    await expect.poll(uncovered).toEqual([]);
  });

  test('[B3] a paused screen sends nothing to the agent, even where the page goes on filming, and goes on by a click', async () => {
    for (const page of [desk.page, shop.page]) {
      await watchPackets(page);
      await page.reload();
    }
    await talk();
    await shareWhenAsked();
    await seeScreen(desk.page, 'Grace Hofer', ADVANCING_FRAMES);
    await button(shop.widget, 'CHANGE SHARING').click();
    await button(shop.widget, 'Pause').click();
    await desk.page.getByText('Grace Hofer has paused sharing').first().waitFor();
    const enabled = (isOn?: boolean) =>
      shop.widget.locator('body').evaluate((_body, wanted) => {
        const tracks = (window as Window & { foyerScreenTracks?: MediaStreamTrack[] }).foyerScreenTracks ?? [];
        for (const track of tracks) if (wanted !== undefined) track.enabled = wanted;
        return tracks.filter((track) => track.enabled).length;
      }, isOn);
    expect(await enabled()).toBe(0);

    // Whatever the visitor's page does: it is the server that lets nothing through.
    await enabled(true);
    const [arrived, sent] = [await countPackets(desk.page), await countPackets(shop.widget)];
    await expect.poll(() => countPackets(shop.widget)).toBeGreaterThan(sent + 50);
    expect(await countPackets(desk.page)).toBe(arrived);

    await button(shop.widget, 'Resume').click();
    await seeScreen(desk.page, 'Grace Hofer', ADVANCING_FRAMES);
    expect(await enabled()).toBeGreaterThan(0);
    expect(await countPackets(desk.page)).toBeGreaterThan(arrived);
  });

  test('[B3] another surface takes the place of the first, and the picture may be made smooth', async () => {
    await talk();
    await shareWhenAsked();
    await seeScreen(desk.page, 'Grace Hofer', 1);
    await button(shop.widget, 'CHANGE SHARING').click();
    await shop.widget.getByRole('radio', { name: 'Smooth video' }).check();
    await button(shop.widget, 'Another window, tab or screen …').click();
    await expect.poll(() => countScreenTracks(shop.widget, 'all')).toBeGreaterThan(2);
    await seeScreen(desk.page, 'Grace Hofer', ADVANCING_FRAMES);
  });
});
