import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSharedSite, openSharing, watchShare, type SharedSite } from '../_support/shared-site.ts';

const toPage = (last: string): string => `<main><h1>Order</h1><ul><li>Lamp</li><li>Shade</li></ul>${last}</main>`;

describe('a page on which what the visitor has hidden stands elsewhere after a reload', () => {
  let site: SharedSite;
  beforeAll(async () => {
    site = await createSharedSite();
  });
  afterAll(() => site.close());

  test('[B3] sharing pauses, the visitor is told and asked, and only their click shows the page again', async () => {
    site.setPage('/order', toPage('<p>cn-diagnosis</p>'));
    const { agent } = site;
    const visitor = await openSharing(site, '/order');
    const { page, widget, wire, press, share, context } = visitor;
    const eye = await watchShare(agent, share.shareId);
    await eye.untilSeen('cn-diagnosis');
    await press('CHANGE SHARING');
    await widget.getByRole('button', { name: 'Hide this part …' }).click();
    await visitor.untilShare(({ phase }) => phase === 'paused');
    await page.locator('div[popover="manual"]').first().waitFor({ state: 'attached' });
    const box = (await page.locator('main p').boundingBox())!;
    await page.mouse.move(box.x + 20, box.y + box.height / 2, { steps: 3 });
    await page.keyboard.press('Enter');
    await visitor.untilShare(
      ({ scope, phase }) => phase === 'live' && scope?.kind === 'page' && scope.hiddenParts === 1,
    );

    site.setPage('/order', toPage('<blockquote>cn-diagnosis</blockquote>'));
    const sentBefore = wire.messages().length;
    await page.reload();
    expect(await visitor.untilShare(({ phase }) => phase === 'paused')).toMatchObject({ pausedBecause: 'part-gone' });
    await widget.getByText('is not where it was on this page, so it could not stay hidden').waitFor();
    const fromPage = () =>
      wire
        .messages()
        .slice(sentBefore)
        .filter(({ from }) => from === 'page');
    expect(fromPage().filter(({ text }) => text.includes('cn-diagnosis'))).toEqual([]);

    const again = await watchShare(agent, share.shareId);
    await press('Go on without hiding it');
    await visitor.untilShare(
      ({ scope, phase }) => phase === 'live' && scope?.kind === 'page' && scope.hiddenParts === 0,
    );
    await again.untilSeen('cn-diagnosis');
    await agent.request('conversation:end-conversation', { conversationId: visitor.conversationId });
    await context.close();
  });
});
