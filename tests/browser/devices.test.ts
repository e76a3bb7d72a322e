import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { acceptRequest, askForHelp, launchChromium, openDesk, openShop } from '../_support/browser.ts';
import type { AgentPage, Devices, VisitorPage } from '../_support/browser.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { countLiveTracks, hearRemote, seeRemote, watchLocalTracks } from './media-probe.ts';

const ABOVE_SILENCE = 0.01;
const RTC_PORT = 44_120;

/** Both people on one server; each browser has the devices that the story needs. */
interface Scene {
  desk: AgentPage;
  shop: VisitorPage;
}

describe('microphones and cameras that do not work', () => {
  const browsers = new Map<Devices, Browser>();
  let server: TestServer;
  let scene: Scene | undefined;

  beforeAll(async () => {
    server = await startServer({ mediaWorkers: 1, rtcPort: RTC_PORT });
    browsers.set('working', await launchChromium());
  });
  afterAll(async () => {
    for (const browser of browsers.values()) await browser.close();
    await server.close();
  });
  afterEach(async () => {
    await scene?.desk.page.getByRole('switch', { name: 'Live Help' }).click();
    await scene?.shop.context.close();
    await scene?.desk.context.close();
    scene = undefined;
  });

  async function browserWith(devices: Devices): Promise<Browser> {
    const known = browsers.get(devices) ?? (await launchChromium(devices));
    browsers.set(devices, known);
    return known;
  }

  async function openScene(visitorDevices: Devices, agentDevices: Devices): Promise<Scene> {
    const agent = await server.addAgent({ name: 'Ada Lind' });
    const prepare = watchLocalTracks;
    const desk = await openDesk(await browserWith(agentDevices), server.url, agent, { prepare });
    const shop = await openShop(await browserWith(visitorDevices), server.url, { prepare });
    scene = { desk, shop };
    return scene;
  }

  async function say(from: Page | FrameLocator, to: Page | FrameLocator, text: string): Promise<void> {
    await from.getByRole('textbox', { name: 'Message' }).fill(text);
    await from.getByRole('button', { name: 'Send', exact: true }).click();
    await to.getByRole('log', { name: 'Conversation' }).getByText(text).waitFor();
  }

  test.each([
    ['refused', 'The browser blocks the microphone and camera for this page. Click the symbol'],
    ['missing', 'The microphone and camera could not be found. Connect one or switch it on'],
  ] as const)(
    '[M14] with %s devices the visitor reads what to do, hears and sees the agent, and the chat goes on',
    async (devices, advice) => {
      const { desk, shop } = await openScene(devices, 'working');
      await askForHelp(shop.widget, 'Video call', 'Grace Hofer');
      await acceptRequest(desk.page);

      const card = shop.widget
        .getByRole('alert')
        .filter({ hasText: 'Your microphone and camera could not be started' });
      await card.getByText(advice).waitFor();
      await card.getByText('You can listen meanwhile').waitFor();
      expect(await hearRemote(shop.widget, ABOVE_SILENCE)).toBeGreaterThan(ABOVE_SILENCE);
      await seeRemote(shop.widget, 'Ada Lind', 5);
      expect(await countLiveTracks(shop.widget)).toBe(0);

      await say(shop.widget, desk.page, 'I can hear you but not speak');
      await say(desk.page, shop.widget, 'Then write to me');
      // "Try again" is no dead end either: it says the same once more and ends nothing.
      await card.getByRole('button', { name: 'Try again' }).click();
      await card.getByText(advice).waitFor();
      await shop.widget.getByRole('button', { name: 'Hang up' }).click();
      await desk.page.getByRole('button', { name: 'Hang up' }).waitFor({ state: 'detached' });
      await say(shop.widget, desk.page, 'Back to writing');
    },
  );

  test.each([
    ['refused', 'The browser blocks the microphone for this page. Click the symbol'],
    ['missing', 'The microphone could not be found. Connect one or switch it on'],
  ] as const)('[M14] with %s devices the agent reads what to do and hears the visitor', async (devices, advice) => {
    const { desk, shop } = await openScene('working', devices);
    await askForHelp(shop.widget, 'Voice call', 'Grace Hofer');
    await acceptRequest(desk.page);

    const card = desk.page.getByRole('alert').filter({ hasText: 'Your microphone could not be started' });
    await card.getByText(advice).waitFor();
    expect(await hearRemote(desk.page, ABOVE_SILENCE)).toBeGreaterThan(ABOVE_SILENCE);
    await say(desk.page, shop.widget, 'My microphone is broken, I write');
    await say(shop.widget, desk.page, 'All right');
    await desk.page.getByRole('button', { name: 'Hang up' }).click();
    await shop.widget.getByRole('button', { name: 'Hang up' }).waitFor({ state: 'detached' });
    await expect.poll(() => countLiveTracks(shop.widget)).toBe(0);
  });

  test('[M3] a video call accepted without camera sends the voice alone, and the camera can join later', async () => {
    const { desk, shop } = await openScene('working', 'working');
    await askForHelp(shop.widget, 'Text chat', 'Grace Hofer');
    await acceptRequest(desk.page);
    await desk.page.getByRole('button', { name: 'Video call' }).click();
    const ringing = shop.widget.getByRole('alertdialog', { name: 'Video call from Ada Lind' });
    await ringing.waitFor();
    expect(await countLiveTracks(shop.widget)).toBe(0);
    await ringing.getByRole('button', { name: 'Accept without camera' }).click();

    await seeRemote(shop.widget, 'Ada Lind', 5);
    expect(await hearRemote(desk.page, ABOVE_SILENCE)).toBeGreaterThan(ABOVE_SILENCE);
    expect(await countLiveTracks(shop.widget)).toBe(1);
    expect(await desk.page.locator('video[aria-label="Video of Grace Hofer"]').count()).toBe(0);

    await shop.widget.getByRole('button', { name: 'Turn camera on' }).click();
    await seeRemote(desk.page, 'Grace Hofer', 5);
  });
});
