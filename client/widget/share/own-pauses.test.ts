import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ShareView } from '../../../protocol/sharing.ts';
import { makeLiveShare } from '../widget-fixtures.ts';
import { openLiveTab, openTab, type Tab } from './testing/sharing-tab.ts';

const live = makeLiveShare();

beforeEach(() => {
  vi.stubGlobal('document', new EventTarget());
  vi.stubGlobal('window', new EventTarget());
});
afterEach(() => vi.unstubAllGlobals());

const privatePause: ShareView = {
  ...live,
  revision: 5,
  phase: 'paused',
  pausedBecause: 'private-page',
  scopeNumber: 2,
};

/** The recorder comes to a page that the site calls private, and the server has taken the pause. */
async function pauseOnPrivatePage(tab: Tab): Promise<void> {
  tab.page.value = { url: 'https://shop.example/account/cards', title: 'Cards' };
  await tab.say({ type: 'paused', epoch: 1, because: 'private-page' });
  await tab.link.take('share:pause-share').answer({ share: privatePause });
}

test('[SH7] a pause that a page made by itself is lifted by that tab alone, over a change of page too', async () => {
  const isResumed = (tab: Tab) => tab.link.names.includes('share:resume-share');
  const tab = await openLiveTab();
  const beside = await openLiveTab({ local: tab.local });
  await pauseOnPrivatePage(tab);
  beside.told.value = privatePause;
  beside.page.value = { url: 'https://shop.example/chairs', title: 'Chairs' };
  expect(isResumed(beside)).toBe(false);
  tab.close();

  const next = await openTab({ local: tab.local, tab: tab.tab });
  next.told.value = privatePause;
  expect(isResumed(next)).toBe(true);
  next.close();
  beside.close();
});

test('[SH7] where the visitor resumes from another window, the private page stays out of it and pauses nothing', async () => {
  const tab = await openLiveTab();
  await pauseOnPrivatePage(tab);
  tab.told.value = { ...live, revision: 6, scopeNumber: 3 };
  await tab.link.take('share:open-stream').answer({ epoch: 2, scopeNumber: 3, isWanted: true });
  await tab.say({ type: 'paused', epoch: 2, because: 'private-page' });
  expect(tab.link.names.filter((name) => name === 'share:pause-share')).toHaveLength(1);
  expect(tab.link.names).toContain('share:close-stream');
  tab.close();
});

test('[SH33] what was out of reach in one share says nothing of the next', async () => {
  const tab = await openLiveTab();
  await tab.say({ type: 'reach', isReachable: false });
  const paused: ShareView = { ...live, revision: 5, phase: 'paused', pausedBecause: 'out-of-reach', scopeNumber: 2 };
  await tab.link.take('share:pause-share').answer({ share: paused });
  tab.told.value = { ...paused, revision: 6, phase: 'ended', endReason: 'ended-by-viewer' };
  tab.told.value = { ...live, shareId: '0190b0a0-0000-7000-8000-000000000099' as ShareView['shareId'] };
  document.dispatchEvent(new Event('visibilitychange'));
  expect(tab.link.names.filter((name) => name === 'share:pause-share')).toHaveLength(1);
  tab.close();
});

test('[SH33] a page that is loaded anew lifts the pause of the page before, once END is seen to be in reach', async () => {
  const paused: ShareView = { ...live, revision: 5, phase: 'paused', pausedBecause: 'out-of-reach', scopeNumber: 2 };
  const tab = await openLiveTab();
  await tab.say({ type: 'reach', isReachable: false });
  await tab.link.take('share:pause-share').answer({ share: paused });
  tab.close();

  const next = await openTab({ local: tab.local, tab: tab.tab });
  next.told.value = paused;
  expect(next.isLoaded(), 'somebody has to look').toBe(true);
  expect(next.link.names).not.toContain('share:resume-share');
  await next.say({ type: 'reach', isReachable: true });
  expect(next.link.names).toContain('share:resume-share');
  next.close();
});

test('[SH7] a tab whose pause the visitor has lifted elsewhere lifts none of another tab', async () => {
  const tab = await openLiveTab();
  await pauseOnPrivatePage(tab);
  // Resumed in another tab, which later pauses on a private page of its own.
  tab.told.value = { ...live, revision: 6, scopeNumber: 3 };
  tab.told.value = { ...privatePause, revision: 7, scopeNumber: 4 };
  tab.page.value = { url: 'https://shop.example/lamps', title: 'Lamps' };
  expect(tab.link.names).not.toContain('share:resume-share');
  tab.close();
});
