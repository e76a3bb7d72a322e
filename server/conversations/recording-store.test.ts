import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { liveShare } from '../../cobrowse/share-store-contract.ts';
import type { NewAsset, NewChunk, RecordingBatch, RecordingStore } from '../../cobrowse/recording-host.ts';
import type { ShareRecord } from '../../cobrowse/share-record.ts';
import type { ShareId } from '../../protocol/ids.ts';
import { createConversationFixture } from './conversation-fixture.ts';
import type { ConversationFixture } from './conversation-fixture.ts';
import { createRecordingStore } from './recording-store.ts';
import { createShareStore } from './share-store.ts';

const tabId = randomUUID();
const TABLES = ['recordings', 'recordingChunks', 'recordingMarks', 'recordingAssets', 'recordingAssetKeys'] as const;

let fixture: ConversationFixture;
let store: RecordingStore;
let siteKeeps: boolean;
beforeEach(async () => {
  fixture = await createConversationFixture();
  siteKeeps = true;
  store = createRecordingStore(fixture.db, () => siteKeeps);
});
afterEach(() => fixture.close());

async function newShare(fields: Partial<ShareRecord> = {}): Promise<ShareRecord> {
  const { conversationId } = await fixture.newConversation();
  const record = { ...liveShare(conversationId), isRecorded: true, ...fields };
  await createShareStore(
    fixture.db,
    async () => {},
    fixture.appendLine,
    () => {},
  ).insertShare(record, []);
  return record;
}

let nextSeq = 0;
const chunk = (at: number, size = 10): NewChunk => ({
  tabId,
  epoch: 1,
  scopeNumber: 1,
  firstSeq: nextSeq++,
  isKey: true,
  firstAt: at,
  lastAt: at + 10,
  activeFrom: at,
  activeTo: null,
  data: new Uint8Array(size).map((_, index) => index % 251),
});
const asset = (assetKey: number, content: Uint8Array | null = Uint8Array.of(1, 2, 3)): NewAsset => ({
  tabId,
  epoch: 1,
  assetKey,
  hash: 'h'.repeat(64),
  contentType: 'image/png',
  content,
});
const batch = (shareId: ShareId, fields: Partial<RecordingBatch> = {}): RecordingBatch => ({
  shareId,
  at: 1_000,
  chunks: [chunk(1_000)],
  marks: [],
  assets: [],
  ...fields,
});

test('[SH20] without the visitor’s tick or the site’s setting nothing at all is written', async () => {
  const unticked = await newShare({ isRecorded: false });
  expect(await store.write([batch(unticked.shareId)])).toEqual([unticked.shareId]);
  const ticked = await newShare();
  siteKeeps = false;
  expect(await store.write([batch(ticked.shareId)])).toEqual([ticked.shareId]);
  for (const table of TABLES) expect(await fixture.db.selectFrom(table).selectAll().execute()).toEqual([]);
});

test('[SH22] what is written comes back in its order, bytes as bytes, whole or in pieces', async () => {
  const { shareId, conversationId } = await newShare();
  const marks = [{ at: 990, kind: 'tabs' as const, tabs: [] }];
  expect(await store.write([batch(shareId, { marks, chunks: [chunk(1_000, 1_000), chunk(2_000)] })])).toEqual([]);
  await store.write([batch(shareId, { chunks: [chunk(3_000)], assets: [asset(4)] })]);
  expect(await store.find(shareId)).toEqual({
    shareId,
    conversationId,
    startedAt: 1_000,
    lastAt: 3_010,
    isRunning: true,
    bytes: 1_023,
  });
  expect(await store.listOf(conversationId)).toHaveLength(1);
  expect(await store.listMarks(shareId)).toEqual(marks);
  const chunks = await store.listChunks(shareId, null, 10);
  expect(chunks.map(({ firstAt }) => firstAt)).toEqual([1_000, 2_000, 3_000]);
  expect(chunks[0]).toMatchObject({ tabId, isKey: true, bytes: 1_000, activeTo: null });
  const [first, second] = chunks.map(({ chunkId }) => chunkId);
  expect((await store.listChunks(shareId, first ?? '', 1)).map(({ chunkId }) => chunkId)).toEqual([second]);
  expect(await store.readChunk(shareId, first ?? '', 250, 3)).toEqual(Uint8Array.of(250, 0, 1));
  expect(await store.readChunk(shareId, first ?? '', 1_000, 3)).toEqual(new Uint8Array());
  expect(await store.readChunk(shareId, randomUUID(), 0, 3)).toBeUndefined();
  expect(await store.readChunk((await newShare()).shareId, first ?? '', 0, 3)).toBeUndefined();
});

test('[SH22] a gap and that nobody looks make a recording no longer', async () => {
  const { shareId } = await newShare();
  await store.write([batch(shareId)]);
  const marks = [
    { at: 90_000, kind: 'unwatched' as const },
    { at: 99_000, kind: 'gap' as const, because: 'restarted' as const },
  ];
  await store.write([batch(shareId, { chunks: [], marks })]);
  expect(await store.find(shareId)).toMatchObject({ startedAt: 1_000, lastAt: 1_010 });
});

test('[SH27] a picture is kept once under all its names, for this recording alone', async () => {
  const { shareId } = await newShare();
  await store.write([batch(shareId, { assets: [asset(4), asset(5, null)] })]);
  await store.write([batch(shareId, { chunks: [], assets: [asset(4)] })]);
  const place = { tabId, epoch: 1 };
  expect(await store.findAsset(shareId, place, 5)).toEqual({ contentType: 'image/png', bytes: Uint8Array.of(1, 2, 3) });
  expect(await store.findAsset(shareId, place, 6)).toBeUndefined();
  expect(await store.findAsset(shareId, { tabId, epoch: 2 }, 5)).toBeUndefined();
  expect(await store.findAsset((await newShare()).shareId, place, 5)).toBeUndefined();
  expect(await fixture.db.selectFrom('recordingAssets').selectAll().execute()).toHaveLength(1);
});

test('[SH28] erasing goes step by step and leaves nothing; other recordings stay', async () => {
  const [old, young] = [await newShare(), await newShare()];
  const marks = [{ at: 1_000, kind: 'unwatched' as const }];
  const chunks = Array.from({ length: 95 }, (_, index) => chunk(1_000 + index));
  await store.write([batch(old.shareId, { chunks, marks, assets: [asset(1)] })]);
  await store.write([batch(young.shareId, { chunks: [chunk(9_000)] })]);
  expect((await store.listExpired(fixture.siteId, 5_000, 5)).map(({ shareId }) => shareId)).toEqual([old.shareId]);
  const steps = [];
  do steps.push(await store.eraseSome(old.shareId));
  while (!steps.at(-1));
  expect(steps).toEqual([false, false, true]);
  expect(await store.listExpired(fixture.siteId, 5_000, 5)).toEqual([]);
  const left = await Promise.all(TABLES.map((table) => fixture.db.selectFrom(table).select('shareId').execute()));
  expect(left.map((rows) => rows.length)).toEqual([1, 1, 0, 0, 0]);
});

test('[SH28] a recording goes with its share, and so with its conversation', async () => {
  const { shareId } = await newShare();
  const marks = [{ at: 1_000, kind: 'unwatched' as const }];
  await store.write([batch(shareId, { marks, assets: [asset(1)] })]);
  await fixture.db.deleteFrom('shares').where('shareId', '=', shareId).execute();
  for (const table of TABLES) expect(await fixture.db.selectFrom(table).selectAll().execute()).toEqual([]);
});

test('[SH24] recordings of open shares of this node are unfinished', async () => {
  const [open, ended] = [
    await newShare(),
    await newShare({ phase: 'ended', endedAt: 1, endReason: 'ended-by-sharer' }),
  ];
  await store.write([batch(open.shareId), batch(ended.shareId)]);
  expect(await store.listUnfinished(open.homeNodeId)).toEqual([open.shareId]);
  expect(await store.listUnfinished('another')).toEqual([]);
  expect(await store.find(ended.shareId)).toMatchObject({ isRunning: false });
});
