import { decodeChunk, readDrawing, type ChunkFrame } from '../../../cobrowse/chunk-format.ts';
import type { ToViewer } from '../../../cobrowse/viewer/viewer-messages.ts';
import type { RecordingChunk } from '../../../protocol/recordings.ts';
import type { SharedTab } from '../../../protocol/sharing.ts';
import type { RecordingPlan } from './recording-plan.ts';
import type { RecordingSource } from './recording-source.ts';

/** Shows the viewer what a recording holds up to a place. */
export interface RecordingFeed {
  /** True once the viewer has been told everything up to this place; false when it was called off meanwhile. */
  showUntil(place: number): Promise<boolean>;
  /** The next call begins at the key frame before its place. */
  rewind(): void;
}

export interface RecordingFeedParts {
  plan: RecordingPlan;
  source: Pick<RecordingSource, 'fetchChunk'>;
  tell(message: ToViewer): void;
}

/** Packed. What was played lately is at hand when the agent goes back a little. */
const MAX_KEPT_BYTES = 24_000_000;
const FETCHED_AHEAD = 3;
/** For how long what was drawn before a place that was jumped to is still to be seen there. A highlight stays. */
const SHOWN_MS = { pointer: 10_000, laser: 1_000, ink: 4_000, highlight: Infinity };

interface Cursor {
  tabId: string;
  /** As the copy was built: for another one it is built anew. */
  scheme: SharedTab['scheme'];
  /** Of the chunk, and of the frame in it, that come next. */
  chunk: number;
  frame: number;
}

export function createRecordingFeed({ plan, source, tell }: RecordingFeedParts): RecordingFeed {
  const kept = new Map<string, { frames: Promise<ChunkFrame[]>; bytes: number }>();
  let keptBytes = 0;
  let cursor: Cursor | null = null;
  let isBlank = false;
  /** Grows with each call: the one before is called off. */
  let turn = 0;

  function load(chunk: RecordingChunk): Promise<ChunkFrame[]> {
    const { chunkId, bytes } = chunk;
    const known = kept.get(chunkId);
    if (known) return known.frames;
    const frames = source.fetchChunk(chunk).then(decodeChunk);
    frames.catch(() => forget(chunkId));
    kept.set(chunkId, { frames, bytes });
    keptBytes += bytes;
    // The oldest go; what comes next is always there.
    for (const oldest of kept.keys()) {
      if (keptBytes <= MAX_KEPT_BYTES || kept.size <= FETCHED_AHEAD + 1) break;
      forget(oldest);
    }
    return frames;
  }

  function forget(chunkId: string): void {
    keptBytes -= kept.get(chunkId)?.bytes ?? 0;
    kept.delete(chunkId);
  }

  function blank(): void {
    cursor = null;
    if (isBlank) return;
    isBlank = true;
    tell({ type: 'rewind' });
    tell({ type: 'clear', scopeNumber: 0 });
  }

  /** At the last whole picture before this place; null when this page has none yet. */
  function begin({ tabId, scheme }: SharedTab, at: number): Cursor | null {
    const chunks = plan.chunksOf(tabId);
    const chunk = chunks.findLastIndex(({ isKey, firstAt }) => isKey && firstAt <= at);
    const key = chunks[chunk];
    if (!key) return null;
    tell({ type: 'rewind' });
    tell({ type: 'show-tab', tabId, epoch: key.epoch, ...(scheme !== undefined && { scheme }) });
    isBlank = false;
    return { tabId, scheme, chunk, frame: 0 };
  }

  function show(chunk: RecordingChunk, frame: ChunkFrame, at: number): void {
    const { tabId, epoch, scopeNumber } = chunk;
    const { seq, isKey, data } = frame;
    if (frame.isDrawing) {
      const { name = '', marks = [] } = readDrawing(data) ?? {};
      // What takes something away is told however long ago it was.
      const shown = marks.filter((mark) => ('at' in mark && mark.at === null) || at - frame.at <= SHOWN_MS[mark.kind]);
      if (shown.length > 0) tell({ type: 'marks', name, marks: shown });
      return;
    }
    // A copy, because it is handed over for good.
    const copy = new Uint8Array(data).buffer;
    tell({ type: 'frame', tabId, epoch, scopeNumber, seq, isKey, isLast: true, data: copy });
  }

  return {
    async showUntil(place) {
      turn += 1;
      const own = turn;
      const scene = plan.sceneAt(place);
      if (scene.kind !== 'page') {
        blank();
        return true;
      }
      const { tabId, scheme } = scene.tab;
      const at = plan.startedAt + place;
      if (cursor?.tabId !== tabId || cursor.scheme !== scheme) cursor = begin(scene.tab, at);
      if (!cursor) return true;
      const chunks = plan.chunksOf(tabId);
      for (;;) {
        const chunk = chunks[cursor.chunk];
        if (!chunk || chunk.firstAt > at) return true;
        for (const next of chunks.slice(cursor.chunk + 1, cursor.chunk + 1 + FETCHED_AHEAD)) {
          load(next).catch(() => undefined);
        }
        const frames = await load(chunk);
        if (own !== turn || !cursor) return false;
        for (let frame = frames[cursor.frame]; frame && frame.at <= at; frame = frames[cursor.frame]) {
          show(chunk, frame, at);
          cursor.frame += 1;
        }
        if (cursor.frame < frames.length) return true;
        cursor = { ...cursor, chunk: cursor.chunk + 1, frame: 0 };
      }
    },
    rewind() {
      turn += 1;
      cursor = null;
    },
  };
}
