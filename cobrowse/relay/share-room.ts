import type { ShareMark, SharedTab, ShareGrantName } from '../../protocol/sharing.ts';
import type { ShareCaller, ShareParticipants } from '../share-host.ts';
import type { ShareRecord } from '../share-record.ts';
import { createActDesk, nodeOf } from './act-desk.ts';
import type { ActAnswer, ActDesk, PendingAct } from './act-desk.ts';
import { createAssetStore } from './asset-store.ts';
import type { AssetStore } from './asset-store.ts';
import type { KeptFrame } from './frame-cache.ts';
import type { ProcessorBudget } from './processor-budget.ts';
import type { ShareRelayOptions } from './relay.ts';
import type { RelayLimits } from './relay-limits.ts';
import { countAct, type RelayCounters } from './relay-metrics.ts';
import { createTabStream } from './tab-stream.ts';
import type { TabStream } from './tab-stream.ts';
import { createTokenBucket } from './token-bucket.ts';
import type { TokenBucket } from './token-bucket.ts';
import { createViewerFeed } from './viewer-feed.ts';
import type { ViewerFeed } from './viewer-feed.ts';

/** One page of an agent that watches. */
export interface Viewer {
  caller: ShareCaller;
  name: string;
  feed: ViewerFeed;
  /** Part of the address of pictures; the same for all pages of one agent. */
  assetToken: string;
  marks: TokenBucket;
  acts: TokenBucket;
  /** Has heard which tabs there are; before that, frames would mean nothing to it. */
  isReady: boolean;
}

interface RoomTab {
  tab: SharedTab;
  /** Null while its page navigates. */
  stream: TabStream | null;
  behindTimer?: NodeJS.Timeout;
  goneTimer?: NodeJS.Timeout;
}

export interface RoomParts extends ShareRelayOptions {
  limits: RelayLimits;
  counters: RelayCounters;
  record: ShareRecord;
  budget: ProcessorBudget;
}

/** One share in this node's memory: its streams, who watches them, what is asked for. */
export interface ShareRoom {
  readonly record: ShareRecord;
  readonly assets: AssetStore;
  readonly acts: ActDesk;
  readonly viewers: ReadonlyMap<string, Viewer>;
  /** Of all the visitor's pages together; each viewer has its own. */
  readonly visitorMarks: TokenBucket;
  participants: ShareParticipants | undefined;
  listTabs(): SharedTab[];
  listStreams(): TabStream[];
  findStream(tabId: string): TabStream | undefined;
  isWanted(): boolean;
  hasGrant(grant: ShareGrantName): boolean;
  openStream(caller: ShareCaller, tab: SharedTab, scopeNumber: number): void;
  /** The page goes; a navigating one is expected back for a while. */
  closeStream(stream: TabStream, because: 'navigating' | 'stopped'): void;
  reportTab(stream: TabStream, change: Pick<SharedTab, 'url' | 'title' | 'isFront' | 'scheme'>): void;
  addViewer(caller: ShareCaller, name: string, assetToken: string): Viewer;
  removeViewer(socketId: string): void;
  /** After the viewer has its answer. */
  feed(viewer: Viewer): void;
  forwardMarks(from: 'visitor' | 'agent', name: string, stream: TabStream, marks: ShareMark[], sender: string): void;
  /** What is stored now; an older one than known is passed over. */
  handleRecord(record: ShareRecord): void;
  /** Everything that belongs to a smaller scope number is gone when this returns. */
  shut(scopeNumber: number): void;
  close(): void;
}

export function createShareRoom(parts: RoomParts): ShareRoom {
  const { host, gate, limits, counters, recorder } = parts;
  const { shareId, conversationId } = parts.record;
  const tabs = new Map<string, RoomTab>();
  const viewers = new Map<string, Viewer>();
  const assets = createAssetStore({
    limits,
    door: parts.assets,
    onStored(place, assetKey, asset) {
      if (isKept()) recorder?.keepAsset(shareId, place, assetKey, asset);
    },
  });
  const acts = createActDesk(limits, handleActAnswered);
  const createMarkBucket = (): TokenBucket =>
    createTokenBucket(limits.marksPerSecond, limits.marksAtOnce, () => host.now());
  let bytes = 0;
  let liveScope = -1;
  let wasWanted: boolean | undefined;
  let wasThere = false;

  function handleActAnswered(pending: PendingAct, { refusal, isUnanswered }: ActAnswer): void {
    const { actId, act, tabId, agentId, askerSocketId } = pending;
    countAct(counters, isUnanswered ? 'unanswered' : (refusal ?? 'done'));
    host.tellAgentPage(askerSocketId, 'share:act-answered', { shareId, actId, refusal });
    auditLater({
      actor: 'agent',
      actorId: agentId,
      what: refusal === null ? 'act-done' : 'act-refused',
      data: { kind: act.kind, nodeId: nodeOf(act), tabId, refusal: isUnanswered ? 'unanswered' : refusal },
    });
  }

  function auditLater(entry: Omit<Parameters<typeof host.audit>[0], 'shareId' | 'conversationId'>): void {
    host.audit({ conversationId, shareId, ...entry }).catch((error: unknown) => {
      host.log.error({ err: error, shareId, what: entry.what }, 'audit entry lost');
    });
  }

  /** The visitor has ticked it and the site keeps recordings: both are in the row. */
  function isKept(): boolean {
    return recorder !== null && record.isRecorded;
  }

  function tellTabs(): void {
    const list = room.listTabs();
    if (isKept() && viewers.size > 0) recorder?.noteTabs(shareId, list);
    for (const socketId of viewers.keys()) {
      host.tellAgentPage(socketId, 'share:tabs-changed', { shareId, tabs: list });
    }
  }

  function sendFrame(socketId: string, { tabId, epoch, scopeNumber }: TabStream, frame: KeptFrame): void {
    const { seq, isKey, pieces } = frame;
    counters.bytesOut += frame.bytes;
    for (const [index, data] of pieces.entries()) {
      host.tellAgentPage(socketId, 'share:frame-arrived', {
        shareId,
        tabId,
        epoch,
        scopeNumber,
        seq,
        isKey,
        isLast: index === pieces.length - 1,
        data,
      });
    }
  }

  function handleFrame(stream: TabStream, frame: KeptFrame, events: string): void {
    if (frame.isKey && liveScope < stream.scopeNumber) {
      liveScope = stream.scopeNumber;
      gate.handleFirstFrame(shareId).catch((error: unknown) => {
        host.log.error({ err: error, shareId }, 'a share could not go live');
      });
    }
    if (recorder && isKept()) {
      const { tabId, epoch, scopeNumber } = stream;
      const { seq, isKey, pieces } = frame;
      const isTaken = recorder.append({ shareId, tabId, epoch, scopeNumber, seq, isKey, pieces, events });
      if (!isTaken) stream.wantKey('refresh');
    }
    for (const { feed, isReady } of viewers.values()) if (isReady) feed.pump(stream);
  }

  function handleWanted(): void {
    const isWanted = room.isWanted();
    if (isWanted === wasWanted) return;
    wasWanted = isWanted;
    if (isKept()) recorder?.noteTabs(shareId, isWanted ? room.listTabs() : null);
    for (const { stream } of tabs.values()) {
      if (!stream) continue;
      stream.isWanted = isWanted;
      // What is kept grows old while nobody looks, and nobody may come to see it then.
      if (!isWanted) stream.forget();
    }
    host.tellVisitor(conversationId, 'share:stream-wanted', { shareId, isWanted });
    if (isWanted)
      for (const stream of room.listStreams()) if (stream.cache.frames.length === 0) stream.wantKey('repair');
  }

  function handleHopeless(): void {
    host.log.warn({ shareId }, 'a shared page costs more than it may, and ends');
    for (const stream of room.listStreams()) room.closeStream(stream, 'stopped');
    gate.handleHopeless(shareId).catch((error: unknown) => {
      host.log.error({ err: error, shareId }, 'a share that costs too much could not be ended');
    });
  }

  function handlePresence(): void {
    const isThere = room.listStreams().length > 0;
    if (isThere === wasThere) return;
    wasThere = isThere;
    gate.handleSharerPresence(shareId, isThere).catch((error: unknown) => {
      host.log.error({ err: error, shareId }, 'presence of the sharer could not be stored');
    });
  }

  function dropTab(tabId: string): void {
    const found = tabs.get(tabId);
    if (!found) return;
    clearTimeout(found.behindTimer);
    clearTimeout(found.goneTimer);
    closeQuietly(found);
    tabs.delete(tabId);
    for (const { feed } of viewers.values()) feed.dropTab(tabId);
  }

  function closeQuietly(found: RoomTab): void {
    const { stream } = found;
    if (!stream) return;
    stream.close();
    found.stream = null;
    assets.dropEpoch(stream);
    acts.refuseAll('gone', ({ tabId, epoch }) => tabId === stream.tabId && epoch === stream.epoch);
  }

  function setFront(tabId: string): void {
    for (const found of tabs.values()) updateTab(found, { isFront: found.tab.tabId === tabId });
  }

  /** A page may be closed while the one beside it stays as it is: nothing but that it does not come back says so. */
  function leaveFront(found: RoomTab): void {
    const next = [...tabs.values()].findLast(({ stream }) => stream !== null);
    if (!found.tab.isFront || !next) return;
    setFront(next.tab.tabId);
    tellTabs();
  }

  function updateTab(found: RoomTab, change: Partial<SharedTab>): void {
    found.tab = { ...found.tab, ...change };
  }

  let record = parts.record;
  const room: ShareRoom = {
    get record() {
      return record;
    },
    assets,
    acts,
    viewers,
    visitorMarks: createMarkBucket(),
    participants: undefined,
    listTabs: () => [...tabs.values()].map(({ tab }) => tab),
    listStreams: () => [...tabs.values()].flatMap(({ stream }) => stream ?? []),
    findStream: (tabId) => tabs.get(tabId)?.stream ?? undefined,
    // Also of a page that is recorded nothing is sent while nobody looks: a recording holds what agents have seen.
    isWanted: () => viewers.size > 0,
    hasGrant: (grant) =>
      room.record.grants.some((given) => given.grant === grant && (given.expiresAt ?? Infinity) > host.now()),
    openStream(caller, tab, scopeNumber) {
      const { tabId, epoch } = tab;
      dropTab(tabId);
      const stream = createTabStream({
        tab,
        scopeNumber,
        socketId: caller.socketId,
        now: () => host.now(),
        limits,
        counters,
        budget: parts.budget,
        countBytes: (count) => (bytes += count) <= limits.maxShareBytes,
        keepSvg: (svg) => assets.keepSvg({ tabId, epoch }, svg),
        askKey: () => host.tellVisitorPage(caller.socketId, 'share:key-wanted', { shareId, tabId, epoch }),
        onFrame: (frame, events) => handleFrame(stream, frame, events),
        onFailed(cause) {
          host.log.warn({ shareId, tabId, epoch, cause }, 'a shared page sent what cannot be passed on');
          room.closeStream(stream, 'stopped');
        },
        onHopeless: handleHopeless,
      });
      stream.isWanted = room.isWanted();
      assets.openEpoch({ tabId, epoch });
      tabs.set(tabId, { tab, stream });
      if (tab.isFront) setFront(tabId);
      tellTabs();
      handlePresence();
    },
    closeStream(stream, because) {
      const found = tabs.get(stream.tabId);
      if (found?.stream !== stream) return;
      closeQuietly(found);
      if (because === 'stopped') dropTab(stream.tabId);
      else {
        updateTab(found, { state: 'navigating' });
        found.behindTimer = setTimeout(() => leaveFront(found), limits.inFrontMs).unref();
        found.goneTimer = setTimeout(() => {
          dropTab(stream.tabId);
          tellTabs();
        }, limits.navigatingMs).unref();
      }
      tellTabs();
      handlePresence();
    },
    reportTab(stream, { url, title, isFront, scheme }) {
      const found = tabs.get(stream.tabId);
      if (found?.stream !== stream) return;
      updateTab(found, { url, title, isFront, scheme });
      if (isFront) setFront(stream.tabId);
      tellTabs();
    },
    addViewer(caller, name, assetToken) {
      const known = viewers.get(caller.socketId);
      const isFirst = ![...viewers.values()].some((other) => other.caller.personId === caller.personId);
      const viewer: Viewer = known ?? {
        caller,
        name,
        assetToken,
        feed: createViewerFeed({
          windowBytes: limits.viewerWindowBytes,
          counters,
          send: (stream, frame) => sendFrame(caller.socketId, stream, frame),
        }),
        marks: createMarkBucket(),
        acts: createTokenBucket(limits.actsPerSecond, limits.actsAtOnce, () => host.now()),
        isReady: false,
      };
      viewers.set(caller.socketId, viewer);
      if (isFirst) {
        auditLater({ actor: 'agent', actorId: caller.personId, what: 'share-watched', data: {} });
        gate.handleWatchersChanged(shareId);
      }
      handleWanted();
      return viewer;
    },
    removeViewer(socketId) {
      const viewer = viewers.get(socketId);
      if (!viewer) return;
      viewers.delete(socketId);
      acts.refuseAll('gone', ({ askerSocketId }) => askerSocketId === socketId);
      const { personId } = viewer.caller;
      if (![...viewers.values()].some((other) => other.caller.personId === personId)) {
        auditLater({ actor: 'agent', actorId: personId, what: 'share-unwatched', data: {} });
        gate.handleWatchersChanged(shareId);
      }
      handleWanted();
    },
    feed(viewer) {
      if (viewers.get(viewer.caller.socketId) !== viewer) return;
      viewer.isReady = true;
      for (const stream of room.listStreams()) viewer.feed.restart(stream);
    },
    forwardMarks(from, name, { tabId, epoch, socketId }, marks, sender) {
      const event = { shareId, tabId, epoch, from, name, marks };
      if (isKept() && viewers.size > 0) recorder?.keepDrawing(shareId, { tabId, epoch }, { name, marks });
      for (const viewerSocketId of viewers.keys()) {
        if (viewerSocketId !== sender) host.tellAgentPage(viewerSocketId, 'share:marks-made', event, 'volatile');
      }
      if (from === 'agent') host.tellVisitorPage(socketId, 'share:marks-made', event, 'volatile');
    },
    handleRecord(next) {
      if (next.revision < record.revision) return;
      record = next;
      handleWanted();
      // Only now: while a change is being stored, nobody else should change the same row.
      if (next.phase === 'allowed' || next.phase === 'live') handlePresence();
    },
    shut(scopeNumber) {
      for (const { stream, tab } of tabs.values()) {
        // A page that navigates has no number any more; it belonged to what is shut.
        if (!stream || stream.scopeNumber < scopeNumber) dropTab(tab.tabId);
      }
      if (room.listStreams().length === 0) assets.clear();
      for (const socketId of viewers.keys()) {
        host.tellAgentPage(socketId, 'share:view-cleared', { shareId, scopeNumber });
      }
      acts.refuseAll('paused');
      tellTabs();
    },
    close() {
      acts.refuseAll('gone');
      for (const tabId of tabs.keys()) dropTab(tabId);
      assets.clear();
      acts.close();
      viewers.clear();
      recorder?.endShare(shareId);
    },
  };
  wasWanted = room.isWanted();
  return room;
}
