import { v7 as uuid } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallId, ConversationId, SeatId } from '../protocol/ids.ts';
import type { CallStore, QualityRecord } from './call-host.ts';
import type { CallRecord } from './call-record.ts';

/** A store under test. `newConversationId` makes what the store wants to exist before a call may refer to it. */
export interface CallStoreUnderTest {
  store: CallStore;
  newConversationId(): Promise<ConversationId>;
  /** What its log says, in order. */
  listLines(conversationId: ConversationId): Promise<string[]>;
  close(): Promise<void>;
}

/** What every store of calls must do; run on the memory store and on the SQL one alike. */
export function describeCallStore(title: string, makeStore: () => Promise<CallStoreUnderTest>): void {
  describe(title, () => {
    let underTest: CallStoreUnderTest;
    let store: CallStore;
    let conversationId: ConversationId;

    beforeEach(async () => {
      underTest = await makeStore();
      store = underTest.store;
      conversationId = await underTest.newConversationId();
    });
    afterEach(() => underTest.close());

    test('[CA2] a call comes back from the store as it was put in, seats included', async () => {
      const record = proposedCall(conversationId);
      expect(await store.insertCall(record)).toBe(true);
      expect(await store.findCall(record.callId)).toEqual(record);
      expect(await store.findOpenCallOf(conversationId)).toEqual(record);
    });

    test('[CA2] an unknown call is not found', async () => {
      expect(await store.findCall(uuid() as CallId)).toBeUndefined();
      expect(await store.findOpenCallOf(conversationId)).toBeUndefined();
    });

    test('[CA3] a conversation takes only one open call, also when two come at once', async () => {
      const outcomes = await Promise.all([
        store.insertCall(proposedCall(conversationId)),
        store.insertCall(proposedCall(conversationId)),
      ]);
      expect(outcomes.toSorted()).toEqual([false, true]);
      expect(await store.listOpenCalls()).toHaveLength(1);
    });

    test('[CA3] after a call has ended the conversation takes another one', async () => {
      const first = proposedCall(conversationId);
      await store.insertCall(first);
      await store.saveCall(endedCall(first), first.revision);
      expect(await store.findOpenCallOf(conversationId)).toBeUndefined();
      expect(await store.insertCall(proposedCall(conversationId))).toBe(true);
    });

    test('[CV5] a change and its line in the log of the conversation are stored together or not at all', async () => {
      const record = proposedCall(conversationId);
      await store.insertCall(record);
      await store.saveCall({ ...record, revision: 2 }, 1, { notice: 'call-started', data: { modality: 'video' } });
      await store.saveCall({ ...record, revision: 2 }, 1, { notice: 'call-ended', data: { modality: 'video' } });
      await store.saveCall({ ...record, revision: 3 }, 2);
      expect(await underTest.listLines(conversationId)).toEqual(['call-started']);
    });

    test('[CA3] calls of different conversations do not disturb each other', async () => {
      const here = proposedCall(conversationId);
      const there = proposedCall(await underTest.newConversationId());
      expect(await store.insertCall(here)).toBe(true);
      expect(await store.insertCall(there)).toBe(true);
      expect(await store.findOpenCallOf(conversationId)).toEqual(here);
    });

    test('[CA26] a shared screen stands beside a call, and neither is taken for the other', async () => {
      const talk = proposedCall(conversationId);
      const screen: CallRecord = { ...proposedCall(conversationId), modality: 'screen' };
      expect(await store.insertCall(talk)).toBe(true);
      expect(await store.insertCall(screen)).toBe(true);
      expect(await store.findOpenCallOf(conversationId)).toEqual(talk);
      expect(await store.findOpenScreenOf(conversationId)).toEqual(screen);
      await store.saveCall(endedCall(talk), talk.revision);
      expect(await store.findOpenCallOf(conversationId)).toBeUndefined();
      expect(await store.findOpenScreenOf(conversationId)).toEqual(screen);
    });

    test('[CA26] a conversation carries one shared screen, however many ask at once', async () => {
      const screen: CallRecord = { ...proposedCall(conversationId), modality: 'screen' };
      const other: CallRecord = { ...proposedCall(conversationId), modality: 'screen' };
      const outcomes = await Promise.all([screen, screen, other].map((record) => store.insertCall(record)));
      expect(outcomes.toSorted()).toEqual([false, false, true]);
    });

    test('[CA2] a change is stored only on top of the revision it was made from', async () => {
      const record = proposedCall(conversationId);
      await store.insertCall(record);
      const changed: CallRecord = { ...record, revision: 2, phase: 'connecting', stepUntil: 90_000, dueAt: 90_000 };
      expect(await store.saveCall(changed, 1)).toBe(true);
      expect(await store.saveCall({ ...changed, revision: 2, generation: 7 }, 1)).toBe(false);
      expect(await store.findCall(record.callId)).toEqual(changed);
    });

    test('[CA2] of two changes made at once from the same revision one wins', async () => {
      const record = proposedCall(conversationId);
      await store.insertCall(record);
      const outcomes = await Promise.all([
        store.saveCall({ ...record, revision: 2, generation: 1 }, 1),
        store.saveCall({ ...record, revision: 2, generation: 2 }, 1),
      ]);
      expect(outcomes.toSorted()).toEqual([false, true]);
    });

    test('[CA2] a call that was never stored cannot be changed', async () => {
      expect(await store.saveCall(proposedCall(conversationId), 1)).toBe(false);
    });

    test('[CA9] only open calls whose time has come are due', async () => {
      const due = proposedCall(conversationId, { dueAt: 1_000 });
      const later = proposedCall(await underTest.newConversationId(), { dueAt: 1_001 });
      const never = proposedCall(await underTest.newConversationId(), { dueAt: null });
      const ended = proposedCall(await underTest.newConversationId(), { dueAt: 1_000 });
      for (const record of [due, later, never, ended]) await store.insertCall(record);
      await store.saveCall({ ...endedCall(ended), dueAt: 1_000 }, ended.revision);
      expect((await store.listDueCalls(1_000)).map(({ callId }) => callId)).toEqual([due.callId]);
    });

    test('[M7] quality samples are taken with and without values, also none at all', async () => {
      const record = proposedCall(conversationId);
      await store.insertCall(record);
      const sample: QualityRecord = {
        callId: record.callId,
        seatId: record.seats[0]?.seatId as SeatId,
        sampledAt: 5_000,
        source: 'browser',
        direction: 'send',
        kind: 'video',
        bitrate: 1_200_000.5,
        packetLoss: 0.01,
        jitterMs: 3.2,
        roundTripMs: 40,
        framesPerSecond: 29.9,
        freezeCount: 0,
        score: null,
      };
      const bare: QualityRecord = {
        ...sample,
        source: 'server',
        kind: 'all',
        packetLoss: null,
        jitterMs: null,
        roundTripMs: null,
        framesPerSecond: null,
        freezeCount: null,
      };
      await expect(store.insertQualitySamples([sample, bare])).resolves.toBeUndefined();
      await expect(store.insertQualitySamples([])).resolves.toBeUndefined();
    });
  });
}

/** A ringing call of two, in its first revision. */
export function proposedCall(conversationId: ConversationId, fields: Partial<CallRecord> = {}): CallRecord {
  const seat = (party: 'visitor' | 'agent', name: string) =>
    ({ seatId: uuid(), party, personId: uuid(), name, isMuted: true, isCameraOn: false, state: 'joining' }) as const;
  return {
    callId: uuid() as CallId,
    conversationId,
    revision: 1,
    homeNodeId: 'node-1',
    generation: 0,
    modality: 'video',
    proposedBy: 'visitor',
    proposedAt: 10_000,
    phase: 'proposed',
    stepUntil: 55_000,
    dueAt: 55_000,
    liveAt: null,
    heldAt: null,
    endedAt: null,
    endReason: null,
    seats: [seat('visitor', 'Zoë "Z" O’Neil'), seat('agent', 'Ben')],
    ...fields,
  };
}

function endedCall(record: CallRecord): CallRecord {
  return {
    ...record,
    revision: record.revision + 1,
    phase: 'ended',
    stepUntil: null,
    dueAt: null,
    endedAt: 20_000,
    endReason: 'hung-up',
  };
}
