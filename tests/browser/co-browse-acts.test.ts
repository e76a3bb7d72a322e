import type { Browser, FrameLocator, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { acceptRequest, askForHelp, launchChromium, openDesk, openShop } from '../_support/browser.ts';
import type { AgentPage, VisitorPage } from '../_support/browser.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';

/** The whole way to the visitor and back. */
const SOON = { timeout: 15_000 };
const GRANTS = {
  scroll: { ask: 'Ask for scrolling', takeBack: 'Take back: scroll' },
  act: { ask: 'Ask for clicking and typing', takeBack: 'Take back: click and type' },
  navigate: { ask: 'Ask for opening pages', takeBack: 'Take back: change the page' },
};

/** Workspace, server, widget, recorder and shop together, by the names on screen. */
describe('an agent acts on the page of a visitor', () => {
  let browser: Browser;
  let server: TestServer;
  let desk: AgentPage;
  let shop: VisitorPage;

  beforeAll(async () => {
    browser = await launchChromium();
    server = await startServer();
    desk = await openDesk(browser, server.url, await server.addAgent({ name: 'Mira Kowalski', chatCap: 50 }));
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  beforeEach(async () => {
    shop = await openShop(browser, server.url);
  });
  afterEach(async () => {
    const end = desk.page.getByRole('button', { name: 'End communication' });
    if (await end.isVisible()) await end.click();
    await shop.context.close();
  });

  const stage = (): Locator => desk.page.getByRole('region', { name: 'Shared page' });
  const viewer = (): FrameLocator => desk.page.frameLocator('iframe[title^="Shared page"]');
  const copy = (): FrameLocator => viewer().frameLocator('.viewer-copy iframe');
  const actTool = (): Locator => stage().getByRole('button', { name: 'Act on the page' });
  const visitorButton = (name: string): Locator => shop.widget.getByRole('button', { name, exact: true });
  const says = (words: string): Promise<void> => stage().getByText(words).waitFor();
  const typed = (): Locator => viewer().getByRole('textbox', { name: 'Text for the field of the visitor' });

  /** The visitor opens this page of the shop and shares it. */
  async function shareFrom(path: string): Promise<void> {
    await shop.page.goto(`${server.url}/demo/${path}`);
    await askForHelp(shop.widget, 'Text chat', 'Grace Hofer');
    await acceptRequest(desk.page);
    await desk.page.getByRole('button', { name: 'Request co-browsing' }).click();
    await visitorButton('Allow').click();
    await copy().locator('h1').first().waitFor();
  }

  async function askFor(grant: keyof typeof GRANTS): Promise<void> {
    await desk.page.getByRole('button', { name: 'Permissions', exact: true }).click();
    await desk.page.getByRole('button', { name: GRANTS[grant].ask }).click();
    await desk.page.getByText('Asked …').waitFor();
    await desk.page.keyboard.press('Escape');
  }
  async function answer(words: 'Allow' | 'Not now'): Promise<void> {
    await shop.widget.getByRole('alertdialog').getByRole('button', { name: words, exact: true }).click();
  }
  async function getGrant(grant: keyof typeof GRANTS): Promise<void> {
    await askFor(grant);
    await answer('Allow');
    await shop.widget.getByRole('alertdialog').waitFor({ state: 'detached' });
  }
  async function takeBack(grant: keyof typeof GRANTS): Promise<void> {
    await visitorButton('CHANGE SHARING').click();
    await visitorButton(GRANTS[grant].takeBack).click();
  }
  async function chooseActTool(): Promise<void> {
    await expect
      .poll(async () => {
        await actTool().click();
        return actTool().getAttribute('aria-pressed');
      }, SOON)
      .toBe('true');
  }

  /** A press of the mouse on the agent's screen where this stands in the picture. */
  async function clickAt(target: Locator): Promise<void> {
    const box = await target.boundingBox();
    if (!box) throw new Error('It is not on the agent’s screen.');
    await desk.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  }

  test('[B7] typing needs the visitor’s yes, arrives as if typed there, and a private field stays closed', async () => {
    await shareFrom('checkout.html');
    await actTool().focus();
    await desk.page.keyboard.press('Enter');
    await says('Grace Hofer has not allowed this yet.');
    await askFor('act');
    await answer('Not now');
    await shop.widget.getByRole('alertdialog').waitFor({ state: 'detached' });
    await actTool().focus();
    await desk.page.keyboard.press('Enter');
    expect(await actTool().getAttribute('aria-pressed')).toBe('false');

    await getGrant('act');
    await chooseActTool();
    // A label stands for its field here as well.
    await clickAt(copy().getByText('Postcode', { exact: true }));
    await typed().fill('2660');
    await expect.poll(() => shop.page.getByLabel('Postcode').inputValue(), SOON).toBe('2660');
    await shop.widget.getByText('Mira Kowalski filled in “Postcode”').waitFor();
    await expect.poll(() => copy().getByLabel('Postcode').inputValue(), SOON).toBe('2660');
    // The shop checks a field when somebody leaves it.
    await typed().press('Tab');
    await shop.page.getByText('A German postcode has five digits').waitFor();

    // Not even the name of a private field is sent, so its label leads nowhere here.
    expect(await copy().getByLabel('Card number').count()).toBe(0);
    await clickAt(copy().getByText('Card number', { exact: true }).locator('xpath=following-sibling::input'));
    await says('Grace Hofer keeps this private.');
    if ((await typed().count()) > 0) await typed().fill('4111111111111111');
    await says('Grace Hofer keeps this private.');
    expect(await shop.page.getByLabel('Card number').inputValue()).toBe('');
  });

  test('[B7] what is being typed when the visitor takes the permission back goes nowhere', async () => {
    await shareFrom('checkout.html');
    await getGrant('act');
    await chooseActTool();
    await clickAt(copy().getByLabel('Street and number'));
    await typed().fill('Kiln Lane 4');
    await expect.poll(() => shop.page.getByLabel('Street and number').inputValue(), SOON).toBe('Kiln Lane 4');
    await takeBack('act');
    await typed().waitFor({ state: 'detached' });
    expect(await actTool().getAttribute('aria-pressed')).toBe('false');
    await clickAt(copy().getByLabel('City'));
    await desk.page.keyboard.type('Emden');
    await actTool().focus();
    await desk.page.keyboard.press('Enter');
    await says('Grace Hofer has not allowed this yet.');
    expect(await shop.page.getByLabel('Street and number').inputValue()).toBe('Kiln Lane 4');
    expect(await shop.page.getByLabel('City').inputValue()).toBe('');
  });

  test('[B7] a choice is made at the visitor with what the shop does then, and not after it was taken back', async () => {
    await shareFrom('product.html?item=cup');
    await shop.page.getByRole('button', { name: 'Add to basket' }).click();
    await shop.page.goto(`${server.url}/demo/basket.html`);
    const count = shop.page.getByRole('combobox', { name: 'Quantity: Dune cup' });
    const price = shop.page.locator('[data-shop="sum-goods"]');
    await copy().getByRole('combobox', { name: 'Quantity: Dune cup', includeHidden: true }).waitFor();
    const choice = viewer().getByRole('combobox', { name: 'Choice for the visitor' });
    const shownCount = copy().locator('select');

    await getGrant('act');
    await chooseActTool();
    await clickAt(shownCount);
    await choice.selectOption('3');
    await expect.poll(() => count.inputValue(), SOON).toBe('3');
    await expect.poll(() => price.innerText(), SOON).toContain('72');
    await shop.widget.getByText('Mira Kowalski filled in “Quantity: Dune cup”').waitFor();
    await expect.poll(() => shownCount.inputValue(), SOON).toBe('3');

    await clickAt(shownCount);
    await choice.waitFor();
    await takeBack('act');
    await choice.waitFor({ state: 'detached' });
    await clickAt(shownCount);
    expect(await choice.count()).toBe(0);
    expect(await count.inputValue()).toBe('3');
  });

  test('[B7] the wheel scrolls the visitor’s page with its own permission alone, and no more without', async () => {
    await shareFrom('');
    const top = (): Promise<number> => shop.page.evaluate(() => scrollY);
    const wheel = async (by: number): Promise<void> => {
      const box = await stage().locator('iframe').boundingBox();
      if (!box) throw new Error('There is no picture.');
      await desk.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await desk.page.mouse.wheel(0, by);
    };
    await getGrant('act');
    await chooseActTool();
    await wheel(400);
    await viewer().getByText('The visitor has not allowed this.').first().waitFor();
    expect(await top()).toBe(0);

    await getGrant('scroll');
    await wheel(300);
    await expect.poll(top, SOON).toBeGreaterThan(100);
    await shop.widget.getByText('Mira Kowalski scrolled the page').waitFor();
    await takeBack('scroll');
    await expect.poll(() => shop.widget.getByRole('button', { name: GRANTS.scroll.takeBack }).count(), SOON).toBe(0);
    const before = await top();
    await wheel(300);
    await viewer().getByText('The visitor has not allowed this.').first().waitFor();
    expect(await top()).toBe(before);
  });

  test('[B7] with scrolling alone, a click is refused and nothing happens at the visitor', async () => {
    await shareFrom('');
    await getGrant('scroll');
    await chooseActTool();
    await clickAt(copy().getByRole('link', { name: 'Workshop', includeHidden: true }).first());
    await viewer().getByText('The visitor has not allowed this.').first().waitFor();
    expect(new URL(shop.page.url()).hash).toBe('');
  });

  test('[B7] a page is opened after the visitor said yes to this very address, and not after a no', async () => {
    await shareFrom('');
    const address = stage().getByRole('textbox', { name: 'Page to open for Grace Hofer' });
    const open = stage().getByRole('button', { name: 'Open', exact: true });
    expect(await address.count()).toBe(0);
    await getGrant('navigate');
    await address.fill('basket.html');
    await open.click();
    const card = shop.widget.getByRole('alertdialog', { name: 'Mira Kowalski would like to open a page' });
    await card.getByText(`${server.url}/demo/basket.html`).waitFor();
    await says('Waiting for Grace Hofer to agree to the other page …');
    await answer('Not now');
    await says('Grace Hofer said no.');
    expect(new URL(shop.page.url()).pathname).toBe('/demo/');

    await address.fill('basket.html');
    await open.click();
    await card.waitFor();
    await answer('Allow');
    await shop.page.waitForURL('**/demo/basket.html');
    await copy().getByText('Your basket is empty').first().waitFor();
    await stage().getByRole('button', { name: 'Back on the visitor’s page' }).click();
    await shop.page.waitForURL('**/demo/');
    await copy().getByRole('link', { name: 'Workshop', includeHidden: true }).first().waitFor();
  });

  test('[B7] a page that is asked for when the permission is taken back is not opened any more', async () => {
    await shareFrom('');
    await getGrant('navigate');
    const address = stage().getByRole('textbox', { name: 'Page to open for Grace Hofer' });
    await address.fill('privacy.html');
    await stage().getByRole('button', { name: 'Open', exact: true }).click();
    const card = shop.widget.getByRole('alertdialog', { name: 'Mira Kowalski would like to open a page' });
    await card.waitFor();
    await takeBack('navigate');
    await card.waitFor({ state: 'detached' });
    await address.waitFor({ state: 'detached' });
    await expect
      .poll(() => stage().getByText('Waiting for Grace Hofer to agree to the other page …').count(), SOON)
      .toBe(0);
    expect(new URL(shop.page.url()).pathname).toBe('/demo/');
  });

  test('[B7] the agent’s address that is none is refused at once, and never asked of the visitor', async () => {
    await shareFrom('');
    await getGrant('navigate');
    await stage().getByRole('textbox', { name: 'Page to open for Grace Hofer' }).fill('javascript:alert(1)');
    await stage().getByRole('button', { name: 'Open', exact: true }).click();
    await says('That cannot be done there.');
    expect(await shop.widget.getByRole('alertdialog').count()).toBe(0);
  });
});
