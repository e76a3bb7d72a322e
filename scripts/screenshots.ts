import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { acceptRequest, askForHelp, launchChromium, openDesk, openShop } from '../tests/_support/browser.ts';
import type { VisitorPage } from '../tests/_support/browser.ts';
import { startServer } from '../tests/_support/start-server.ts';

/** Makes the pictures of the README from the running product: nothing in them is drawn by hand. */
const FOLDER = join(import.meta.dirname, '..', 'docs', 'screenshots');
const RTC_PORT = 45_100;

await mkdir(FOLDER, { recursive: true });
const browser = await launchChromium();
const server = await startServer({ mediaWorkers: 1, rtcPort: RTC_PORT });
try {
  const agent = await server.addAgent({ name: 'Mira Kowalski' });
  const desk = await openDesk(browser, server.url, agent);
  const shop = await openShop(browser, server.url);
  const take = (page: Page, name: string) =>
    page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
  const say = async (where: Page | VisitorPage['widget'], text: string): Promise<void> => {
    await where.getByRole('textbox', { name: 'Message' }).fill(text);
    await where.getByRole('button', { name: 'Send', exact: true }).click();
  };

  await shop.widget.getByRole('button', { name: 'Click for Live Help' }).waitFor();
  await askForHelp(shop.widget, 'Video call', 'Grace Hofer');
  await desk.page.getByRole('dialog', { name: 'Incoming chat request' }).waitFor();
  await take(desk.page, 'workspace-request');
  await acceptRequest(desk.page);
  await desk.page.locator('video[aria-label="Video of Grace Hofer"]').waitFor();
  await shop.widget.locator('video[aria-label="Video of Mira Kowalski"]').waitFor();
  await say(shop.widget, 'Good morning, I cannot finish my order');
  await desk.page.getByRole('log', { name: 'Conversation' }).getByText('I cannot finish').waitFor();
  await say(desk.page, 'Good morning, I am looking into it. Which postcode did you enter?');
  await shop.widget.getByRole('log', { name: 'Conversation' }).getByText('Which postcode').waitFor();
  await take(shop.page, 'widget-call');
  await take(desk.page, 'workspace-call');

  await shop.widget.getByRole('button', { name: 'Hang up' }).click();
  await desk.page.getByRole('button', { name: 'Request co-browsing' }).click();
  await shop.widget.getByRole('button', { name: 'Allow', exact: true }).click();
  const viewer = desk.page.frameLocator('iframe[title^="Shared page"]');
  await viewer.frameLocator('iframe').getByRole('heading').first().waitFor();
  await shop.widget.getByText('with Mira Kowalski').first().waitFor();
  await take(shop.page, 'widget-sharing');
  await take(desk.page, 'workspace-co-browsing');

  await shop.widget.getByRole('button', { name: 'CHANGE SHARING' }).click();
  await shop.widget.getByRole('dialog', { name: 'CHANGE SHARING' }).waitFor();
  await take(shop.page, 'widget-change-sharing');
  await shop.page.keyboard.press('Escape');
  const [own] = await Promise.all([
    shop.context.waitForEvent('page'),
    shop.widget.getByRole('button', { name: 'Open in a window' }).click(),
  ]);
  await own.setViewportSize({ width: 400, height: 680 });
  await own.getByText('with Mira Kowalski').first().waitFor();
  await take(own, 'window-sharing');
  await own.close();
  await shop.widget.getByRole('button', { name: 'END SCREEN SHARE' }).click();

  const laden = await openShop(browser, server.url, { locale: 'de-DE', path: '/demo/startseite.html' });
  await laden.widget.getByRole('button', { name: 'Live-Hilfe' }).click();
  await laden.widget.getByRole('button', { name: 'Text-Chat' }).click();
  await laden.widget.getByRole('textbox', { name: 'Ihr Name' }).fill('Jonas Berg');
  await laden.widget.getByRole('checkbox').check();
  await laden.widget.getByRole('button', { name: 'Starten' }).click();
  await acceptRequest(desk.page);
  await laden.widget.getByRole('textbox', { name: 'Nachricht' }).waitFor();
  await desk.page.getByRole('button', { name: 'Request co-browsing' }).click();
  await laden.widget.getByRole('button', { name: 'Erlauben', exact: true }).waitFor();
  await take(laden.page, 'widget-question-german');
} finally {
  await browser.close();
  await server.close();
}
process.exit(0);
