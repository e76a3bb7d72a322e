import type { OutputOf, ParsedInputOf } from '../protocol/contract.ts';
import type { ConversationId, ShareId } from '../protocol/ids.ts';
import type {
  agentRecordingRequests,
  RecordingChunk,
  RecordingMark,
  RecordingView,
  ShareHistoryEntry,
} from '../protocol/recordings.ts';

/** Frames of one page in a row, as they are stored. `isKey`: they begin with a whole picture. */
export interface NewChunk extends Omit<RecordingChunk, 'chunkId' | 'bytes'> {
  data: Uint8Array;
}

/** A picture or font that a recording needs, and what frames of this page call it. */
export interface NewAsset {
  tabId: string;
  epoch: number;
  assetKey: number;
  hash: string;
  contentType: string;
  /** Null when this recording holds it already. */
  content: Uint8Array | null;
}

/** What is written of one share at a time. */
export interface RecordingBatch {
  shareId: ShareId;
  /** When it was put together. */
  at: number;
  chunks: readonly NewChunk[];
  marks: readonly RecordingMark[];
  assets: readonly NewAsset[];
}

export interface StoredRecording extends RecordingView {
  conversationId: ConversationId;
}

/** Where recordings are kept, one per share. */
export interface RecordingStore {
  /**
   * Each batch in a transaction of its own. Gives the shares that may not be kept, because the visitor has not ticked
   * it or the site does not record: of them nothing is written.
   */
  write(batches: readonly RecordingBatch[]): Promise<ShareId[]>;
  /** Recordings of shares of this node that are still open. */
  listUnfinished(nodeId: string): Promise<ShareId[]>;
  listOf(conversationId: ConversationId): Promise<StoredRecording[]>;
  find(shareId: ShareId): Promise<StoredRecording | undefined>;
  listMarks(shareId: ShareId): Promise<RecordingMark[]>;
  /** In the order of their ids, those after `afterId`. */
  listChunks(shareId: ShareId, afterId: string | null, limit: number): Promise<RecordingChunk[]>;
  /** Bytes of one chunk from `offset` on; undefined when there is none. */
  readChunk(shareId: ShareId, chunkId: string, offset: number, maxBytes: number): Promise<Uint8Array | undefined>;
  findAsset(
    shareId: ShareId,
    place: { tabId: string; epoch: number },
    assetKey: number,
  ): Promise<{ contentType: string; bytes: Uint8Array } | undefined>;
  /** Of this site, whose last frame is older: at most `limit`, oldest first. */
  listExpired(siteId: string, before: number, limit: number): Promise<StoredRecording[]>;
  /** Step by step, so that nobody waits for it: true once nothing is left of it. */
  eraseSome(shareId: ShareId): Promise<boolean>;
}

/** What a person did with a recording, or the server itself: a line of the audit log. */
export interface RecordingAuditEntry {
  conversationId: ConversationId;
  shareId: ShareId;
  /** Null for the server. */
  agentId: string | null;
  what: 'recording-watched' | 'recording-erased';
}

/** Everything that recordings need from the server around them. */
export interface RecordingHost {
  now(): number;
  audit(entry: RecordingAuditEntry): Promise<void>;
  listHistory(conversationId: ConversationId): Promise<ShareHistoryEntry[]>;
  /** How long each site keeps what was recorded. */
  listRetention(): { siteId: string; keptMs: number }[];
}

/** Which page of which agent asks; what it may see is checked with each request. */
export interface RecordingCaller {
  agentId: string;
  socketId: string;
  mayReview(conversationId: ConversationId): Promise<boolean>;
}

type HandlerOf<Name extends keyof typeof agentRecordingRequests> = (
  input: ParsedInputOf<typeof agentRecordingRequests, Name>,
  caller: RecordingCaller,
) => Promise<OutputOf<typeof agentRecordingRequests, Name>>;
export type RecordingHandlers = { [Name in keyof typeof agentRecordingRequests]: HandlerOf<Name> };
