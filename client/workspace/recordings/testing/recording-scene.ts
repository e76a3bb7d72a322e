import { encodeChunk, toDrawingBytes } from '../../../../cobrowse/chunk-format.ts';
import type { ShareId } from '../../../../protocol/ids.ts';
import type { RecordingChunk, RecordingMark, ShareHistoryEntry } from '../../../../protocol/recordings.ts';
import type { SharedTab, ShareMark } from '../../../../protocol/sharing.ts';
import type { OpenedRecording, RecordingSource } from '../recording-source.ts';

export const shareId = '0197a000-0000-7000-8000-000000000001' as ShareId;
export const START = 1_000_000;

export function tabOf(tabId: string, fields: Partial<SharedTab> = {}): SharedTab {
  return {
    tabId,
    title: tabId,
    url: `https://a.example/${tabId}`,
    epoch: 1,
    isFront: true,
    state: 'streaming',
    ...fields,
  };
}

export function tabsAt(at: number, ...tabs: SharedTab[]): RecordingMark {
  return { at: START + at, kind: 'tabs', tabs };
}

export function entryAt(at: number, what: ShareHistoryEntry['what']): ShareHistoryEntry {
  return { entryId: `${what} ${at}`, shareId, at: START + at, actor: 'visitor', actorName: 'Grace', what, data: {} };
}

/** A recording of which each frame is one byte: its number. */
export function createRecordedPage() {
  const chunks: RecordingChunk[] = [];
  const contents = new Map<string, Uint8Array>();
  const seqs = new Map<string, number>();

  return {
    /** Frames of one chunk at these times; the first one is a key frame if wanted. */
    add(
      tabId: string,
      times: readonly number[],
      {
        isKey = false,
        isActive = true,
        epoch = 1,
        scopeNumber = 1,
        drawnAt = [] as readonly number[],
        markedAt = [] as readonly number[],
      } = {},
    ) {
      const place = `${tabId} ${epoch}`;
      const firstSeq = seqs.get(place) ?? 0;
      seqs.set(place, firstSeq + times.length);
      const frames = times.map((at, index) => ({
        seq: firstSeq + index,
        at: START + at,
        isKey: isKey && index === 0,
        isActive,
        data: Uint8Array.of(firstSeq + index + 1),
      }));
      const toDrawing = (at: number, name: string, mark: ShareMark) => ({
        seq: firstSeq,
        at: START + at,
        isKey: false,
        isActive: true,
        isDrawing: true,
        data: toDrawingBytes({ name, marks: [mark] }),
      });
      const drawings = [
        ...drawnAt.map((at) => toDrawing(at, `drawn at ${at}`, { kind: 'laser', at: { nodeId: 1, x: 0, y: 0 } })),
        ...markedAt.map((at) => toDrawing(at, `marked at ${at}`, { kind: 'highlight', nodeId: 1 })),
      ];
      const data = encodeChunk([...frames, ...drawings].toSorted((a, b) => a.at - b.at));
      const [firstAt, lastAt] = [START + (times[0] ?? 0), START + (times.at(-1) ?? 0)];
      const active = isActive ? { activeFrom: firstAt, activeTo: lastAt } : { activeFrom: null, activeTo: null };
      const chunkId = String(chunks.length).padStart(4, '0');
      chunks.push({
        chunkId,
        tabId,
        epoch,
        scopeNumber,
        firstSeq,
        isKey,
        firstAt,
        lastAt,
        ...active,
        bytes: data.length,
      });
      contents.set(chunkId, data);
    },
    opened(marks: readonly RecordingMark[]): OpenedRecording {
      const lastAt = Math.max(START, ...chunks.map((chunk) => chunk.lastAt));
      const recording = { shareId, startedAt: START, lastAt, isRunning: false, bytes: 1 };
      return { recording, marks, chunks, assetPath: '/cb-asset/x/' };
    },
    contentOf: (chunkId: string): Uint8Array => contents.get(chunkId) ?? new Uint8Array(),
  };
}

/** Gives what was recorded, and says what it was asked for. */
export function createFakeSource(page: ReturnType<typeof createRecordedPage>, marks: readonly RecordingMark[]) {
  const source = {
    fetched: [] as string[],
    fails: false,
    isClosed: false,
    async open() {
      if (source.fails) throw new Error('There is no line.');
      return page.opened(marks);
    },
    async fetchChunk({ chunkId }: { chunkId: string }) {
      source.fetched.push(chunkId);
      if (source.fails) throw new Error('There is no line.');
      return page.contentOf(chunkId);
    },
    close() {
      source.isClosed = true;
    },
  };
  return source satisfies RecordingSource & { fetched: string[] };
}
