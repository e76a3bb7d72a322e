import { v7 as uuid } from 'uuid';
import type { CallId, ConversationId, Party, SeatId } from '../protocol/ids.ts';
import type { CallChanges } from './call-changes.ts';
import { CallError, callFaults } from './call-error.ts';
import type { CallCaller, CallHandlers, CallHost, CallParticipants } from './call-host.ts';
import type { CallModality, Seat } from './call-lifecycle.ts';
import type { CallLimits } from './call-limits.ts';
import { toCallView, type CallRecord } from './call-record.ts';
import type { CallRooms } from './call-rooms.ts';
import type { WorkerPool } from './sfu/worker-pool.ts';

export interface CallHandlerContext {
  host: CallHost;
  limits: CallLimits;
  changes: CallChanges;
  rooms: CallRooms;
  workers: WorkerPool;
  /** A new call was stored: tell both sides and set its timers. */
  announce(record: CallRecord): void;
  /** Builds the room before anybody joins, so that joining is one round trip and no more. */
  prepareRoom(callId: CallId): void;
}

type TalkingNames = 'call:propose-call' | 'call:accept-call' | 'call:decline-call' | 'call:hang-up' | 'call:join-call';

/** Requests about the call itself: propose, answer, join, end. Those about tracks are in track-handlers.ts. */
export function createCallHandlers(context: CallHandlerContext): Pick<CallHandlers, TalkingNames> {
  const { host, limits, changes, rooms, workers } = context;

  async function proposeCall(conversationId: ConversationId, modality: CallModality, caller: CallCaller) {
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
  async function meetOpenCall(conversationId: ConversationId, modality: CallModality, caller: CallCaller) {
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

  return {
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

    async 'call:join-call'({ callId, clientId, takeOver }, caller) {
      const { record, seat } = await requireOwnSeat(host, callId, caller);
      if (record.phase === 'proposed') {
        throw new CallError('invalid-transition', 'The other side has not accepted this call yet.');
      }
      if (seat.state === 'in' && seat.clientId !== clientId && !takeOver) throw callFaults.otherTab();
      const { seatId } = seat;
      const { party, personId, socketId } = caller;
      const room = await rooms.ensure(callId);
      const previous = room.listHolders().find((holder) => holder.seatId === seatId);
      const media = await room.takeSeat({ seatId, party, personId, clientId, socketId });
      if (previous && previous.clientId !== clientId) {
        host.tellSocket(previous.socketId, party, 'call:seat-taken-over', { callId });
      }
      try {
        await changes.apply(callId, { type: 'take-seat', seatId, clientId }, host.now());
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
        iceServers: [],
      };
    },
  };
}

/** A call as it is first stored: both persons have a seat that nobody sits on yet. */
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
  if (agent === null) throw new CallError('invalid-transition', 'No agent is in this conversation yet.');
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
      seatOf('agent', { personId: agent.personId, name: agent.name }),
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
