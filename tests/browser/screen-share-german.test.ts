import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowserWorld, type BrowserWorld } from '../_support/browser-world.ts';
import { openGermanTalk } from '../_support/german.ts';
import type { GermanTalk } from '../_support/german.ts';
import { seeVideo } from './media-probe.ts';
import { countScreenTracks, watchScreens } from './screen-probe.ts';

const ADVANCING_FRAMES = 10;
const RTC_PORT = 44_350;

describe('a screen that is shared in German', () => {
  let world: BrowserWorld;
  let talk: GermanTalk;

  beforeAll(async () => {
    world = await createBrowserWorld({ mediaWorkers: 1, rtcPort: RTC_PORT });
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    talk = await openGermanTalk(world, watchScreens);
  });
  afterEach(() => talk.close());

  const expectGerman = async () => expect(await talk.findEnglish()).toEqual([]);

  test('[M11] the agent asks for the screen and sees it, it is changed and paused, and END takes it away', async () => {
    const { shop, desk } = talk;
    await talk.agentButton('Bildschirm anfragen').click();
    await desk.page.getByText('Jörg Müller muss den Bildschirm noch zeigen …').waitFor();
    await shop.widget.getByRole('alertdialog', { name: 'Ada Lind möchte Ihren Bildschirm sehen' }).waitFor();
    await expectGerman();
    await talk.visitorButton('Erlauben').click();
    await seeVideo(desk.page, 'Bildschirm von Jörg Müller', ADVANCING_FRAMES);
    const banner = shop.widget.getByRole('region', { name: 'Freigabe' });
    await banner.getByText('zu sehen für Ada Lind').first().waitFor();
    await expectGerman();

    await talk.visitorButton('FREIGABE ÄNDERN').click();
    await shop.widget.getByRole('radio', { name: 'Flüssiges Video' }).check();
    await expectGerman();
    await talk.visitorButton('Anderes Fenster, anderer Tab oder Bildschirm …').click();
    await expect.poll(() => countScreenTracks(shop.widget, 'all')).toBeGreaterThan(2);
    await seeVideo(desk.page, 'Bildschirm von Jörg Müller', ADVANCING_FRAMES);
    await talk.visitorButton('FREIGABE ÄNDERN').click();
    await talk.visitorButton('Anhalten').click();
    await desk.page.getByText('Jörg Müller hat die Freigabe angehalten').first().waitFor();
    await expectGerman();
    await talk.visitorButton('Fortsetzen').click();
    await seeVideo(desk.page, 'Bildschirm von Jörg Müller', ADVANCING_FRAMES);

    await talk.visitorButton('BILDSCHIRMFREIGABE BEENDEN').click();
    expect(await countScreenTracks(shop.widget)).toBe(0);
    await desk.page.getByText('Jörg Müller hat die Freigabe beendet.').waitFor();
    await expectGerman();
  });

  test('[M11] the agent shows a screen, and the visitor ends it', async () => {
    const { shop, desk } = talk;
    await talk.agentButton('Meinen Bildschirm zeigen').click();
    await seeVideo(shop.widget, 'Bildschirm von Ada Lind', ADVANCING_FRAMES);
    await shop.widget.getByText('Ada Lind zeigt Ihnen einen Bildschirm').first().waitFor();
    await desk.page.getByText('Mein Bildschirm').first().waitFor();
    await expectGerman();
    await talk.visitorButton('BILDSCHIRMFREIGABE BEENDEN').click();
    await expect.poll(() => countScreenTracks(desk.page)).toBe(0);
    await desk.page.getByText('Jörg Müller hat die Freigabe beendet.').waitFor();
    await expectGerman();
  });
});
