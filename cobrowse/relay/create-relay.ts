import { randomBytes } from 'node:crypto';
import type { ConversationId, ShareId } from '../../protocol/ids.ts';
import type { ShareMark } from '../../protocol/sharing.ts';
import { shareFaults, ShareError } from '../share-error.ts';
import type { ShareCaller } from '../share-host.ts';
import { createActAsker } from './act-asker.ts';
import { createProcessorBudget, readProcessorMs } from './processor-budget.ts';
import type { ProcessorBudget } from './processor-budget.ts';
import type { ShareRelay, ShareRelayOptions } from './relay.ts';
import { defaultRelayLimits } from './relay-limits.ts';
import { countRefused, createRelayCounters } from './relay-metrics.ts';
import { createShareRoom } from './share-room.ts';
import type { ShareRoom, Viewer } from './share-room.ts';
import type { TabStream } from './tab-stream.ts';

/** Where viewers get pictures: `<this><token>/<epoch>/<tabId>/<assetKey>`. */
export const ASSET_PATH = '/cb-asset/';

/** Shares that have ended or been narrowed, kept so that an answer under way does not bring them back. */
const MAX_REMEMBERED = 10_000;
const TOKEN_BYTES = 32;

interface StreamInput {
  shareId: ShareId;
  tabId: string;
  epoch: number;
}

export function createShareRelay(options: ShareRelayOptions): ShareRelay {
  const { host, gate } = options;
  const limits = { ...defaultRelayLimits, ...options.limits };
  const counters = createRelayCounters();
  const rooms = new Map<ShareId, ShareRoom>();
  /** Frames of a smaller scope number are refused; infinite once the share has ended. */
  const floors = new Map<ShareId, number>();
  /** Pages that the share's state has let in. */
  const members = new Map<ShareId, Map<string, ShareCaller>>();
  /** By share and agent, so that all pages of one agent use the same addresses. */
  const tokens = new Map<string, { shareId: ShareId; agentId: string }>();
  /** Of a conversation, so that neither a page that begins anew nor another share gets a fresh one. */
  const budgets = new Map<ConversationId, ProcessorBudget>();
  let isClosed = false;

  const floorOf = (shareId: ShareId): number => floors.get(shareId) ?? 0;

  function raiseFloor(shareId: ShareId, scopeNumber: number): void {
    const floor = Math.max(floorOf(shareId), scopeNumber);
    floors.delete(shareId);
    floors.set(shareId, floor);
    if (floors.size > MAX_REMEMBERED) {
      for (const oldest of floors.keys()) {
        if (rooms.has(oldest)) continue;
        floors.delete(oldest);
        break;
      }
    }
  }

  function budgetFor(conversationId: ConversationId): ProcessorBudget {
    const processorMs = options.processorMs ?? readProcessorMs;
    const budget = budgets.get(conversationId) ?? createProcessorBudget({ now: () => host.now(), processorMs, limits });
    budgets.delete(conversationId);
    budgets.set(conversationId, budget);
    const [oldest] = budgets.keys();
    if (budgets.size > MAX_REMEMBERED && oldest !== undefined) budgets.delete(oldest);
    return budget;
  }

  function findRoom(shareId: ShareId, caller: ShareCaller): ShareRoom | undefined {
    return members.get(shareId)?.has(caller.socketId) ? rooms.get(shareId) : undefined;
  }

  /** Asks the state once per page and share; from then on `handleChanged` keeps what is known. */
  async function requireRoom(shareId: ShareId, caller: ShareCaller): Promise<ShareRoom> {
    const known = findRoom(shareId, caller);
    if (known) return known;
    const record = await gate.requireShare(shareId, caller);
    return enter(record, caller);
  }

  function enter(record: ShareRoom['record'], caller: ShareCaller): ShareRoom {
    const { shareId } = record;
    if (isClosed || floorOf(shareId) === Infinity || record.phase === 'ended') throw shareFaults.ended();
    if (record.kind !== 'co-browse') throw shareFaults.notFound();
    let room = rooms.get(shareId);
    if (room) room.handleRecord(record);
    else {
      room = createShareRoom({ ...options, limits, counters, record, budget: budgetFor(record.conversationId) });
      rooms.set(shareId, room);
    }
    const pages = members.get(shareId) ?? new Map<string, ShareCaller>();
    pages.set(caller.socketId, caller);
    members.set(shareId, pages);
    return room;
  }

  /** The stream this page of the visitor has open, and nobody else's. */
  function requireOwnStream(room: ShareRoom, { tabId, epoch }: StreamInput, caller: ShareCaller): TabStream {
    const stream = room.findStream(tabId);
    const isOwn = stream?.socketId === caller.socketId && stream.epoch === epoch;
    if (!stream || !isOwn || !isFlowing(room) || stream.scopeNumber < floorOf(room.record.shareId)) {
      throw shareFaults.staleStream();
    }
    return stream;
  }

  function requireStream(room: ShareRoom, { tabId, epoch }: StreamInput): TabStream {
    const stream = room.findStream(tabId);
    if (stream?.epoch !== epoch) throw shareFaults.staleStream();
    return stream;
  }

  function requireViewer(room: ShareRoom, caller: ShareCaller): Viewer {
    const viewer = room.viewers.get(caller.socketId);
    if (!viewer) throw new ShareError('forbidden', 'You are not watching this page.');
    return viewer;
  }

  async function participantsOf(room: ShareRoom): Promise<NonNullable<ShareRoom['participants']>> {
    room.participants ??= await host.findParticipants(room.record.conversationId);
    if (!room.participants) throw shareFaults.notFound();
    return room.participants;
  }

  function tokenFor(shareId: ShareId, agentId: string): string {
    for (const [token, owner] of tokens) {
      if (owner.shareId === shareId && owner.agentId === agentId) return token;
    }
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    tokens.set(token, { shareId, agentId });
    return token;
  }

  function dropUnusedTokens(shareId: ShareId): void {
    const viewers = [...(rooms.get(shareId)?.viewers.values() ?? [])];
    for (const [token, owner] of tokens) {
      if (owner.shareId === shareId && !viewers.some(({ assetToken }) => assetToken === token)) tokens.delete(token);
    }
  }

  function forget(shareId: ShareId): void {
    rooms.get(shareId)?.close();
    rooms.delete(shareId);
    members.delete(shareId);
    dropUnusedTokens(shareId);
  }

  /** An agent who has handed the conversation over sees nothing more of it. */
  async function recheck(room: ShareRoom, viewer: Viewer): Promise<void> {
    const { shareId, scopeNumber } = room.record;
    const { socketId } = viewer.caller;
    const isAllowed = await gate.requireShare(shareId, viewer.caller).then(
      () => true,
      () => false,
    );
    if (isAllowed || room.viewers.get(socketId) !== viewer) return;
    room.removeViewer(socketId);
    members.get(shareId)?.delete(socketId);
    dropUnusedTokens(shareId);
    host.tellAgentPage(socketId, 'share:view-cleared', { shareId, scopeNumber: scopeNumber + 1 });
  }

  const relay: ShareRelay = {
    handlers: {
      async 'share:open-stream'({ shareId, tabId, page, isFront, scheme }, caller) {
        if (caller.party !== 'visitor') throw shareFaults.notYours();
        const { epoch, record } = await gate.takeEpoch(shareId, caller);
        const room = enter(record, caller);
        room.participants ??= await host.findParticipants(record.conversationId);
        // Narrowed or ended while the epoch was written down.
        const { scopeNumber } = room.record;
        if (rooms.get(shareId) !== room || scopeNumber < floorOf(shareId) || !isFlowing(room)) {
          throw shareFaults.staleStream();
        }
        const before = room.listTabs().find((tab) => tab.tabId === tabId);
        if (before && before.epoch >= epoch) throw shareFaults.staleStream();
        if (!before && room.listTabs().length >= limits.maxTabs) {
          throw new ShareError('limit-reached', 'Too many pages are shared at once. Close one of them.');
        }
        room.openStream(caller, { tabId, ...page, epoch, isFront, state: 'streaming', scheme }, scopeNumber);
        host.log.info({ shareId, tabId, epoch, scopeNumber }, 'shared page opened');
        return { epoch, scopeNumber, isWanted: room.isWanted() };
      },

      async 'share:send-frame'(input, caller) {
        const room = await requireRoom(input.shareId, caller);
        let stream: TabStream;
        try {
          stream = requireOwnStream(room, input, caller);
          if (input.scopeNumber !== stream.scopeNumber) throw shareFaults.staleStream();
        } catch (error) {
          countRefused(counters, 'stale');
          throw error;
        }
        await stream.take(input);
        return {};
      },

      async 'share:close-stream'(input, caller) {
        const room = await requireRoom(input.shareId, caller);
        const stream = room.findStream(input.tabId);
        // Harmless when it is closed already, or another page has taken its place.
        if (stream?.socketId === caller.socketId && stream.epoch === input.epoch) {
          room.closeStream(stream, input.because);
        }
        return {};
      },

      async 'share:report-tab'(input, caller) {
        const room = await requireRoom(input.shareId, caller);
        const stream = requireOwnStream(room, input, caller);
        room.reportTab(stream, { ...input.page, isFront: input.isFront, scheme: input.scheme });
        return {};
      },

      async 'share:send-asset'(input, caller) {
        const room = await requireRoom(input.shareId, caller);
        requireOwnStream(room, input, caller);
        return room.assets.take(input);
      },

      async 'share:report-act'({ shareId, actId, refusal }, caller) {
        const room = await requireRoom(shareId, caller);
        if (caller.party !== 'visitor') throw shareFaults.notYours();
        room.acts.report(actId, caller.socketId, refusal);
        return {};
      },

      async 'share:send-marks'(input, caller) {
        const room = await requireRoom(input.shareId, caller);
        const { marks, shareId } = input;
        // Lossy by contract: what is too much or not granted is not drawn.
        if (caller.party === 'visitor') {
          const stream = requireOwnStream(room, input, caller);
          const { visitor } = await participantsOf(room);
          if (rooms.get(shareId) !== room || !room.visitorMarks.take()) return {};
          room.forwardMarks('visitor', visitor.name, stream, marks, caller.socketId);
          return {};
        }
        const viewer = requireViewer(room, caller);
        const stream = requireStream(room, input);
        const allowed = marks.filter((mark) => isFlowing(room) && room.hasGrant(grantForMark(mark)));
        if (allowed.length < marks.length) throw shareFaults.notGranted();
        if (viewer.marks.take()) room.forwardMarks('agent', viewer.name, stream, allowed, caller.socketId);
        return {};
      },

      async 'share:watch-stream'({ shareId }, caller) {
        if (caller.party !== 'agent') throw shareFaults.notYours();
        const room = await requireRoom(shareId, caller);
        const { agent } = await participantsOf(room);
        if (rooms.get(shareId) !== room) throw shareFaults.ended();
        if (!room.viewers.has(caller.socketId) && room.viewers.size >= limits.maxViewers) {
          throw new ShareError('limit-reached', 'Too many people watch this page already.');
        }
        const token = tokenFor(shareId, caller.personId);
        const viewer = room.addViewer(caller, agent?.name ?? '', token);
        // NOTE: the answer goes out first, so that the page knows the tabs before frames of them arrive.
        setImmediate(() => room.feed(viewer));
        return { tabs: room.listTabs(), scopeNumber: room.record.scopeNumber, assetPath: `${ASSET_PATH}${token}/` };
      },

      async 'share:unwatch-stream'({ shareId }, caller) {
        findRoom(shareId, caller)?.removeViewer(caller.socketId);
        dropUnusedTokens(shareId);
        return {};
      },

      async 'share:confirm-frames'(input, caller) {
        const room = await requireRoom(input.shareId, caller);
        const stream = room.findStream(input.tabId);
        // It may be about a page that has gone since.
        if (stream?.epoch === input.epoch) requireViewer(room, caller).feed.confirm(stream, input.seq);
        return {};
      },

      async 'share:resync-stream'(input, caller) {
        const room = await requireRoom(input.shareId, caller);
        const viewer = requireViewer(room, caller);
        const stream = room.findStream(input.tabId);
        if (stream?.epoch !== input.epoch) return {};
        counters.resyncs += 1;
        // What is missing there is still here; what differs must be told anew by the page itself.
        if (input.because === 'gap' && stream.cache.frames.length > 0) viewer.feed.restart(stream);
        else stream.wantKey('differing');
        return {};
      },

      'share:ask-act': createActAsker({
        host,
        gate,
        counters,
        requireRoom: ({ shareId }, caller) => requireRoom(shareId, caller),
        requireViewer,
        requireStream,
        isFlowing,
        settingsOf: async (room) => (await participantsOf(room)).settings,
      }),
    },

    shut(shareId, scopeNumber) {
      raiseFloor(shareId, scopeNumber);
      rooms.get(shareId)?.shut(scopeNumber);
    },

    handleChanged(record) {
      const { shareId } = record;
      if (record.phase === 'ended') {
        raiseFloor(shareId, Infinity);
        rooms.get(shareId)?.shut(record.scopeNumber);
        return forget(shareId);
      }
      const room = rooms.get(shareId);
      if (!room) return;
      room.handleRecord(record);
      for (const viewer of room.viewers.values()) {
        recheck(room, viewer).catch((error: unknown) => {
          host.log.error({ err: error, shareId }, 'a watcher could not be checked');
        });
      }
    },

    watcherNamesOf(shareId) {
      const byPerson = new Map<string, string>();
      for (const { caller, name } of rooms.get(shareId)?.viewers.values() ?? []) byPerson.set(caller.personId, name);
      return [...byPerson.values()];
    },

    handleSocketGone(socketId) {
      for (const [shareId, pages] of members) {
        if (!pages.delete(socketId)) continue;
        const room = rooms.get(shareId);
        room?.removeViewer(socketId);
        for (const stream of room?.listStreams() ?? []) {
          if (stream.socketId === socketId) room?.closeStream(stream, 'navigating');
        }
        dropUnusedTokens(shareId);
      }
    },

    async findAsset(token, epoch, tabId, assetKey) {
      const shareId = tokens.get(token)?.shareId;
      const room = shareId && rooms.get(shareId);
      const asset = await room?.assets.find({ tabId, epoch }, assetKey);
      // The right to see it may have ended while it was awaited.
      return tokens.has(token) ? asset : undefined;
    },

    readNumbers() {
      const all = [...rooms.values()];
      const streams = all.flatMap((room) => room.listStreams());
      return {
        ...structuredClone(counters),
        shares: rooms.size,
        streams: streams.length,
        viewers: all.reduce((sum, room) => sum + room.viewers.size, 0),
        keptBytes: streams.reduce((sum, { cache }) => sum + cache.keptBytes, 0),
        assetBytes: all.reduce((sum, room) => sum + room.assets.storedBytes, 0),
      };
    },

    close() {
      if (isClosed) return;
      isClosed = true;
      for (const shareId of rooms.keys()) forget(shareId);
      tokens.clear();
    },
  };
  return relay;
}

/** Frames, marks and acts pass only while something is shown. */
function isFlowing({ record }: ShareRoom): boolean {
  return record.phase === 'allowed' || record.phase === 'live';
}

function grantForMark({ kind }: ShareMark): 'point' | 'draw' {
  return kind === 'ink' ? 'draw' : 'point';
}
