import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StreamEvent } from '../../cobrowse/stream-events.ts';
import { PROGRAM_PAGE, runProgram, writeDown } from './viewer-programs.ts';
import {
  createFrameSource,
  createViewerWorld,
  openSharedPage,
  openViewerWindow,
  TAB,
  type SentPiece,
  type SharedPage,
  type ViewerWindow,
  type ViewerWorld,
} from './viewer-world.ts';

let world: ViewerWorld;
let window: ViewerWindow;
beforeAll(async () => {
  world = await createViewerWorld();
  window = await openViewerWindow(world);
});
afterAll(() => world.close());

/** Each test streams a tab of its own into the same viewer. */
let tabs = 0;
async function showNewTab(): Promise<string> {
  tabs += 1;
  const tabId = TAB.slice(0, -4) + String(tabs).padStart(4, '0');
  await window.say({ type: 'show-tab', tabId, epoch: 1 });
  return tabId;
}

const untilConfirmed = (tabId: string, seq: number): Promise<void> =>
  window.page
    .waitForFunction(
      ([tab, wanted]) =>
        (globalThis as never as { heard: { type: string; tabId?: string; seq?: number }[] }).heard.some(
          (message) => message.type === 'confirm' && message.tabId === tab && message.seq === wanted,
        ),
      [tabId, seq] as const,
    )
    .then(() => undefined);
const untilShown = (tabId: string): Promise<void> =>
  window.page
    .waitForFunction(
      (tab) =>
        (globalThis as never as { heard: { type: string; tabId?: string }[] }).heard.some(
          (message) => message.type === 'shown' && message.tabId === tab,
        ),
      tabId,
    )
    .then(() => undefined);
const resyncsOf = async (tabId: string) =>
  (await window.heard()).flatMap((message) =>
    message.type === 'resync' && message.tabId === tabId ? [message.because] : [],
  );

async function expectSame(shared: SharedPage): Promise<void> {
  const here = await window.inCopy(writeDown);
  expect(here).toEqual(await shared.page.evaluate(`(${String(writeDown)})(document)`));
  expect(here.length).toBeGreaterThan(10);
}

const step = (shared: SharedPage, seed: number, steps = 25): Promise<void> =>
  shared.page.evaluate(runProgram, { seed, steps });

test.each([1, 2, 3, 4, 5, 6, 7, 8])('[B5] after program %i both sides show the same', async (seed) => {
  const shared = await openSharedPage(world, PROGRAM_PAGE);
  const tabId = await showNewTab();
  const frame = createFrameSource({ tabId });
  await window.sendPieces(frame(await shared.takeKey(), true));
  await untilShown(tabId);
  for (let round = 0; round < 6; round += 1) {
    await step(shared, seed * 100 + round);
    await window.sendPieces(frame(await shared.takeEvents(), false, 200));
  }
  await untilConfirmed(tabId, 6);
  await expectSame(shared);
  expect(await resyncsOf(tabId)).toEqual([]);
  await shared.close();
});

test('[B5] who joins late gets the key frame and all that followed at once, and sees the same', async () => {
  const shared = await openSharedPage(world, PROGRAM_PAGE);
  const tabId = await showNewTab();
  const frame = createFrameSource({ tabId });
  const pieces = frame(await shared.takeKey(), true);
  for (let round = 0; round < 20; round += 1) {
    await step(shared, 900 + round);
    pieces.push(...frame(await shared.takeEvents()));
  }
  await window.sendPieces(pieces);
  await untilShown(tabId);
  await untilConfirmed(tabId, 20);
  await expectSame(shared);
  await shared.close();
});

test.each([
  ['five minutes ahead', 300_000],
  ['five minutes behind', -300_000],
])('[B5] a clock that is %s changes nothing', async (_what, skewMs) => {
  const shared = await openSharedPage(world, PROGRAM_PAGE);
  const tabId = await showNewTab();
  const frame = createFrameSource({ tabId });
  const skewed = (events: StreamEvent[]) => events.map((event) => ({ ...event, timestamp: event.timestamp + skewMs }));
  await window.sendPieces(frame(skewed(await shared.takeKey()), true));
  await step(shared, 71);
  await window.sendPieces(frame(skewed(await shared.takeEvents())));
  await untilShown(tabId);
  await untilConfirmed(tabId, 1);
  await expectSame(shared);
  await shared.close();
});

test.each<[string, (pieces: SentPiece[][]) => SentPiece[][], string[]]>([
  ['lost', (frames) => frames.filter((_frame, index) => index !== 2), ['gap']],
  ['doubled', (frames) => frames.flatMap((pieces) => [pieces, pieces]), []],
  ['swapped', ([a, b, c, ...rest]) => [a!, c!, b!, ...rest], ['gap']],
  [
    'broken',
    (frames) =>
      frames.map((pieces, index) => (index === 2 ? pieces.map((piece) => ({ ...piece, data: 'AAAA' })) : pieces)),
    ['failed'],
  ],
])('[B5] a frame that was %s is noticed, and a key frame makes both the same again', async (_what, spoil, wanted) => {
  const shared = await openSharedPage(world, PROGRAM_PAGE);
  const tabId = await showNewTab();
  const frame = createFrameSource({ tabId });
  await window.sendPieces(frame(await shared.takeKey(), true));
  await untilShown(tabId);
  const frames: SentPiece[][] = [];
  for (let round = 0; round < 4; round += 1) {
    await step(shared, 500 + round);
    frames.push(frame(await shared.takeEvents()));
  }
  await window.sendPieces(spoil(frames).flat());
  if (wanted.length > 0) {
    await window.page.waitForFunction(
      (tab) =>
        (globalThis as never as { heard: { type: string; tabId?: string }[] }).heard.some(
          (message) => message.type === 'resync' && message.tabId === tab,
        ),
      tabId,
    );
    await window.sendPieces(frame(await shared.takeKey(), true));
  }
  await untilConfirmed(tabId, wanted.length > 0 ? 5 : 4);
  await expectSame(shared);
  expect((await resyncsOf(tabId)).slice(0, 1)).toEqual(wanted);
  await shared.close();
});

test('[B8] turning to another tab and back needs no new key frame', async () => {
  const [first, second] = [await openSharedPage(world, PROGRAM_PAGE), await openSharedPage(world, PROGRAM_PAGE)];
  const firstTab = await showNewTab();
  const secondTab = `${firstTab.slice(0, -1)}f`;
  const [firstFrame, secondFrame] = [createFrameSource({ tabId: firstTab }), createFrameSource({ tabId: secondTab })];
  await step(second, 77);
  await window.sendPieces([...firstFrame(await first.takeKey(), true), ...secondFrame(await second.takeKey(), true)]);
  await untilShown(firstTab);
  await step(first, 78);
  await step(second, 79);
  await window.sendPieces([...firstFrame(await first.takeEvents()), ...secondFrame(await second.takeEvents())]);
  await window.say({ type: 'show-tab', tabId: secondTab, epoch: 1 });
  await untilShown(secondTab);
  await expectSame(second);
  const shownBefore = (await window.heard()).filter(({ type }) => type === 'shown').length;
  await window.say({ type: 'show-tab', tabId: firstTab, epoch: 1 });
  await window.untilHeard('shown', shownBefore + 1);
  await expectSame(first);
  expect([await resyncsOf(firstTab), await resyncsOf(secondTab)]).toEqual([[], []]);
  await Promise.all([first.close(), second.close()]);
});
