import type { ConversationId, Party, ShareId } from '../protocol/ids.ts';
import type { ShareView } from '../protocol/sharing.ts';
import { createOpenShares } from './open-shares.ts';
import type { ShareGate, ShareRelay } from './relay/relay.ts';
import { createShareChanges, moveRecord, system, type ShareActor } from './share-changes.ts';
import { createShareDoor } from './share-door.ts';
import { ShareError } from './share-error.ts';
import { createShareHandlers } from './share-handlers.ts';
import type { ShareHandlers, ShareHost, ShareSettings } from './share-host.ts';
import type { ShareEvent } from './share-lifecycle.ts';
import { defaultShareLimits, type ShareLimits } from './share-limits.ts';
import { auditOfChange, noticeOfChange } from './share-lines.ts';
import { toShareView, type ShareRecord } from './share-record.ts';
import { createShareTimers } from './share-timers.ts';

export interface ShareServiceOptions {
  host: ShareHost;
  /** Makes the relay of this node, which asks the gate about the state. */
  openRelay(gate: ShareGate): ShareRelay;
  /** The media of a shared screen ends here, before anything is stored. */
  shutScreen?(shareId: ShareId): void;
  /** The media of a shared screen stops before a pause is stored, and goes on after its end is. */
  pauseScreen?(shareId: ShareId, isPaused: boolean): Promise<void>;
  limits?: Partial<ShareLimits>;
}

/** All shares of this node, for the server around it. */
export interface ShareService extends Pick<ShareRelay, 'findAsset' | 'readNumbers'> {
  readonly handlers: ShareHandlers;
  /** A page's connection is gone: its streams, its watching, and the screen it shows. */
  handleSocketGone(socketId: string): Promise<void>;
  /** Another agent may have the conversation now: who may use its shares is asked anew. */
  handleConversationAccepted(conversationId: ConversationId): void;
  /** Nothing is sent any more from the moment this is called; resolves once both sides and the log know. */
  handleConversationEnded(conversationId: ConversationId): Promise<void>;
  /** The share with this id while it is a screen and has its sharer's yes. */
  findScreen(
    shareId: ShareId,
  ): Promise<{ conversationId: ConversationId; sharer: Party; isPaused: boolean } | undefined>;
  /** The first picture of a shared screen is here. */
  handleScreenSeen(shareId: ShareId): Promise<void>;
  /** Who has the picture of a shared screen before them, by name. */
  handleScreenWatched(shareId: ShareId, names: readonly string[]): void;
  /** A shared screen cannot be carried. */
  handleScreenFailed(shareId: ShareId): Promise<void>;
  /** Hears of each share that has ended, so that its media can end as well. */
  onShareEnded(listener: (record: ShareRecord) => void): void;
  /** The open shares of a conversation, for its snapshot. */
  viewsOf(conversationId: ConversationId): Promise<ShareView[]>;
  /** Once at start: shares of the process before this one wait for their pages, or end. */
  recover(): Promise<void>;
  /** Does what has fallen due. Safe to run on any node and as often as one likes. */
  sweep(now: number): Promise<void>;
  /** What this node has of shares follows what other nodes have stored. For each node to do. */
  follow(): Promise<void>;
  close(): Promise<void>;
}

export function createShareService({
  host,
  openRelay,
  shutScreen,
  pauseScreen,
  limits: given,
}: ShareServiceOptions): ShareService {
  const limits: ShareLimits = { ...defaultShareLimits, ...given };
  const { log } = host;
  const shares = createOpenShares();
  const door = createShareDoor(host, shares);
  /** The page that holds each shared screen. */
  const screens = new Map<ShareId, string>();
  const endListeners = new Set<(record: ShareRecord) => void>();
  const background = new Set<Promise<void>>();
  let isClosed = false;

  const changes = createShareChanges({
    store: host.shares,
    beforeSave(before, after) {
      if (after.scopeNumber !== before.scopeNumber) relay.shut(after.shareId, after.scopeNumber);
      if (after.kind === 'screen') stopScreen(after.shareId, after.phase);
    },
    onChanged: handleChanged,
  });
  const timers = createShareTimers(host.now, (shareId, dueAt) =>
    inBackground(shareId, passTimeOf(shareId, Math.max(host.now(), dueAt))),
  );
  const gate: ShareGate = {
    requireShare: async (shareId, caller) => (await door.requireOpen(shareId, caller)).record,
    findConversationOf: async (shareId) =>
      (shares.find(shareId)?.record ?? (await host.shares.findShare(shareId)))?.conversationId,
    async takeEpoch(shareId, caller) {
      await door.requireOpen(shareId, caller);
      const record = await changes.takeEpoch(shareId, host.now());
      return { epoch: record.lastEpoch, record };
    },
    async handleFirstFrame(shareId) {
      await changes.apply(shareId, { type: 'start' }, system, host.now());
    },
    handleWatchersChanged(shareId) {
      const open = shares.find(shareId);
      if (open) announce(open.record);
    },
    async handleSharerPresence(shareId, isThere) {
      await (isThere ? regainSharer(shareId) : loseSharer(shareId));
    },
    handleHopeless: failShare,
  };
  const relay = openRelay(gate);

  /** Of screens; who looks at a page, the relay knows. */
  const screenWatchers = new Map<ShareId, readonly string[]>();
  const toView = (record: ShareRecord): ShareView =>
    toShareView(
      record,
      record.kind === 'screen' ? (screenWatchers.get(record.shareId) ?? []) : relay.watcherNamesOf(record.shareId),
    );

  function announce(record: ShareRecord): void {
    host.tellConversation(record.conversationId, 'share:changed', { share: toView(record) });
  }

  /** Everything that follows from a stored change, in the order of the changes. */
  function handleChanged(before: ShareRecord | null, after: ShareRecord): void {
    const { shareId, conversationId, kind, phase, endReason } = after;
    shares.put(after);
    relay.handleChanged(after);
    timers.set(shareId, after.dueAt);
    // An epoch is between the page and the relay.
    if (before === null || hasVisibleChange(before, after)) announce(after);
    if (kind === 'screen' && before !== null && phase !== before.phase && phase !== 'ended' && pauseScreen) {
      inBackground(shareId, pauseScreen(shareId, phase === 'paused'));
    }
    if (phase !== before?.phase) {
      log.info({ shareId, conversationId, kind, phase, ...(endReason && { reason: endReason }) }, 'share moved on');
    }
    if (phase !== 'ended') return;
    screens.delete(shareId);
    screenWatchers.delete(shareId);
    for (const listener of endListeners) listener(after);
  }

  function shutFor(record: ShareRecord, event: ShareEvent): void {
    const after = findAfter(record, event, host.now());
    if (after === undefined || after.scopeNumber === record.scopeNumber) return;
    relay.shut(record.shareId, after.scopeNumber);
    if (after.kind === 'screen') stopScreen(record.shareId, after.phase);
  }

  function stopScreen(shareId: ShareId, phase: ShareRecord['phase']): void {
    if (phase === 'ended') shutScreen?.(shareId);
    if (phase === 'paused') inBackground(shareId, pauseScreen?.(shareId, true) ?? Promise.resolve());
  }

  async function insert(record: ShareRecord, settings: ShareSettings, actor: ShareActor): Promise<boolean> {
    const [audited, line] = [auditOfChange(null, record, actor), noticeOfChange(null, record)];
    if (!(await host.shares.insertShare(record, audited, line))) return false;
    shares.put(record, settings);
    handleChanged(null, record);
    return true;
  }

  /**
   * Whether somebody is there to look is asked of the database each time: an agent may come and go on any node, and who
   * is back needs no event to be noticed.
   */
  async function followViewers(records: readonly ShareRecord[]): Promise<void> {
    const shown = records.filter(({ sharer, phase }) => sharer === 'visitor' && phase !== 'asked');
    if (shown.length === 0) return;
    const deserted = await host.findDeserted(shown.map(({ conversationId }) => conversationId));
    const graceUntil = host.now() + limits.viewerGraceMs;
    for (const { shareId, conversationId, viewerGraceUntil } of shown) {
      const isDeserted = deserted.has(conversationId);
      if (isDeserted === (viewerGraceUntil !== null)) continue;
      const event: ShareEvent = isDeserted ? { type: 'lose-viewer', graceUntil } : { type: 'regain-viewer' };
      inBackground(shareId, changes.apply(shareId, event, system, host.now()));
    }
  }

  /** Who has come back in the last moment is found before the time is up. */
  async function passTimeOf(shareId: ShareId, now: number): Promise<void> {
    const record = await host.shares.findShare(shareId);
    if (record?.viewerGraceUntil != null && record.phase !== 'ended') await followViewers([record]);
    await passTime(shareId, now);
  }

  async function passTime(shareId: ShareId, now: number): Promise<void> {
    await changes.apply(shareId, { type: 'time-passed' }, system, now);
  }

  async function loseSharer(shareId: ShareId): Promise<void> {
    const graceUntil = host.now() + limits.sharerGraceMs;
    await changes.apply(shareId, { type: 'lose-sharer', graceUntil }, system, host.now());
  }

  async function regainSharer(shareId: ShareId): Promise<void> {
    await changes.apply(shareId, { type: 'regain-sharer' }, system, host.now());
  }

  async function failShare(shareId: ShareId): Promise<void> {
    const record = await host.shares.findShare(shareId);
    if (record === undefined || record.phase === 'ended') return;
    await changes.apply(shareId, { type: 'end', by: record.sharer, because: 'failed' }, system, host.now());
  }

  /** Work that nobody waits for. What the share's end made pointless is no fault. */
  function inBackground(shareId: ShareId, work: Promise<unknown>): void {
    const done = work
      .then(
        () => undefined,
        (error: unknown) => {
          if (isClosed || error instanceof ShareError) log.debug({ shareId, err: error }, 'share work came too late');
          else log.error({ shareId, err: error }, 'share work failed');
        },
      )
      .finally(() => background.delete(done));
    background.add(done);
  }

  /** A share that cannot be read or moved on holds up no other. */
  async function forEachAlone(
    records: readonly ShareRecord[],
    work: (record: ShareRecord) => Promise<unknown>,
  ): Promise<void> {
    await Promise.all(
      records.map(async (record) => {
        const working = work(record);
        inBackground(record.shareId, working);
        await working.catch(() => {});
      }),
    );
  }

  const states = createShareHandlers({
    host,
    limits,
    changes,
    door,
    toView,
    insert,
    shutFor,
    holdScreen: (shareId, socketId) => void screens.set(shareId, socketId),
  });

  return {
    handlers: { ...states, ...relay.handlers },
    findAsset: relay.findAsset,
    readNumbers: relay.readNumbers,

    async handleSocketGone(socketId) {
      relay.handleSocketGone(socketId);
      const held = [...screens].filter(([, holder]) => holder === socketId).map(([shareId]) => shareId);
      for (const shareId of held) {
        screens.delete(shareId);
        await loseSharer(shareId);
      }
    },

    handleConversationAccepted(conversationId) {
      for (const { people, record } of shares.listOf(conversationId)) {
        people.clear();
        relay.handleChanged(record);
      }
    },

    async handleConversationEnded(conversationId) {
      const event: ShareEvent = { type: 'end-with-conversation' };
      for (const { record } of shares.listOf(conversationId)) shutFor(record, event);
      await forEachAlone(await host.shares.listOpenSharesOf(conversationId), ({ shareId }) =>
        changes.apply(shareId, event, system, host.now()),
      );
      await Promise.all(background);
    },

    async findScreen(shareId) {
      const record = await host.shares.findShare(shareId);
      if (record?.kind !== 'screen' || record.phase === 'asked' || record.phase === 'ended') return undefined;
      const { conversationId, sharer, phase } = record;
      return { conversationId, sharer, isPaused: phase === 'paused' };
    },

    handleScreenSeen: (shareId) => gate.handleFirstFrame(shareId),

    handleScreenWatched(shareId, names) {
      const open = shares.find(shareId);
      const known = screenWatchers.get(shareId) ?? [];
      if (open === undefined || names.join() === known.join()) return;
      screenWatchers.set(shareId, [...names]);
      announce(open.record);
    },

    handleScreenFailed: failShare,

    onShareEnded: (listener) => void endListeners.add(listener),

    async viewsOf(conversationId) {
      return (await host.shares.listOpenSharesOf(conversationId)).map(toView);
    },

    async recover() {
      const own = (await host.shares.listOpenShares()).filter(({ homeNodeId }) => homeNodeId === host.nodeId);
      await forEachAlone(own, async ({ shareId, viewerGraceUntil, dueAt, phase }) => {
        // While the server was down nobody could come back: the wait for the agent begins anew, with the first sweep.
        if (viewerGraceUntil === null) timers.set(shareId, dueAt);
        else await changes.apply(shareId, { type: 'regain-viewer' }, system, host.now());
        if (phase !== 'asked') await loseSharer(shareId);
      });
    },

    async sweep(now) {
      await followViewers(await host.shares.listOpenShares());
      await forEachAlone(await host.shares.listDueShares(now), ({ shareId }) => passTime(shareId, now));
    },

    async follow() {
      const known = shares.list();
      if (known.length === 0) return;
      // Another node may have changed or ended a share whose stream is here.
      const stored = await host.shares.listShares(known.map(({ record }) => record.shareId));
      await forEachAlone(stored, async (record) => {
        const { shareId, scopeNumber, phase } = record;
        const current = shares.find(shareId)?.record;
        if (current === undefined || record.revision <= current.revision) return;
        // What only notes who is there takes no picture away.
        if (scopeNumber > current.scopeNumber) relay.shut(shareId, scopeNumber);
        handleChanged(record, record);
        if (record.kind === 'screen' && phase !== 'ended') await pauseScreen?.(shareId, phase === 'paused');
      });
    },

    async close() {
      if (isClosed) return;
      isClosed = true;
      timers.close();
      relay.close();
      await Promise.all(background);
      shares.clear();
    },
  };
}

function findAfter(record: ShareRecord, event: ShareEvent, now: number): ShareRecord | undefined {
  try {
    return moveRecord(record, event, now);
  } catch (error) {
    // Whether it is forbidden is decided on the stored record, which may be newer than the one at hand.
    if (error instanceof ShareError) return undefined;
    throw error;
  }
}

function hasVisibleChange(before: ShareRecord, after: ShareRecord): boolean {
  const [old, fresh] = [toShareView(before, []), toShareView(after, [])];
  return JSON.stringify({ ...old, revision: 0 }) !== JSON.stringify({ ...fresh, revision: 0 });
}
