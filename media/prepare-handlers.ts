import type { CallId, ConversationId } from '../protocol/ids.ts';
import { CallError, callFaults } from './call-error.ts';
import { requireOwnSeat } from './call-handlers.ts';
import type { CallCaller, CallHandlers, CallHost } from './call-host.ts';
import type { CallLimits } from './call-limits.ts';
import type { CallRecord } from './call-record.ts';
import type { CallRooms } from './call-rooms.ts';

export interface PrepareHandlerContext {
  host: CallHost;
  limits: CallLimits;
  rooms: CallRooms;
}

/** What a page may ask while a call only rings there (CA28). */
export function createPrepareHandlers({
  host,
  limits,
  rooms,
}: PrepareHandlerContext): Pick<CallHandlers, 'call:prepare-join'> {
  return {
    async 'call:prepare-join'({ callId, clientId, rtpCapabilities }, caller) {
      const record = await requireNear(host, callId, caller);
      if (record.phase !== 'prepared' && record.phase !== 'proposed') {
        throw new CallError('invalid-transition', 'This call no longer rings.');
      }
      if (rooms.find(callId) === undefined && rooms.list().length >= limits.maxCallsForWaiting) {
        throw callFaults.noMedia();
      }
      const room = await rooms.ensure(callId);
      const { party, personId, socketId } = caller;
      const place = await room.prepareSeat({ party, personId, clientId, socketId }, rtpCapabilities);
      try {
        // Whoever stopped ringing meanwhile dropped what was there by then.
        await requireNear(host, callId, caller);
      } catch (error) {
        room.dropPrepared((page) => page.clientId === clientId && page.personId === personId);
        throw error;
      }
      return { generation: room.generation, ...place, iceServers: [] };
    },
  };
}

/**
 * The call while it rings at the caller, or is the caller's already. An agent who is not rung by a request that waits
 * finds no call, like everybody else.
 */
export async function requireNear(host: CallHost, callId: CallId, caller: CallCaller): Promise<CallRecord> {
  const record = await host.calls.findCall(callId);
  if (record?.phase !== 'prepared' || caller.party !== 'agent') {
    return (await requireOwnSeat(host, callId, caller)).record;
  }
  const { conversationId } = record;
  if ((await host.isRung(conversationId, caller.personId)) || (await caller.mayUse(conversationId))) return record;
  throw callFaults.notFound();
}

export interface ClosedOffer {
  conversationId: ConversationId;
  agentId: string;
}

/** It no longer rings at this agent: what their pages made ready goes, unless the call became theirs meanwhile. */
export async function dropPrepared(host: CallHost, rooms: CallRooms, offer: ClosedOffer): Promise<void> {
  const open = await host.calls.findOpenCallOf(offer.conversationId);
  if (open?.phase === 'prepared') rooms.find(open.callId)?.dropPrepared(({ personId }) => personId === offer.agentId);
}
