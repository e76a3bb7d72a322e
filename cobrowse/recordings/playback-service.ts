import { randomBytes } from 'node:crypto';
import type { ConversationId, ShareId } from '../../protocol/ids.ts';
import { MAX_CHUNK_PIECE_BYTES, MAX_LISTED_CHUNKS } from '../../protocol/recordings.ts';
import type {
  RecordingCaller,
  RecordingHandlers,
  RecordingHost,
  RecordingStore,
  StoredRecording,
} from '../recording-host.ts';
import { shareFaults } from '../share-error.ts';

/** Lets agents look at what was recorded. */
export interface PlaybackService {
  readonly handlers: RecordingHandlers;
  /** What a viewer asks for below its `assetPath`. Undefined when this token may not see it or there is none. */
  findAsset(
    token: string,
    epoch: number,
    tabId: string,
    assetKey: number,
  ): Promise<{ contentType: string; bytes: Uint8Array } | undefined>;
  handleSocketGone(socketId: string): void;
}

export interface PlaybackParts {
  host: Pick<RecordingHost, 'audit' | 'listHistory'>;
  store: RecordingStore;
  /** Once what has come is stored: a share that has just ended is whole. */
  settle(): Promise<void>;
  /** Where viewers get pictures, ending in a slash. */
  assetPath: string;
}

/** One page of an agent that plays one recording. The token is in addresses of pictures, so it is not to be guessed. */
interface Playback {
  shareId: ShareId;
  conversationId: ConversationId;
  agentId: string;
  socketId: string;
}

const TOKEN_BYTES = 32;
const MAX_PLAYBACKS_OF_PAGE = 4;

export function createPlaybackService({ host, store, settle, assetPath }: PlaybackParts): PlaybackService {
  const playbacks = new Map<string, Playback>();

  async function requireReview(conversationId: ConversationId, caller: RecordingCaller): Promise<void> {
    if (!(await caller.mayReview(conversationId))) throw shareFaults.noRecording();
  }

  async function requireRecording(shareId: ShareId, caller: RecordingCaller): Promise<StoredRecording> {
    const recording = await store.find(shareId);
    if (!recording || !(await caller.mayReview(recording.conversationId))) throw shareFaults.noRecording();
    return recording;
  }

  /** The playback of this very page; whether it may still look is asked anew, for the right may have gone since. */
  async function requirePlayback(playbackId: string, caller: RecordingCaller): Promise<Playback> {
    const playback = playbacks.get(playbackId);
    const isOwn = playback?.agentId === caller.agentId && playback.socketId === caller.socketId;
    if (!playback || !isOwn) throw shareFaults.noRecording();
    if (!(await caller.mayReview(playback.conversationId))) {
      playbacks.delete(playbackId);
      throw shareFaults.noRecording();
    }
    return playback;
  }

  function makeRoom(socketId: string): void {
    const own = [...playbacks].filter(([, playback]) => playback.socketId === socketId);
    for (const [playbackId] of own.slice(0, Math.max(0, own.length + 1 - MAX_PLAYBACKS_OF_PAGE))) {
      playbacks.delete(playbackId);
    }
  }

  return {
    handlers: {
      async 'recording:list-recordings'({ conversationId }, caller) {
        await requireReview(conversationId, caller);
        await settle();
        return { recordings: (await store.listOf(conversationId)).map(toView) };
      },

      async 'recording:open-recording'({ shareId }, caller) {
        await settle();
        const recording = await requireRecording(shareId, caller);
        const { conversationId } = recording;
        const { agentId, socketId } = caller;
        // Nobody looks without a trace.
        await host.audit({ conversationId, shareId, agentId, what: 'recording-watched' });
        const marks = await store.listMarks(shareId);
        makeRoom(socketId);
        const playbackId = randomBytes(TOKEN_BYTES).toString('base64url');
        playbacks.set(playbackId, { shareId, conversationId, agentId, socketId });
        return { playbackId, recording: toView(recording), marks, assetPath: `${assetPath}${playbackId}/` };
      },

      async 'recording:list-chunks'({ playbackId, afterId }, caller) {
        const { shareId } = await requirePlayback(playbackId, caller);
        const chunks = await store.listChunks(shareId, afterId, MAX_LISTED_CHUNKS + 1);
        return { chunks: chunks.slice(0, MAX_LISTED_CHUNKS), hasMore: chunks.length > MAX_LISTED_CHUNKS };
      },

      async 'recording:fetch-chunk'({ playbackId, chunkId, offset }, caller) {
        const { shareId } = await requirePlayback(playbackId, caller);
        const data = await store.readChunk(shareId, chunkId, offset, MAX_CHUNK_PIECE_BYTES);
        if (!data) throw shareFaults.noRecording();
        return { data };
      },

      async 'recording:close-recording'({ playbackId }, { agentId, socketId }) {
        const playback = playbacks.get(playbackId);
        // Harmless when it is closed already.
        if (playback?.agentId === agentId && playback.socketId === socketId) playbacks.delete(playbackId);
        return {};
      },

      async 'recording:list-history'({ conversationId }, caller) {
        await requireReview(conversationId, caller);
        return { entries: await host.listHistory(conversationId) };
      },
    },

    async findAsset(token, epoch, tabId, assetKey) {
      const playback = playbacks.get(token);
      if (!playback) return undefined;
      const asset = await store.findAsset(playback.shareId, { tabId, epoch }, assetKey);
      // The right to see it may have ended while it was read.
      return playbacks.has(token) ? asset : undefined;
    },

    handleSocketGone(socketId) {
      for (const [playbackId, playback] of playbacks) if (playback.socketId === socketId) playbacks.delete(playbackId);
    },
  };
}

function toView({ conversationId: _of, ...view }: StoredRecording) {
  return view;
}
