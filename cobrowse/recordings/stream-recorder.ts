import type { ShareId } from '../../protocol/ids.ts';
import type { RecordingBatch, RecordingStore } from '../recording-host.ts';
import type { StreamRecorder } from '../relay/relay.ts';
import type { ShareLog } from '../share-host.ts';
import { defaultRecorderLimits, type RecorderLimits } from './recorder-limits.ts';
import { createShareRecording, type ShareRecording } from './share-recording.ts';

/** A {@link StreamRecorder} that keeps what it is given in a {@link RecordingStore}. */
export interface StoredRecorder extends StreamRecorder {
  /** Once everything that came before is written, or lost and marked. */
  flush(): Promise<void>;
  /** A server that starts again says in its open recordings that something is missing. */
  recover(nodeId: string): Promise<void>;
  close(): Promise<void>;
}

export interface StreamRecorderParts {
  store: Pick<RecordingStore, 'write' | 'listUnfinished'>;
  now: () => number;
  log: ShareLog;
  limits?: Partial<RecorderLimits>;
}

interface Kept {
  recording: ShareRecording;
  /** Bytes since this process began with it. */
  bytes: number;
  /** Nothing more is taken: it is full, or the visitor has not agreed to it at all. */
  isShut: boolean;
  hasEnded: boolean;
}

/**
 * Gathers what streams bring and writes it in batches, away from the path of a frame. Its memory is bounded: when the
 * disk does not keep up, frames are left out until a key frame, and the recording says where.
 */
export function createStreamRecorder({ store, now, log, ...options }: StreamRecorderParts): StoredRecorder {
  const limits = { ...defaultRecorderLimits, ...options.limits };
  const shares = new Map<ShareId, Kept>();
  /** Waiting, and being written. */
  let pendingBytes = 0;
  let waitingBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let isClosed = false;

  function keptOf(shareId: ShareId): Kept {
    let kept = shares.get(shareId);
    if (!kept) {
      kept = {
        recording: createShareRecording(shareId, limits.maxChunkBytes),
        bytes: 0,
        isShut: false,
        hasEnded: false,
      };
      shares.set(shareId, kept);
    }
    return kept;
  }

  function noteAdded(kept: Kept, bytes: number): void {
    kept.bytes += bytes;
    pendingBytes += bytes;
    waitingBytes += bytes;
    if (kept.bytes > limits.maxRecordingBytes && !kept.isShut) {
      kept.isShut = true;
      kept.recording.addGap('full', now());
    }
    writeSoon(waitingBytes >= limits.flushBytes ? 0 : limits.flushMs);
  }

  function writeSoon(waitMs: number): void {
    if (isClosed || writing) return;
    if (waitMs === 0) {
      clearTimeout(timer);
      timer = setTimeout(startWriting, 0);
      return;
    }
    timer ??= setTimeout(startWriting, waitMs).unref();
  }

  function startWriting(): void {
    clearTimeout(timer);
    timer = undefined;
    writing ??= writeOnce().finally(() => {
      writing = undefined;
      const hasEnded = [...shares.values()].some((kept) => kept.hasEnded);
      if (waitingBytes > 0 || hasEnded) {
        writeSoon(hasEnded || waitingBytes >= limits.flushBytes ? 0 : limits.flushMs);
      }
    });
  }

  async function writeOnce(): Promise<void> {
    const ended = [...shares].filter(([, { hasEnded }]) => hasEnded).map(([shareId]) => shareId);
    const batches = takeBatches();
    const takenBytes = waitingBytes;
    waitingBytes = 0;
    if (batches.length > 0) {
      try {
        for (const shareId of await store.write(batches)) {
          const kept = shares.get(shareId);
          if (kept) kept.isShut = true;
          log.warn({ shareId }, 'a share is not recorded: nobody has agreed to it');
        }
      } catch (error) {
        log.error({ err: error, shares: batches.length }, 'part of a recording was lost');
        for (const { shareId } of batches) lose(shareId);
      }
    }
    pendingBytes -= takenBytes;
    for (const shareId of ended) shares.delete(shareId);
  }

  function takeBatches(): RecordingBatch[] {
    return [...shares.values()].flatMap(({ recording, hasEnded }) => recording.takeBatch(now(), hasEnded) ?? []);
  }

  function lose(shareId: ShareId): void {
    const kept = shares.get(shareId);
    kept?.recording.handleLost();
    kept?.recording.addGap('failed', now());
  }

  function hasRoomFor(bytes: number): boolean {
    return pendingBytes + bytes <= limits.maxPendingBytes;
  }

  const recorder: StoredRecorder = {
    append(frame) {
      const kept = keptOf(frame.shareId);
      const { recording } = kept;
      if (kept.isShut || isClosed) return true;
      if (!recording.canTake(frame)) return false;
      const bytes = frame.pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
      if (!hasRoomFor(bytes)) {
        recording.breakOff(frame);
        recording.addGap('behind', now());
        log.warn({ shareId: frame.shareId, pendingBytes }, 'recording is behind: frames are left out');
        return false;
      }
      noteAdded(kept, recording.addFrame(frame, now()));
      return true;
    },
    keepDrawing(shareId, place, drawing) {
      const kept = keptOf(shareId);
      if (!kept.isShut && !isClosed && hasRoomFor(0)) noteAdded(kept, kept.recording.addDrawing(place, drawing, now()));
    },
    noteTabs(shareId, tabs) {
      const kept = keptOf(shareId);
      if (!kept.isShut && !isClosed && hasRoomFor(0)) noteAdded(kept, kept.recording.addTabs(tabs, now()));
    },
    keepAsset(shareId, place, assetKey, asset) {
      const kept = keptOf(shareId);
      if (kept.isShut || isClosed || !hasRoomFor(asset.bytes.byteLength)) return;
      noteAdded(kept, kept.recording.addAsset(place, assetKey, asset));
    },
    endShare(shareId) {
      const kept = shares.get(shareId);
      if (!kept) return;
      kept.hasEnded = true;
      writeSoon(0);
    },
    async flush() {
      // What is under way was taken before the latest came.
      await writing;
      startWriting();
      await writing;
    },
    async recover(nodeId) {
      const at = now();
      const marks = [{ at, kind: 'gap' as const, because: 'restarted' as const }];
      const unfinished = await store.listUnfinished(nodeId);
      if (unfinished.length === 0) return;
      await store.write(unfinished.map((shareId) => ({ shareId, at, chunks: [], marks, assets: [] })));
    },
    async close() {
      if (isClosed) return;
      await recorder.flush();
      isClosed = true;
      clearTimeout(timer);
      shares.clear();
    },
  };

  return recorder;
}
