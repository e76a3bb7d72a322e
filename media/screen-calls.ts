import { v7 as uuid } from 'uuid';
import type { CallId, ConversationId } from '../protocol/ids.ts';
import type { CallChanges } from './call-changes.ts';
import { callFaults } from './call-error.ts';
import type { CallCaller, CallHost } from './call-host.ts';
import type { CallRecord } from './call-record.ts';

export interface ScreenCallParts {
  host: CallHost;
  changes: CallChanges;
  announce(record: CallRecord): void;
}

/**
 * What carries a shared screen: a call beside the one by voice or video, so that neither's beginning nor end touches
 * the other. It has the id of its share, begins with the first who joins, and the share alone says whether it may be.
 */
export interface ScreenCalls {
  /** The call of this share, made where there is none, with a seat for the caller. Undefined when no share is meant. */
  open(callId: CallId, caller: CallCaller): Promise<CallRecord | undefined>;
  /** @throws unless what is shared may be shown right now, and by this caller. */
  requireSharer(callId: CallId, caller: CallCaller): Promise<void>;
  end(callId: CallId): Promise<void>;
  /**
   * Those whose share ended while nobody could hear of it. Any node may, and several at once: whether a share is over
   * stands in the database, and its call's end is written on condition of the revision, so who comes second finds it.
   */
  endOrphans(open: readonly CallRecord[]): Promise<void>;
}

export function createScreenCalls({ host, changes, announce }: ScreenCallParts): ScreenCalls {
  async function insert(callId: CallId, conversationId: ConversationId, sharer: CallCaller['party']) {
    const record: CallRecord = {
      callId,
      conversationId,
      revision: 1,
      homeNodeId: host.nodeId,
      generation: 0,
      modality: 'screen',
      proposedBy: sharer,
      proposedAt: host.now(),
      phase: 'live',
      stepUntil: null,
      dueAt: null,
      liveAt: host.now(),
      heldAt: null,
      endedAt: null,
      endReason: null,
      seats: [],
    };
    if (await host.calls.insertCall(record)) announce(record);
  }

  async function end(callId: CallId): Promise<void> {
    const record = await host.calls.findCall(callId);
    if (record === undefined || record.phase === 'ended') return;
    await changes.apply(callId, { type: 'end', reason: 'share-ended' }, host.now());
  }

  return {
    async open(callId, caller) {
      const shared = await host.screens.find(callId);
      if (shared === undefined || !(await caller.mayUse(shared.conversationId))) return undefined;
      const participants = await host.findParticipants(shared.conversationId);
      const person = participants?.[caller.party];
      if (person?.personId !== caller.personId) throw callFaults.noSeat();
      await insert(callId, shared.conversationId, shared.sharer);
      const { party } = caller;
      const viewer = { seatId: uuid(), party, personId: person.personId, name: person.name };
      return changes.apply(callId, { type: 'add-viewer', viewer }, host.now());
    },

    async requireSharer(callId, caller) {
      const shared = await host.screens.find(callId);
      if (shared === undefined) throw callFaults.ended();
      if (shared.sharer !== caller.party) throw callFaults.notSharer();
    },

    end,

    async endOrphans(open) {
      for (const { callId, modality } of open) {
        if (modality === 'screen' && (await host.screens.find(callId)) === undefined) await end(callId);
      }
    },
  };
}
