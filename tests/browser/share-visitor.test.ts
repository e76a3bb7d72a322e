import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AgentEvents, EventOf } from '../../protocol/contract.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import type { ShareView } from '../../protocol/sharing.ts';
import { createFrameDecoder } from '../../cobrowse/viewer/frame-decoder.ts';
import { askForHelp, launchChromium, openShop, toWidget } from '../_support/browser.ts';
import type { VisitorPage } from '../_support/browser.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { acceptNext, openReadyAgent } from '../_support/story.ts';
import type { AgentPage } from '../_support/story.ts';

type Frame = EventOf<AgentEvents, 'share:frame-arrived'>;

/** The visitor in real Chromium; the agent's side as it comes over the wire. */
describe('a visitor shares the page', () => {
  let browser: Browser;
  let server: TestServer;
  let agent: AgentPage;
  let shop: VisitorPage;
  let conversationId: ConversationId;

  beforeAll(async () => {
    browser = await launchChromium();
    server = await startServer();
    agent = await openReadyAgent(server, { name: 'Mira Kowalski', chatCap: 50 });
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  beforeEach(async () => {
    shop = await openShop(browser, server.url);
    await askForHelp(shop.widget, 'Text chat', 'Grace Hofer');
    ({ conversationId } = await acceptNext(agent));
    await shop.widget.getByRole('textbox', { name: 'Message' }).waitFor();
  });
  afterEach(async () => {
    await agent.request('conversation:end-conversation', { conversationId });
    await shop.context.close();
  });

  const button = (name: string, page: Page = shop.page) => toWidget(page).getByRole('button', { name, exact: true });
  const banner = (page: Page = shop.page) => toWidget(page).getByRole('region', { name: 'Sharing' });
  const nextShare = async (isWanted: (share: ShareView) => boolean): Promise<ShareView> => {
    const { share } = await agent.nextEvent(
      'share:changed',
      (event) => event.share.conversationId === conversationId && isWanted(event.share),
    );
    return share;
  };

  /** Looks at a share and reads what comes until it contains these words. */
  async function watch(share: ShareView): Promise<{ untilSeen(words: string): Promise<string>; seen(): string }> {
    let text = '';
    const { shareId } = share;
    await agent.request('share:watch-stream', { shareId });
    return {
      seen: () => text,
      async untilSeen(words) {
        const decoders = new Map<string, ReturnType<typeof createFrameDecoder>>();
        while (!text.includes(words)) {
          const frame: Frame = await agent.nextEvent('share:frame-arrived', (event) => event.shareId === shareId);
          const key = `${frame.tabId} ${frame.epoch}`;
          const decoder = decoders.get(key) ?? createFrameDecoder();
          decoders.set(key, decoder);
          const decoded = decoder.take({ ...frame, data: new Uint8Array(frame.data) });
          if (decoded.kind === 'frame') text += JSON.stringify(decoded.events);
        }
        return text;
      },
    };
  }

  async function share(): Promise<ShareView> {
    await agent.request('share:request-share', { conversationId, kind: 'co-browse' });
    await button('Allow').click();
    return nextShare(({ phase }) => phase === 'allowed');
  }

  test('[B1] nothing is loaded or sent before "Allow", and then the agent sees the page', async () => {
    const loaded: string[] = [];
    shop.page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    await agent.request('share:request-share', { conversationId, kind: 'co-browse' });
    const card = shop.widget.getByRole('alertdialog', { name: 'Mira Kowalski would like to see this page with you' });
    await card.waitFor();
    expect(await card.getByText('Never shown: passwords').count()).toBe(1);
    expect(loaded).not.toContain('/recorder.js');
    // A script of the page cannot say yes in the visitor's place.
    await button('Allow').evaluate((element: HTMLElement) => element.click());
    expect(await card.count()).toBe(1);

    await button('Allow').click();
    const allowed = await nextShare(({ phase }) => phase === 'allowed');
    await banner().getByText('Nobody is looking right now').first().waitFor();
    const watching = await watch(allowed);
    const title = await shop.page.locator('h1').first().innerText();
    await watching.untilSeen(title.split('\n')[0]!.trim().slice(0, 20));
    expect(loaded).toContain('/recorder.js');
    await banner().getByText('with Mira Kowalski').first().waitFor();
  });

  test('[B2] END SCREEN SHARE stands in the panel and beside the small button, and ends it at once', async () => {
    const allowed = await share();
    await watch(allowed);
    await button('END SCREEN SHARE').waitFor();
    await button('Minimize').click();
    await button('END SCREEN SHARE').click();
    const ended = await nextShare(({ phase }) => phase === 'ended');
    expect(ended).toMatchObject({ endReason: 'ended-by-sharer', shareId: allowed.shareId });
    await banner().waitFor({ state: 'detached' });
  });

  test('[B3] pausing blanks the view, resuming takes a click', async () => {
    const allowed = await share();
    await watch(allowed);
    await nextShare(({ phase }) => phase === 'live');
    await button('CHANGE SHARING').click();
    await button('Pause').click();
    expect(await nextShare(({ phase }) => phase === 'paused')).toMatchObject({ pausedBecause: 'by-visitor' });
    await banner().getByText('Sharing is paused').first().waitFor();
    await button('Resume').click();
    expect((await nextShare(({ phase }) => phase === 'live')).scopeNumber).toBeGreaterThan(allowed.scopeNumber);
  });

  test('[B3] beside the small button CHANGE SHARING leads to its menu, and what is paused goes on by a click', async () => {
    await watch(await share());
    await nextShare(({ phase }) => phase === 'live');
    await button('Minimize').click();
    await button('CHANGE SHARING').click();
    const menu = shop.widget.getByRole('dialog', { name: 'CHANGE SHARING' });
    await menu.getByRole('button', { name: 'Pause', exact: true }).click();
    await nextShare(({ phase }) => phase === 'paused');
    await button('Minimize').click();
    await shop.widget.getByRole('button', { name: 'Click for Live Help' }).waitFor();
    await button('Resume').focus();
    await shop.page.keyboard.press('Enter');
    await nextShare(({ phase }) => phase === 'live');
    await button('Resume').waitFor({ state: 'detached' });
  });

  test('[B8] sharing goes on by itself on the next page and in another tab, and ends in both', async () => {
    const allowed = await share();
    const watching = await watch(allowed);
    await watching.untilSeen('"type":2');
    await shop.page.goto(`${server.url}/demo/basket.html`);
    await button('END SCREEN SHARE').waitFor();
    await watching.untilSeen('/demo/basket.html');
    const second = await shop.context.newPage();
    await second.goto(`${server.url}/demo/privacy.html`);
    await button('END SCREEN SHARE', second).waitFor();
    await watching.untilSeen('/demo/privacy.html');
    await button('END SCREEN SHARE', second).click();
    await nextShare(({ phase }) => phase === 'ended');
    await button('END SCREEN SHARE', shop.page).waitFor({ state: 'detached' });
  });

  test('[B7] what the agent may do is asked for one by one and can be taken back', async () => {
    const allowed = await share();
    const { shareId } = allowed;
    await agent.request('share:request-grant', { shareId, grant: 'scroll' });
    const card = shop.widget.getByRole('alertdialog', { name: 'Mira Kowalski would like to scroll this page' });
    await card.getByRole('button', { name: 'Allow' }).click();
    await nextShare(({ grants }) => grants.some(({ grant }) => grant === 'scroll'));
    await button('CHANGE SHARING').click();
    await button('Take back: scroll').click();
    await nextShare(({ grants }) => !grants.some(({ grant }) => grant === 'scroll'));
  });

  test('[B1] "Share this page" offers it without being asked, and "Not now" leaves everything as it was', async () => {
    await button('Share this page').click();
    await button('Not now').click();
    await button('Share this page').click();
    await button('Allow').click();
    expect(await nextShare(({ phase }) => phase === 'allowed')).toMatchObject({ askedBy: 'visitor' });
    await button('END SCREEN SHARE').click();
    await nextShare(({ phase }) => phase === 'ended');
  });

  test('[SH40] END SCREEN SHARE is there while the code of the conversation has not come or does not come', async () => {
    const watching = await watch(await share());
    await watching.untilSeen('"type":2');
    const waiting = Promise.withResolvers<void>();
    await shop.page.route(/conversation-screen.*\.js/, async (route) => {
      await waiting.promise;
      await route.abort();
    });
    await shop.page.goto(`${server.url}/demo/basket.html`);
    await watching.untilSeen('/demo/basket.html');
    await banner().getByText('You are sharing this page').first().waitFor();
    await button('END SCREEN SHARE').waitFor();
    waiting.resolve();
    await button('Try again').waitFor();
    await button('END SCREEN SHARE').click();
    expect(await nextShare(({ phase }) => phase === 'ended')).toMatchObject({ endReason: 'ended-by-sharer' });
    await banner().waitFor({ state: 'detached' });
  });

  test('[SH40] where the code of sharing does not come END SCREEN SHARE ends it for all tabs all the same', async () => {
    await watch(await share());
    // A tab of its own opens with the small button.
    const second = await shop.context.newPage();
    await second.route(/share-module.*\.js/, (route) => route.abort());
    await second.goto(`${server.url}/demo/basket.html`);
    await toWidget(second).getByText('Sharing could not be opened').waitFor();
    await button('END SCREEN SHARE', second).waitFor();
    await toWidget(second).getByRole('button', { name: 'Click for Live Help' }).click();
    await button('Minimize', second).waitFor();
    await button('END SCREEN SHARE', second).click();
    expect(await nextShare(({ phase }) => phase === 'ended')).toMatchObject({ endReason: 'ended-by-sharer' });
    for (const page of [shop.page, second]) await button('END SCREEN SHARE', page).waitFor({ state: 'detached' });
  });

  test('[SH40] END SCREEN SHARE is there, opened and minimised, where the code of neither comes', async () => {
    await watch(await share());
    await shop.page.route(/(conversation-screen|share-module).*\.js/, (route) => route.abort());
    await shop.page.goto(`${server.url}/demo/basket.html`);
    await toWidget(shop.page).getByText('Live help cannot be reached').waitFor();
    await toWidget(shop.page).getByText('Sharing could not be opened').waitFor();
    await button('END SCREEN SHARE').waitFor();
    await button('Minimize').click();
    await toWidget(shop.page).getByRole('button', { name: 'Click for Live Help' }).waitFor();
    await button('END SCREEN SHARE').click();
    expect(await nextShare(({ phase }) => phase === 'ended')).toMatchObject({ endReason: 'ended-by-sharer' });
    await button('END SCREEN SHARE').waitFor({ state: 'detached' });
  });
});
