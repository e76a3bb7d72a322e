import * as z from 'zod';
import { conversationId, nothing, party, shareId, timestamp } from './ids.ts';
import { sharedTab } from './sharing.ts';

/** Largest piece of a chunk in one answer; a larger chunk is asked for piece after piece. */
export const MAX_CHUNK_PIECE_BYTES = 256_000;
/** Chunks named in one answer. */
export const MAX_LISTED_CHUNKS = 500;

/** One recorded share, as lists name it. */
export const recordingView = z.object({
  shareId,
  startedAt: timestamp,
  /** Of the last frame that was kept. */
  lastAt: timestamp,
  /** The share goes on, and so may its recording. */
  isRunning: z.boolean(),
  /** Packed, with pictures and fonts. */
  bytes: z.int().nonnegative(),
});
export type RecordingView = z.infer<typeof recordingView>;

/** Frames of one page in a row: some seconds of it. */
export const recordingChunk = z.object({
  chunkId: z.uuid(),
  tabId: z.uuid(),
  epoch: z.int(),
  scopeNumber: z.int(),
  firstSeq: z.int().nonnegative(),
  /** It begins with a whole picture: seeking begins here. */
  isKey: z.boolean(),
  firstAt: timestamp,
  lastAt: timestamp,
  /** The span in which something happened on the page; null when nothing did. */
  activeFrom: timestamp.nullable(),
  activeTo: timestamp.nullable(),
  bytes: z.int().positive(),
});
export type RecordingChunk = z.infer<typeof recordingChunk>;

/** Why nothing of a stretch was kept although the page was shown. */
export const gapCause = z.enum([
  /** The server had more to write than it could. */
  'behind',
  /** It stopped or was killed, and goes on from here. */
  'restarted',
  /** The disk refused it. */
  'failed',
  /** The recording is as large as one may become. */
  'full',
]);
export type GapCause = z.infer<typeof gapCause>;

/** What changes besides the content of a page; holds until the next one. */
export const recordingMark = z.discriminatedUnion('kind', [
  /** The visitor's pages from now on, and which is in front. */
  z.object({ at: timestamp, kind: z.literal('tabs'), tabs: z.array(sharedTab) }),
  /** Nobody looked, so nothing was sent. */
  z.object({ at: timestamp, kind: z.literal('unwatched') }),
  z.object({ at: timestamp, kind: z.literal('gap'), because: gapCause }),
]);
export type RecordingMark = z.infer<typeof recordingMark>;

/** What the audit log holds about shares (B12). Names and counts of ours alone: nothing of a page, nothing typed. */
export const shareHistoryWhat = z.enum([
  'share-asked',
  'share-allowed',
  'share-declined',
  'share-scope-changed',
  'share-paused',
  'share-resumed',
  'share-ended',
  'share-watched',
  'share-unwatched',
  'grant-asked',
  'grant-declined',
  'grant-given',
  'grant-taken-back',
  'grant-expired',
  'act-done',
  'act-refused',
  'recording-watched',
  'recording-erased',
]);
export type ShareHistoryWhat = z.infer<typeof shareHistoryWhat>;

export const shareHistoryEntry = z.object({
  entryId: z.string(),
  shareId,
  at: timestamp,
  actor: z.union([party, z.literal('system')]),
  /** Empty for the system, and for an account that is gone. */
  actorName: z.string(),
  what: shareHistoryWhat,
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type ShareHistoryEntry = z.infer<typeof shareHistoryEntry>;

const playbackId = z.string().regex(/^[\w-]{43}$/);
const sentBytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/**
 * Of agents alone: who answers for the conversation's department, who has led it, and admins of its tenant. To anybody
 * else there is none (`not-found`).
 */
export const agentRecordingRequests = {
  'recording:list-recordings': {
    input: z.object({ conversationId }),
    output: z.object({ recordings: z.array(recordingView) }),
  },
  /**
   * Begins to play one; each time is a line of the audit log. What it gives is good for this page of the agent, for as
   * long as it is connected. `assetPath` is where the viewer gets pictures, ending in a slash.
   */
  'recording:open-recording': {
    input: z.object({ shareId }),
    output: z.object({
      playbackId,
      recording: recordingView,
      marks: z.array(recordingMark),
      assetPath: z.string(),
    }),
  },
  /** Those after `afterId`, in the order in which they were written. */
  'recording:list-chunks': {
    input: z.object({ playbackId, afterId: z.uuid().nullable().default(null) }),
    output: z.object({ chunks: z.array(recordingChunk).max(MAX_LISTED_CHUNKS), hasMore: z.boolean() }),
  },
  /** Bytes of one chunk from `offset` on; empty behind its end. */
  'recording:fetch-chunk': {
    input: z.object({
      playbackId,
      chunkId: z.uuid(),
      offset: z.int().min(0).max(0x7fff_ffff).default(0),
    }),
    output: z.object({ data: sentBytes }),
  },
  'recording:close-recording': { input: z.object({ playbackId }), output: nothing },
  /** Everything that was asked, allowed, changed, done and watched, in its order, also where nothing was recorded. */
  'recording:list-history': {
    input: z.object({ conversationId }),
    output: z.object({ entries: z.array(shareHistoryEntry) }),
  },
} as const;
