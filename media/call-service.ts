import { v7 as uuid } from 'uuid';
import type { CallId, ConversationId, Modality } from '../protocol/ids.ts';
import type { CallView } from '../protocol/media.ts';
import { createCallChanges } from './call-changes.ts';
import { CallError, callFaults } from './call-error.ts';
import { createCallHandlers, newCallRecord } from './call-handlers.ts';
import type { CallHandlers, CallHost } from './call-host.ts';
import { defaultCallLimits, type CallLimits } from './call-limits.ts';
import { listWatchers, toCallView, type CallRecord } from './call-record.ts';
import { createCallRooms } from './call-rooms.ts';
import { createCallTimers } from './call-timers.ts';
import { createPrepareHandlers, dropPrepared, type ClosedOffer } from './prepare-handlers.ts';
import { startRoomReadings } from './room-readings.ts';
import { createScreenCalls } from './screen-calls.ts';
import { createMediaCounters, type MediaMetrics } from './sfu/media-metrics.ts';
import type { CallRoom } from './sfu/call-room.ts';
import type { WorkerPool } from './sfu/worker-pool.ts';
import { createTrackHandlers } from './track-handlers.ts';

export interface CallServiceOptions {
  host: CallHost;
  workers: WorkerPool;
  limits?: Partial<CallLimits>;
}

/** All calls of this node, for the server around it. */
export interface CallService {
  readonly handlers: CallHandlers;
  /** A page's connection is gone: the seats it held wait for it. */
  handleSocketGone(socketId: string): Promise<void>;
  /** Somebody asked for voice or video and waits: the call is prepared, so that the page can get ready meanwhile. */
  prepareCall(conversationId: ConversationId, modality: Modality): Promise<void>;
  /** An agent took the request: who asked for voice or video is in a call at once, without a second question. */
  handleConversationAccepted(conversationId: ConversationId, modality: Modality): Promise<CallView | null>;
  /** A request no longer rings at this agent, who has not taken it: what their pages made ready goes. */
  handleOfferClosed(offer: ClosedOffer): Promise<void>;
  /** The conversation was put on hold or taken up again, and its media with it. */
  handleConversationHeld(conversationId: ConversationId, isHeld: boolean): Promise<void>;
  handleConversationEnded(conversationId: ConversationId): Promise<void>;
  /** Nothing of this screen reaches anybody from now on; said before the share's end is even stored. */
  shutScreen(callId: CallId): void;
  /** Lets nothing of it out, or out again. A room that is built later asks for itself. */
  pauseScreen(callId: CallId, isPaused: boolean): Promise<void>;
  handleShareEnded(callId: CallId): void;
  /** The open call of a conversation, for its snapshot. */
  viewOf(conversationId: ConversationId): Promise<CallView | null>;
  /** Once at start: calls of the process before this one wait for their pages, or end. */
  recover(): Promise<void>;
  /** Does what has fallen due. Safe to run on any node and as often as one likes. */
  sweep(now: number): Promise<void>;
  /** What this node has of calls follows what other nodes have stored. For each node to do. */
  follow(): Promise<void>;
  metrics(): MediaMetrics;
  close(): Promise<void>;
}

export function createCallService({ host, workers, limits: given }: CallServiceOptions): CallService {
  const limits: CallLimits = { ...defaultCallLimits, ...given };
  const { log } = host;
  const counters = createMediaCounters();
  const changes = createCallChanges(host.calls, handleChanged);
  const timers = createCallTimers(host.now, (callId, dueAt) =>
    inBackground(callId, passTime(callId, Math.max(host.now(), dueAt))),
  );
  const rooms = createCallRooms({
    nodeId: host.nodeId,
    log,
    limits,
    workers,
    changes,
    tellPage: ({ socketId, party }, name, payload) => host.tellSocket(socketId, party, name, payload),
    onTracksChanged: (callId, seatId) => inBackground(callId, followTracks(callId, seatId)),
    onScreenSeen: (callId) => inBackground(callId, host.screens.handleSeen(callId)),
    isShut: async (callId) => (await host.screens.find(callId))?.isPaused ?? false,
    onIngressLimited: () => {
      counters.ingressLimited += 1;
    },
    onRoomLost: (room) => inBackground(room.callId, restartRoom(room)),
  });
  const readings = startRoomReadings({ host, limits, listRooms: rooms.list });
  let isClosed = false;

  /** Everything that follows from a stored change, in the order of the changes. */
  function handleChanged(before: CallRecord, after: CallRecord): void {
    const { callId, conversationId, phase } = after;
    if (after.generation !== before.generation) return;
    tellCall(after);
    if (after.modality === 'screen') host.screens.handleWatched(callId, listWatchers(after));
    timers.set(callId, after.dueAt);
    const room = rooms.find(callId);
    for (const [index, seat] of after.seats.entries()) {
      const was = before.seats[index]?.state;
      const isGivenUp = seat.state === 'left' || (seat.state === 'joining' && was === 'away');
      if (isGivenUp && was !== seat.state) room?.leaveSeat(seat.seatId);
    }
    if (before.phase === 'prepared' && phase === 'connecting') {
      room?.dropPrepared(({ personId }) => !after.seats.some((seat) => seat.personId === personId));
    }
    if (room && phase === 'held' && before.phase === 'live') inBackground(callId, room.setHeld(true));
    if (room && phase === 'live' && before.phase === 'held') inBackground(callId, room.setHeld(false));
    if (phase === before.phase) return;
    const reason = after.endReason;
    log.info({ callId, conversationId, phase, ...(reason ? { reason } : {}) }, 'call moved on');
    if (before.phase === 'prepared' && phase === 'connecting') counters.callsStarted += 1;
    if (reason === null) return;
    // What was only prepared counts neither as begun nor as ended.
    if (before.phase !== 'prepared' && after.modality !== 'screen') {
      counters.callsEnded[reason] = (counters.callsEnded[reason] ?? 0) + 1;
    }
    rooms.close(callId);
    if (after.modality === 'screen' && reason === 'media-failed') {
      inBackground(callId, host.screens.handleFailed(callId));
    }
  }

  /** A screen is told of by its share; as a call it would be taken for one. */
  function tellCall(record: CallRecord): void {
    if (record.modality === 'screen') return;
    host.tellConversation(record.conversationId, 'call:changed', { call: toCallView(record) });
  }

  function announce(record: CallRecord): void {
    const { callId, conversationId, modality, phase, proposedBy } = record;
    if (phase !== 'prepared' && modality !== 'screen') counters.callsStarted += 1;
    log.info({ callId, conversationId, modality, phase, proposedBy }, 'call begun');
    timers.set(callId, record.dueAt);
    tellCall(record);
  }

  function prepareRoom(callId: CallId): void {
    inBackground(callId, ensureRoomOrEnd(callId));
  }

  async function ensureRoomOrEnd(callId: CallId): Promise<CallRoom | undefined> {
    try {
      return await rooms.ensure(callId);
    } catch (error) {
      if (isClosed || (error instanceof CallError && error.code === 'call-ended')) return undefined;
      log.error({ callId, err: error }, 'call has no media worker and ends');
      await changes.apply(callId, { type: 'end', reason: 'media-failed' }, host.now());
      return undefined;
    }
  }

  /** The worker under a call died: a new room on another one, and its pages are told to join again. */
  async function restartRoom(lost: CallRoom): Promise<void> {
    if (isClosed) return;
    const { callId } = lost;
    const lostAt = performance.now();
    counters.roomsRestarted += 1;
    // Queued before the new room's own change, so that nobody who joins again meanwhile is sent away by it.
    const lostSeats = loseSeats(lost.listHolders().map(({ seatId, clientId }) => ({ callId, seatId, clientId })));
    const room = await ensureRoomOrEnd(callId);
    await lostSeats;
    if (room === undefined) return;
    const { generation } = room;
    for (const { socketId, party } of lost.listHolders()) {
      host.tellSocket(socketId, party, 'call:media-restarted', { callId, generation });
    }
    log.warn(
      { callId, generation, tookMs: Math.round(performance.now() - lostAt) },
      'call moved to another media worker',
    );
  }

  async function followTracks(callId: CallId, seatId: string): Promise<void> {
    await changes.apply(
      callId,
      () => {
        const flags = rooms.find(callId)?.readTrackFlags(seatId) ?? { isMuted: true, isCameraOn: false };
        return { type: 'change-tracks', seatId, ...flags };
      },
      host.now(),
    );
  }

  async function loseSeats(held: { callId: CallId; seatId: string; clientId: string }[]): Promise<void> {
    const graceUntil = host.now() + limits.awayGraceMs;
    await Promise.all(
      held.map(({ callId, seatId, clientId }) =>
        changes.apply(callId, { type: 'lose-seat', seatId, clientId, graceUntil }, host.now()),
      ),
    );
  }

  async function passTime(callId: CallId, now: number): Promise<void> {
    await changes.apply(callId, { type: 'time-passed' }, now);
  }

  /** The agent is in the conversation by now: they get a seat, and both have the usual time to connect. */
  async function begin({ callId, conversationId }: CallRecord): Promise<CallRecord> {
    const agent = (await host.findParticipants(conversationId))?.agent;
    if (!agent) throw callFaults.noSeat();
    const seat = { ...agent, seatId: uuid() };
    const connectUntil = host.now() + limits.connectMs;
    return changes.apply(callId, { type: 'begin', agent: seat, connectUntil }, host.now());
  }

  /** The conversation's open call once somebody has accepted; undefined when there is none. */
  async function beginOpenCall(conversationId: ConversationId): Promise<CallRecord | undefined> {
    const open = await host.calls.findOpenCallOf(conversationId);
    return open?.phase === 'prepared' ? begin(open) : open;
  }

  /** Work that nobody waits for. What the call's end made pointless is no fault. */
  function inBackground(callId: CallId, work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (isClosed || error instanceof CallError) log.debug({ callId, err: error }, 'call work came too late');
      else log.error({ callId, err: error }, 'call work failed');
    });
  }

  const screens = createScreenCalls({ host, changes, announce });

  return {
    handlers: {
      ...createCallHandlers({ host, limits, changes, rooms, workers, screens, announce, prepareRoom, begin }),
      ...createPrepareHandlers({ host, limits, rooms }),
      ...createTrackHandlers({ host, limits, changes, rooms, screens }),
    },

    async handleSocketGone(socketId) {
      for (const room of rooms.list()) room.dropPrepared((page) => page.socketId === socketId);
      const held = rooms.list().flatMap(({ callId, listHolders }) =>
        listHolders()
          .filter((holder) => holder.socketId === socketId)
          .map(({ seatId, clientId }) => ({ callId, seatId, clientId })),
      );
      await loseSeats(held);
    },

    async prepareCall(conversationId, modality) {
      // Without media workers there is nothing to get ready for, and no reason to ask for a camera.
      if (modality === 'text' || workers.snapshot().wanted === 0) return;
      const participants = await host.findParticipants(conversationId);
      if (participants?.phase !== 'waiting') return;
      const record = newCallRecord(
        host,
        { ...participants, agent: null },
        { conversationId, modality, proposedBy: 'visitor', phase: 'prepared', stepUntil: null },
      );
      if (!(await host.calls.insertCall(record))) return;
      announce(record);
      // The waiting may have come to its end while the row was written; what is heard of that finds no call before.
      const now = await host.findParticipants(conversationId);
      if (now?.phase === 'ended') {
        await changes.apply(record.callId, { type: 'end', reason: 'conversation-ended' }, host.now());
      } else if (now?.phase !== 'waiting') await begin(record);
    },

    async handleConversationAccepted(conversationId, modality) {
      if (modality === 'text') return null;
      const prepared = await beginOpenCall(conversationId);
      if (prepared) {
        prepareRoom(prepared.callId);
        return toCallView(prepared);
      }
      const participants = await host.findParticipants(conversationId);
      if (!participants) return null;
      const record = newCallRecord(host, participants, {
        conversationId,
        modality,
        proposedBy: 'visitor',
        phase: 'connecting',
        stepUntil: host.now() + limits.connectMs,
      });
      if (await host.calls.insertCall(record)) {
        announce(record);
        prepareRoom(record.callId);
        return toCallView(record);
      }
      const open = await beginOpenCall(conversationId);
      return open ? toCallView(open) : null;
    },

    handleOfferClosed: (offer) => dropPrepared(host, rooms, offer),

    async handleConversationHeld(conversationId, isHeld) {
      const open = [await host.calls.findOpenCallOf(conversationId), await host.calls.findOpenScreenOf(conversationId)];
      for (const call of open) {
        if (call?.phase !== (isHeld ? 'live' : 'held')) continue;
        await changes.apply(call.callId, { type: isHeld ? 'hold' : 'resume' }, host.now());
      }
    },

    async handleConversationEnded(conversationId) {
      const open = await host.calls.findOpenCallOf(conversationId);
      if (open) await changes.apply(open.callId, { type: 'end', reason: 'conversation-ended' }, host.now());
    },

    shutScreen: (callId) => rooms.close(callId),
    pauseScreen: async (callId, isPaused) => rooms.find(callId)?.setShut(isPaused),

    handleShareEnded(callId) {
      rooms.close(callId);
      inBackground(callId, screens.end(callId));
    },

    async viewOf(conversationId) {
      const open = await host.calls.findOpenCallOf(conversationId);
      return open ? toCallView(open) : null;
    },

    async recover() {
      await screens.endOrphans(await host.calls.listOpenCalls());
      for (const { callId, homeNodeId, seats, dueAt } of await host.calls.listOpenCalls()) {
        if (homeNodeId !== host.nodeId) continue;
        timers.set(callId, dueAt);
        const held = seats.flatMap((seat) => (seat.state === 'in' ? [{ ...seat, callId }] : []));
        await loseSeats(held);
      }
    },

    async sweep(now) {
      const due = await host.calls.listDueCalls(now);
      await Promise.all(
        due.map(async ({ callId }) => {
          const passing = passTime(callId, now);
          // One call that cannot be moved on does not hold up the others.
          inBackground(callId, passing);
          await passing.catch(() => {});
        }),
      );
    },

    async follow() {
      const known = rooms.list();
      if (known.length === 0) return;
      // A call may have been ended by another node; its media is here.
      const open = await host.calls.listOpenCalls();
      const openIds = new Set(open.map(({ callId }) => callId));
      for (const { callId } of known) if (!openIds.has(callId)) rooms.close(callId);
      await screens.endOrphans(open);
    },

    metrics() {
      const { wanted, up, died, workers: running } = workers.snapshot();
      const counts = rooms.list().map((room) => room.counts());
      const sum = (field: keyof (typeof counts)[number]) => counts.reduce((total, each) => total + each[field], 0);
      return {
        ...counters,
        callsEnded: { ...counters.callsEnded },
        workersDied: died,
        workersWanted: wanted,
        workersUp: up,
        workerCpuShares: running.map((worker) => worker && worker.cpuShare),
        rooms: counts.length,
        seats: sum('seats'),
        transports: sum('transports'),
        producers: sum('producers'),
        consumers: sum('consumers'),
      };
    },

    async close() {
      if (isClosed) return;
      isClosed = true;
      readings.close();
      timers.close();
      rooms.closeAll();
    },
  };
}
