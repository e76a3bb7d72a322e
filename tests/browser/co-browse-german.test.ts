import type { FrameLocator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowserWorld, type BrowserWorld } from '../_support/browser-world.ts';
import { toWidget } from '../_support/browser.ts';
import { openGermanTalk } from '../_support/german.ts';
import type { GermanTalk } from '../_support/german.ts';

/** Whether words stand side by side, and nothing of them is cut off. */
function isOneWholeLine(element: Element): boolean {
  const words = document.createRange();
  words.selectNodeContents(element);
  return words.getClientRects().length === 1 && element.scrollWidth <= element.clientWidth;
}

describe('a page that is shared in German', () => {
  let world: BrowserWorld;
  let talk: GermanTalk;

  beforeAll(async () => {
    world = await createBrowserWorld({
      sites: [{ key: 'demo', name: 'Tondo', coBrowse: { recording: 'ask' } }],
    });
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    talk = await openGermanTalk(world);
  });
  afterEach(() => talk.close());

  const banner = () => talk.shop.widget.getByRole('region', { name: 'Freigabe' });
  const stage = () => talk.desk.page.getByRole('region', { name: 'Gezeigte Seite' });
  const copy = (): FrameLocator =>
    talk.desk.page.frameLocator('iframe[title^="Gezeigte Seite"]').frameLocator('.viewer-copy iframe');
  const expectGerman = async () => expect(await talk.findEnglish()).toEqual([]);

  async function share(): Promise<void> {
    await talk.agentButton('Mitbrowsen anfragen').click();
    await talk.visitorButton('Erlauben').click();
    await copy().locator('h1').waitFor();
  }
  async function change(name: string): Promise<void> {
    await talk.visitorButton('FREIGABE ÄNDERN').click();
    await expectGerman();
    await talk.visitorButton(name).click();
  }
  async function clickHeading(): Promise<void> {
    const { page } = talk.shop;
    await expect.poll(() => page.locator('[popover="manual"]').count()).toBe(2);
    const box = await page.locator('h1').boundingBox();
    if (!box) throw new Error('The heading is not on the screen.');
    await page.mouse.click(box.x + 20, box.y + 20);
  }

  test('[B1] it is asked for, refused, asked for again, allowed, seen, and ended by "BILDSCHIRMFREIGABE BEENDEN"', async () => {
    const { shop, desk } = talk;
    await talk.agentButton('Mitbrowsen anfragen').click();
    await desk.page.getByText('Jörg Müller muss das Mitbrowsen noch erlauben …').waitFor();
    const question = shop.widget.getByRole('alertdialog', { name: 'Ada Lind möchte diese Seite mit Ihnen ansehen' });
    await question.getByText('Nie gezeigt werden Passwörter').waitFor();
    await expectGerman();
    await talk.visitorButton('Jetzt nicht').click();
    await desk.page.getByText('Jörg Müller möchte gerade nichts zeigen.').waitFor();
    await expectGerman();

    await talk.agentButton('Mitbrowsen anfragen').click();
    await shop.widget.getByRole('checkbox', { name: 'Das darf aufgezeichnet werden' }).check();
    await talk.visitorButton('Erlauben').click();
    await expect.poll(() => copy().locator('h1').innerText()).toBe(await shop.page.locator('h1').innerText());
    for (const words of ['Sie zeigen diese Seite', 'zu sehen für Ada Lind', 'Wird aufgezeichnet']) {
      await banner().getByText(words).first().waitFor();
    }
    await stage().getByText('Wird aufgezeichnet').waitFor();
    await expectGerman();

    await talk.visitorButton('BILDSCHIRMFREIGABE BEENDEN').click();
    await banner().waitFor({ state: 'detached' });
    await desk.page.getByText('Jörg Müller hat die Freigabe beendet.').waitFor();
    await expectGerman();
  });

  test('[B3] "FREIGABE ÄNDERN" leads to a part, to the whole, to something hidden, to a pause and on from it', async () => {
    const { shop } = talk;
    await share();
    await change('Nur diesen Teil …');
    await shop.widget.getByText('Wählen Sie den Teil, den Sie zeigen möchten').waitFor();
    await expectGerman();
    await clickHeading();
    await stage().getByText('Nur ein Teil der Seite').waitFor();
    await banner().getByText('Sie zeigen einen Teil dieser Seite').first().waitFor();
    await expectGerman();

    await change('Ganze Seite');
    await stage().getByText('Ganze Seite').waitFor();
    await change('Diesen Teil verbergen …');
    await shop.widget.getByText('Wählen Sie den Teil, den Sie verbergen möchten').waitFor();
    await clickHeading();
    const scope = stage().getByText('1 verborgener Teil');
    await scope.waitFor();
    for (const width of [1280, 390, 1440]) {
      await talk.desk.page.setViewportSize({ width, height: 900 });
      await expect.poll(() => scope.evaluate(isOneWholeLine), { message: `at ${width} px` }).toBe(true);
    }
    await expect.poll(() => copy().locator('h1').innerText()).toBe('');
    await banner().getByText('1 Teil verborgen').first().waitFor();
    await expectGerman();

    await change('Anhalten');
    await banner().getByText('Freigabe angehalten').first().waitFor();
    await stage().getByText('Jörg Müller hat die Freigabe angehalten.').waitFor();
    await expectGerman();
    await talk.visitorButton('Fortsetzen').click();
    await copy().locator('body').getByText('Aus dem letzten Brand').waitFor();
    await talk.visitorButton('FREIGABE ÄNDERN').click();
    await shop.widget.getByRole('button', { name: /^Wieder zeigen: / }).click();
    await expect.poll(() => copy().locator('h1').innerText()).toBe(await shop.page.locator('h1').innerText());
    await talk.visitorButton('Freigabe beenden').click();
    await stage().waitFor({ state: 'detached' });
  });

  test('[B7] what the agent may do is asked for under "Erlaubnisse", given and taken back', async () => {
    const { shop, desk } = talk;
    await share();
    await talk.agentButton('Erlaubnisse').click();
    await talk.agentButton('Um Scrollen bitten').click();
    await shop.widget.getByRole('alertdialog', { name: 'Ada Lind möchte diese Seite scrollen' }).waitFor();
    await expectGerman();
    await talk.visitorButton('Erlauben').click();
    await desk.page.getByText(/Erlaubt bis/).waitFor();
    await expectGerman();
    await change('Zurücknehmen: scrollen');
    await desk.page.getByText(/Erlaubt bis/).waitFor({ state: 'detached' });
    await talk.agentButton('Freigabe beenden').click();
    await banner().waitFor({ state: 'detached' });
    await expectGerman();
  });

  test('[SH40] where the code of sharing does not come, the notice beside the small button says so and covers nothing', async () => {
    await share();
    const second = await talk.shop.context.newPage();
    await second.route(/share-module.*\.js/, (route) => route.abort());
    await second.goto(talk.shop.page.url());
    const notice = toWidget(second).getByRole('alert');
    await notice.getByRole('button', { name: 'BILDSCHIRMFREIGABE BEENDEN' }).waitFor();
    const parts = [
      notice.getByText('Die Freigabe ließ sich nicht öffnen.'),
      notice.getByRole('button', { name: 'Erneut versuchen' }),
      notice.getByRole('button', { name: 'BILDSCHIRMFREIGABE BEENDEN' }),
    ];
    // Each is drawn as it is, whatever else there is: nothing lies over its middle or its end.
    for (const part of parts) {
      const isFree = await part.evaluate((element) => {
        const words = document.createRange();
        words.selectNodeContents(element);
        return [...words.getClientRects()].every(({ x, right, y, height }) =>
          [x + 2, (x + right) / 2, right - 2].every((at) => {
            const hit = document.elementFromPoint(at, y + height / 2);
            return hit !== null && (element.contains(hit) || hit.contains(element));
          }),
        );
      });
      expect(isFree).toBe(true);
    }
    await parts[2]!.click();
    await talk.desk.page.getByText('Jörg Müller hat die Freigabe beendet.').waitFor();
  });
});
