import { inflateRawSync, constants } from 'node:zlib';
import { expect, test } from 'vitest';
import type { ToRecorder } from '../../../cobrowse/recorder/recorder-messages.ts';
import type { PageScheme } from '../../../protocol/sharing.ts';
import { createManualClock, settle } from '../../connection/testing/manual-clock.ts';
import { makeShare } from '../widget-fixtures.ts';
import { createFrameDeflater } from './deflate/frame-deflater.ts';
import { WHOLE_PAGE } from './share-scope.ts';
import { createShareUplink, type UplinkStream } from './share-uplink.ts';
import { createFakeShareLink } from './testing/fake-share-link.ts';

const { shareId } = makeShare();
const RULES = { deny: [], allow: [], isPrivateByDefault: false, readOnly: [], privatePaths: [] };
const streamOf = (scopeNumber: number): UplinkStream => ({ shareId, scopeNumber, scope: WHOLE_PAGE, rules: RULES });
const TAB = 'tab-1';

function openUplink() {
  const link = createFakeShareLink();
  const clock = createManualClock();
  const recorder: ToRecorder[] = [];
  const refused: string[] = [];
  let scheme: PageScheme = 'dark';
  const deflate = createFrameDeflater();
  const uplink = createShareUplink({
    link,
    clock,
    tabId: TAB,
    pageUrl: () => 'https://shop.example/lamps?token=secret#more',
    isFront: () => true,
    scheme: () => scheme,
    squeezer: { squeeze: async (events, isKey) => deflate(events, isKey), close: () => undefined },
    toRecorder: (message) => recorder.push(message),
    onRefused: (code) => refused.push(code),
  });
  return {
    link,
    clock,
    uplink,
    setScheme: (next: PageScheme) => void (scheme = next),
    recorder,
    refused,
    told: () => recorder.map(({ type }) => type),
    async begin(epoch = 1, scopeNumber = 1, isWanted = true) {
      uplink.set(streamOf(scopeNumber));
      await link.take('share:open-stream').answer({ epoch, scopeNumber, isWanted });
    },
    async record(events: string, { epoch = 1, scopeNumber = 1, isKey = false } = {}) {
      uplink.handleRecorder({ type: 'events', epoch, scopeNumber, isKey, events });
      await settle();
    },
    frames: () => link.open.filter(({ name }) => name === 'share:send-frame').map(({ input }) => input),
  };
}

test('[B1] a stream is opened first, and recorded only under the epoch that the server gave', async () => {
  const page = openUplink();
  page.uplink.set(streamOf(3));
  expect(page.recorder).toEqual([]);
  expect(page.link.take('share:open-stream').input).toMatchObject({
    shareId,
    tabId: TAB,
    isFront: true,
    scheme: 'dark',
    page: { url: 'https://shop.example/lamps', title: '' },
  });
  await page.link.take('share:open-stream').answer({ epoch: 7, scopeNumber: 3, isWanted: true });
  expect(page.recorder).toEqual([
    { type: 'start', stream: { epoch: 7, scopeNumber: 3, scope: WHOLE_PAGE, rules: RULES } },
  ]);
  expect(page.uplink.epoch.value).toBe(7);
});

test('[B4] the path of a private page is not named to anybody, not even before its recorder looks at it', async () => {
  const page = openUplink();
  page.uplink.set({ ...streamOf(3), rules: { ...RULES, privatePaths: ['/lamps/*'] } });
  expect(page.link.take('share:open-stream').input).toMatchObject({ page: { url: 'https://shop.example', title: '' } });
});

test('[B5] what is recorded arrives deflated, in order, and can be read as one stream', async () => {
  const page = openUplink();
  await page.begin();
  await page.record('["delta before its key frame"]');
  await page.record('["key"]', { isKey: true });
  await page.record('["one"]');
  await page.record('["two"]');
  const frames = page.frames();
  expect(frames.map(({ seq, isKey, isLast }) => [seq, isKey, isLast])).toEqual([
    [0, true, true],
    [1, false, true],
    [2, false, true],
  ]);
  const joined = Buffer.concat(frames.map(({ data }) => data as Uint8Array));
  expect(inflateRawSync(joined, { finishFlush: constants.Z_SYNC_FLUSH }).toString()).toBe('["key"]["one"]["two"]');
});

test('[B5] what belongs to another epoch or another scope is not sent', async () => {
  const page = openUplink();
  await page.begin(2, 5);
  await page.record('["old epoch"]', { epoch: 1, scopeNumber: 5, isKey: true });
  await page.record('["old scope"]', { epoch: 2, scopeNumber: 4, isKey: true });
  expect(page.frames()).toEqual([]);
});

test('[B5] nothing is recorded while nobody looks, and it begins anew when somebody does', async () => {
  const page = openUplink();
  await page.begin(1, 1, false);
  expect(page.recorder).toEqual([]);
  page.link.tell('share:stream-wanted', { shareId, isWanted: true });
  expect(page.told()).toEqual(['start']);
  page.link.tell('share:stream-wanted', { shareId, isWanted: false });
  expect(page.told()).toEqual(['start', 'stop']);
  await page.record('["nobody"]', { isKey: true });
  expect(page.frames()).toEqual([]);
  // Node numbers begin anew with each recording, so the epoch does as well.
  page.link.tell('share:stream-wanted', { shareId, isWanted: true });
  await page.link.take('share:open-stream').answer({ epoch: 2, scopeNumber: 1, isWanted: true });
  expect(page.recorder.at(-1)).toMatchObject({ type: 'start', stream: { epoch: 2 } });
});

test('[B5] who comes while the stream is being opened is not missed', async () => {
  const page = openUplink();
  page.uplink.set(streamOf(1));
  page.link.tell('share:stream-wanted', { shareId, isWanted: true });
  await page.link.take('share:open-stream').answer({ epoch: 1, scopeNumber: 1, isWanted: false });
  expect(page.told()).toEqual(['start']);
});

test('[B3] a change of scope stops the recording within the same call', async () => {
  const page = openUplink();
  await page.begin();
  await page.record('["key"]', { isKey: true });
  page.uplink.hush();
  expect(page.told()).toEqual(['start', 'stop']);
  expect(page.link.names).not.toContain('share:close-stream');
  await page.record('["after"]');
  expect(page.frames()).toHaveLength(1);
  page.uplink.set(streamOf(2));
  await page.link.take('share:open-stream').answer({ epoch: 2, scopeNumber: 2, isWanted: true });
  await page.record('["after, too"]', { epoch: 1, scopeNumber: 1, isKey: true });
  expect(page.frames()).toHaveLength(1);
});

test('[B3] what was being deflated when the scope changed is not sent', async () => {
  const page = openUplink();
  await page.begin();
  page.uplink.handleRecorder({ type: 'events', epoch: 1, scopeNumber: 1, isKey: true, events: '["just before"]' });
  page.uplink.set(streamOf(2));
  await settle();
  expect(page.frames()).toEqual([]);
});

test('[B8] the tab is called what the recorder says it may be called', async () => {
  const page = openUplink();
  await page.begin();
  const named = { url: 'https://shop.example/lamps', title: 'Lamps' };
  page.uplink.handleRecorder({ type: 'page', epoch: 1, page: named, isFront: false });
  expect(page.link.take('share:report-tab').input).toMatchObject({ epoch: 1, page: named, isFront: false });
  await page.link.take('share:report-tab').answer();
  page.uplink.reportFront();
  expect(page.link.take('share:report-tab').input).toMatchObject({ page: named, isFront: true });
  await page.link.take('share:report-tab').answer();
  page.uplink.handleRecorder({ type: 'page', epoch: 2, page: named, isFront: true });
  expect(page.link.open).toEqual([]);
});

test('[B2] the end stops it and says so to the server', async () => {
  const page = openUplink();
  await page.begin();
  page.uplink.set(null);
  expect(page.told()).toEqual(['start', 'stop']);
  expect(page.link.take('share:close-stream').input).toMatchObject({ epoch: 1, because: 'stopped' });
  expect(page.uplink.epoch.value).toBeNull();
});

test('[B5] a stale stream stops at once and opens anew when nothing else is said', async () => {
  const page = openUplink();
  await page.begin();
  await page.record('["key"]', { isKey: true });
  await page.link.take('share:send-frame').refuse('stale-stream');
  expect(page.told()).toEqual(['start', 'stop']);
  await page.clock.advance(500);
  await page.link.take('share:open-stream').answer({ epoch: 2, scopeNumber: 1, isWanted: true });
  expect(page.recorder.at(-1)).toMatchObject({ type: 'start', stream: { epoch: 2 } });
});

test('[B3] a server that is further than this page gets nothing until the page has heard why', async () => {
  const page = openUplink();
  page.uplink.set(streamOf(1));
  await page.link.take('share:open-stream').answer({ epoch: 1, scopeNumber: 2, isWanted: true });
  expect(page.told()).not.toContain('start');
  page.uplink.set(streamOf(2));
  await page.link.take('share:open-stream').answer({ epoch: 2, scopeNumber: 2, isWanted: true });
  expect(page.told()).toContain('start');
});

test('[B5] a lost line is silence, and coming back a new epoch', async () => {
  const page = openUplink();
  await page.begin();
  page.link.state.value = 'reconnecting';
  expect(page.told()).toEqual(['start', 'hold']);
  await page.record('["into the void"]', { isKey: true });
  page.link.state.value = 'online';
  await page.link.take('share:open-stream').answer({ epoch: 2, scopeNumber: 1, isWanted: true });
  expect(page.recorder.at(-1)).toMatchObject({ type: 'start', stream: { epoch: 2 } });
  expect(page.frames()).toEqual([]);
});

test('[B5] a full line holds the recorder and asks for a key frame once it is free', async () => {
  const page = openUplink();
  await page.begin();
  await page.record('["key"]', { isKey: true });
  await page.record('["late"]');
  await page.link.take('share:send-frame').answer();
  await page.clock.advance(5_000);
  expect(page.told()).toEqual(['start', 'hold']);
  await page.record('["still"]');
  await page.link.take('share:send-frame').answer();
  await page.clock.advance(0);
  expect(page.told()).toEqual(['start', 'hold', 'key']);
  await page.record('["fresh"]', { isKey: true });
  expect(page.frames()).toMatchObject([{ seq: 2, isKey: true }]);
});

test('[B5] key frames that the server asks for come, at most one a second', async () => {
  const page = openUplink();
  await page.begin();
  await page.record('["key"]', { isKey: true });
  const ask = () => page.link.tell('share:key-wanted', { shareId, tabId: TAB, epoch: 1 });
  await page.clock.advance(1_000);
  for (let count = 0; count < 20; count += 1) ask();
  await page.clock.advance(0);
  for (let count = 0; count < 20; count += 1) ask();
  await page.clock.advance(999);
  expect(page.told().filter((type) => type === 'key')).toHaveLength(1);
  await page.clock.advance(1);
  expect(page.told().filter((type) => type === 'key')).toHaveLength(2);
  page.link.tell('share:key-wanted', { shareId, tabId: 'tab-2', epoch: 1 });
  page.link.tell('share:key-wanted', { shareId, tabId: TAB, epoch: 9 });
  await page.clock.advance(5_000);
  expect(page.told().filter((type) => type === 'key')).toHaveLength(2);
});

test('[B5] a question for a key frame is answered by the one that is on its way already', async () => {
  const page = openUplink();
  await page.begin();
  page.link.tell('share:key-wanted', { shareId, tabId: TAB, epoch: 1 });
  await page.record('["key"]', { isKey: true });
  await page.clock.advance(5_000);
  expect(page.told()).not.toContain('key');
  page.link.tell('share:key-wanted', { shareId, tabId: TAB, epoch: 1 });
  await page.clock.advance(0);
  expect(page.told().filter((type) => type === 'key')).toHaveLength(1);
});

test('[B8] a page that goes away says that it navigates, and starts nothing any more', async () => {
  const page = openUplink();
  await page.begin();
  page.uplink.handleRecorder({ type: 'leaving', epoch: 1 });
  expect(page.link.take('share:close-stream').input).toMatchObject({ because: 'navigating' });
  page.uplink.leave();
  page.link.state.value = 'reconnecting';
  page.link.state.value = 'online';
  expect(page.link.names.filter((name) => name === 'share:close-stream')).toHaveLength(1);
  expect(page.link.names.filter((name) => name === 'share:open-stream')).toHaveLength(1);
  // Back out of the browser's memory.
  page.uplink.comeBack();
  expect(page.link.names.filter((name) => name === 'share:open-stream')).toHaveLength(2);
});

test('[B12] a stream that the server will not have is told, and not tried again', async () => {
  const page = openUplink();
  page.uplink.set(streamOf(1));
  await page.link.take('share:open-stream').refuse('forbidden');
  await page.clock.advance(60_000);
  expect(page.refused).toEqual(['forbidden']);
  expect(page.link.open).toEqual([]);
});

test('[O5] a server in trouble is asked less and less often', async () => {
  const page = openUplink();
  page.uplink.set(streamOf(1));
  for (let attempt = 0; attempt < 4; attempt += 1) {
    await page.link.take('share:open-stream').refuse('internal');
    await page.clock.advance(500 * 2 ** attempt - 1);
    expect(page.link.open).toEqual([]);
    await page.clock.advance(1);
  }
  expect(page.link.open).toHaveLength(1);
});

test('[B5] when the browser is set to light or dark, this is told and a key frame follows', async () => {
  const page = openUplink();
  await page.begin();
  page.setScheme('light');
  page.uplink.reportScheme();
  expect(page.link.take('share:report-tab').input).toMatchObject({ isFront: true, scheme: 'light' });
  await page.clock.advance(1_000);
  expect(page.recorder.at(-1)).toEqual({ type: 'key' });
});
