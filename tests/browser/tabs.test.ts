import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowserWorld, type BrowserWorld } from '../_support/browser-world.ts';
import { acceptRequest, askForHelp, openDesk, openShop, toWidget } from '../_support/browser.ts';
import type { AgentPage, VisitorPage } from '../_support/browser.ts';
import { countLiveTracks, hearRemote, watchLocalTracks } from './media-probe.ts';

const ABOVE_SILENCE = 0.01;
const RTC_PORT = 44_130;

describe('one person with several tabs', () => {
  let world: BrowserWorld;
  let desk: AgentPage;
  let shop: VisitorPage;

  beforeAll(async () => {
    world = await createBrowserWorld({ mediaWorkers: 1, rtcPort: RTC_PORT });
  });
  afterAll(() => world.close());

  beforeEach(async () => {
    desk = await openDesk(world.browser, world.server.url, await world.server.addAgent({ name: 'Ada Lind' }));
    shop = await openShop(world.browser, world.server.url, { prepare: watchLocalTracks });
  });
  afterEach(async () => {
    // The next test's request must not ring at an agent whose browser is gone.
    await desk.page.getByRole('switch', { name: 'Live Help' }).click();
    await shop.context.close();
    await desk.context.close();
  });

  const logOf = (where: Page | FrameLocator) => where.getByRole('log', { name: 'Conversation' });

  async function write(where: Page | FrameLocator, text: string): Promise<void> {
    await where.getByRole('textbox', { name: 'Message' }).fill(text);
    await where.getByRole('button', { name: 'Send', exact: true }).click();
  }

  /** The same visitor opens the shop's basket in another tab, and the widget there. */
  async function openSecondTab(): Promise<{ page: Page; widget: FrameLocator }> {
    const page = await shop.context.newPage();
    await page.goto(`${world.server.url}/demo/basket.html`);
    const widget = toWidget(page);
    await widget.getByRole('button', { name: 'Click for Live Help' }).click();
    return { page, widget };
  }

  test('[V15] a second tab of the visitor shows the same conversation, and both tabs follow it', async () => {
    await askForHelp(shop.widget, 'Text chat', 'Grace Hofer');
    await acceptRequest(desk.page);
    await write(shop.widget, 'from the first tab');
    await logOf(desk.page).getByText('from the first tab').waitFor();

    const second = await openSecondTab();
    await logOf(second.widget).getByText('from the first tab').waitFor();
    await write(second.widget, 'from the second tab');
    await write(desk.page, 'an answer for both');
    for (const where of [shop.widget, second.widget, desk.page]) {
      await logOf(where).getByText('from the second tab').waitFor();
      await logOf(where).getByText('an answer for both').waitFor();
      for (const text of ['from the first tab', 'from the second tab', 'an answer for both']) {
        expect(await logOf(where).getByText(text).count()).toBe(1);
      }
    }
    await second.page.close();
    // The visitor is still here: one tab of two is closed.
    await write(shop.widget, 'still here');
    await logOf(desk.page).getByText('still here').waitFor();
    expect(await desk.page.getByText('is away from the page').count()).toBe(0);
    await shop.widget.getByRole('button', { name: 'End chat' }).click();
    await shop.widget.getByText('This conversation has ended').waitFor();
  });

  test('[V15] a call stays in its tab, and "Continue here" moves it to the other one', async () => {
    await askForHelp(shop.widget, 'Voice call', 'Grace Hofer');
    await acceptRequest(desk.page);
    await hearRemote(shop.widget, ABOVE_SILENCE);

    const second = await openSecondTab();
    await second.widget.getByText('The call runs in another tab').waitFor();
    expect(await countLiveTracks(second.widget)).toBe(0);
    expect(await countLiveTracks(shop.widget)).toBe(1);

    await second.widget.getByRole('button', { name: 'Continue here' }).click();
    expect(await hearRemote(second.widget, ABOVE_SILENCE)).toBeGreaterThan(ABOVE_SILENCE);
    expect(await hearRemote(desk.page, ABOVE_SILENCE)).toBeGreaterThan(ABOVE_SILENCE);
    await shop.widget.getByText('The call runs in another tab').waitFor();
    await expect.poll(() => countLiveTracks(shop.widget)).toBe(0);
    expect(await countLiveTracks(second.widget)).toBe(1);

    await second.widget.getByRole('button', { name: 'End chat' }).click();
    await shop.widget.getByText('This conversation has ended').waitFor();
    await expect.poll(() => countLiveTracks(second.widget)).toBe(0);
  });

  test('[M15] both sides reload in a call and take their seats again without a question', async () => {
    await askForHelp(shop.widget, 'Voice call', 'Grace Hofer');
    await acceptRequest(desk.page);
    await hearRemote(shop.widget, ABOVE_SILENCE);
    await shop.widget.getByRole('button', { name: 'Mute', exact: true }).click();
    await shop.widget.getByRole('button', { name: 'Unmute' }).waitFor();

    await shop.page.reload();
    expect(await hearRemote(shop.widget, ABOVE_SILENCE)).toBeGreaterThan(ABOVE_SILENCE);
    // Who was muted stays muted.
    await shop.widget.getByRole('button', { name: 'Unmute' }).click();
    expect(await hearRemote(desk.page, ABOVE_SILENCE)).toBeGreaterThan(ABOVE_SILENCE);

    await desk.page.reload();
    expect(await hearRemote(desk.page, ABOVE_SILENCE)).toBeGreaterThan(ABOVE_SILENCE);
    expect(await hearRemote(shop.widget, ABOVE_SILENCE)).toBeGreaterThan(ABOVE_SILENCE);
    await desk.page.getByRole('button', { name: 'End communication' }).click();
    await shop.widget.getByText('This conversation has ended').waitFor();
  });

  test('[A4] a request rings in both tabs of an agent and is gone in both once one has answered', async () => {
    const other = await desk.context.newPage();
    await other.goto(`${world.server.url}/workspace/`);
    await askForHelp(shop.widget, 'Text chat', 'Grace Hofer');
    const ringing = [desk.page, other].map((page) => page.getByRole('dialog', { name: 'Incoming chat request' }));
    for (const dialog of ringing) await dialog.getByText('Grace Hofer').waitFor();
    await acceptRequest(other);
    for (const dialog of ringing) await dialog.waitFor({ state: 'detached' });
    await other.getByRole('button', { name: 'End communication' }).waitFor();
    // The tab that did not answer keeps what it shows and lists the conversation.
    const listed = desk.page.getByRole('region', { name: 'Conversations' }).getByText('Grace Hofer');
    await listed.waitFor();
    await write(shop.widget, 'hello to whoever is there');
    await logOf(other).getByText('hello to whoever is there').waitFor();
    await listed.click();
    await logOf(desk.page).getByText('hello to whoever is there').waitFor();
  });
});
