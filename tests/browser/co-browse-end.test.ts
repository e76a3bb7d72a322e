import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSharedSite, openWatched, type SharedSite, type SharingVisitor } from '../_support/shared-site.ts';

const BUSY_PAGE = `<h1>Busy</h1><p id="count">count-0</p><script>
  let count = 0;
  setInterval(() => { document.getElementById('count').textContent = 'count-' + ++count; }, 10);
</script>`;

describe('a share that ends while the page is busy', () => {
  let site: SharedSite;
  let visitor: SharingVisitor;
  beforeAll(async () => {
    site = await createSharedSite();
    site.setPage('/busy', BUSY_PAGE);
  });
  afterAll(() => site.close());
  beforeEach(async () => {
    ({ visitor } = await openWatched(site, '/busy', 'count-30'));
  });
  afterEach(() => visitor.leave());

  /** The page goes on for so long that frames of it would have come. */
  const untilCountedOn = async () => {
    const from = Number((await visitor.page.locator('#count').innerText()).slice(6));
    await visitor.page.waitForFunction(
      (wanted) => Number(document.querySelector('#count')!.textContent.slice(6)) > wanted,
      from + 60,
    );
  };
  const framesAfterClearing = () => {
    const heard = site.agent
      .heardAll()
      .filter(({ event }) => (event as { shareId?: string }).shareId === visitor.share.shareId);
    const cleared = heard.findLastIndex(({ name }) => name === 'share:view-cleared');
    expect(cleared).toBeGreaterThanOrEqual(0);
    return heard.slice(cleared).filter(({ name }) => name === 'share:frame-arrived');
  };

  test('[B2] after END SCREEN SHARE the page sends no frame, and none reaches the agent', async () => {
    const { wire } = visitor;
    await visitor.press('END SCREEN SHARE');
    const ended = await visitor.untilShare(({ phase }) => phase === 'ended');
    expect(ended).toMatchObject({ endReason: 'ended-by-sharer', grants: [] });
    await untilCountedOn();
    const told = wire.messages().findIndex(({ name, from }) => from === 'page' && name === 'share:end-share');
    expect(told).toBeGreaterThan(0);
    const later = wire
      .messages()
      .slice(told)
      .filter(({ name }) => name === 'share:send-frame' || name === 'share:send-asset');
    expect(later).toEqual([]);
    await site.agent.settle();
    expect(framesAfterClearing()).toEqual([]);
    await expect(site.agent.request('share:watch-stream', { shareId: visitor.share.shareId })).rejects.toMatchObject({
      code: 'share-ended',
    });
  });

  test("[B2] where the agent ends it the visitor's page falls silent as well", async () => {
    const { wire } = visitor;
    await site.agent.request('share:end-share', { shareId: visitor.share.shareId });
    await visitor.widget.getByRole('button', { name: 'END SCREEN SHARE' }).waitFor({ state: 'detached' });
    const silentFrom = wire.messages().length;
    await untilCountedOn();
    expect(
      wire
        .messages()
        .slice(silentFrom)
        .filter(({ name }) => name === 'share:send-frame'),
    ).toEqual([]);
    await site.agent.settle();
    expect(framesAfterClearing()).toEqual([]);
  });

  /** Everything that the page has said of what is on it, from there on. */
  const saidOfPage = (from: number) =>
    visitor.wire
      .messages()
      .slice(from)
      .filter(({ name }) => name === 'share:send-frame' || name === 'share:send-asset');

  test.each(['Only this part …', 'Hide this part …'])(
    '[SH49] END is there while a part is chosen by "%s", and one press ends share and choice',
    async (choice) => {
      const { page, wire } = visitor;
      await visitor.press('CHANGE SHARING');
      await visitor.press(choice);
      await visitor.untilShare(({ phase }) => phase === 'paused');
      // The widget's own place and the picker's layer stand above the page.
      await expect.poll(() => page.locator('[popover="manual"]').count()).toBe(2);
      await page.mouse.move(200, 60, { steps: 3 });
      const from = wire.messages().length;
      await visitor.press('END SCREEN SHARE');
      const ended = await visitor.untilShare(({ phase }) => phase === 'ended');
      expect(ended).toMatchObject({ endReason: 'ended-by-sharer', grants: [] });
      await expect.poll(() => page.locator('[popover="manual"]').count()).toBe(0);
      await untilCountedOn();
      expect(saidOfPage(from)).toEqual([]);
      // What is clicked now is the page's own again.
      await page.evaluate(() =>
        document.querySelector('h1')!.addEventListener('click', () => (document.title = 'Own')),
      );
      await page.locator('h1').click();
      expect(await page.title()).toBe('Own');
    },
  );

  test('[SH49] END pressed while the visitor has paused ends it at once, in the panel and beside the small button', async () => {
    const { wire } = visitor;
    await visitor.press('CHANGE SHARING');
    await visitor.press('Pause');
    await visitor.untilShare(({ phase }) => phase === 'paused');
    await visitor.press('Minimize');
    const from = wire.messages().length;
    await visitor.press('END SCREEN SHARE');
    const ended = await visitor.untilShare(({ phase }) => phase === 'ended');
    expect(ended).toMatchObject({ endReason: 'ended-by-sharer', grants: [] });
    await visitor.widget.getByRole('button', { name: 'END SCREEN SHARE' }).waitFor({ state: 'detached' });
    await untilCountedOn();
    expect(saidOfPage(from)).toEqual([]);
  });

  test('[B2] a page that was offline when END was pressed sends nothing once it is back', async () => {
    const { wire, context } = visitor;
    await context.setOffline(true);
    await visitor.press('END SCREEN SHARE');
    const from = wire.messages().length;
    await context.setOffline(false);
    await visitor.untilShare(({ phase }) => phase === 'ended');
    await untilCountedOn();
    expect(
      wire
        .messages()
        .slice(from)
        .filter(({ name }) => name === 'share:send-frame'),
    ).toEqual([]);
  });
});
