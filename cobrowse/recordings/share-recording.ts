import { createHash } from 'node:crypto';
import type { ShareId } from '../../protocol/ids.ts';
import type { GapCause, RecordingMark } from '../../protocol/recordings.ts';
import type { SharedTab } from '../../protocol/sharing.ts';
import { encodeChunk, toDrawingBytes, type ChunkFrame, type Drawing } from '../chunk-format.ts';
import type { NewAsset, NewChunk, RecordingBatch } from '../recording-host.ts';
import type { AssetPlace, StoredAsset } from '../relay/asset-store.ts';
import type { FrameToKeep } from '../relay/relay.ts';

/** What of one share waits to be written. Everything is copied; those that add say how many bytes they take. */
export interface ShareRecording {
  addFrame(frame: FrameToKeep, at: number): number;
  /** Goes with the frames of its page: before the first of them there is nothing to draw on. */
  addDrawing(place: AssetPlace, drawing: Drawing, at: number): number;
  addTabs(tabs: readonly SharedTab[] | null, at: number): number;
  addAsset(place: AssetPlace, assetKey: number, asset: StoredAsset): number;
  /** From here on frames are missing; said once until frames come again. */
  addGap(because: GapCause, at: number): void;
  /** Whether this frame follows those that are kept, or begins anew. */
  canTake(frame: Pick<FrameToKeep, 'tabId' | 'epoch' | 'isKey'>): boolean;
  /** What comes of this page is useless until its next key frame. */
  breakOff(place: AssetPlace): void;
  /** What was taken last could not be written. */
  handleLost(): void;
  /** Everything since the last time; undefined when there is nothing. The last one takes along what waits for a frame. */
  takeBatch(at: number, isLast: boolean): RecordingBatch | undefined;
}

interface OpenChunk extends Omit<NewChunk, 'data'> {
  frames: ChunkFrame[];
  size: number;
}

interface Page extends AssetPlace {
  /** Null when what came is written or waits for it: the next frame begins another chunk. */
  chunk: OpenChunk | null;
  isBroken: boolean;
  /** Of the latest frame. */
  place: { seq: number; scopeNumber: number };
  /** What was drawn since the latest chunk: a chunk is known by the number of its first frame, so they wait for one. */
  drawings: ChunkFrame[];
  drawingBytes: number;
}

/** A page that says nothing else has counted itself, and nothing has happened on it. */
const QUIET_TAGS = new Set(['foyer:digest', 'foyer:reduced']);
/** What is longer has something to say. */
const MAX_QUIET_LENGTH = 600;

export function createShareRecording(shareId: ShareId, maxChunkBytes: number): ShareRecording {
  /** By tab; another epoch is another page in it. */
  const pages = new Map<string, Page>();
  const knownHashes = new Set<string>();
  let sealed: NewChunk[] = [];
  let marks: RecordingMark[] = [];
  let assets: NewAsset[] = [];
  let latestTabs = '';
  let isInGap = false;
  let hasFrames = false;

  function findPage({ tabId, epoch }: AssetPlace): Page | undefined {
    const page = pages.get(tabId);
    return page?.epoch === epoch ? page : undefined;
  }

  function seal(page: Page | undefined): void {
    if (!page?.chunk) return;
    const { frames, size: _size, ...chunk } = page.chunk;
    sealed.push({ ...chunk, data: encodeChunk(frames) });
    page.chunk = null;
  }

  function openChunk(
    { tabId, epoch }: AssetPlace,
    begin: Pick<OpenChunk, 'scopeNumber' | 'firstSeq' | 'isKey' | 'firstAt'>,
  ): OpenChunk {
    return { tabId, epoch, ...begin, lastAt: begin.firstAt, activeFrom: null, activeTo: null, frames: [], size: 0 };
  }

  function put(chunk: OpenChunk, frame: ChunkFrame): void {
    chunk.frames.push(frame);
    chunk.size += frame.data.byteLength;
    chunk.lastAt = Math.max(chunk.lastAt, frame.at);
    if (!frame.isActive) return;
    const at = Math.max(chunk.firstAt, frame.at);
    chunk.activeFrom ??= at;
    chunk.activeTo = at;
  }

  function putDrawings(page: Page, chunk: OpenChunk): void {
    for (const drawing of page.drawings.splice(0)) put(chunk, drawing);
    page.drawingBytes = 0;
  }

  /** No frame of this page will follow, so none will ask for the next number. */
  function sealLast(page: Page | undefined): void {
    const [first] = page?.drawings ?? [];
    if (page && first && !page.chunk) {
      const { seq, scopeNumber } = page.place;
      page.chunk = openChunk(page, { scopeNumber, firstSeq: seq + 1, isKey: false, firstAt: first.at });
      putDrawings(page, page.chunk);
    }
    seal(page);
  }

  return {
    addFrame(frame, at) {
      const { tabId, epoch, scopeNumber, seq, isKey, events } = frame;
      let page = findPage(frame);
      // A key frame that was asked for repeats what stands there already; that of a new page is something new.
      const isActive = isKey ? page === undefined : !isQuiet(events);
      if (!page) {
        sealLast(pages.get(tabId));
        page = { tabId, epoch, chunk: null, isBroken: false, place: frame, drawings: [], drawingBytes: 0 };
        pages.set(tabId, page);
      }
      if (isKey || (page.chunk && page.chunk.size >= maxChunkBytes)) seal(page);
      page.isBroken = false;
      page.place = { seq, scopeNumber };
      // A picture is looked for by the time at which it begins, everything else is shown from its first drawing on.
      const firstAt = isKey ? at : (page.drawings[0]?.at ?? at);
      page.chunk ??= openChunk(page, { scopeNumber, firstSeq: seq, isKey, firstAt });
      // On a picture that was asked for anew they are drawn once it stands there.
      if (!isKey) putDrawings(page, page.chunk);
      const data = Buffer.concat(frame.pieces);
      put(page.chunk, { seq, at, isKey, isActive, data });
      if (isKey) putDrawings(page, page.chunk);
      isInGap = false;
      hasFrames = true;
      return data.byteLength;
    },
    addDrawing(place, drawing, at) {
      const page = findPage(place);
      if (!page || page.isBroken) return 0;
      const data = toDrawingBytes(drawing);
      const frame: ChunkFrame = { seq: page.place.seq, at, isKey: false, isActive: true, isDrawing: true, data };
      if (page.chunk) put(page.chunk, frame);
      else {
        // Nobody counts what waits for a page that draws and says nothing else.
        if (page.drawingBytes + data.byteLength > maxChunkBytes) return 0;
        page.drawings.push(frame);
        page.drawingBytes += data.byteLength;
      }
      return data.byteLength;
    },
    addTabs(tabs, at) {
      const text = JSON.stringify(tabs);
      if (text === latestTabs) return 0;
      latestTabs = text;
      marks.push(tabs === null ? { at, kind: 'unwatched' } : { at, kind: 'tabs', tabs: structuredClone([...tabs]) });
      return text.length;
    },
    addAsset({ tabId, epoch }, assetKey, { contentType, bytes }) {
      const hash = createHash('sha256').update(bytes).digest('hex');
      const isKnown = knownHashes.has(hash);
      knownHashes.add(hash);
      const content = isKnown ? null : Uint8Array.from(bytes);
      assets.push({ tabId, epoch, assetKey, hash, contentType, content });
      return content?.byteLength ?? 0;
    },
    addGap(because, at) {
      if (isInGap) return;
      isInGap = true;
      marks.push({ at, kind: 'gap', because });
    },
    canTake(frame) {
      const page = findPage(frame);
      return frame.isKey || (page !== undefined && !page.isBroken);
    },
    breakOff(place) {
      const page = findPage(place);
      seal(page);
      if (page) page.isBroken = true;
    },
    handleLost() {
      for (const page of pages.values()) {
        // What has come meanwhile follows on what is lost.
        page.chunk = page.chunk?.isKey === true ? page.chunk : null;
        page.isBroken = page.chunk === null;
        page.drawings = [];
        page.drawingBytes = 0;
      }
      // Told again when frames name them the next time, as are the pages.
      knownHashes.clear();
      latestTabs = '';
    },
    takeBatch(at, isLast) {
      for (const page of pages.values()) (isLast ? sealLast : seal)(page);
      // It begins with its first picture; a share of which nothing was seen leaves no recording.
      if (!hasFrames && assets.length === 0) return undefined;
      if (sealed.length + marks.length + assets.length === 0) return undefined;
      const batch: RecordingBatch = { shareId, at, chunks: sealed, marks, assets };
      sealed = [];
      marks = [];
      assets = [];
      return batch;
    },
  };
}

function isQuiet(events: string): boolean {
  if (events.length > MAX_QUIET_LENGTH) return false;
  const parsed = JSON.parse(events) as { type: number; data?: { tag?: unknown } }[];
  return parsed.every(({ type, data }) => type === CUSTOM && QUIET_TAGS.has(String(data?.tag)));
}

const CUSTOM = 5;
