import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { acceptRequest, askForHelp, launchChromium, openDesk, openShop } from '../_support/browser.ts';
import type { AgentPage, VisitorPage } from '../_support/browser.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { countLiveTracks, hearRemote, seeRemote, watchLocalTracks } from './media-probe.ts';

/** Chromium's fake microphone beeps at about 0.1; a silent track stays below a thousandth. */
const ABOVE_SILENCE = 0.01;
const ADVANCING_FRAMES = 10;
const RTC_PORT = 44_100;

describe('calls in two browsers', () => {
  let browser: Browser;
  let server: TestServer;
  let desk: AgentPage;
  let shop: VisitorPage;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    server = await startServer({ mediaWorkers: 2, rtcPort: RTC_PORT });
    const agent = await server.addAgent({ name: 'Ada Lind' });
    desk = await openDesk(browser, server.url, agent, { prepare: watchLocalTracks });
    shop = await openShop(browser, server.url, { prepare: watchLocalTracks });
  });
  afterEach(async () => {
    await shop.context.close();
    await desk.context.close();
    await server.close();
  });

  test('[M1] in a voice call both sides hear each other', async () => {
    await askForHelp(shop.widget, 'Voice call', 'Grace Hofer');
    await acceptRequest(desk.page);
    expect(await hearRemote(shop.widget, ABOVE_SILENCE)).toBeGreaterThan(ABOVE_SILENCE);
    expect(await hearRemote(desk.page, ABOVE_SILENCE)).toBeGreaterThan(ABOVE_SILENCE);
  });

  test('[M2] in a video call both sides see each other, and "End communication" puts out all lights', async () => {
    await askForHelp(shop.widget, 'Video call', 'Grace Hofer');
    await acceptRequest(desk.page);
    const atDesk = await seeRemote(desk.page, 'Grace Hofer', ADVANCING_FRAMES);
    const atShop = await seeRemote(shop.widget, 'Ada Lind', ADVANCING_FRAMES);
    expect(atDesk.width).toBeGreaterThan(0);
    expect(atShop.width).toBeGreaterThan(0);
    expect(await countLiveTracks(shop.widget)).toBe(2);

    await desk.page.getByRole('button', { name: 'End communication' }).click();
    await shop.widget.getByText('This conversation has ended').first().waitFor();
    await expect.poll(() => countLiveTracks(shop.widget)).toBe(0);
    await expect.poll(() => countLiveTracks(desk.page)).toBe(0);
    expect(await shop.widget.locator('video[aria-label^="Video of"]').count()).toBe(0);
  });

  test('[M3] a call is proposed in a running chat, declined, proposed again and accepted', async () => {
    await askForHelp(shop.widget, 'Text chat', 'Grace Hofer');
    await acceptRequest(desk.page);
    await desk.page.getByRole('button', { name: 'Voice call' }).click();
    await shop.widget.getByRole('button', { name: 'Decline' }).click();
    await desk.page
      .getByRole('log', { name: 'Conversation' })
      .getByText(/declined/i)
      .waitFor();
    expect(await countLiveTracks(shop.widget)).toBe(0);

    await shop.widget.getByRole('button', { name: 'Voice call' }).click();
    await desk.page.getByRole('button', { name: 'Accept', exact: true }).click();
    expect(await hearRemote(desk.page, ABOVE_SILENCE)).toBeGreaterThan(ABOVE_SILENCE);
    expect(await hearRemote(shop.widget, ABOVE_SILENCE)).toBeGreaterThan(ABOVE_SILENCE);
  });

  test('[M5] mute, camera and hang up are seen by the other side', async () => {
    await askForHelp(shop.widget, 'Video call', 'Grace Hofer');
    await acceptRequest(desk.page);
    await seeRemote(desk.page, 'Grace Hofer', 1);
    await shop.widget.getByRole('button', { name: 'Mute', exact: true }).click();
    await shop.widget.getByRole('button', { name: 'Unmute' }).waitFor();
    await desk.page.getByText(/muted/i).first().waitFor();
    await shop.widget.getByRole('button', { name: 'Turn camera off' }).click();
    await desk.page.locator('video[aria-label="Video of Grace Hofer"]').waitFor({ state: 'detached' });
    await shop.widget.getByRole('button', { name: 'Turn camera on' }).click();
    await seeRemote(desk.page, 'Grace Hofer', ADVANCING_FRAMES);
    await shop.widget.getByRole('button', { name: 'Hang up' }).click();
    await desk.page.getByRole('button', { name: 'Hang up' }).waitFor({ state: 'detached' });
    await expect.poll(() => countLiveTracks(shop.widget)).toBe(0);
    await expect.poll(() => countLiveTracks(desk.page)).toBe(0);
  });

  test('[M5] in a low window the picture gives way, and the buttons of the call stay whole', async () => {
    await askForHelp(shop.widget, 'Video call', 'Grace Hofer');
    await acceptRequest(desk.page);
    await seeRemote(desk.page, 'Grace Hofer', 1);
    await desk.page.setViewportSize({ width: 1_440, height: 560 });
    // Just inside its upper and its lower edge nothing else answers.
    const isWhole = () =>
      desk.page.getByRole('button', { name: 'Hang up' }).evaluate((button) => {
        const { left, width, top, bottom } = button.getBoundingClientRect();
        return [top + 3, bottom - 3].every((y) => button.contains(document.elementFromPoint(left + width / 2, y)));
      });
    await expect.poll(isWhole).toBe(true);
  });

  test('[M9] a call whose media worker is killed goes on by itself', async () => {
    await askForHelp(shop.widget, 'Video call', 'Grace Hofer');
    await acceptRequest(desk.page);
    await seeRemote(desk.page, 'Grace Hofer', 1);
    await seeRemote(shop.widget, 'Ada Lind', 1);
    const before = server.app.mediaWorkerPids();
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await expect
      .poll(() => server.app.mediaWorkerPids().filter((pid) => !before.includes(pid)).length, { timeout: 60_000 })
      .toBe(before.length);
    // More frames than a browser could still have had in its buffers.
    await seeRemote(desk.page, 'Grace Hofer', 60);
    await seeRemote(shop.widget, 'Ada Lind', 60);
    expect(await hearRemote(desk.page, ABOVE_SILENCE)).toBeGreaterThan(ABOVE_SILENCE);
  });
});
