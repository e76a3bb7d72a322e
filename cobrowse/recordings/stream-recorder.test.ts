import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { ShareId } from '../../protocol/ids.ts';
import { decodeChunk, readDrawing } from '../chunk-format.ts';
import type { RecordingBatch } from '../recording-host.ts';
import type { FrameToKeep } from '../relay/relay.ts';
import type { RecorderLimits } from './recorder-limits.ts';
import { createStreamRecorder, type StoredRecorder } from './stream-recorder.ts';

const shareId = randomUUID() as ShareId;
const tabId = randomUUID();
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const CHANGE = '[{"type":3,"data":{"source":0},"timestamp":1}]';
const DIGEST = '[{"type":5,"data":{"tag":"foyer:digest","payload":{}},"timestamp":1}]';

const pointAt = (nodeId: number) => ({ name: 'Ada', marks: [{ kind: 'highlight' as const, nodeId }] });

let open: StoredRecorder | undefined;
afterEach(() => open?.close());

/** A recorder whose store does as it is told, with a clock of its own. */
function createStage(limits: Partial<RecorderLimits> = {}) {
  const stage = {
    now: 1_000,
    written: [] as RecordingBatch[],
    /** While set, writing waits for it. */
    block: undefined as Promise<void> | undefined,
    fails: false,
    refused: [] as ShareId[],
  };
  const recorder = createStreamRecorder({
    store: {
      async write(batches) {
        await stage.block;
        if (stage.fails) throw new Error('The disk is full.');
        stage.written.push(...batches);
        return stage.refused;
      },
      listUnfinished: () => Promise.resolve([shareId]),
    },
    now: () => stage.now,
    log: silent,
    limits,
  });
  open = recorder;
  let seq = 0;
  const add = (frame: Partial<FrameToKeep> = {}): boolean => {
    const whole = { shareId, tabId, epoch: 1, scopeNumber: 1, isKey: false, events: CHANGE, ...frame };
    return recorder.append({ seq: seq++, pieces: [Buffer.alloc(100, 7)], ...whole });
  };
  const draw = (nodeId: number, epoch = 1): void => recorder.keepDrawing(shareId, { tabId, epoch }, pointAt(nodeId));
  const chunks = () => stage.written.flatMap((batch) => batch.chunks);
  const marks = () => stage.written.flatMap((batch) => batch.marks);
  return { stage, recorder, add, draw, chunks, marks };
}

test('[SH22] frames are written in their order, with their times, and a key frame begins a chunk', async () => {
  const { stage, recorder, add, chunks } = createStage();
  for (const isKey of [true, false, false, true, false]) {
    expect(add({ isKey })).toBe(true);
    stage.now += 100;
  }
  await recorder.flush();
  expect(chunks()).toMatchObject([
    { tabId, epoch: 1, firstSeq: 0, isKey: true, firstAt: 1_000, lastAt: 1_200 },
    { firstSeq: 3, isKey: true, firstAt: 1_300, lastAt: 1_400 },
  ]);
  expect(chunks().flatMap(({ data }) => decodeChunk(data).map(({ seq, at }) => [seq, at]))).toEqual([
    [0, 1_000],
    [1, 1_100],
    [2, 1_200],
    [3, 1_300],
    [4, 1_400],
  ]);
});

test('[SH22] what comes after a write goes on in another chunk of the same run', async () => {
  const { recorder, add, chunks } = createStage();
  add({ isKey: true });
  await recorder.flush();
  add();
  await recorder.flush();
  expect(chunks()).toMatchObject([
    { firstSeq: 0, isKey: true },
    { firstSeq: 1, isKey: false },
  ]);
});

/** Frames by their number, drawings by what is pointed at, each with its time. */
const toWords = (chunks: RecordingBatch['chunks']): string[][] =>
  chunks.map(({ data }) =>
    decodeChunk(data).map((frame) => {
      const [mark] = frame.isDrawing ? (readDrawing(frame.data)?.marks ?? []) : [];
      return `${mark?.kind === 'highlight' ? `at ${mark.nodeId}` : frame.seq} ${frame.at}`;
    }),
  );

/** What was drawn on a page that says nothing else waits until a new picture comes, or the end. */
async function createDrawnStage() {
  const drawn = createStage();
  drawn.add({ isKey: true });
  await drawn.recorder.flush();
  drawn.stage.now = 1_500;
  drawn.draw(1);
  drawn.stage.now = 2_000;
  return drawn;
}

test('[SH51] what is drawn stands among the frames of its page at its time, also where a write lies between', async () => {
  const { stage, recorder, add, draw, chunks } = createStage();
  draw(1);
  add({ isKey: true });
  stage.now = 1_100;
  draw(2);
  draw(3, 2);
  add();
  await recorder.flush();
  stage.now = 1_200;
  draw(4);
  await recorder.flush();
  stage.now = 1_300;
  add({ events: DIGEST });
  await recorder.flush();
  expect(toWords(chunks())).toEqual([
    ['0 1000', 'at 2 1100', '1 1100'],
    ['at 4 1200', '2 1300'],
  ]);
  expect(chunks()[1]).toMatchObject({ firstSeq: 2, firstAt: 1_200, lastAt: 1_300, activeFrom: 1_200, activeTo: 1_200 });
});

test('[SH51] what was drawn last is kept when the share ends, and a new picture begins as it is', async () => {
  const { stage, recorder, add, draw, chunks } = await createDrawnStage();
  add({ isKey: true });
  await recorder.flush();
  stage.now = 2_500;
  draw(2);
  recorder.endShare(shareId);
  await recorder.close();
  expect(toWords(chunks())).toEqual([['0 1000'], ['1 2000', 'at 1 1500'], ['at 2 2500']]);
  expect(chunks().map(({ firstSeq, isKey, firstAt }) => [firstSeq, isKey, firstAt])).toEqual([
    [0, true, 1_000],
    [1, true, 2_000],
    [2, false, 2_500],
  ]);
});

test('[SH51] what was drawn last on a page is kept when another one takes its place', async () => {
  const { recorder, add, chunks } = await createDrawnStage();
  add({ isKey: true, epoch: 2 });
  await recorder.flush();
  expect(toWords(chunks())).toEqual([['0 1000'], ['at 1 1500'], ['1 2000']]);
  expect(chunks().map(({ epoch, firstSeq }) => [epoch, firstSeq])).toEqual([
    [1, 0],
    [1, 1],
    [2, 1],
  ]);
});

test('[SH24] a page that draws without end and says nothing else is not kept without end', async () => {
  const { recorder, add, draw, chunks } = createStage({ maxChunkBytes: 2_000 });
  add({ isKey: true });
  await recorder.flush();
  for (let count = 0; count < 200; count += 1) {
    draw(count);
    if (count % 50 === 0) await recorder.flush();
  }
  add();
  await recorder.flush();
  const [, waited] = chunks();
  expect(waited?.data.byteLength).toBeGreaterThan(1_000);
  expect(waited?.data.byteLength).toBeLessThan(4_000);
});

test('[SH20] the bytes are copied: what the relay overwrites afterwards stays as it was', async () => {
  const { recorder, add, chunks } = createStage();
  const piece = Buffer.from('what was shared');
  const bytes = Buffer.from('a picture');
  add({ isKey: true, pieces: [piece] });
  recorder.keepAsset(shareId, { tabId, epoch: 1 }, 12, { contentType: 'image/png', bytes });
  piece.fill(0);
  bytes.fill(0);
  await recorder.flush();
  const [frame] = decodeChunk(chunks()[0]?.data ?? new Uint8Array());
  expect(Buffer.from(frame?.data ?? []).toString()).toBe('what was shared');
});

test('[SH23] a page that only counts itself is idle, and a key frame again is nothing new', async () => {
  const { stage, recorder, add, chunks } = createStage();
  add({ isKey: true });
  stage.now = 6_000;
  add({ events: DIGEST });
  stage.now = 9_000;
  add();
  stage.now = 11_000;
  add({ isKey: true });
  add({ events: DIGEST });
  await recorder.flush();
  expect(chunks()).toMatchObject([
    { activeFrom: 1_000, activeTo: 9_000 },
    { activeFrom: null, activeTo: null },
  ]);
});

test('[SH24] when writing lags, memory stays bounded: frames are left out until a key frame, and the gap is marked', async () => {
  const { stage, recorder, add, chunks, marks } = createStage({ flushBytes: 100, maxPendingBytes: 450 });
  let release = (): void => undefined;
  stage.block = new Promise((resolve) => (release = resolve));
  expect(add({ isKey: true })).toBe(true);
  const taken = Array.from({ length: 20 }, () => add());
  expect(taken.filter(Boolean)).toHaveLength(3);
  release();
  stage.block = undefined;
  await recorder.flush();
  expect(add(), 'what follows on what is missing cannot be read').toBe(false);
  expect(add({ isKey: true })).toBe(true);
  expect(add()).toBe(true);
  await recorder.flush();
  expect(chunks().flatMap(({ data }) => decodeChunk(data).map(({ seq }) => seq))).toEqual([0, 1, 2, 3, 22, 23]);
  expect(marks()).toEqual([{ at: 1_000, kind: 'gap', because: 'behind' }]);
});

test('[SH24] what could not be written is said in the recording, which goes on with the next key frame', async () => {
  const { stage, recorder, add, chunks, marks } = createStage();
  add({ isKey: true });
  stage.fails = true;
  await recorder.flush();
  expect(add()).toBe(false);
  stage.fails = false;
  expect(add({ isKey: true })).toBe(true);
  await recorder.flush();
  expect(marks()).toEqual([{ at: 1_000, kind: 'gap', because: 'failed' }]);
  expect(chunks()).toMatchObject([{ firstSeq: 2, isKey: true }]);
});

test('[SH20] of a share that may not be kept nothing more is taken', async () => {
  const { stage, recorder, add } = createStage();
  stage.refused = [shareId];
  add({ isKey: true });
  await recorder.flush();
  stage.written = [];
  expect(add()).toBe(true);
  recorder.noteTabs(shareId, []);
  await recorder.flush();
  expect(stage.written).toEqual([]);
});

test('[SH24] a recording has an end: what is too much is left out and said', async () => {
  const { recorder, add, chunks, marks } = createStage({ maxRecordingBytes: 250 });
  add({ isKey: true });
  for (let count = 0; count < 10; count += 1) expect(add()).toBe(true);
  await recorder.flush();
  expect(chunks().flatMap(({ data }) => decodeChunk(data))).toHaveLength(3);
  expect(marks()).toMatchObject([{ kind: 'gap', because: 'full' }]);
});

test('[SH25] the pages are told once per change, and that nobody looks, from the first picture on', async () => {
  const { recorder, add, marks } = createStage();
  const tab = { tabId, title: 'Cart', url: 'https://a.example/', epoch: 1, isFront: true, state: 'streaming' as const };
  recorder.noteTabs(shareId, [tab]);
  recorder.noteTabs(shareId, [{ ...tab }]);
  recorder.noteTabs(shareId, null);
  await recorder.flush();
  expect(marks()).toEqual([]);
  add({ isKey: true });
  await recorder.flush();
  expect(marks()).toEqual([
    { at: 1_000, kind: 'tabs', tabs: [tab] },
    { at: 1_000, kind: 'unwatched' },
  ]);
});

test('[SH27] what is needed of pictures is kept once, under each name', async () => {
  const { stage, recorder } = createStage();
  const asset = { contentType: 'image/png', bytes: Buffer.from('the same picture') };
  recorder.keepAsset(shareId, { tabId, epoch: 1 }, 12, asset);
  recorder.keepAsset(shareId, { tabId, epoch: 2 }, 3, asset);
  await recorder.flush();
  const assets = stage.written.flatMap((batch) => batch.assets);
  expect(assets.map(({ epoch, assetKey, content }) => [epoch, assetKey, content?.length ?? null])).toEqual([
    [1, 12, 16],
    [2, 3, null],
  ]);
  expect(assets[0]?.hash).toBe(assets[1]?.hash);
});

test('[SH24] a server that starts again marks the place in its open recordings', async () => {
  const { recorder, marks } = createStage();
  await recorder.recover('node-1');
  expect(marks()).toEqual([{ at: 1_000, kind: 'gap', because: 'restarted' }]);
});

test('[SH24] closing writes what is left, and a share that ends is written at once', async () => {
  const { stage, recorder, add, chunks } = createStage({ flushMs: 60_000 });
  add({ isKey: true });
  recorder.endShare(shareId);
  await expect.poll(() => chunks().length).toBe(1);
  add({ isKey: true });
  await recorder.close();
  expect(chunks()).toHaveLength(2);
  expect(add({ isKey: true })).toBe(true);
  await nextTurn();
  expect(stage.written).toHaveLength(2);
});
