import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ShareView } from '../../protocol/sharing.ts';
import {
  createSharedSite,
  openWatched,
  type Eye,
  type SharedSite,
  type SharingVisitor,
} from '../_support/shared-site.ts';

const SHOP = `<main><h1>Lamps</h1><p id="count">count-0</p></main>
<dialog id="ask"><p>Are you sure?</p><button id="close" onclick="this.closest('dialog').close()">No</button></dialog>
<div id="note" popover="manual" style="inset:0;width:100%;height:100%;margin:0;border:0">All over</div>
<div id="film" style="background:#000">Film</div>
<script>
  let count = 0;
  setInterval(() => { document.getElementById('count').textContent = 'count-' + ++count; }, 50);
  addEventListener('keydown', (event) => { if (event.key === 'f') document.getElementById('film').requestFullscreen(); });
</script>`;

/** Whether a click at the middle of END would reach it. */
const canPressEnd = async (visitor: SharingVisitor): Promise<boolean> => {
  const end = visitor.widget.getByRole('button', { name: 'END SCREEN SHARE', exact: true });
  return end.click({ trial: true, timeout: 1_000 }).then(
    () => true,
    () => false,
  );
};

describe('END while the page puts something in front of it', () => {
  let site: SharedSite;
  let visitor: SharingVisitor;
  let page: Page;
  let eye: Eye;
  beforeAll(async () => {
    // Nobody asks for that many shares within a minute alone.
    site = await createSharedSite({}, {}, ['Jonas Berg']);
    site.setPage('/shop', SHOP);
  });
  afterAll(() => site.close());
  beforeEach(async () => {
    ({ visitor, eye } = await openWatched(site, '/shop', 'count-'));
    ({ page } = visitor);
  });
  afterEach(() => visitor.leave());

  /** With the keyboard alone; what stands there is closed to the page, so that its host is all there is to see. */
  const focusEndIn = (id: string) =>
    expect
      .poll(async () => {
        await page.keyboard.press('Tab');
        return page.evaluate(() => {
          const { parentElement, id: ownId } = document.activeElement!;
          return ownId === '' ? parentElement?.id : '';
        });
      })
      .toBe(id);
  const isPaused = ({ phase }: ShareView): boolean => phase === 'paused';
  const isLive = ({ phase }: ShareView): boolean => phase === 'live';

  test('[B2] in a modal dialog of the page END stands in the dialog, is pressed there, and goes with it', async () => {
    await page.evaluate(() => document.querySelector<HTMLDialogElement>('#ask')!.showModal());
    expect(await canPressEnd(visitor)).toBe(false);
    await focusEndIn('ask');
    // The page goes on being shown, dialog and all.
    await eye.untilSeen('Are you sure?');
    await page.locator('#close').click();
    await expect.poll(() => canPressEnd(visitor)).toBe(true);
    expect(await page.locator('#ask > div').count()).toBe(0);

    await page.evaluate(() => document.querySelector<HTMLDialogElement>('#ask')!.showModal());
    await focusEndIn('ask');
    await page.keyboard.press('Enter');
    const ended = await visitor.untilShare(({ phase }) => phase === 'ended');
    expect(ended.endReason).toBe('ended-by-sharer');
    await expect.poll(() => page.locator('#ask > div').count()).toBe(0);
    expect(eye.text()).not.toContain('END SCREEN SHARE');
  });

  test('[B2] END stays above popovers that fill the window', async () => {
    await page.evaluate(() => document.getElementById('note')!.showPopover());
    await expect.poll(() => canPressEnd(visitor)).toBe(true);
    await visitor.press('END SCREEN SHARE');
    expect((await visitor.untilShare(({ phase }) => phase === 'ended')).endReason).toBe('ended-by-sharer');
  });

  test('[B2] END stands in what fills the screen', async () => {
    await page.locator('h1').click();
    await page.keyboard.press('f');
    await page.waitForFunction(() => document.fullscreenElement !== null);
    await focusEndIn('film');
    await page.keyboard.press('Enter');
    expect((await visitor.untilShare(({ phase }) => phase === 'ended')).endReason).toBe('ended-by-sharer');
  });

  test('[B2] a page that takes everything but its own dialog out of reach does not take END', async () => {
    await page.evaluate(() => {
      for (const each of document.body.children) {
        (each as HTMLElement).inert = true;
        each.setAttribute('aria-hidden', 'true');
      }
    });
    await expect.poll(() => canPressEnd(visitor)).toBe(true);
    await visitor.press('END SCREEN SHARE');
    expect((await visitor.untilShare(({ phase }) => phase === 'ended')).endReason).toBe('ended-by-sharer');
  });

  test('[SH33] where END cannot be pressed nothing is shown or done, and it goes on by itself once it can', async () => {
    await visitor.agent.request('share:request-grant', { shareId: visitor.share.shareId, grant: 'scroll' });
    await page.evaluate(() => void (document.body.inert = true));
    const paused = await visitor.untilShare(isPaused);
    expect(paused.pausedBecause).toBe('out-of-reach');
    await expect(
      visitor.agent.request('share:ask-act', {
        shareId: paused.shareId,
        tabId: eye.frames()[0]!.tabId,
        epoch: eye.frames()[0]!.epoch,
        actId: crypto.randomUUID(),
        act: { kind: 'scroll', nodeId: null, left: 0, top: 10 },
      }),
    ).rejects.toMatchObject({ code: 'stale-stream' });
    const shown = eye.frames().length;
    await page.evaluate(() => void (document.body.inert = false));
    const back = await visitor.untilShare(isLive);
    expect(back.scopeNumber).toBeGreaterThan(paused.scopeNumber);
    expect(shown).toBe(eye.frames().length);
    await visitor.press('END SCREEN SHARE');
    await visitor.untilShare(({ phase }) => phase === 'ended');
    // Nothing of ours stays on the page's own top layer.
    expect(await page.locator('[popover]:not(#note)').count()).toBe(0);
  });

  test('[SH33] while a modal dialog in a shadow tree keeps all clicks to itself nothing is shown, open tree or closed', async () => {
    for (const mode of ['open', 'closed'] as const) {
      await page.evaluate((wanted) => {
        const host = document.body.appendChild(document.createElement('div'));
        const dialog = document.createElement('dialog');
        dialog.append('In the shadow');
        host.attachShadow({ mode: wanted }).append(dialog);
        dialog.showModal();
        addEventListener('keydown', () => dialog.close(), { once: true });
      }, mode);
      expect((await visitor.untilShare(isPaused)).pausedBecause).toBe('out-of-reach');
      expect(await canPressEnd(visitor)).toBe(false);
      await page.keyboard.press('q');
      await visitor.untilShare(isLive);
    }
    await visitor.press('END SCREEN SHARE');
    expect((await visitor.untilShare(({ phase }) => phase === 'ended')).endReason).toBe('ended-by-sharer');
  });

  test('[SH33] END rises above popovers in a shadow tree, open or closed', async () => {
    for (const mode of ['open', 'closed'] as const) {
      await page.evaluate((wanted) => {
        const host = document.body.appendChild(document.createElement('div'));
        const over = document.createElement('div');
        over.popover = 'manual';
        over.style.cssText = 'inset:0;width:100%;height:100%;margin:0;border:0';
        host.attachShadow({ mode: wanted }).append(over);
        over.showPopover();
      }, mode);
      await expect.poll(() => canPressEnd(visitor)).toBe(true);
    }
    await visitor.press('END SCREEN SHARE');
    expect((await visitor.untilShare(({ phase }) => phase === 'ended')).endReason).toBe('ended-by-sharer');
  });

  const contests: [string, string][] = [
    ['ten times a second', 'const again = setInterval(show, 100); stop = () => clearInterval(again);'],
    [
      'whenever END is raised',
      `addEventListener('toggle', ({ target }) => target.id === '' && show(), { capture: true, signal: over.signal });
       show();`,
    ],
    [
      'in a closed shadow tree',
      `const root = document.body.appendChild(document.createElement('div')).attachShadow({ mode: 'closed' });
       root.append(note);
       const again = setInterval(show, 100);
       stop = () => clearInterval(again);`,
    ],
    [
      'with a dialog that opens and closes',
      `const ask = document.getElementById('ask');
       const again = setInterval(() => (ask.open ? ask.close() : ask.showModal()), 100);
       stop = () => { clearInterval(again); ask.close(); };`,
    ],
    [
      'by emptying its dialog',
      `const ask = document.getElementById('ask');
       ask.showModal();
       const again = setInterval(() => ask.replaceChildren(), 100);
       stop = () => { clearInterval(again); ask.close(); };`,
    ],
    [
      'by emptying its dialog whenever END is put there',
      `const ask = document.getElementById('ask');
       ask.showModal();
       const emptying = new MutationObserver(() => ask.replaceChildren());
       emptying.observe(ask, { childList: true });
       ask.append('Wait');
       stop = () => { emptying.disconnect(); ask.close(); };`,
    ],
    [
      'by taking it down from where it has been put',
      `const cover = document.body.appendChild(document.createElement('div'));
       cover.style.cssText = 'position:fixed;inset:0;z-index:2147483647;background:#eee';
       const again = setInterval(() => {
         for (const each of document.querySelectorAll('[popover]:not(#note)')) each.removeAttribute('popover');
       }, 20);
       stop = () => clearInterval(again);`,
    ],
  ];
  test.each(contests)(
    '[SH33] a page that puts itself above END %s is not shown, until it leaves END alone',
    async (_how, script) => {
      await page.addScriptTag({
        content: `{
          const note = document.getElementById('note');
          const over = new AbortController();
          let stop = () => over.abort();
          const show = () => { note.hidePopover(); note.showPopover(); };
          ${script}
          addEventListener('calm', () => { stop(); note.hidePopover(); }, { once: true });
        }`,
      });
      expect((await visitor.untilShare(isPaused)).pausedBecause).toBe('out-of-reach');
      await page.evaluate(() => dispatchEvent(new Event('calm')));
      await visitor.untilShare(isLive);
      expect(await canPressEnd(visitor)).toBe(true);
    },
  );

  test('[SH33] a page that opens a popover and two dialogs one after the other goes on being shown', async () => {
    const heard = visitor.agent.heard('share:changed').length;
    await page.evaluate(async () => {
      const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      document.getElementById('note')!.showPopover();
      await drawn();
      for (const text of ['First', 'Second']) {
        const dialog = document.body.appendChild(document.createElement('dialog'));
        dialog.append(text);
        dialog.showModal();
        await drawn();
        dialog.close();
        await drawn();
      }
      document.getElementById('note')!.hidePopover();
      document.querySelector('h1')!.textContent = 'all-closed';
    });
    await eye.untilSeen('all-closed');
    await visitor.press('END SCREEN SHARE');
    await visitor.untilShare(({ phase }) => phase === 'ended');
    const phases = visitor.agent.heard('share:changed').slice(heard);
    expect(phases.map(({ share }) => share.phase)).toEqual(['ended']);
  });

  const waits: [string, string][] = [
    [
      'shows one dialog for a moment, again and again',
      `for (let turn = 0; turn < 4; turn += 1) {
         ask.showModal();
         await pass(250);
         ask.close();
         await pass(150);
       }`,
    ],
    [
      'writes anew what its dialog shows, again and again',
      `ask.showModal();
       for (let done = 0; done < 6; done += 1) {
         ask.innerHTML = '<p>Done: ' + done + ' of 6</p>';
         await pass(0);
         if (!ask.querySelector(':scope > [popover]:popover-open')) throw new Error('END is gone');
         await pass(500);
       }
       ask.close();`,
    ],
  ];
  test.each(waits)('[SH33] a page that %s goes on being shown', async (_how, script) => {
    const heard = visitor.agent.heard('share:changed').length;
    await page.evaluate(`(async () => {
      const ask = document.getElementById('ask');
      const pass = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      ${script}
      document.querySelector('h1').textContent = 'all-closed';
    })()`);
    await eye.untilSeen('all-closed');
    await visitor.press('END SCREEN SHARE');
    await visitor.untilShare(({ phase }) => phase === 'ended');
    const phases = visitor.agent.heard('share:changed').slice(heard);
    expect(phases.map(({ share }) => share.phase)).toEqual(['ended']);
  });

  test('[SH33] it goes on as well on the next page, where END is in reach again', async () => {
    await page.evaluate(() => void (document.body.inert = true));
    await visitor.untilShare(isPaused);
    await page.reload();
    await visitor.untilShare(isLive);
  });

  test('[SH33] as long as the script that watches over END cannot be loaded nothing is shown', async () => {
    await page.route('**/recorder-tools.js', (route) => route.abort());
    await page.reload();
    expect((await visitor.untilShare(isPaused)).pausedBecause).toBe('out-of-reach');
    await page.unroute('**/recorder-tools.js');
    await visitor.untilShare(isLive);
  });

  test('[SH33] what the visitor has paused by hand stays paused when END was out of reach meanwhile', async () => {
    await visitor.press('CHANGE SHARING');
    await visitor.press('Pause');
    await visitor.untilShare(isPaused);
    await page.evaluate(() => void (document.body.inert = true));
    await expect.poll(() => canPressEnd(visitor)).toBe(false);
    await page.evaluate(() => void (document.body.inert = false));
    await expect.poll(() => canPressEnd(visitor)).toBe(true);
    await visitor.agent.settle();
    expect(visitor.agent.heard('share:changed').at(-1)?.share).toMatchObject({
      phase: 'paused',
      pausedBecause: 'by-visitor',
    });
  });
});
