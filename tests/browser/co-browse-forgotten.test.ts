import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findInHeap, SEARCHABLE } from '../_support/process-heap.ts';
import { createSharedSite, openSharing, watchShare, type Eye, type SharedSite } from '../_support/shared-site.ts';
import { becomeReady, openWorkspace } from '../_support/story.ts';

const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
/** Too long to stand in a frame. What follows the end of a picture no browser looks at. */
const toPicture = (words: string): string =>
  `data:image/png;base64,${Buffer.concat([PICTURE, Buffer.from(words.padEnd(3_000))]).toString('base64')}`;
const toHalf = (side: string): string => `
  <section id="${side}" aria-label="${side}" style="min-height: 120px">
    <h2 title="cn-${side}-title-x">cn-${side}-text-x</h2><p>cn-${side}-paragraph-x</p><input value="cn-${side}-value-x">
    <img src="${toPicture(`cn-${side}-picture-x`)}" alt="cn-${side}-alt-x" width="20" height="20">
    <img alt="" src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'%3E%3Ctext%3Ecn-${side}-drawing-x%3C/text%3E%3C/svg%3E">
  </section>`;

/** Of the whole page, and of one half of it. */
const ALL = 'cn-[a-z]+-[a-z]+-x';
const RIGHT = 'cn-right-[a-z]+-x';

describe('what was shared and is shared no more', () => {
  let site: SharedSite;
  beforeAll(async () => {
    site = await createSharedSite({}, SEARCHABLE);
    site.setPage('/halves', `<main>${toHalf('left')}${toHalf('right')}</main>`);
  });
  afterAll(() => site.close());

  /** The database with its journal, and whatever else there is. */
  function findInFiles(pattern: string, folder = site.server.dataDir): string[] {
    return readdirSync(folder)
      .map((name) => join(folder, name))
      .flatMap((path) =>
        statSync(path).isDirectory()
          ? findInFiles(pattern, path)
          : (readFileSync(path, 'latin1').match(new RegExp(pattern, 'g')) ?? []),
      );
  }
  /** Something on its way through the server is soon gone; what is kept stays. */
  async function expectForgotten(pattern: string): Promise<void> {
    await expect.poll(() => findInHeap(site.server, pattern), { timeout: 20_000 }).toEqual([]);
    expect(findInFiles(pattern), 'in files').toEqual([]);
  }
  /** Until the pictures have come too: then the search must find every way by which the page is held. */
  async function expectHeld(eye: Eye): Promise<void> {
    await eye.untilSeen('cn-right-text-x');
    await expect
      .poll(() => findInHeap(site.server, RIGHT), { timeout: 20_000 })
      .toEqual(
        expect.arrayContaining(['alt', 'drawing', 'paragraph', 'picture', 'text'].map((what) => `cn-right-${what}-x`)),
      );
  }

  test.each([
    ['Only this part …', '#left', 'part'],
    ['Hide this part …', '#right', 'page'],
  ])('[SH17] once "%s" is confirmed the server holds nothing of the rest any more', async (name, picked, kind) => {
    const { agent } = site;
    const { page, press, share, widget, context, ...visitor } = await openSharing(site, '/halves');
    const eye = await watchShare(agent, share.shareId);
    await expectHeld(eye);
    await press('CHANGE SHARING');
    await widget.getByRole('button', { name }).click();
    await visitor.untilShare(({ phase }) => phase === 'paused');
    // The picker's own layer stands over the page; what is in it only people reach.
    await page.locator('div[popover="manual"]').first().waitFor({ state: 'attached' });
    const box = (await page.locator(`${picked} h2`).boundingBox())!;
    await page.mouse.move(box.x + 20, box.y + box.height / 2, { steps: 3 });
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await visitor.untilShare(({ scope, phase }) => phase === 'live' && scope?.kind === kind);
    await expectForgotten(RIGHT);

    // Nor does it come back for somebody who opens the workspace only now.
    const late = await openWorkspace(site.server, agent.account);
    await becomeReady(late);
    const lateEye = await watchShare(late, share.shareId);
    await lateEye.untilSeen('cn-left-text-x');
    expect(lateEye.text()).not.toMatch(new RegExp(RIGHT));
    expect(await findInHeap(site.server, ALL)).toContain('cn-left-text-x');
    await expectForgotten(RIGHT);
    late.close();
    await agent.request('conversation:end-conversation', { conversationId: visitor.conversationId });
    await context.close();
  });

  test('[SH17] after END the server holds nothing of the page any more', async () => {
    const { press, share, context, untilShare } = await openSharing(site, '/halves');
    await expectHeld(await watchShare(site.agent, share.shareId));
    await press('END SCREEN SHARE');
    await untilShare(({ phase }) => phase === 'ended');
    await expectForgotten(ALL);
    await context.close();
  });
});
