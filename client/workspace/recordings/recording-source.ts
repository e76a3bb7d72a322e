import type { OutputOf } from '../../../protocol/contract.ts';
import type { ConversationId, ShareId } from '../../../protocol/ids.ts';
import type {
  agentRecordingRequests,
  RecordingChunk,
  RecordingMark,
  RecordingView,
  ShareHistoryEntry,
} from '../../../protocol/recordings.ts';
import type { AgentConnection } from '../desk.ts';

/** All that is known of a recording besides its frames. */
export interface OpenedRecording {
  recording: RecordingView;
  marks: readonly RecordingMark[];
  chunks: readonly RecordingChunk[];
  /** Where the viewer gets pictures, ending in a slash. */
  assetPath: string;
}

/** One recording on the server, for as long as it is looked at. */
export interface RecordingSource {
  /** @throws `RequestError` */
  open(): Promise<OpenedRecording>;
  fetchChunk(chunk: Pick<RecordingChunk, 'chunkId' | 'bytes'>): Promise<Uint8Array>;
  close(): void;
}

type Asking = Pick<AgentConnection, 'request'>;

export function createRecordingSource({ request }: Asking, shareId: ShareId): RecordingSource {
  let playbackId: string | null = null;

  return {
    async open() {
      const opened: OutputOf<typeof agentRecordingRequests, 'recording:open-recording'> = await request(
        'recording:open-recording',
        { shareId },
      );
      ({ playbackId } = opened);
      const chunks: RecordingChunk[] = [];
      for (let hasMore = true; hasMore;) {
        const afterId = chunks.at(-1)?.chunkId ?? null;
        const listed = await request('recording:list-chunks', { playbackId: opened.playbackId, afterId });
        chunks.push(...listed.chunks);
        hasMore = listed.hasMore && listed.chunks.length > 0;
      }
      return { recording: opened.recording, marks: opened.marks, assetPath: opened.assetPath, chunks };
    },

    async fetchChunk({ chunkId, bytes }) {
      const whole = new Uint8Array(bytes);
      let read = 0;
      while (read < bytes) {
        const { data } = await request('recording:fetch-chunk', {
          playbackId: playbackId ?? '',
          chunkId,
          offset: read,
        });
        // Binary data comes as an `ArrayBuffer` in a browser, whatever the contract's type says for the server.
        const piece = new Uint8Array(data);
        if (piece.byteLength === 0 || read + piece.byteLength > bytes) break;
        whole.set(piece, read);
        read += piece.byteLength;
      }
      return whole.subarray(0, read);
    },

    close() {
      if (playbackId === null) return;
      // Without a line the server closes it by itself.
      request('recording:close-recording', { playbackId }).catch(() => undefined);
      playbackId = null;
    },
  };
}

export async function listRecordings(
  { request }: Asking,
  conversationId: ConversationId,
): Promise<readonly RecordingView[]> {
  return (await request('recording:list-recordings', { conversationId })).recordings;
}

/** What was asked, allowed, changed, done and watched, in its order. */
export async function listHistory(
  { request }: Asking,
  conversationId: ConversationId,
): Promise<readonly ShareHistoryEntry[]> {
  return (await request('recording:list-history', { conversationId })).entries;
}
