import { v7 as uuid } from 'uuid';
import type { CallId, ConversationId, Party, SeatId } from '../protocol/ids.ts';
import type { CallModality, ConsumerView } from '../protocol/media.ts';
import type { CallChanges } from './call-changes.ts';
import { CallError, callFaults } from './call-error.ts';
import type { CallCaller, CallHandlers, CallHost, CallParticipants } from './call-host.ts';
import type { Seat } from './call-lifecycle.ts';
import type { CallLimits } from './call-limits.ts';
import { toCallView, type CallRecord } from './call-record.ts';
import type { CallRooms } from './call-rooms.ts';
import type { ScreenCalls } from './screen-calls.ts';
import type { WorkerPool } from './sfu/worker-pool.ts';

export interface CallHandlerContext {
  host: CallHost;
  limits: CallLimits;
  changes: CallChanges;
  rooms: CallRooms;
  workers: WorkerPool;
  screens: ScreenCalls;
  /** A new call was stored: tell both sides and set its timers. */
  announce(record: CallRecord): void;
  /** Builds the room before anybody joins, so that joining is one round trip and no more. */
  prepareRoom(callId: CallId): void;
  /** The agent who took the request gets a seat, and the call that was prepared begins; harmless when it has. */
  begin(record: CallRecord): Promise<CallRecord>;
}

type TalkModality = Exclude<CallModality, 'screen'>;

type TalkingNames =
  | 'call:read-codecs'
  | 'call:propose-call'
  | 'call:accept-call'
  | 'call:decline-call'
  | 'call:hang-up'
  | 'call:join-call';

/** Requests about the call itself: propose, answer, join, end. Those about tracks are in track-handlers.ts. */
export function createCallHandlers(context: CallHandlerContext): Pick<CallHandlers, TalkingNames> {
  const { host, limits, changes, rooms, workers, screens } = context;

  async function proposeCall(conversationId: ConversationId, modality: TalkModality, caller: CallCaller) {
    const participants = await requireParticipants(host, conversationId, caller);
    if (!participants.offeredModalities.includes(modality)) {
      throw new CallError('modality-not-offered', 'This kind of call is not offered here.', { details: { modality } });
    }
    await workers.whenUp(limits.workerWaitMs);
    if (rooms.list().length >= limits.maxCallsPerNode) throw callFaults.noMedia();
    const proposal = newCallRecord(host, participants, {
      conversationId,
      modality,
      proposedBy: caller.party,
      phase: 'proposed',
      stepUntil: host.now() + limits.ringMs,
    });
    if (await host.calls.insertCall(proposal)) {
      context.announce(proposal);
      return proposal;
    }
    return meetOpenCall(conversationId, modality, caller);
  }

  /** Somebody was first: our own earlier proposal stands, the other side's same wish is a yes, anything else waits. */
  async function meetOpenCall(conversationId: ConversationId, modality: TalkModality, caller: CallCaller) {
    const open = await host.calls.findOpenCallOf(conversationId);
    if (open?.phase === 'proposed' && open.modality === modality) {
      return open.proposedBy === caller.party ? open : acceptCall(open.callId, caller.party);
    }
    throw new CallError('call-running', 'There is a call in this conversation already.', {
      details: open ? { callId: open.callId } : {},
    });
  }

  async function acceptCall(callId: CallId, by: Party) {
    const connectUntil = host.now() + limits.connectMs;
    const accepted = await changes.apply(callId, { type: 'accept', by, connectUntil }, host.now());
    context.prepareRoom(callId);
    return accepted;
  }

  /** What the caller may join: an agent's own acceptance may be newer than the row that says so. */
  async function requireJoinable(callId: CallId, caller: CallCaller): Promise<{ record: CallRecord; seat: Seat }> {
    const found = await host.calls.findCall(callId);
    if ((found === undefined || found.modality === 'screen') && found?.phase !== 'ended') {
      const opened = await screens.open(callId, caller);
      const isOver = opened === undefined && found !== undefined && (await caller.mayUse(found.conversationId));
      if (opened === undefined) throw isOver ? callFaults.ended() : callFaults.notFound();
    }
    // NOTE: who may use the conversation is asked before anything is begun; a waiting one is no agent's.
    if (found?.phase === 'prepared' && caller.party === 'agent' && (await caller.mayUse(found.conversationId))) {
      await context.begin(found);
    }
    const own = await requireOwnSeat(host, callId, caller);
    if (own.record.phase === 'proposed') throw callFaults.notAccepted();
    if (own.record.phase === 'prepared' && rooms.find(callId) === undefined) requireRoomForWaiting();
    return own;
  }

  function requireRoomForWaiting(): void {
    if (rooms.list().length >= limits.maxCallsForWaiting) throw callFaults.noMedia();
  }

  return {
    'call:read-codecs': async () => ({ routerRtpCapabilities: await rooms.readCodecs() }),

    async 'call:propose-call'({ conversationId, modality }, caller) {
      return { call: toCallView(await proposeCall(conversationId, modality, caller)) };
    },

    async 'call:accept-call'({ callId }, caller) {
      await requireOwnSeat(host, callId, caller);
      return { call: toCallView(await acceptCall(callId, caller.party)) };
    },

    async 'call:decline-call'({ callId }, caller) {
      const { record } = await requireOwnSeat(host, callId, caller, 'also-ended');
      if (record.phase !== 'ended') await changes.apply(callId, { type: 'decline', by: caller.party }, host.now());
      return {};
    },

    async 'call:hang-up'({ callId }, caller) {
      const { record } = await requireOwnSeat(host, callId, caller, 'also-ended');
      if (record.phase !== 'ended') await changes.apply(callId, { type: 'hang-up', by: caller.party }, host.now());
      return {};
    },

    async 'call:join-call'({ callId, clientId, takeOver, rtpCapabilities, preparedConsumerIds }, caller) {
      const { seat } = await requireJoinable(callId, caller);
      if (seat.state === 'in' && seat.clientId !== clientId && !takeOver) throw callFaults.otherTab();
      const { seatId } = seat;
      const { party, personId, socketId } = caller;
      const room = await rooms.ensure(callId);
      const previous = room.listHolders().find((holder) => holder.seatId === seatId);
      const { isPrepared, ...media } = await room.takeSeat(
        { seatId, party, personId, clientId, socketId },
        { isPrepared: preparedConsumerIds !== undefined },
      );
      if (previous && previous.clientId !== clientId) {
        host.tellSocket(previous.socketId, party, 'call:seat-taken-over', { callId });
      }
      let consumers: ConsumerView[] = [];
      try {
        [consumers] = await Promise.all([
          rtpCapabilities === undefined ? [] : room.receiveTracks(seatId, rtpCapabilities),
          changes.apply(callId, { type: 'take-seat', seatId, clientId }, host.now()),
          // The page has built its side of these. Now and not after its seat is written: a first picture of the other
          // side that finds nobody is lost, and browsers take their time with another whole one.
          isPrepared && preparedConsumerIds ? room.resumeConsumers(seatId, preparedConsumerIds) : undefined,
        ]);
      } catch (error) {
        room.leaveSeat(seatId);
        throw error;
      }
      const joined = await changes.apply(
        callId,
        () => ({ type: 'change-tracks', seatId, ...room.readTrackFlags(seatId) }),
        host.now(),
      );
      return {
        call: toCallView(joined),
        seatId: seatId as SeatId,
        generation: room.generation,
        ...media,
        consumers,
        iceServers: [],
      };
    },
  };
}

/** A call as it is first stored: whoever is known has a seat that nobody sits on yet. */
export function newCallRecord(
  host: CallHost,
  { visitor, agent }: CallParticipants,
  start: Pick<CallRecord, 'conversationId' | 'modality' | 'proposedBy' | 'phase' | 'stepUntil'>,
): CallRecord {
  const seatOf = (party: Party, person: { personId: string; name: string }): Seat => ({
    seatId: uuid(),
    party,
    ...person,
    isMuted: true,
    isCameraOn: false,
    state: 'joining',
  });
  if (agent === null && start.phase !== 'prepared') {
    throw new CallError('invalid-transition', 'No agent is in this conversation yet.');
  }
  return {
    ...start,
    callId: uuid() as CallId,
    revision: 1,
    homeNodeId: host.nodeId,
    generation: 0,
    proposedAt: host.now(),
    dueAt: start.stepUntil,
    liveAt: null,
    heldAt: null,
    endedAt: null,
    endReason: null,
    seats: [
      seatOf('visitor', { personId: visitor.personId, name: visitor.name }),
      ...(agent === null ? [] : [seatOf('agent', { personId: agent.personId, name: agent.name })]),
    ],
  };
}

/** The call and the caller's seat in it. A call of a foreign conversation does not exist for the caller. */
export async function requireOwnSeat(
  host: CallHost,
  callId: CallId,
  caller: CallCaller,
  which: 'open' | 'also-ended' = 'open',
): Promise<{ record: CallRecord; seat: Seat }> {
  const record = await host.calls.findCall(callId);
  if (record === undefined || !(await caller.mayUse(record.conversationId))) throw callFaults.notFound();
  const seat = record.seats.find(({ party, personId }) => party === caller.party && personId === caller.personId);
  if (seat === undefined) throw callFaults.noSeat();
  if (record.phase === 'ended' && which === 'open') throw callFaults.ended();
  return { record, seat };
}

async function requireParticipants(
  host: CallHost,
  conversationId: ConversationId,
  caller: CallCaller,
): Promise<CallParticipants> {
  const participants = (await caller.mayUse(conversationId)) ? await host.findParticipants(conversationId) : undefined;
  if (participants === undefined) throw new CallError('not-found', 'This conversation does not exist.');
  if (participants.phase === 'ended') throw new CallError('conversation-ended', 'This conversation has ended.');
  if (participants.phase !== 'active') {
    throw new CallError('invalid-transition', 'A call can start while an agent is in the conversation.');
  }
  if (participants[caller.party]?.personId !== caller.personId) throw callFaults.noSeat();
  return participants;
}
