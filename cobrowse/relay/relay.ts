import type { ConversationId, ShareId } from '../../protocol/ids.ts';
import type { SharedTab } from '../../protocol/sharing.ts';
import type { Drawing } from '../chunk-format.ts';
import type { ShareCaller, ShareHost, StreamHandlers } from '../share-host.ts';
import type { ShareRecord } from '../share-record.ts';
import type { AssetPlace, StoredAsset } from './asset-store.ts';
import type { RelayLimits } from './relay-limits.ts';
import type { RelayNumbers } from './relay-metrics.ts';

/** What the relay asks of the share's state; answered by `share-service.ts`. */
export interface ShareGate {
  /** The open share, which this caller may use. @throws `not-found` or `share-ended` */
  requireShare(shareId: ShareId, caller: ShareCaller): Promise<ShareRecord>;
  /** Of any share, ended or somebody else's: what is refused goes on record with the conversation it was aimed at. */
  findConversationOf(shareId: ShareId): Promise<ConversationId | undefined>;
  /** The next epoch of this share, written down before it is used, so that no restart gives it twice. */
  takeEpoch(shareId: ShareId, caller: ShareCaller): Promise<{ epoch: number; record: ShareRecord }>;
  /** The first key frame of a scope has arrived: allowed → live. Harmless when repeated. */
  handleFirstFrame(shareId: ShareId): Promise<void>;
  /** Watchers came or went: the banner of the visitor names them. */
  handleWatchersChanged(shareId: ShareId): void;
  /** No page streams any more (`navigating`, lost line), or one does again. */
  handleSharerPresence(shareId: ShareId, isThere: boolean): Promise<void>;
  /** What is shared costs more than it may, again and again: the share ends as `failed`. Harmless when it has ended. */
  handleHopeless(shareId: ShareId): Promise<void>;
}

/**
 * The streams of this node: takes frames from visitors' pages, checks and cleans them, keeps the last key frame and
 * what followed, and hands both to those who watch. Memory alone; recordings go to `recorder`.
 */
export interface ShareRelay {
  readonly handlers: StreamHandlers;
  /**
   * From this call on, before anything is awaited: frames of a smaller scope number are refused, what was kept of them
   * is forgotten, and viewers are told to clear. Called BEFORE the new state is stored, so that narrowing and ending
   * never wait for the database.
   */
  shut(shareId: ShareId, scopeNumber: number): void;
  /** The stored state after a change: grants, phase, scope. An ended share is forgotten altogether. */
  handleChanged(record: ShareRecord): void;
  watcherNamesOf(shareId: ShareId): string[];
  handleSocketGone(socketId: string): void;
  /**
   * What a viewer asks for below its `assetPath`; waits for what is still on its way. Undefined when this token may not
   * see it or there is none.
   */
  findAsset(token: string, epoch: number, tabId: string, assetKey: number): Promise<StoredAsset | undefined>;
  readNumbers(): RelayNumbers;
  close(): void;
}

export interface ShareRelayOptions {
  host: ShareHost;
  gate: ShareGate;
  recorder: StreamRecorder | null;
  assets: AssetDoor;
  limits?: Partial<RelayLimits>;
  /** What this thread has worked so far, in milliseconds; the machine's own count unless a test says otherwise. */
  processorMs?: () => number;
}

/**
 * Keeps what agents are shown of shares whose visitor allowed it, for playback. Nothing here waits, and what it needs
 * of the bytes it is given it copies: the relay overwrites them when a stream is narrowed or ends.
 */
export interface StreamRecorder {
  /** False when this stream has a gap from here on: only a key frame can be kept again. */
  append(frame: FrameToKeep): boolean;
  /** Somebody has pointed at something on this page, or drawn on it. */
  keepDrawing(shareId: ShareId, place: AssetPlace, drawing: Drawing): void;
  /** What is known of the visitor's pages from now on; null while nobody looks. */
  noteTabs(shareId: ShareId, tabs: readonly SharedTab[] | null): void;
  /** A picture or font has come that frames of this page name. */
  keepAsset(shareId: ShareId, place: AssetPlace, assetKey: number, asset: StoredAsset): void;
  /** Nothing more comes of it. What was kept stays. */
  endShare(shareId: ShareId): void;
}

/** A cleaned frame as it goes to who watches. */
export interface FrameToKeep extends AssetPlace {
  shareId: ShareId;
  scopeNumber: number;
  seq: number;
  isKey: boolean;
  /** Packed: readable after those since the key frame. */
  pieces: readonly Uint8Array[];
  /** The same as JSON. */
  events: string;
}

/** Fetches public pictures and fonts without the visitor's or the agent's cookies; refuses private addresses. */
export interface AssetDoor {
  fetchPublic(url: string): Promise<{ contentType: string; bytes: Uint8Array } | undefined>;
}
