import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { acceptRequest, askForHelp, launchChromium, openDesk, openShop } from '../_support/browser.ts';
import type { AgentPage, VisitorPage } from '../_support/browser.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import type { TestAgent } from '../_support/test-agents.ts';
import { findBarriers } from './accessibility-probe.ts';

/** The whole line by the names on screen: shop, widget, server, workspace, viewer. */
describe('an agent sees the page of a visitor', () => {
  let browser: Browser;
  let server: TestServer;
  let agent: TestAgent;
  let desk: AgentPage;
  let shop: VisitorPage;

  beforeAll(async () => {
    browser = await launchChromium();
    server = await startServer();
    agent = await server.addAgent({ name: 'Mira Kowalski', chatCap: 50 });
    desk = await openDesk(browser, server.url, agent);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  beforeEach(async () => {
    shop = await openShop(browser, server.url);
    await askForHelp(shop.widget, 'Text chat', 'Grace Hofer');
    await acceptRequest(desk.page);
    await shop.widget.getByRole('textbox', { name: 'Message' }).waitFor();
  });
  afterEach(async () => {
    const end = desk.page.getByRole('button', { name: /End communication|Gespräch beenden/ });
    if (await end.isVisible()) await end.click();
    await shop.context.close();
  });

  const at = (name: string, page: Page = desk.page) => page.getByRole('button', { name, exact: true });
  const visitorButton = (name: string) => shop.widget.getByRole('button', { name, exact: true });
  /** The visitor's page as it is rebuilt at the agent. */
  const copyAt = (page: Page = desk.page): FrameLocator =>
    page.frameLocator('iframe[title^="Shared page"]').frameLocator('.viewer-copy iframe');
  const stage = (page: Page = desk.page) => page.getByRole('region', { name: 'Shared page' });
  const note = (words: string) => desk.page.getByRole('status').getByText(words);

  async function share(): Promise<void> {
    await at('Request co-browsing').click();
    await visitorButton('Allow').click();
    await copyAt().locator('h1').waitFor();
  }
  const setHeading = (words: string): Promise<void> =>
    shop.page.evaluate((text) => {
      const heading = document.querySelector('h1');
      if (heading) heading.textContent = text;
    }, words);
  const allowAsked = (): Promise<void> =>
    shop.widget.getByRole('alertdialog').getByRole('button', { name: 'Allow', exact: true }).click();

  test('[B1] "Request co-browsing", "Allow": the page is there, a change arrives, and END blanks it', async () => {
    await at('Request co-browsing').click();
    await note('Waiting for Grace Hofer to allow co-browsing …').waitFor();
    expect(await at('Request co-browsing').isDisabled()).toBe(true);
    expect(await stage().count()).toBe(0);
    await visitorButton('Allow').click();
    const heading = await shop.page.locator('h1').innerText();
    await expect.poll(() => copyAt().locator('h1').innerText(), { timeout: 10_000 }).toBe(heading);
    const watermark = desk.page.frameLocator('iframe[title^="Shared page"]').locator('.viewer-watermark');
    expect(await watermark.getAttribute('style')).toContain('svg');
    await setHeading('A heading that has just changed');
    await copyAt().getByText('A heading that has just changed').waitFor();

    await visitorButton('END SCREEN SHARE').click();
    await stage().waitFor({ state: 'detached' });
    await note('Grace Hofer has ended sharing.').waitFor();
    expect(await at('Request co-browsing').isEnabled()).toBe(true);
  });

  test('[B1] a "no" and a question taken back are told, and nothing was shown', async () => {
    await at('Request co-browsing').click();
    await visitorButton('Not now').click();
    await note('Grace Hofer does not want to share right now.').waitFor();
    await at('Request co-browsing').click();
    await at('Cancel').click();
    await shop.widget.getByRole('alertdialog').waitFor({ state: 'detached' });
    expect(await stage().count()).toBe(0);
  });

  test('[B2] the agent ends it as well, and the visitor’s banner goes', async () => {
    await share();
    await desk.page
      .getByRole('link', { name: /Grace Hofer/ })
      .first()
      .getByText('Co-browsing')
      .waitFor();
    await at('End sharing').click();
    await stage().waitFor({ state: 'detached' });
    await shop.widget.getByRole('region', { name: 'Sharing' }).waitFor({ state: 'detached' });
  });

  test('[B3] pausing covers the picture and says why, going on brings it back', async () => {
    await share();
    await visitorButton('CHANGE SHARING').click();
    await visitorButton('Pause').click();
    await stage().getByText('Grace Hofer has paused sharing.').waitFor();
    await expect.poll(() => copyAt().locator('h1').count()).toBe(0);
    await visitorButton('Resume').click();
    await copyAt().locator('h1').waitFor();
    await stage().getByText('Grace Hofer has paused sharing.').waitFor({ state: 'detached' });
  });

  test('[B3] "only this part" leaves the part alone on the agent’s side, and says so', async () => {
    await share();
    await visitorButton('CHANGE SHARING').click();
    await visitorButton('Only this part …').click();
    const box = await shop.page.locator('h1').boundingBox();
    if (!box) throw new Error('The heading is not on the screen.');
    await shop.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await shop.page.mouse.down();
    await shop.page.mouse.up();
    await stage().getByText('Only a part of the page').waitFor();
    await expect.poll(() => copyAt().locator('h1').innerText()).toBe(await shop.page.locator('h1').innerText());
    const outside = await shop.page.locator('h2').first().innerText();
    expect(await copyAt().getByText(outside).count()).toBe(0);
  });

  test('[B5] a second page of the agent that comes late sees the same, and each lets go on its own', async () => {
    await share();
    await setHeading('Written before the second one came');
    await copyAt().getByText('Written before the second one came').waitFor();
    const second = await desk.context.newPage();
    await second.goto(desk.page.url());
    await copyAt(second).getByText('Written before the second one came').waitFor();
    await setHeading('Written for both');
    await copyAt(second).getByText('Written for both').waitFor();
    await copyAt().getByText('Written for both').waitFor();
    await second.close();
    await setHeading('Written for the first alone');
    await copyAt().getByText('Written for the first alone').waitFor();
  });

  test('[B5] what opens on the visitor’s page takes no key from the agent who is typing', async () => {
    await share();
    const message = desk.page.getByRole('textbox', { name: 'Message' });
    await message.click();
    await desk.page.keyboard.type('Please lo');
    await shop.page.evaluate(() => {
      const add = (html: string): HTMLDialogElement => {
        const dialog = document.body.appendChild(document.createElement('dialog'));
        dialog.innerHTML = html;
        return dialog;
      };
      add('<p>A question</p><button>Yes</button><input autofocus>').showModal();
      const note = add('<p>A note</p><button>Well</button>');
      note.popover = 'manual';
      note.showPopover();
    });
    await copyAt().getByText('A question').waitFor();
    await copyAt().getByText('A note').waitFor();
    await desk.page.keyboard.type('ok at the price');
    expect(await message.inputValue()).toBe('Please look at the price');
    await message.fill('');
  });

  test('[B5] who looks at another conversation does not watch, and comes back to the page as it is', async () => {
    await share();
    await shop.widget.getByText('Mira Kowalski').first().waitFor();
    await desk.page.getByRole('link', { name: 'Communication Queue' }).click();
    await stage().waitFor({ state: 'detached' });
    await shop.widget.getByText('Nobody is looking right now').first().waitFor();
    await setHeading('Written while nobody looked');
    await desk.page.goBack();
    await copyAt().getByText('Written while nobody looked').waitFor();
  });

  test('[B5] a lost connection of the agent comes back to the page as it is by then', async () => {
    await share();
    await desk.context.setOffline(true);
    await setHeading('Written while the line was away');
    await desk.context.setOffline(false);
    await copyAt().getByText('Written while the line was away').waitFor();
  });

  test('[B8] the picture follows to the next page and to another tab, and a tab can be chosen', async () => {
    await share();
    await shop.page.goto(`${server.url}/demo/basket.html`);
    await copyAt().getByText('Your basket is empty').first().waitFor();
    const other = await shop.context.newPage();
    await other.goto(`${server.url}/demo/privacy.html`);
    const words = (await other.locator('h1').innerText()).trim();
    await copyAt().getByText(words).first().waitFor();
    await stage()
      .getByRole('button', { name: /basket/ })
      .click();
    await copyAt().getByText('Your basket is empty').first().waitFor();
    await at('Follow Grace Hofer').click();
    await copyAt().getByText(words).first().waitFor();
    await other.close();
  });

  test('[B7] permissions are asked for one by one, and a tool without its own says so', async () => {
    await share();
    const act = stage().getByRole('button', { name: 'Act on the page' });
    await act.focus();
    await desk.page.keyboard.press('Enter');
    await stage().getByText('Grace Hofer has not allowed this yet.').waitFor();
    await at('Permissions').click();
    await at('Ask for scrolling').click();
    await desk.page.getByText('Asked …').waitFor();
    await allowAsked();
    await desk.page.getByText(/Allowed until/).waitFor();
    await desk.page.keyboard.press('Escape');
    await act.click();
    await expect.poll(() => act.getAttribute('aria-pressed')).toBe('true');
    await visitorButton('CHANGE SHARING').click();
    await visitorButton('Take back: scroll').click();
    await expect.poll(() => act.getAttribute('aria-pressed')).toBe('false');
  });

  test('[B7] a click of the agent on the picture happens on the visitor’s page', async () => {
    await share();
    await at('Permissions').click();
    await at('Ask for clicking and typing').click();
    await allowAsked();
    await desk.page.getByText(/Allowed until/).waitFor();
    await desk.page.keyboard.press('Escape');
    await stage().getByRole('button', { name: 'Act on the page' }).click();
    const link = await copyAt().getByRole('link', { name: 'Workshop', includeHidden: true }).first().boundingBox();
    if (!link) throw new Error('The link is not on the agent’s screen.');
    await desk.page.mouse.click(link.x + link.width / 2, link.y + link.height / 2);
    await shop.page.waitForURL(/workshop/);
    await expect
      .poll(() => copyAt().locator('h1').innerText(), { timeout: 10_000 })
      .toBe(await shop.page.locator('h1').innerText());
  });

  test('[A11] the stage can be used by everybody, and in German', async () => {
    await share();
    expect(await findBarriers(desk.page)).toEqual([]);
    const german = await openDesk(browser, server.url, agent, { locale: 'de-DE' });
    await german.page
      .getByRole('link', { name: /Grace Hofer/ })
      .first()
      .click();
    await german.page.getByRole('region', { name: 'Gezeigte Seite' }).waitFor();
    await german.page
      .frameLocator('iframe[title^="Gezeigte Seite"]')
      .frameLocator('.viewer-copy iframe')
      .locator('h1')
      .waitFor();
    await german.page.getByRole('button', { name: 'Erlaubnisse' }).click();
    await german.page.getByRole('button', { name: 'Um Scrollen bitten' }).waitFor();
    await german.context.close();
  });
});
