import type { Browser, BrowserContext, FrameLocator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium, openDesk, openShop } from '../_support/browser.ts';
import type { PersonOptions } from '../_support/browser.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer, TestSite } from '../_support/start-server.ts';

const at = (time: string): number => Date.parse(time);
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const;

const site: TestSite = {
  key: 'demo',
  name: 'Demo shop',
  hours: {
    timeZone: 'Europe/Berlin',
    weekly: Object.fromEntries(WEEKDAYS.map((day) => [day, [{ from: '09:00', to: '17:00' }]])),
    exceptions: [{ date: '2026-11-27', name: { en: 'Stocktaking', de: 'Inventur' } }],
  },
  hoursText: { en: 'Monday to Friday, nine to five', de: 'Montag bis Freitag, neun bis fünf' },
};

/** Runs in the page: nothing lies over the middle of it, a scrolled form included. */
function isInView(element: Element): boolean {
  const { left, top, width, height } = element.getBoundingClientRect();
  return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}

describe('a shop with business hours', () => {
  let browser: Browser;
  let server: TestServer;
  let contexts: BrowserContext[];
  let clockMs: number;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(() => {
    contexts = [];
  });
  afterEach(async () => {
    for (const context of contexts) await context.close();
    await server.close();
  });

  async function openAt(time: string, changes: Partial<TestSite> = {}): Promise<void> {
    clockMs = at(time);
    server = await startServer({ sites: [{ ...site, ...changes }], overrides: { now: () => clockMs } });
    const desk = await openDesk(browser, server.url, await server.addAgent({ name: 'Ada Lind' }));
    contexts.push(desk.context);
  }

  async function visit(options: PersonOptions = {}): Promise<FrameLocator> {
    const shop = await openShop(browser, server.url, { timeZone: 'Europe/Berlin', ...options });
    contexts.push(shop.context);
    return shop.widget;
  }

  test('[V2] "Click for Live Help" gives way to "Leave a message" at closing time, which says when somebody is back', async () => {
    await openAt('2026-11-23T15:59:59Z');
    const widget = await visit();
    await widget.getByRole('button', { name: 'Click for Live Help' }).waitFor();

    clockMs = at('2026-11-23T16:00:00Z');
    await widget.getByRole('button', { name: 'Leave a message' }).click();
    const panel = widget.getByRole('dialog', { name: 'Live help' });
    await panel.getByText(/^We are back tomorrow at 0?9:00\.$/).waitFor();
    await panel.getByRole('textbox', { name: 'Your message' }).waitFor();
    // The site's own words stand above.
    const text = await panel.innerText();
    expect(text.indexOf('Monday to Friday, nine to five')).toBeGreaterThan(-1);
    expect(text.indexOf('Monday to Friday, nine to five')).toBeLessThan(text.indexOf('We are back'));

    clockMs = at('2026-11-24T08:00:00Z');
    await panel.getByRole('button', { name: 'Text chat' }).waitFor();
    await panel.getByText('One colleague is here.').waitFor();
    expect(await panel.getByText('We are back').count()).toBe(0);
  });

  test('[LM1] what a visitor has begun to write at night stays there when somebody is back in the morning', async () => {
    await openAt('2026-11-24T07:59:59Z');
    const widget = await visit();
    await widget.getByRole('button', { name: 'Leave a message' }).click();
    const message = widget.getByRole('textbox', { name: 'Your message' });
    await message.fill('My bowl has a crack');

    clockMs = at('2026-11-24T08:00:00Z');
    await widget.getByText(/^We are back/).waitFor({ state: 'detached' });
    expect(await message.inputValue()).toBe('My bowl has a crack');
    await widget.getByRole('button', { name: 'Back' }).click();
    await widget.getByRole('button', { name: 'Text chat' }).waitFor();
  });

  test('[V2] a visitor elsewhere reads the own time as well, in German, and the name of the day', async () => {
    await openAt('2026-11-27T11:00:00Z');
    const widget = await visit({ locale: 'de-DE', timeZone: 'Pacific/Honolulu', path: '/demo/startseite.html' });
    await widget.getByRole('button', { name: 'Nachricht hinterlassen' }).click();
    const panel = widget.getByRole('dialog', { name: 'Live-Hilfe' });
    await panel
      .getByText(
        /^Heute geschlossen: Inventur\. Wir sind am Montag um 0?9:00 Uhr wieder da \(bei Ihnen Sonntag 22:00 Uhr\)\.$/,
      )
      .waitFor();
    // The keyboard goes into the form below, and yet nothing of this has been scrolled away.
    await panel.getByRole('textbox', { name: 'Ihr Name' }).and(widget.locator(':focus')).waitFor();
    expect(await panel.getByText('Montag bis Freitag, neun bis fünf').evaluate(isInView)).toBe(true);
  });

  test('[V2] where a site leaves no messages the button is gone, and an open page still says when somebody is back', async () => {
    await openAt('2026-11-23T15:59:59Z', { whenUnavailable: 'hide' });
    const [reading, passing] = [await visit(), await visit()];
    await reading.getByRole('button', { name: 'Click for Live Help' }).click();
    await passing.getByRole('button', { name: 'Click for Live Help' }).waitFor();
    clockMs = at('2026-11-23T16:00:00Z');
    await reading.getByText(/^We are back tomorrow at 0?9:00\.$/).waitFor();
    await reading.getByRole('button', { name: 'Text chat' }).waitFor({ state: 'detached' });
    await passing.getByRole('button', { name: 'Click for Live Help' }).waitFor({ state: 'detached' });
    expect(await passing.getByRole('button', { name: 'Leave a message' }).count()).toBe(0);
  });
});
