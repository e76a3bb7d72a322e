import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createSharedSite,
  openWatched,
  type Eye,
  type SharedSite,
  type SharingVisitor,
} from '../_support/shared-site.ts';

/** In the whole browser: pages that are left stay in its memory, and come back out of it as they were. */
describe('a shared page that the visitor leaves and comes back to', () => {
  let site: SharedSite;
  let visitor: SharingVisitor;
  let page: Page;
  let eye: Eye;
  beforeAll(async () => {
    site = await createSharedSite({}, {}, [], { keepsLeftPages: true });
    const { origin, foreignOrigin, setPage } = site.host;
    site.setPage(
      '/shop',
      `<h1>Lamps</h1><a href="${origin}/plain">same site</a> <a href="${foreignOrigin}/plain">other site</a>
      <script>addEventListener('pageshow', ({ persisted }) => { document.documentElement.dataset.isKept = persisted; });</script>`,
    );
    setPage('/plain', '<!doctype html><html lang="en"><title>Plain</title><h1>Nothing of ours</h1></html>');
  });
  afterAll(() => site.close());
  beforeEach(async () => {
    ({ visitor, eye } = await openWatched(site, '/shop', 'Lamps'));
    ({ page } = visitor);
  });
  afterEach(() => visitor.leave());

  async function leaveBy(link: string): Promise<void> {
    await page.getByRole('link', { name: link }).click();
    await page.waitForURL('**/plain');
    await page.getByText('Nothing of ours').waitFor();
  }
  async function comeBack(): Promise<void> {
    await page.goBack({ waitUntil: 'commit' });
    // Not loaded anew: what is tested would not be there.
    await expect.poll(() => page.locator('html').getAttribute('data-is-kept')).toBe('true');
  }
  /** The test's own eyes lose the frames of a page that comes back; the browser itself knows them. */
  async function readWidget(): Promise<string> {
    const session = await site.browser.newBrowserCDPSession();
    const { targetInfos } = await session.send('Target.getTargets');
    const widget = targetInfos.find(({ type, url }) => type === 'iframe' && url.includes('/widget/'));
    if (!widget) throw new Error('There is no widget on this page.');
    const { sessionId } = await session.send('Target.attachToTarget', { targetId: widget.targetId, flatten: false });
    const said = new Promise<string>((resolve) => {
      session.on('Target.receivedMessageFromTarget', ({ message }) => resolve(message));
    });
    const params = { expression: 'document.body.innerText' };
    const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params });
    await session.send('Target.sendMessageToTarget', { sessionId, message });
    const { result } = JSON.parse(await said) as { result: { result: { value: string } } };
    await session.detach();
    return result.result.value;
  }

  test.each(['same site', 'other site'])(
    '[SH50] back from a page of the %s it goes on with a new picture, and END is pressed as before',
    async (link) => {
      const end = await visitor.widget.getByRole('button', { name: 'END SCREEN SHARE' }).boundingBox();
      if (!end) throw new Error('END is not on the screen.');
      const { epoch } = eye.frames().at(-1)!;
      await leaveBy(link);
      await comeBack();
      await page.evaluate(() => (document.querySelector('h1')!.textContent = 'Lamps once more'));
      await eye.untilSeen('Lamps once more');
      const anew = eye.frames().filter((frame) => frame.epoch > epoch);
      expect(anew[0]?.isKey).toBe(true);
      expect(await readWidget()).toContain('You are sharing this page');

      await page.mouse.click(end.x + end.width / 2, end.y + end.height / 2);
      expect((await visitor.untilShare(({ phase }) => phase === 'ended')).endReason).toBe('ended-by-sharer');
      await expect.poll(readWidget).not.toContain('END SCREEN SHARE');
    },
  );

  test('[SH50] what has ended meanwhile is not shown as shared on the page that comes back', async () => {
    await leaveBy('other site');
    await site.agent.request('share:end-share', { shareId: visitor.share.shareId });
    await comeBack();
    await expect.poll(readWidget).not.toContain('END SCREEN SHARE');
    expect(await readWidget()).toContain('Sharing ended after');
    const shown = eye.frames().length;
    await page.evaluate(() => (document.querySelector('h1')!.textContent = 'Lamps after the end'));
    await site.agent.settle();
    expect(eye.frames().length).toBe(shown);
    expect(eye.text()).not.toContain('after the end');
  });
});
