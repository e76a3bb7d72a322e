import { v7 as newId } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentId } from '../../protocol/ids.ts';
import { deleteConnection, insertConnection } from '../db/connection-store.ts';
import { isUniqueViolation } from '../db/transaction.ts';
import { createConversationFixture } from './conversation-fixture.ts';
import type { ConversationFixture } from './conversation-fixture.ts';
import {
  findByRequest,
  findConversation,
  findRunningOf,
  listDueGraces,
  raiseMark,
  saveState,
  setVisitorGrace,
  startGraceOfUnconnected,
  toState,
} from './conversation-store.ts';
import type { ConversationRow } from './conversation-store.ts';
import { appendMessage } from './message-store.ts';

describe('conversations in the database', () => {
  let fixture: ConversationFixture;
  let row: ConversationRow;
  beforeEach(async () => {
    fixture = await createConversationFixture();
    row = await fixture.newConversation();
  });
  afterEach(() => fixture.close());

  const reread = async () => (await findConversation(fixture.db, row.conversationId)) as ConversationRow;
  const active = (agentId: AgentId) => ({ phase: 'active' as const, queuedAt: 1_000, agentId, acceptedAt: 2_000 });
  const ended = {
    phase: 'ended',
    queuedAt: 1_000,
    agentId: null,
    acceptedAt: null,
    endedAt: 3_000,
    reason: 'abandoned',
  } as const;
  const openPage = (socketId: string) =>
    insertConnection(fixture.db, { socketId, nodeId: 'node-1', party: 'visitor', personId: row.visitorId }, 1);

  test('[V15] a visitor has one running conversation, and may have another once it has ended', async () => {
    const second = fixture.newConversation({ visitorId: row.visitorId });
    expect(isUniqueViolation(await second.catch((error: unknown) => error))).toBe(true);
    await saveState(fixture.db, row, ended);
    expect(await findRunningOf(fixture.db, row.visitorId)).toBeUndefined();
    const next = await fixture.newConversation({ visitorId: row.visitorId });
    expect((await findRunningOf(fixture.db, row.visitorId))?.conversationId).toBe(next.conversationId);
  });

  test('[V15] the same request never makes a second conversation, not even after the end', async () => {
    await saveState(fixture.db, row, ended);
    const again = fixture.newConversation({ visitorId: row.visitorId, clientRequestId: row.clientRequestId });
    expect(isUniqueViolation(await again.catch((error: unknown) => error))).toBe(true);
    expect((await findByRequest(fixture.db, row.visitorId, row.clientRequestId))?.conversationId).toBe(
      row.conversationId,
    );
    expect(await findByRequest(fixture.db, await fixture.newVisitor(), row.clientRequestId)).toBeUndefined();
  });

  test('[A4] of two who take a request from the same reading one wins', async () => {
    const [ana, ben] = [await fixture.newAgent('Ana'), await fixture.newAgent('Ben')];
    const outcomes = await Promise.all([
      saveState(fixture.db, row, active(ana)),
      saveState(fixture.db, row, active(ben)),
    ]);
    expect(outcomes.filter((outcome) => outcome !== undefined)).toHaveLength(1);
    expect((await reread()).revision).toBe(2);
  });

  test('[C5] the row is the state: what was saved is read back', async () => {
    const agentId = await fixture.newAgent();
    const held = { ...active(agentId), phase: 'held' as const, heldAt: 2_500 };
    const saved = await saveState(fixture.db, row, held);
    expect(toState(saved as ConversationRow)).toEqual(held);
    expect(toState(row)).toEqual({ phase: 'waiting', queuedAt: 1_000 });
    const over = await saveState(fixture.db, saved as ConversationRow, ended);
    expect(toState(over as ConversationRow)).toEqual(ended);
    expect(over).toMatchObject({ visitorGraceUntil: null, waitingSinceAt: null, heldAt: null });
  });

  test('[C1] marks only grow, never pass the last message, and reading includes having received', async () => {
    for (let index = 1; index <= 3; index += 1) {
      const key = newId();
      await appendMessage(
        fixture.db,
        row.conversationId,
        { kind: 'text', senderKind: 'agent', senderId: 'a', senderName: 'A', clientMessageId: key, text: 'hi' },
        2_000,
      );
    }
    const raise = (deliveredSeq: number, readSeq: number) =>
      raiseMark(fixture.db, row.conversationId, 'visitor', { deliveredSeq, readSeq });
    expect(await raise(2, 1)).toEqual({ deliveredSeq: 2, readSeq: 1 });
    expect(await raise(1, 0)).toBeUndefined();
    expect(await raise(0, 2)).toEqual({ deliveredSeq: 2, readSeq: 2 });
    expect(await raise(Number.MAX_SAFE_INTEGER, 2)).toEqual({ deliveredSeq: 3, readSeq: 2 });
    expect(await raise(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)).toEqual({ deliveredSeq: 3, readSeq: 3 });
    expect(await reread()).toMatchObject({ visitorDeliveredSeq: 3, visitorReadSeq: 3, agentReadSeq: 0 });
  });

  test('[O5] a mark that is as high as it can be does not count as grown, however high the wish', async () => {
    const raise = () =>
      raiseMark(fixture.db, row.conversationId, 'agent', { deliveredSeq: 1_000_000, readSeq: 1_000_000 });
    expect(await raise()).toBeUndefined();
    expect(await reread()).toMatchObject({ agentDeliveredSeq: 0, agentReadSeq: 0 });
  });

  test('[V15] the grace begins when the last page has gone, once, and ends with the first that comes', async () => {
    expect(await setVisitorGrace(fixture.db, row.visitorId, 9_000)).toEqual([row.conversationId]);
    expect(await setVisitorGrace(fixture.db, row.visitorId, 12_000)).toEqual([]);
    expect((await reread()).visitorGraceUntil).toBe(9_000);
    expect(await setVisitorGrace(fixture.db, row.visitorId, null)).toEqual([row.conversationId]);
    expect(await setVisitorGrace(fixture.db, row.visitorId, null)).toEqual([]);
    expect((await reread()).visitorGraceUntil).toBeNull();
  });

  test('[V15] no grace begins while a page of the visitor is open, whatever an earlier count said', async () => {
    await openPage('socket-1');
    expect(await setVisitorGrace(fixture.db, row.visitorId, 9_000)).toEqual([]);
    await deleteConnection(fixture.db, 'socket-1');
    expect(await setVisitorGrace(fixture.db, row.visitorId, 9_000)).toEqual([row.conversationId]);
  });

  test('[V15] a conversation is due when its grace is over, not before and not once it has ended', async () => {
    await setVisitorGrace(fixture.db, row.visitorId, 9_000);
    expect(await listDueGraces(fixture.db, 8_999)).toEqual([]);
    expect((await listDueGraces(fixture.db, 9_000)).map(({ conversationId }) => conversationId)).toEqual([
      row.conversationId,
    ]);
    await saveState(fixture.db, await reread(), ended);
    expect(await listDueGraces(fixture.db, 9_000)).toEqual([]);
  });

  test('[V15] after a restart everybody without a page has the grace, and nobody else', async () => {
    await openPage('socket-1');
    const other = await fixture.newConversation();
    await startGraceOfUnconnected(fixture.db, 9_000);
    expect((await reread()).visitorGraceUntil).toBeNull();
    expect((await findConversation(fixture.db, other.conversationId))?.visitorGraceUntil).toBe(9_000);
  });
});
