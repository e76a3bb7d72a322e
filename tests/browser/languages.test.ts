import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium, openDesk, openShop, toWidget } from '../_support/browser.ts';
import { ENGLISH_WIDGET, ENGLISH_WORKSPACE, wordsOf } from '../_support/german.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';

describe('people who read German', () => {
  let browser: Browser;
  let server: TestServer;
  let contexts: BrowserContext[];

  beforeAll(async () => {
    browser = await launchChromium();
    server = await startServer({
      sites: [
        {
          key: 'demo',
          name: 'Demo shop',
          form: { fields: [{ key: 'order', label: { en: 'Order number', de: 'Bestellnummer' } }] },
        },
      ],
    });
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

  async function openGermanDesk(): Promise<Page> {
    const agent = await server.addAgent({ name: 'Ada Lind' });
    const context = await browser.newContext({ locale: 'de-DE', viewport: { width: 1440, height: 900 } });
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(`${server.url}/workspace/`);
    await page.getByRole('heading', { name: 'Willkommen zurück' }).waitFor();
    expect(await wordsOf(page)).not.toMatch(ENGLISH_WORKSPACE);
    await page.getByRole('textbox', { name: 'E-Mail' }).fill(agent.email);
    await page.getByRole('textbox', { name: 'Passwort' }).fill('not the password');
    await page.getByRole('button', { name: 'Anmelden' }).click();
    await page.getByText('E-Mail oder Passwort stimmt nicht').waitFor();
    await page.getByRole('textbox', { name: 'Passwort' }).fill(agent.password);
    await page.getByRole('button', { name: 'Anmelden' }).click();
    return page;
  }

  test('[V3] visitor and agent go the whole way in German', async () => {
    const desk = await openGermanDesk();
    const liveHelp = desk.getByRole('switch', { name: 'Live-Hilfe' });
    await desk.getByText('Alles ruhig').first().waitFor();
    if (!(await liveHelp.isChecked())) await liveHelp.click();
    expect(await wordsOf(desk)).not.toMatch(ENGLISH_WORKSPACE);

    const shop = await openShop(browser, server.url, { locale: 'de-DE', path: '/demo/startseite.html' });
    contexts.push(shop.context);
    const widget = toWidget(shop.page);
    await widget.getByRole('button', { name: 'Live-Hilfe' }).click();
    for (const choice of ['Text-Chat', 'Sprachanruf', 'Videoanruf']) {
      await widget.getByRole('button', { name: choice }).waitFor();
    }
    expect(await wordsOf(widget)).not.toMatch(ENGLISH_WIDGET);
    await widget.getByRole('button', { name: 'Text-Chat' }).click();
    await widget.getByRole('textbox', { name: 'Ihr Name' }).fill('Jörg Müller');
    await widget.getByRole('textbox', { name: 'Bestellnummer' }).fill('A-17');
    await widget.getByRole('checkbox', { name: 'Ich stimme der Verarbeitung meiner Daten zu' }).check();
    expect(await wordsOf(widget)).not.toMatch(ENGLISH_WIDGET);
    await widget.getByRole('button', { name: 'Starten' }).click();
    await widget.getByRole('heading', { name: 'Sie werden verbunden…' }).waitFor();
    await widget.getByRole('button', { name: 'Nicht mehr warten' }).waitFor();
    expect(await wordsOf(widget)).not.toMatch(ENGLISH_WIDGET);

    const request = desk.getByRole('dialog', { name: 'Eingehende Chat-Anfrage' });
    for (const answer of ['Ablehnen', 'Einreihen']) await request.getByRole('button', { name: answer }).waitFor();
    expect(await wordsOf(desk)).not.toMatch(ENGLISH_WORKSPACE);
    await request.getByText('Kundenservice').waitFor();
    await request.getByRole('button', { name: 'Annehmen' }).click();
    await widget.getByText('Kundenservice').waitFor();
    await desk.getByText('Kundenservice').first().waitFor();
    await desk.getByRole('complementary', { name: 'Besucher' }).getByText('Bestellnummer').waitFor();

    await widget.getByRole('textbox', { name: 'Nachricht' }).fill('Grüß Gott');
    await widget.getByRole('button', { name: 'Senden' }).click();
    await desk.getByRole('log', { name: 'Gespräch' }).getByText('Grüß Gott').waitFor();
    await desk.getByRole('textbox', { name: 'Nachricht' }).fill('Servus');
    await desk.getByRole('button', { name: 'Senden' }).click();
    await widget.getByRole('log', { name: 'Gespräch' }).getByText('Servus').waitFor();
    await widget.getByText('gelesen').waitFor();
    expect(await wordsOf(widget)).not.toMatch(ENGLISH_WIDGET);
    expect(await wordsOf(desk)).not.toMatch(ENGLISH_WORKSPACE);

    await desk.getByRole('button', { name: 'Gespräch beenden' }).click();
    await widget.getByText('Dieses Gespräch ist beendet').waitFor();
    await widget.getByText('Ada Lind hat es beendet.').waitFor();
    expect(await wordsOf(widget)).not.toMatch(ENGLISH_WIDGET);
    expect(await wordsOf(desk)).not.toMatch(ENGLISH_WORKSPACE);
    for (const where of [desk, widget]) {
      expect(await where.locator('html').getAttribute('lang')).toBe('de');
    }
  });

  test('[V5] a refused name is answered in German', async () => {
    const desk = await openDesk(browser, server.url, await server.addAgent({ name: 'Ada Lind' }));
    contexts.push(desk.context);
    const shop = await openShop(browser, server.url, { locale: 'de-AT', path: '/demo/startseite.html' });
    contexts.push(shop.context);
    await shop.widget.getByRole('button', { name: 'Live-Hilfe' }).click();
    await shop.widget.getByRole('button', { name: 'Text-Chat' }).click();
    const name = shop.widget.getByRole('textbox', { name: 'Ihr Name' });
    const start = shop.widget.getByRole('button', { name: 'Starten' });
    await start.click();
    await shop.widget.getByText('Bitte nennen Sie Ihren Namen.').waitFor();
    await name.fill('Jo');
    await start.click();
    await shop.widget.getByText('Bitte schreiben Sie mindestens 3 Zeichen.').waitFor();
    await name.fill('Jörg <Müller>');
    await start.click();
    await shop.widget.getByText('Bitte lassen Sie „<“ „>“ weg.').waitFor();
    await shop.widget.getByText('Bitte setzen Sie hier ein Häkchen').waitFor();
    expect(await wordsOf(shop.widget)).not.toMatch(ENGLISH_WIDGET);
  });

  test('[A10] an agent changes the language, and everything follows at once and for good', async () => {
    const desk = await openDesk(browser, server.url, await server.addAgent({ name: 'Ada Lind' }));
    contexts.push(desk.context);
    await desk.page.getByRole('button', { name: 'Settings' }).click();
    await desk.page.getByRole('combobox', { name: 'Language' }).selectOption('de');
    await desk.page.getByText('Alles ruhig').first().waitFor();
    await desk.page.reload();
    await desk.page.getByRole('switch', { name: 'Live-Hilfe' }).waitFor();
    await desk.page.getByText('Alles ruhig').first().waitFor();
    expect(await wordsOf(desk.page)).not.toMatch(ENGLISH_WORKSPACE);
  });
});
