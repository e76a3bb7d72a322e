import { afterEach, expect, test } from 'vitest';
import type { ToViewer } from '../../../cobrowse/viewer/viewer-messages.ts';
import type { RecordingMark, ShareHistoryEntry } from '../../../protocol/recordings.ts';
import { createManualClock, settle } from '../../connection/testing/manual-clock.ts';
import { createRecordingPlayer, type RecordingPlayer } from './recording-player.ts';
import { createFakeSource, createRecordedPage, entryAt, tabOf, tabsAt } from './testing/recording-scene.ts';

const players: RecordingPlayer[] = [];
afterEach(() => {
  for (const player of players.splice(0)) player.close();
});

/** A player whose viewer writes down what it is told. */
async function openPlayer(
  page: ReturnType<typeof createRecordedPage>,
  marks: readonly RecordingMark[] = [tabsAt(0, tabOf('one'))],
  history: readonly ShareHistoryEntry[] = [],
) {
  const source = createFakeSource(page, marks);
  const clock = createManualClock();
  const player = createRecordingPlayer({ source, loadHistory: async () => history, clock });
  players.push(player);
  const told: ToViewer[] = [];
  const { port1, port2 } = new MessageChannel();
  port2.onmessage = ({ data }: MessageEvent<ToViewer>) => void told.push(data);
  player.attach(port1);
  await player.open();
  port2.postMessage({ type: 'ready' });
  const idle = async (): Promise<void> => {
    for (let count = 0; count < 5; count += 1) await settle();
  };
  await idle();
  /** What the viewer was shown since the last question: frames as tab and number, everything else by its name. */
  const heard = async (): Promise<string[]> => {
    await idle();
    return told.splice(0).flatMap((message) => {
      if (message.type === 'frame') return [`${message.tabId} ${message.epoch}:${message.seq}`];
      if (message.type === 'marks') return [message.name];
      if (message.type === 'show-tab' && message.scheme !== undefined) return [`show-tab ${message.scheme}`];
      return ['rewind', 'clear', 'show-tab'].includes(message.type) ? [message.type] : [];
    });
  };
  return { player, source, clock, heard, port: port2 };
}

const twoMinutes = () => {
  const page = createRecordedPage();
  page.add('one', [0, 1_000, 2_000], { isKey: true });
  page.add('one', [3_000, 4_000]);
  page.add('one', [60_000, 61_000], { isKey: true });
  page.add('one', [62_000, 120_000]);
  return page;
};

test('[B10] opened, it shows the first picture and waits for the agent', async () => {
  const { player, heard, clock } = await openPlayer(twoMinutes());
  expect(await heard()).toEqual(['rewind', 'show-tab', 'one 1:0']);
  await clock.advance(5_000);
  expect(await heard()).toEqual([]);
  expect(player).toMatchObject({ phase: { value: 'ready' }, isPlaying: { value: false }, place: { value: 0 } });
});

test('[B10] frames are shown in their time, at the speed that is chosen', async () => {
  const { player, heard, clock } = await openPlayer(twoMinutes());
  await heard();
  player.toggle();
  await clock.advance(1_100);
  expect(await heard()).toEqual(['one 1:1']);
  player.setSpeed(2);
  await clock.advance(1_000);
  expect(await heard()).toEqual(['one 1:2', 'one 1:3']);
  player.setSpeed(0.5);
  await clock.advance(1_000);
  expect(await heard()).toEqual([]);
  player.toggle();
  const { value } = player.place;
  await clock.advance(9_000);
  expect(player.place.value).toBe(value);
});

test('[SH51] what was drawn is drawn again in its time, and after a jump only what has not faded yet', async () => {
  const page = createRecordedPage();
  page.add('one', [0, 1_000, 20_000], { isKey: true, drawnAt: [500, 3_000, 9_000, 9_500], markedAt: [2_000] });
  const { player, heard, clock } = await openPlayer(page);
  await heard();
  player.toggle();
  await clock.advance(700);
  expect(await heard()).toEqual(['drawn at 500']);
  await clock.advance(500);
  expect(await heard()).toEqual(['one 1:1']);
  player.toggle();
  player.seek(10_000);
  // A highlight stands until it is taken away.
  const still = ['marked at 2000', 'drawn at 9000', 'drawn at 9500'];
  expect(await heard()).toEqual(['rewind', 'show-tab', 'one 1:0', 'one 1:1', ...still]);
  player.seek(1_500);
  expect(await heard()).toEqual(['rewind', 'show-tab', 'one 1:0', 'drawn at 500', 'one 1:1']);
});

test('[B10] seeking begins at the key frame before the place and shows what followed, forward and back', async () => {
  const { player, heard, source } = await openPlayer(twoMinutes());
  await heard();
  player.seek(61_500);
  expect(await heard()).toEqual(['rewind', 'show-tab', 'one 1:5', 'one 1:6']);
  expect(source.fetched).not.toContain('0004');
  player.seek(2_500);
  expect(await heard()).toEqual(['rewind', 'show-tab', 'one 1:0', 'one 1:1', 'one 1:2']);
  expect(
    source.fetched.filter((chunkId) => chunkId === '0000'),
    'it is still at hand',
  ).toHaveLength(1);
  player.seek(-5);
  expect(player.place.value).toBe(0);
  player.seek(1e9);
  expect(player.place.value).toBe(120_000);
});

test('[SH23] idle stretches are passed over, or played when that is wanted', async () => {
  const { player, clock } = await openPlayer(twoMinutes());
  player.toggle();
  await clock.advance(6_000);
  expect(player.place.value).toBeGreaterThan(59_000);
  player.setSkipsIdle(false);
  player.seek(4_000);
  await clock.advance(6_000);
  expect(player.place.value).toBeLessThan(11_000);
});

test('[B10] at its end it stops, and playing again begins anew', async () => {
  const page = createRecordedPage();
  page.add('one', [0, 1_000], { isKey: true });
  const { player, clock } = await openPlayer(page);
  player.toggle();
  await clock.advance(2_000);
  expect([player.isPlaying.value, player.place.value]).toEqual([false, 1_000]);
  player.toggle();
  expect([player.isPlaying.value, player.place.value]).toEqual([true, 0]);
});

test('[SH36] a page is played light or dark as its visitor had it, and anew when that changed', async () => {
  const page = createRecordedPage();
  page.add('one', [0, 500], { isKey: true });
  page.add('one', [1_200], { isKey: true });
  const marks = [tabsAt(0, tabOf('one', { scheme: 'light' })), tabsAt(1_000, tabOf('one', { scheme: 'dark' }))];
  const { player, clock, heard } = await openPlayer(page, marks);
  expect(await heard()).toEqual(['rewind', 'show-tab light', 'one 1:0']);
  player.toggle();
  await clock.advance(1_100);
  expect((await heard()).slice(1)).toEqual(['rewind', 'show-tab dark', 'one 1:0', 'one 1:1']);
  await clock.advance(500);
  expect(await heard()).toEqual(['one 1:2']);
});

test('[SH31] another page in front is shown from its own key frame on, and a new one in the same tab follows', async () => {
  const page = createRecordedPage();
  page.add('one', [0, 500], { isKey: true });
  page.add('two', [800], { isKey: true });
  page.add('one', [1_200], { isKey: true, epoch: 2 });
  page.add('two', [1_500, 2_000]);
  const marks = [
    tabsAt(0, tabOf('one')),
    tabsAt(1_000, tabOf('one', { isFront: false }), tabOf('two')),
    tabsAt(1_800, tabOf('one', { epoch: 2 }), tabOf('two', { isFront: false })),
  ];
  const { player, clock, heard } = await openPlayer(page, marks);
  player.toggle();
  await clock.advance(3_000);
  expect(await heard()).toEqual([
    'rewind',
    'show-tab',
    'one 1:0',
    'one 1:1',
    'rewind',
    'show-tab',
    'two 1:0',
    'two 1:1',
    'rewind',
    'show-tab',
    'one 2:0',
  ]);
});

test('[SH31] while sharing was paused the picture is blank', async () => {
  const page = createRecordedPage();
  page.add('one', [0], { isKey: true });
  page.add('one', [3_000, 4_000], { isKey: true, epoch: 2, scopeNumber: 2 });
  const marks = [tabsAt(0, tabOf('one')), tabsAt(1_000), tabsAt(3_000, tabOf('one', { epoch: 2 }))];
  const history = [entryAt(1_000, 'share-paused'), entryAt(2_900, 'share-resumed')];
  const { player, clock, heard } = await openPlayer(page, marks, history);
  await heard();
  player.toggle();
  await clock.advance(2_000);
  expect(await heard()).toEqual(['rewind', 'clear']);
  expect(player.scene.value?.kind).toBe('paused');
  await clock.advance(2_500);
  expect(await heard()).toEqual(['rewind', 'show-tab', 'one 2:0', 'one 2:1']);
});

test('[B10] a viewer that had to load again is shown everything anew', async () => {
  const { player, heard, port } = await openPlayer(twoMinutes());
  player.seek(1_500);
  await heard();
  port.postMessage({ type: 'ready' });
  expect(await heard()).toEqual(['rewind', 'show-tab', 'one 1:0', 'one 1:1']);
});

test('[B10] without a line it says so, and goes on from the same place when it is tried again', async () => {
  const page = createRecordedPage();
  for (let at = 0; at <= 80_000; at += 10_000) page.add('one', [at, at + 1_000], { isKey: true });
  const { player, source, heard } = await openPlayer(page);
  await heard();
  source.fails = true;
  player.seek(71_500);
  await heard();
  expect(player.phase.value).toBe('failed');
  source.fails = false;
  await player.open();
  expect(await heard()).toEqual(['rewind', 'show-tab', 'one 1:14', 'one 1:15']);
  expect(player.phase.value).toBe('ready');
  player.close();
  expect(source.isClosed).toBe(true);
});
