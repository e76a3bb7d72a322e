import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { acceptRequest, askForHelp, launchChromium, openDesk, openShop, toWidget } from '../_support/browser.ts';
import type { AgentPage, VisitorPage } from '../_support/browser.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { countLiveTracks, hearRemote, seeRemote, watchLocalTracks } from './media-probe.ts';

const ABOVE_SILENCE = 0.01;
const RTC_PORT = 44_160;

describe('waiting for a call', () => {
  let browser: Browser;
  let server: TestServer;
  let desk: AgentPage;
  let shop: VisitorPage;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    server = await startServer({ mediaWorkers: 1, rtcPort: RTC_PORT });
    const agent = await server.addAgent({ name: 'Ada Lind' });
    desk = await openDesk(browser, server.url, agent, { prepare: watchLocalTracks });
    shop = await openShop(browser, server.url, { prepare: watchLocalTracks });
  });
  afterEach(async () => {
    await shop.context.close();
    await desk.context.close();
    await server.close();
  });

  const preview = () => shop.widget.getByRole('region', { name: 'Check your camera and microphone' });

  test('[M4] the visitor sees the own picture and level, and what is switched off there stays off in the call', async () => {
    await askForHelp(shop.widget, 'Video call', 'Grace Hofer');
    await preview().getByText('You are ready').waitFor();
    await preview().getByText('Nobody sees or hears you before the call begins.').waitFor();
    await preview().locator('video[aria-label="Your camera"]').waitFor();
    await expect
      .poll(async () => Number(await preview().getByRole('meter').getAttribute('aria-valuenow')))
      .toBeGreaterThan(20);
    expect(await countLiveTracks(desk.page)).toBe(0);

    await preview().getByRole('button', { name: 'Mute', exact: true }).click();
    await preview().getByRole('button', { name: 'Turn camera off' }).click();
    await preview().getByText('Your camera is off').waitFor();
    await preview().getByRole('button', { name: 'Microphone, camera and speaker' }).click();
    expect(await shop.widget.getByRole('combobox', { name: 'Camera' }).count()).toBe(1);

    await acceptRequest(desk.page);
    await seeRemote(shop.widget, 'Ada Lind', 3);
    await desk.page.getByText('Grace Hofer is muted').waitFor();
    await shop.widget.getByRole('button', { name: 'Unmute' }).click();
    await shop.widget.getByRole('button', { name: 'Turn camera on' }).click();
    await seeRemote(desk.page, 'Grace Hofer', 3);
    expect(await hearRemote(desk.page, ABOVE_SILENCE)).toBeGreaterThan(ABOVE_SILENCE);
  });

  test('[V15] a reload while waiting comes back ready, and the call begins in the page that is there', async () => {
    await askForHelp(shop.widget, 'Video call', 'Grace Hofer');
    await preview().getByText('You are ready').waitFor();
    await shop.page.reload();
    shop = { ...shop, widget: toWidget(shop.page) };
    await preview().getByText('You are ready').waitFor();
    await acceptRequest(desk.page);
    await seeRemote(desk.page, 'Grace Hofer', 3);
    await seeRemote(shop.widget, 'Ada Lind', 3);
  });

  test('[V10] "Leave queue" puts out the lights, and the agent’s were never on', async () => {
    await askForHelp(shop.widget, 'Video call', 'Grace Hofer');
    await preview().getByText('You are ready').waitFor();
    expect(await countLiveTracks(shop.widget)).toBe(2);
    await shop.widget.getByRole('button', { name: 'Leave queue' }).click();
    await expect.poll(() => countLiveTracks(shop.widget)).toBe(0);
    await desk.page.getByRole('dialog', { name: 'Incoming chat request' }).waitFor({ state: 'detached' });
    expect(await countLiveTracks(desk.page)).toBe(0);
  });
});
