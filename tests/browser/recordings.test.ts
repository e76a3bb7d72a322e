import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { acceptRequest, askForHelp, launchChromium, openDesk, openShop } from '../_support/browser.ts';
import type { AgentPage, VisitorPage } from '../_support/browser.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import type { TestAgent } from '../_support/test-agents.ts';
import { findBarriers } from './accessibility-probe.ts';

/** A session in the demo shop that is recorded, and then played, by the names on screen. */
describe('a recorded session', () => {
  let browser: Browser;
  let server: TestServer;
  let agent: TestAgent;
  let desk: AgentPage;
  let shop: VisitorPage;

  const visitorButton = (name: string) => shop.widget.getByRole('button', { name, exact: true });
  const pageIn = (title: string, page: Page = desk.page) =>
    page.frameLocator(`iframe[title^="${title}"]`).frameLocator('.viewer-copy iframe');
  const live = () => pageIn('Shared page');
  const played = (page?: Page) => pageIn('Recorded page', page);
  const dialog = (page: Page = desk.page) => page.getByRole('dialog', { name: /^(Recording of|Aufzeichnung von)/ });
  const slider = () => dialog().getByRole('slider', { name: 'Place in the recording' });
  const place = async (): Promise<number> => Number(await slider().inputValue());
  /** Whether anything is drawn over the page that is played. */
  const isDrawnOn = (): Promise<boolean> =>
    desk.page
      .frameLocator('iframe[title^="Recorded page"]')
      .locator('.viewer-marks')
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return data.some((value) => value !== 0);
      });
  const open = async (): Promise<void> => {
    await desk.page.getByRole('button', { name: /^Play the recording from/ }).click();
    await played().locator('h1').first().waitFor();
  };
  const close = async (): Promise<void> => {
    await desk.page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
  };

  beforeAll(async () => {
    browser = await launchChromium();
    server = await startServer({ sites: [{ key: 'demo', name: 'Demo shop', coBrowse: { recording: 'ask' } }] });
    agent = await server.addAgent({ name: 'Mira Kowalski', chatCap: 50 });
    desk = await openDesk(browser, server.url, agent);
    shop = await openShop(browser, server.url);
    await askForHelp(shop.widget, 'Text chat', 'Grace Hofer');
    await acceptRequest(desk.page);
    await desk.page.getByRole('button', { name: 'Request co-browsing', exact: true }).click();
    await shop.widget.getByRole('checkbox', { name: 'This may be recorded' }).check();
    await visitorButton('Allow').click();
    await live().locator('h1').waitFor();
    await shop.widget.getByText('Being recorded').first().waitFor();
    await visitorButton('Minimize').click();
    await shop.widget.getByRole('button', { name: 'Click for Live Help' }).waitFor();
    await shop.widget.getByText('Being recorded').filter({ visible: true }).waitFor();
    await shop.widget.getByRole('button', { name: 'Click for Live Help' }).click();
    await desk.page.getByRole('region', { name: 'Shared page' }).getByText('Recorded').waitFor();
    await shop.page.evaluate(() => {
      const heading = document.querySelector('h1');
      if (heading) heading.textContent = 'Said while it was recorded';
    });
    await live().getByText('Said while it was recorded').waitFor();
    await desk.page
      .getByRole('region', { name: 'Shared page' })
      .getByRole('button', { name: 'Draw', exact: true })
      .click();
    const heading = (await live().locator('h1').boundingBox())!;
    await desk.page.mouse.move(heading.x, heading.y);
    await desk.page.mouse.down();
    await desk.page.mouse.move(heading.x + heading.width, heading.y + heading.height, { steps: 12 });
    await desk.page.mouse.up();
    // What is drawn has reached the server before what is said after it.
    await desk.page.getByRole('textbox', { name: 'Message' }).fill('I have drawn on it');
    await desk.page.getByRole('button', { name: 'Send', exact: true }).click();
    await shop.widget.getByText('I have drawn on it').waitFor();
    await shop.page.goto(`${server.url}/demo/basket.html`);
    await live().getByText('Your basket is empty').first().waitFor();
    await visitorButton('CHANGE SHARING').click();
    await visitorButton('Pause').click();
    await visitorButton('Resume').click();
    await live().getByText('Your basket is empty').first().waitFor();
    await visitorButton('END SCREEN SHARE').click();
    await desk.page.getByRole('button', { name: /^Play the recording from/ }).waitFor();
  }, 180_000);
  afterEach(async () => {
    if (await dialog().isVisible()) await close();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  test('[B10] it is played as it was seen, at another speed and to its end', async () => {
    await open();
    await dialog().getByRole('combobox', { name: 'Speed' }).selectOption('8');
    await dialog().getByRole('button', { name: 'Play', exact: true }).click();
    await played().getByText('Your basket is empty').first().waitFor();
    await dialog().getByRole('button', { name: 'Play', exact: true }).waitFor();
    expect(await place()).toBe(Number(await slider().getAttribute('max')));
    await close();
  });

  test('[SH51] what the agent drew is drawn again in its time, and is not there where the recording begins', async () => {
    await open();
    expect(await isDrawnOn()).toBe(false);
    await dialog().getByRole('button', { name: 'Play', exact: true }).click();
    await expect.poll(isDrawnOn).toBe(true);
    await dialog().getByRole('button', { name: 'Pause', exact: true }).click();
    await slider().focus();
    await desk.page.keyboard.press('Home');
    await expect.poll(isDrawnOn).toBe(false);
    await close();
  });

  test('[B10] seeking goes forward and back, by the slider, the keys and the list', async () => {
    await open();
    await desk.page.keyboard.press('ArrowRight');
    const length = Number(await slider().getAttribute('max'));
    await expect.poll(place).toBe(Math.min(5_000, length));
    await desk.page.keyboard.press('ArrowLeft');
    await expect.poll(place).toBe(0);
    await slider().focus();
    await desk.page.keyboard.press('End');
    await played().getByText('Your basket is empty').first().waitFor();
    await desk.page.keyboard.press('Home');
    await played().getByRole('heading', { level: 1, includeHidden: true }).first().waitFor();
    await expect.poll(() => played().getByText('Your basket is empty').count()).toBe(0);
    await dialog()
      .getByRole('listitem')
      .filter({ hasText: /^[\d:]+Opened “Your basket/ })
      .first()
      .getByRole('button', { name: /^Go to/ })
      .click();
    await played().getByText('Your basket is empty').first().waitFor();
    await close();
  });

  test('[B10] the space bar plays and pauses, and idle time is passed over or not', async () => {
    await open();
    const skip = dialog().getByRole('switch', { name: 'Skip idle time' });
    expect(await skip.isChecked()).toBe(true);
    await skip.click();
    expect(await skip.isChecked()).toBe(false);
    await slider().focus();
    await desk.page.keyboard.press(' ');
    await dialog().getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await expect.poll(place).toBeGreaterThan(100);
    await desk.page.keyboard.press(' ');
    await dialog().getByRole('button', { name: 'Play', exact: true }).waitFor();
    await close();
  });

  test('[B12] what happened stands beside it and by itself, in plain sentences', async () => {
    await open();
    const beside = dialog().getByRole('complementary', { name: 'What happened while sharing' });
    await beside.getByText('Grace Hofer allowed it: the whole page, with a recording.').waitFor();
    await beside.getByText('Grace Hofer paused sharing.').waitFor();
    await beside.getByText('Mira Kowalski played the recording.').first().waitFor();
    await close();
    await desk.page.getByRole('button', { name: 'Show what happened' }).click();
    const history = desk.page.getByRole('dialog', { name: 'What happened while sharing' });
    await history.getByText('Grace Hofer ended sharing.').waitFor();
    // Today needs no date.
    expect(await history.getByRole('listitem').last().getByRole('time').textContent()).toMatch(/^\d\d:\d\d$/);
    await history.getByRole('button', { name: 'Close' }).click();
  });

  test('[B10] it stays on the screen when the window becomes narrow, as a turned tablet does', async () => {
    await open();
    await desk.page.setViewportSize({ width: 800, height: 1280 });
    await dialog().getByRole('slider', { name: 'Place in the recording' }).waitFor();
    await close();
    await desk.page.setViewportSize({ width: 1440, height: 900 });
  });

  test('[A11] it can be used by everybody, in German and on a phone', async () => {
    await open();
    expect(await findBarriers(desk.page)).toEqual([]);
    await close();
    const phone = await openDesk(browser, server.url, agent, {
      locale: 'de-DE',
      viewport: { width: 390, height: 844 },
    });
    await phone.page.getByRole('link', { name: /Grace Hofer/ }).click();
    await phone.page.getByRole('button', { name: 'Details' }).click();
    await phone.page.getByRole('button', { name: /^Aufzeichnung von .* abspielen/ }).click();
    await pageIn('Aufgezeichnete Seite', phone.page).locator('h1').first().waitFor();
    await dialog(phone.page).getByRole('switch', { name: 'Leerlauf überspringen' }).waitFor();
    const width = await phone.page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
    await phone.context.close();
  });
});
