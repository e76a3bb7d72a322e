import * as z from 'zod';
import { conversationId, nothing, party, shareId, timestamp } from './ids.ts';
import { plainText } from './plain-text.ts';

/** Largest piece of a frame or an asset in one message; a larger one goes in parts. Below the socket's own limit. */
export const MAX_PIECE_BYTES = 64_000;

/** `co-browse`: the page as the browser builds it, so the agent can point and act. `screen`: a picture of a screen. */
export const shareKind = z.enum(['co-browse', 'screen']);
export type ShareKind = z.infer<typeof shareKind>;

export const sharePhase = z.enum(['asked', 'allowed', 'live', 'paused', 'ended']);
export type SharePhase = z.infer<typeof sharePhase>;

/** What the other side may do besides looking. Each is given, runs out and is taken back apart from the others (B7). */
export const shareGrantName = z.enum(['point', 'draw', 'scroll', 'click-and-type', 'navigate']);
export type ShareGrantName = z.infer<typeof shareGrantName>;
export const shareGrant = z.object({ grant: shareGrantName, expiresAt: timestamp.nullable() });
export type ShareGrant = z.infer<typeof shareGrant>;

/**
 * What is shared, in words both sides may read. Which element a part is stays in the visitor's browser: a selector
 * could tell what it is meant to hide.
 */
const chosenParts = {
  hiddenParts: z.int().min(0).max(200).default(0),
  /** Names one choice, so that no tab takes an earlier one of as many parts for it. It says nothing about them. */
  choiceId: z.uuid().optional(),
};
export const shareScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('page'), ...chosenParts }),
  z.object({ kind: z.literal('part'), ...chosenParts }),
  z.object({ kind: z.literal('screen'), surface: z.enum(['monitor', 'window', 'browser', 'unknown']) }),
]);
export type ShareScope = z.infer<typeof shareScope>;

/** Why nothing is sent although the share goes on. */
export const sharePauseReason = z.enum([
  'by-visitor',
  'private-page',
  'part-gone',
  'unreadable-rules',
  /** The visitor's page keeps END from being pressed. */
  'out-of-reach',
]);
export type SharePauseReason = z.infer<typeof sharePauseReason>;

export const shareEndReason = z.enum([
  'ended-by-sharer',
  'ended-by-viewer',
  'declined',
  'cancelled',
  'unanswered',
  'conversation-ended',
  /** The page or the browser that shared did not come back within the grace period. */
  'sharer-left',
  /** The agent it was shown to did not come back within the grace period. */
  'viewer-left',
  /** The browser's own "Stop sharing". */
  'stopped-in-browser',
  'failed',
]);
export type ShareEndReason = z.infer<typeof shareEndReason>;

/** One share of one conversation as both sides see it. At most one open share of each kind per conversation. */
export const shareView = z.object({
  shareId,
  conversationId,
  /** Grows with every change; a view with a smaller one is stale and dropped. */
  revision: z.int(),
  kind: shareKind,
  /** Who shows. The visitor always for `co-browse`; either for `screen`. */
  sharer: party,
  /** Who began: the other side asked for it, or the sharer offered it. */
  askedBy: party,
  phase: sharePhase,
  /** Grows with each change of what is shared and with each pause; frames of a smaller one are dropped at every hop. */
  scopeNumber: z.int(),
  scope: shareScope.nullable(),
  pausedBecause: sharePauseReason.nullable(),
  grants: z.array(shareGrant),
  /** The grant the agent has asked for and the visitor has not answered yet. */
  askedGrant: shareGrantName.nullable(),
  /** Names of those who look at it right now (B2). */
  watchers: z.array(z.string()),
  isRecorded: z.boolean(),
  askedAt: timestamp,
  allowedAt: timestamp.nullable(),
  liveAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
  endReason: shareEndReason.nullable(),
});
export type ShareView = z.infer<typeof shareView>;

/** A place on the shared page: a fraction of a node's box, so that it is the same place in every window size. */
const nodeNumber = z.int().min(1).max(0x7fff_ffff);
const fraction = z.number().min(-1).max(2);
export const sharedPlace = z.object({ nodeId: nodeNumber, x: fraction, y: fraction });
export type SharedPlace = z.infer<typeof sharedPlace>;

/** Pointing and drawing (B6). Lossy but for ink: the next one replaces it. */
export const shareMark = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pointer'), at: sharedPlace.nullable() }),
  z.object({ kind: z.literal('laser'), at: sharedPlace.nullable() }),
  z.object({
    kind: z.literal('ink'),
    strokeId: z.int().nonnegative(),
    points: z.array(sharedPlace).min(1).max(64),
    isEnd: z.boolean(),
  }),
  z.object({ kind: z.literal('highlight'), nodeId: nodeNumber.nullable() }),
]);
export type ShareMark = z.infer<typeof shareMark>;

/** What an agent does on the visitor's page (B7). The visitor's browser checks it again and may refuse. */
export const shareAct = z.discriminatedUnion('kind', [
  /** CSS pixels; without a node it is the page itself. */
  z.object({
    kind: z.literal('scroll'),
    nodeId: nodeNumber.nullable(),
    left: z.number().min(0).max(1e7),
    top: z.number().min(0).max(1e7),
  }),
  z.object({ kind: z.literal('click'), at: sharedPlace }),
  /** Replaces what the field holds. */
  z.object({ kind: z.literal('type'), nodeId: nodeNumber, text: z.string().max(4_000) }),
  z.object({ kind: z.literal('press'), nodeId: nodeNumber, key: z.enum(['Enter', 'Escape', 'Tab', 'Backspace']) }),
  /** Indexes of the options that are chosen. */
  z.object({ kind: z.literal('select'), nodeId: nodeNumber, indexes: z.array(z.int().min(0).max(10_000)).max(500) }),
  z.object({ kind: z.literal('navigate'), to: z.enum(['back', 'forward', 'reload']) }),
  /** The visitor confirms it; the same origin or one the site allows. */
  z.object({ kind: z.literal('open'), url: z.url({ protocol: /^https?$/ }).max(2_048) }),
]);
export type ShareAct = z.infer<typeof shareAct>;
export const actRefusal = z.enum([
  'not-granted',
  'private',
  'read-only',
  'gone',
  'own-interface',
  'visitor-is-busy',
  'not-possible',
  'declined',
  'paused',
  /** A page of neither this site nor those that its operator has listed. */
  'elsewhere',
]);
export type ActRefusal = z.infer<typeof actRefusal>;

/** Which looks of a page a browser is set to ask for. */
export const pageScheme = z.enum(['light', 'dark']);
export type PageScheme = z.infer<typeof pageScheme>;

/** One page of the visitor that is shared, as the agent's tab strip shows it. */
export const sharedTab = z.object({
  tabId: z.uuid(),
  title: z.string(),
  /** Origin and path. */
  url: z.string(),
  epoch: z.int(),
  /** The one the visitor looks at. */
  isFront: z.boolean(),
  state: z.enum(['streaming', 'navigating']),
  /** As the visitor's browser is set; older widgets do not say. */
  scheme: pageScheme.optional(),
});
export type SharedTab = z.infer<typeof sharedTab>;

/** Bytes travel as binary attachments: a `Buffer` on the server, an `ArrayBuffer` in a page. */
const bytes = z.custom<Uint8Array>(
  (value) => value instanceof Uint8Array && value.byteLength > 0 && value.byteLength <= MAX_PIECE_BYTES,
  `1 to ${MAX_PIECE_BYTES} bytes of binary data`,
);
const sentBytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const streamPlace = { shareId, tabId: z.uuid(), epoch: z.int().positive() };

/** Requests of both sides about the state. */
export const shareStateRequests = {
  /** At once and for good; harmless when repeated. */
  'share:end-share': {
    input: z.object({ shareId, reason: z.enum(['by-person', 'stopped-in-browser', 'failed']).default('by-person') }),
    output: nothing,
  },
  /** One's own screen. The click in the browser's own dialog is the consent; a visitor may be answering an ask. */
  'share:share-screen': {
    input: z.object({
      conversationId,
      /** Shows something else in this share, or takes it up again; it never begins a new one. */
      shareId: shareId.nullable().default(null),
      surface: z.enum(['monitor', 'window', 'browser', 'unknown']),
    }),
    output: z.object({ share: shareView }),
  },
} as const;

/** Requests of both sides about the stream. */
export const shareStreamRequests = {
  /** Lossy: sent volatile, at most 30 a second. */
  'share:send-marks': {
    input: z.object({ ...streamPlace, marks: z.array(shareMark).min(1).max(16) }),
    output: nothing,
  },
} as const;

export const visitorShareStateRequests = {
  /** The visitor's own click on "Allow": an answer to an ask, or an offer of their own. Starts co-browsing. */
  'share:allow-share': {
    input: z.object({
      conversationId,
      shareId: shareId.nullable(),
      scope: shareScope,
      /** Ticked by the visitor; without it nothing is kept. */
      mayBeRecorded: z.boolean().default(false),
    }),
    output: z.object({ share: shareView }),
  },
  'share:decline-share': { input: z.object({ shareId }), output: nothing },
  /** Everything that was shared under the old scope is forgotten before this is answered. */
  'share:change-scope': { input: z.object({ shareId, scope: shareScope }), output: z.object({ share: shareView }) },
  'share:pause-share': {
    input: z.object({ shareId, reason: sharePauseReason }),
    output: z.object({ share: shareView }),
  },
  'share:resume-share': { input: z.object({ shareId }), output: z.object({ share: shareView }) },
  /** Gives a grant, takes it back, or answers "no" to an asked one. */
  'share:set-grant': {
    input: z.object({ shareId, grant: shareGrantName, isGranted: z.boolean() }),
    output: z.object({ share: shareView }),
  },
} as const;

export const visitorShareStreamRequests = {
  /** A page begins to stream: after a load, a new scope, a pause, a lost connection. The server counts the epochs. */
  'share:open-stream': {
    input: z.object({
      shareId,
      tabId: z.uuid(),
      page: z.object({ url: plainText.max(2_048), title: plainText.max(300) }),
      isFront: z.boolean(),
      scheme: pageScheme.optional(),
    }),
    output: z.object({ epoch: z.int(), scopeNumber: z.int(), isWanted: z.boolean() }),
  },
  /**
   * One piece of one frame. `seq` counts frames from 0 within the epoch, without gaps; a frame is a JSON array of
   * recorder events, deflated (raw) in one context that starts anew with each key frame. Answered once it is taken:
   * what is not answered yet is what the sender counts as on its way. Fails with `stale-stream` when epoch or scope
   * are no longer the ones in force: stop at once, the answer is in `share:changed`.
   */
  'share:send-frame': {
    input: z.object({
      ...streamPlace,
      scopeNumber: z.int().nonnegative(),
      seq: z.int().nonnegative(),
      isKey: z.boolean(),
      isLast: z.boolean(),
      data: bytes,
    }),
    output: nothing,
  },
  /** The page goes away (`navigating`) or stops for good. */
  'share:close-stream': {
    input: z.object({ ...streamPlace, because: z.enum(['navigating', 'stopped']) }),
    output: nothing,
  },
  /** Which page is in front, what it is called now (single-page sites), which looks its browser asks for. */
  'share:report-tab': {
    input: z.object({
      ...streamPlace,
      page: z.object({ url: plainText.max(2_048), title: plainText.max(300) }),
      isFront: z.boolean(),
      scheme: pageScheme.optional(),
    }),
    output: nothing,
  },
  /**
   * A picture or font of the shared page. `assetKey` is what the frames name it by (`foyer-asset:12`). First only the
   * hash is sent: `isKnown` spares the bytes. With a `url` instead, the server fetches a public one itself.
   */
  'share:send-asset': {
    input: z.object({
      ...streamPlace,
      assetKey: z.int().nonnegative(),
      hash: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .nullable(),
      url: z
        .url({ protocol: /^https?$/ })
        .max(2_048)
        .nullable(),
      offset: z.int().nonnegative().default(0),
      totalBytes: z.int().positive().max(262_144).nullable(),
      data: bytes.nullable(),
    }),
    output: z.object({ isKnown: z.boolean() }),
  },
  'share:report-act': {
    input: z.object({ shareId, actId: z.uuid(), refusal: actRefusal.nullable() }),
    output: nothing,
  },
} as const;

export const agentShareStateRequests = {
  /** "Request co-browsing" and "Request screen share": the visitor is asked. */
  'share:request-share': {
    input: z.object({ conversationId, kind: shareKind }),
    output: z.object({ share: shareView }),
  },
  'share:request-grant': {
    input: z.object({ shareId, grant: shareGrantName }),
    output: z.object({ share: shareView }),
  },
} as const;

export const agentShareStreamRequests = {
  /**
   * From now on frames come to this page: for each tab the last key frame and what followed, then what happens.
   * `assetPath` is where the viewer gets pictures, ending in a slash.
   */
  'share:watch-stream': {
    input: z.object({ shareId }),
    output: z.object({ tabs: z.array(sharedTab), scopeNumber: z.int(), assetPath: z.string() }),
  },
  'share:unwatch-stream': { input: z.object({ shareId }), output: nothing },
  /** How far this viewer has come; a viewer that lags is given the latest key frame instead of what it missed. */
  'share:confirm-frames': { input: z.object({ ...streamPlace, seq: z.int().nonnegative() }), output: nothing },
  /** Something is missing or differs: the stream of this tab begins again with a key frame. */
  'share:resync-stream': {
    input: z.object({ ...streamPlace, because: z.enum(['gap', 'differs', 'failed']) }),
    output: nothing,
  },
  'share:ask-act': {
    input: z.object({ ...streamPlace, actId: z.uuid(), act: shareAct }),
    output: nothing,
  },
} as const;

export const shareRequests = { ...shareStateRequests, ...shareStreamRequests } as const;
export const visitorShareRequests = { ...visitorShareStateRequests, ...visitorShareStreamRequests } as const;
export const agentShareRequests = { ...agentShareStateRequests, ...agentShareStreamRequests } as const;

/** Events that both sides hear. */
export const shareEvents = {
  'share:changed': z.object({ share: shareView }),
  'share:marks-made': z.object({
    shareId,
    tabId: z.uuid(),
    epoch: z.int(),
    from: party,
    name: z.string(),
    marks: z.array(shareMark),
  }),
} as const;

export const visitorShareEvents = {
  ...shareEvents,
  /** Somebody looks, or nobody any more: a page that nobody looks at sends nothing. */
  'share:stream-wanted': z.object({ shareId, isWanted: z.boolean() }),
  /** To the page that streams: send a key frame. */
  'share:key-wanted': z.object({ shareId, tabId: z.uuid(), epoch: z.int() }),
  /** To the page that streams. */
  'share:act-asked': z.object({
    shareId,
    tabId: z.uuid(),
    epoch: z.int(),
    actId: z.uuid(),
    act: shareAct,
    agentName: z.string(),
  }),
} as const;

export const agentShareEvents = {
  ...shareEvents,
  /** To a page that watches. The frames of a tab since its last key frame are one deflate stream, piece after piece. */
  'share:frame-arrived': z.object({
    shareId,
    tabId: z.uuid(),
    epoch: z.int(),
    scopeNumber: z.int(),
    seq: z.int(),
    isKey: z.boolean(),
    isLast: z.boolean(),
    data: sentBytes,
  }),
  'share:tabs-changed': z.object({ shareId, tabs: z.array(sharedTab) }),
  /** Show nothing of this share from now on, until a frame of this scope arrives. */
  'share:view-cleared': z.object({ shareId, scopeNumber: z.int() }),
  'share:act-answered': z.object({ shareId, actId: z.uuid(), refusal: actRefusal.nullable() }),
} as const;
