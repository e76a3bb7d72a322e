import type { Browser, BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { acceptRequest, askForHelp, launchChromium, openDesk, openShop, toWidget } from '../_support/browser.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';

const PHONE = { width: 390, height: 844 };
/** What is left of it above the keyboard. */
const PHONE_WITH_KEYBOARD = { width: 390, height: 470 };
const FINGER_PX = 44;
const RTC_PORT = 44_180;

describe('on a phone', () => {
  let browser: Browser;
  let server: TestServer;
  let contexts: BrowserContext[];

  beforeAll(async () => {
    browser = await launchChromium();
    server = await startServer({ mediaWorkers: 1, rtcPort: RTC_PORT });
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  beforeEach(() => {
    contexts = [];
  });
  afterEach(async () => {
    for (const context of contexts) await context.close();
  });

  /** A finger instead of a pointer, so that the page's own rules for touch hold. */
  async function openPhone(path: string): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', viewport: PHONE, isMobile: true, hasTouch: true });
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(server.url + path);
    return page;
  }

  const overflowOf = (where: Page | FrameLocator) =>
    where.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth);

  /** In the visible part of the screen, and nothing lies over it. */
  async function expectReachable(page: Page, control: Locator): Promise<void> {
    const isFree = () =>
      control.evaluate((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const hit = document.elementFromPoint(left + width / 2, top + height / 2);
        return hit !== null && (element.contains(hit) || hit.contains(element));
      });
    await expect.poll(isFree).toBe(true);
    const box = await control.boundingBox();
    const screen = page.viewportSize();
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(screen?.height ?? 0);
  }

  /** Controls in sight that a finger would miss: touched half its width beside the middle, something else answers. */
  const smallTargets = (where: Page | FrameLocator) =>
    where.locator('body').evaluate(
      (body, reach) => {
        const answers = (control: Element, x: number, y: number) => {
          const hit = document.elementFromPoint(x, y);
          return hit !== null && control.contains(hit);
        };
        return [...body.querySelectorAll<HTMLElement>('button, input, textarea, select')].flatMap((named) => {
          const control = named.closest('label') ?? named;
          const { left, top, width, height } = control.getBoundingClientRect();
          const [x, y] = [left + width / 2, top + height / 2];
          if (!answers(control, x, y)) return [];
          const around = [
            [x - reach, y],
            [x + reach, y],
            [x, y - reach],
            [x, y + reach],
          ] as const;
          const isLarge = around.every(([touchX, touchY]) => answers(control, touchX, touchY));
          return isLarge ? [] : [`${named.ariaLabel ?? control.innerText} ${width}×${height}`];
        });
      },
      FINGER_PX / 2 - 1,
    );

  test('[A11] the widget fills the screen in every state, nothing is covered and nothing scrolls sideways', async () => {
    const desk = await openDesk(browser, server.url, await server.addAgent({ name: 'Ada Lind' }));
    contexts.push(desk.context);
    const page = await openPhone('/demo/');
    const widget = toWidget(page);
    await widget.getByRole('button', { name: 'Click for Live Help' }).click();
    const panel = widget.getByRole('dialog', { name: 'Live help' });
    await expect
      .poll(() => page.locator('iframe[title="Live help"]').boundingBox())
      .toEqual({ x: 0, y: 0, width: PHONE.width, height: PHONE.height });
    await expect
      .poll(() => panel.evaluate((element) => [element.clientWidth, element.clientHeight]))
      .toEqual([PHONE.width, PHONE.height]);
    const expectFits = async () => {
      expect(await overflowOf(widget)).toBe(0);
      expect(await overflowOf(page)).toBe(0);
      expect(await smallTargets(widget)).toEqual([]);
    };
    await widget.getByRole('button', { name: 'Text chat' }).waitFor();
    await expectFits();

    await widget.getByRole('button', { name: 'Text chat' }).click();
    const start = widget.getByRole('button', { name: 'Start', exact: true });
    await start.click();
    await widget.getByText('Please tell us your name.').waitFor();
    await expectReachable(page, start);
    await expectFits();
    await widget.getByRole('textbox', { name: 'Your name' }).fill('Grace Hofer');
    await widget.getByRole('checkbox', { name: 'I agree to the processing of my data' }).check();
    await start.click();
    await widget.getByRole('heading', { name: 'Routing your call…' }).waitFor();
    await expectReachable(page, widget.getByRole('textbox', { name: 'Message' }));
    await expectFits();

    await acceptRequest(desk.page);
    await widget.getByRole('button', { name: 'End chat' }).waitFor();
    const message = widget.getByRole('textbox', { name: 'Message' });
    const send = widget.getByRole('button', { name: 'Send', exact: true });
    await message.fill('https://example.org/' + 'a-very-long-address/'.repeat(12));
    await expectReachable(page, send);
    await send.click();
    await widget.getByRole('log', { name: 'Conversation' }).getByRole('link').waitFor();
    await expectFits();
    // The keyboard takes half of the screen.
    await page.setViewportSize(PHONE_WITH_KEYBOARD);
    await expectReachable(page, message);
    await expectReachable(page, send);
    await expectReachable(page, widget.getByRole('button', { name: 'End chat' }));
    expect(await overflowOf(widget)).toBe(0);
    await page.setViewportSize(PHONE);
    await widget.getByRole('button', { name: 'Minimize' }).click();
    await widget.getByRole('button', { name: 'Click for Live Help' }).waitFor();
    expect(await overflowOf(page)).toBe(0);
  });

  test('[A11] an agent accepts, answers and goes back to the list with one thumb', async () => {
    const agent = await server.addAgent({ name: 'Ada Lind' });
    const page = await openPhone('/workspace/');
    await page.getByRole('textbox', { name: 'E-mail' }).fill(agent.email);
    await page.getByRole('textbox', { name: 'Password' }).fill(agent.password);
    expect(await smallTargets(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sign in' }).click();
    const liveHelp = page.getByRole('switch', { name: 'Live Help' });
    await liveHelp.waitFor();
    if (!(await liveHelp.isChecked())) await liveHelp.click();
    expect(await overflowOf(page)).toBe(0);

    const shop = await openShop(browser, server.url);
    contexts.push(shop.context);
    await askForHelp(shop.widget, 'Text chat', 'Grace Hofer');
    const request = page.getByRole('dialog', { name: 'Incoming chat request' });
    await request.waitFor();
    for (const answer of ['Accept', 'Queue', 'Decline']) {
      await expectReachable(page, request.getByRole('button', { name: answer, exact: true }));
    }
    expect(await overflowOf(page)).toBe(0);
    expect(await smallTargets(page)).toEqual([]);
    await acceptRequest(page);

    const message = page.getByRole('textbox', { name: 'Message' });
    await message.fill('Hello from my phone');
    await expectReachable(page, page.getByRole('button', { name: 'End communication' }));
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await shop.widget.getByRole('log', { name: 'Conversation' }).getByText('Hello from my phone').waitFor();
    expect(await overflowOf(page)).toBe(0);
    expect(await smallTargets(page)).toEqual([]);
    await page.setViewportSize(PHONE_WITH_KEYBOARD);
    await expectReachable(page, message);
    await page.setViewportSize(PHONE);

    await page.getByRole('button', { name: 'Back to the conversations' }).click();
    const listed = page.getByRole('region', { name: 'Conversations' }).getByText('Grace Hofer');
    await listed.waitFor();
    expect(await message.isVisible()).toBe(false);
    await listed.click();
    await message.waitFor();
    await page.getByRole('button', { name: 'End communication' }).click();
    await shop.widget.getByText('This conversation has ended').waitFor();
  });

  test('[M3] a call that the agent proposes rings at the minimised button, after a reload too, and is answered there', async () => {
    const agent = await server.addAgent({ name: 'Ida Lund' });
    const desk = await openDesk(browser, server.url, agent);
    contexts.push(desk.context);
    const page = await openPhone('/demo/');
    const widget = toWidget(page);
    await askForHelp(widget, 'Text chat', 'Grace Hofer');
    await acceptRequest(desk.page);
    await widget.getByRole('button', { name: 'Minimize' }).click();
    await desk.page.getByRole('button', { name: 'Voice call' }).click();

    const question = widget.getByRole('alertdialog', { name: 'Voice call from Ida Lund' });
    await question.waitFor();
    expect(await widget.getByRole('alert').getByText('Voice call from Ida Lund').count()).toBe(1);
    await page.reload();
    await question.waitFor();
    for (const name of ['Accept', 'Decline']) {
      const control = question.getByRole('button', { name, exact: true });
      await expectReachable(page, control);
      const box = await control.boundingBox();
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(PHONE.width);
    }
    await question.getByRole('button', { name: 'Decline' }).click();
    await question.waitFor({ state: 'detached' });
    await desk.page
      .getByRole('log', { name: 'Conversation' })
      .getByText(/declined/i)
      .waitFor();

    await desk.page.getByRole('button', { name: 'Video call' }).click();
    await widget
      .getByRole('alertdialog', { name: 'Video call from Ida Lund' })
      .getByRole('button', { name: 'Accept', exact: true })
      .click();
    await widget.getByRole('dialog', { name: 'Live help' }).waitFor();
    await desk.page.getByRole('switch', { name: 'Live Help' }).click();
  });

  test('[C1] Enter of the touch keyboard makes a line, and "Send" sends all of them', async () => {
    const desk = await openDesk(browser, server.url, await server.addAgent({ name: 'Ole Berg' }));
    contexts.push(desk.context);
    const page = await openPhone('/demo/');
    const widget = toWidget(page);
    await askForHelp(widget, 'Text chat', 'Grace Hofer');
    await acceptRequest(desk.page);
    const field = widget.getByRole('textbox', { name: 'Message' });
    await field.pressSequentially('first');
    await field.press('Enter');
    await field.pressSequentially('second');
    expect(await field.inputValue()).toBe('first\nsecond');
    await widget.getByRole('button', { name: 'Send', exact: true }).click();
    await desk.page.getByRole('log', { name: 'Conversation' }).getByText('first second').waitFor();
    await desk.page.getByRole('switch', { name: 'Live Help' }).click();
  });

  test('[A11] who has zoomed in with two fingers has the whole panel on the screen', async () => {
    const page = await openPhone('/demo/');
    const device = await page.context().newCDPSession(page);
    await device.send('Emulation.setPageScaleFactor', { pageScaleFactor: 1.5 });
    await toWidget(page)
      .getByRole('button', { name: /Leave a message|Click for Live Help/ })
      .click();
    await toWidget(page).getByRole('dialog', { name: 'Live help' }).waitFor();
    const compare = () =>
      page.locator('iframe[title="Live help"]').evaluate((frame) => {
        const seen = visualViewport;
        if (seen === null) throw new Error('This browser has no visual viewport.');
        const { left, top, width, height } = frame.getBoundingClientRect();
        const covered = [left, top, width, height].map(Math.round);
        const visible = [seen.offsetLeft, seen.offsetTop, seen.width, seen.height].map(Math.round);
        return { scale: seen.scale, isWhole: covered.join() === visible.join() };
      });
    await expect.poll(compare).toEqual({ scale: 1.5, isWhole: true });
    await device.send('Emulation.setPageScaleFactor', { pageScaleFactor: 1 });
    await expect.poll(compare).toEqual({ scale: 1, isWhole: true });
  });
});
