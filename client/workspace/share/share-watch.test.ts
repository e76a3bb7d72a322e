import { afterEach, expect, test } from 'vitest';
import type { FromViewer, ToViewer } from '../../../cobrowse/viewer/viewer-messages.ts';
import type { SharedTab } from '../../../protocol/sharing.ts';
import { createManualClock, settle } from '../../connection/testing/manual-clock.ts';
import { conversationOf, shareOf } from '../desk-fixtures.ts';
import { createShareWatch } from './share-watch.ts';
import { createFakeDeskLink } from './testing/fake-desk-link.ts';

const { shareId } = shareOf(conversationOf(1).conversationId);
const TAB = '00000000-0000-4000-8000-000000000001';
const OTHER_TAB = '00000000-0000-4000-8000-000000000002';
const ACT_ID = '00000000-0000-4000-8000-000000000009';
const tabOf = (changes: Partial<SharedTab> = {}): SharedTab => ({
  tabId: TAB,
  title: 'Lamps',
  url: 'https://shop.example/lamps',
  epoch: 1,
  isFront: true,
  state: 'streaming',
  ...changes,
});
const LOOK = { language: 'en', scheme: 'light', visitorName: 'Grace', watermark: 'Ada' } as const;

const closings: (() => void)[] = [];
afterEach(() => {
  for (const close of closings.splice(0)) close();
});

/** A watch whose viewer is this test. */
async function openWatch({ tabs = [tabOf()], isReady = true } = {}) {
  const link = createFakeDeskLink();
  const clock = createManualClock();
  let see = (_isSeen: boolean): void => undefined;
  const sight = { follow: (listener: typeof see) => ((see = listener), () => undefined) };
  link.answer('share:watch-stream', { tabs, scopeNumber: 1, assetPath: '/cb-asset/token/1/' });
  const watch = createShareWatch({ connection: link, shareId, clock, sight });
  watch.setLook(LOOK);
  await settle();
  const told: ToViewer[] = [];
  const { port1, port2 } = new MessageChannel();
  port2.addEventListener('message', ({ data }: MessageEvent<ToViewer>) => told.push(data));
  port2.start();
  watch.attach(port1);
  closings.push(() => (watch.close(), port2.close()));
  const arrive = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) await settle();
  };
  const say = async (message: FromViewer): Promise<void> => {
    port2.postMessage(message);
    await arrive();
  };
  if (isReady) await say({ type: 'ready' });
  const frame = (seq: number, changes: Partial<{ epoch: number; scopeNumber: number; tabId: string }> = {}) =>
    link.tell('share:frame-arrived', {
      shareId,
      tabId: TAB,
      epoch: 1,
      scopeNumber: 1,
      seq,
      isKey: seq === 0,
      isLast: true,
      data: new Uint8Array([1, 2, seq]),
      ...changes,
    });
  return {
    watch,
    link,
    clock,
    told,
    say,
    arrive,
    frame,
    see: (isSeen: boolean) => see(isSeen),
    typesTold: () => told.map(({ type }) => type),
    namesSent: () => link.sent.map(({ name }) => name),
  };
}

test('[B5] a watch asks for the frames and tells the viewer where its pictures are and which page to show', async () => {
  const page = await openWatch();
  expect(page.namesSent()).toEqual(['share:watch-stream']);
  expect(page.told).toContainEqual(
    expect.objectContaining({ type: 'look', assetPath: '/cb-asset/token/1/', visitorName: 'Grace' }),
  );
  expect(page.told).toContainEqual({ type: 'show-tab', tabId: TAB, epoch: 1 });
  page.frame(0);
  await page.arrive();
  expect(page.told.at(-1)).toMatchObject({ type: 'frame', seq: 0, data: expect.any(ArrayBuffer) });
});

test('[B5] frames that come before the viewer is ready reach it after it knows what to show', async () => {
  const page = await openWatch({ isReady: false });
  page.frame(0);
  page.frame(1);
  await page.say({ type: 'ready' });
  expect(page.typesTold().slice(-3)).toEqual(['show-tab', 'frame', 'frame']);
});

test('[B3] a cleared view is told before anything else, and nothing of before reaches the viewer any more', async () => {
  const page = await openWatch({ isReady: false });
  page.frame(0);
  page.link.tell('share:view-cleared', { shareId, scopeNumber: 2 });
  page.frame(1);
  await page.say({ type: 'ready' });
  expect(page.typesTold()).not.toContain('frame');
  expect(page.told.at(-1)).toEqual({ type: 'clear', scopeNumber: 2 });
  expect(page.watch.picture.value).toBe('cleared');
});

test('[B3] what was narrowed while the line was away is blanked as soon as it is back', async () => {
  const page = await openWatch();
  await page.say({ type: 'shown', tabId: TAB, epoch: 1, tookMs: 5 });
  expect(page.watch.picture.value).toBe('shown');
  page.link.answer('share:watch-stream', { tabs: [], scopeNumber: 4, assetPath: '/cb-asset/token/1/' });
  await page.link.reconnect();
  await page.arrive();
  expect(page.told).toContainEqual({ type: 'clear', scopeNumber: 4 });
  expect(page.watch.picture.value).toBe('cleared');
});

test('[B8] the picture follows the page the visitor looks at, unless the agent has chosen another', async () => {
  const page = await openWatch({ tabs: [tabOf(), tabOf({ tabId: OTHER_TAB, isFront: false })] });
  expect(page.watch.shownTab.value?.tabId).toBe(TAB);
  const moved = [tabOf({ isFront: false }), tabOf({ tabId: OTHER_TAB })];
  page.link.tell('share:tabs-changed', { shareId, tabs: moved });
  expect(page.watch.shownTab.value?.tabId).toBe(OTHER_TAB);
  page.watch.chooseTab(TAB);
  page.link.tell('share:tabs-changed', { shareId, tabs: moved });
  expect([page.watch.shownTab.value?.tabId, page.watch.isFollowingTabs.value]).toEqual([TAB, false]);
  // The chosen one is closed: following begins again.
  page.link.tell('share:tabs-changed', { shareId, tabs: [tabOf({ tabId: OTHER_TAB })] });
  expect([page.watch.shownTab.value?.tabId, page.watch.isFollowingTabs.value]).toEqual([OTHER_TAB, true]);
});

test('[B8] a page on its way to the next is dimmed, and its next epoch is shown', async () => {
  const page = await openWatch();
  page.link.tell('share:tabs-changed', { shareId, tabs: [tabOf({ state: 'navigating' })] });
  page.link.tell('share:tabs-changed', { shareId, tabs: [tabOf({ epoch: 2 })] });
  await page.arrive();
  expect(page.told.slice(-2)).toEqual([{ type: 'navigating' }, { type: 'show-tab', tabId: TAB, epoch: 2 }]);
});

test('[B5] what the viewer has to say goes to the server for the share that is watched', async () => {
  const page = await openWatch();
  await page.say({ type: 'confirm', tabId: TAB, epoch: 1, seq: 7 });
  await page.say({ type: 'resync', tabId: TAB, epoch: 1, because: 'gap' });
  await page.say({ type: 'marks', tabId: TAB, epoch: 1, marks: [{ kind: 'pointer', at: null }] });
  expect(page.link.sent.slice(1)).toEqual([
    { name: 'share:confirm-frames', input: { shareId, tabId: TAB, epoch: 1, seq: 7 } },
    { name: 'share:resync-stream', input: { shareId, tabId: TAB, epoch: 1, because: 'gap' } },
    { name: 'share:send-marks', input: { shareId, tabId: TAB, epoch: 1, marks: [{ kind: 'pointer', at: null }] } },
  ]);
});

test('[B7] a refused act is said, by the visitor’s page or by the server', async () => {
  const page = await openWatch();
  const act = { kind: 'click', at: { nodeId: 3, x: 0.5, y: 0.5 } } as const;
  await page.say({ type: 'act', tabId: TAB, epoch: 1, actId: ACT_ID, act });
  page.link.tell('share:act-answered', { shareId, actId: ACT_ID, refusal: 'private' });
  expect(page.watch.refusal.value).toBe('private');
  page.link.answer('share:ask-act', 'share-not-allowed');
  await page.say({ type: 'act', tabId: TAB, epoch: 1, actId: ACT_ID, act });
  expect(page.watch.refusal.value).toBe('not-granted');
});

test('[B7] asking to open a page waits for the visitor’s own answer', async () => {
  const page = await openWatch();
  page.watch.act({ kind: 'open', url: 'https://shop.example/basket' });
  expect(page.watch.isOpening.value).toBe(true);
  const actId = String(page.link.sent.at(-1)?.input['actId']);
  page.link.tell('share:act-answered', { shareId, actId, refusal: 'declined' });
  expect([page.watch.isOpening.value, page.watch.refusal.value]).toEqual([false, 'declined']);
});

test('[B7] a tool whose permission is taken back is put down', async () => {
  const page = await openWatch();
  page.watch.setGrants(['draw']);
  page.watch.setTool('ink');
  page.watch.setGrants([]);
  expect(page.watch.tool.value).toBe('look');
  await page.arrive();
  expect(page.told.slice(-2)).toEqual([
    { type: 'grants', grants: [] },
    { type: 'tool', tool: 'look' },
  ]);
});

test('[B5] a window that nobody sees lets go of the page after a while, and takes it up again', async () => {
  const page = await openWatch();
  page.see(false);
  await page.clock.advance(9_000);
  page.see(true);
  await page.clock.advance(60_000);
  expect(page.namesSent()).not.toContain('share:unwatch-stream');
  page.see(false);
  await page.clock.advance(10_000);
  expect(page.namesSent().at(-1)).toBe('share:unwatch-stream');
  page.see(true);
  await settle();
  expect(page.namesSent().at(-1)).toBe('share:watch-stream');
});

test('[B5] a closed watch says so once, and hears nothing any more', async () => {
  const page = await openWatch();
  page.watch.close();
  page.watch.close();
  page.link.tell('share:view-cleared', { shareId, scopeNumber: 9 });
  expect(page.namesSent().filter((name) => name === 'share:unwatch-stream')).toHaveLength(1);
  expect(page.watch.picture.value).toBe('waiting');
});

test('[B5] a frame that had to load again is told everything anew and gets the page from its beginning', async () => {
  const page = await openWatch();
  await page.say({ type: 'ready' });
  expect(page.namesSent()).toEqual(['share:watch-stream', 'share:watch-stream']);
  expect(page.typesTold().filter((type) => type === 'show-tab').length).toBeGreaterThan(1);
});

test('[B2] a share that is over when it is watched is no fault', async () => {
  const link = createFakeDeskLink();
  link.answer('share:watch-stream', 'share-ended');
  const sight = { follow: () => () => undefined };
  const watch = createShareWatch({ connection: link, shareId, clock: createManualClock(), sight });
  await expect(link.reconnect()).resolves.toBeUndefined();
  watch.close();
});
