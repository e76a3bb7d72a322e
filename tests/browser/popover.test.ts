import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium, openDesk } from '../_support/browser.ts';
import type { AgentPage } from '../_support/browser.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';

let browser: Browser;
let server: TestServer;
let desk: AgentPage;

beforeAll(async () => {
  browser = await launchChromium();
  server = await startServer();
  desk = await openDesk(browser, server.url, await server.addAgent({ name: 'Ada Lind' }));
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

const menu = () => desk.page.getByRole('menu', { name: 'Status' });
const trigger = () => desk.page.getByRole('button', { name: /^Status/ });

test('[A11] a menu opens again at once after it was closed, by the mouse and by the keyboard', async () => {
  await trigger().click();
  await menu().waitFor();
  // Both in one task: no moment is left for the browser to tell that it has closed.
  await desk.page.keyboard.press('Escape');
  await trigger().evaluate((button: HTMLButtonElement) => button.click());
  await menu().waitFor();
  expect(await trigger().getAttribute('aria-expanded')).toBe('true');
  await desk.page.keyboard.press('Escape');
  await desk.page.keyboard.press('Enter');
  await menu().waitFor();
});

test('[A11] a press on the button of an open menu closes it and leaves it closed', async () => {
  if (!(await menu().isVisible())) await trigger().click();
  await menu().waitFor();
  await trigger().click();
  await menu().waitFor({ state: 'hidden' });
  await desk.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  expect(await menu().isVisible()).toBe(false);
  await trigger().click();
  await menu().waitFor();
  await desk.page.keyboard.press('Escape');
  await menu().waitFor({ state: 'hidden' });
  expect(await trigger().evaluate((button) => button === document.activeElement)).toBe(true);
});
