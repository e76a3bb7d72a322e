import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConversationId } from '../../protocol/ids.ts';
import { inTransaction, isUniqueViolation } from '../db/transaction.ts';
import { createConversationFixture } from './conversation-fixture.ts';
import type { ConversationFixture } from './conversation-fixture.ts';
import { findConversation, saveState } from './conversation-store.ts';
import {
  appendMessage,
  countUnread,
  findLastSeq,
  findLastText,
  findSent,
  listMessagesAfter,
  toMessageView,
} from './message-store.ts';
import type { NewMessage } from './message-store.ts';

describe('the messages of a conversation', () => {
  let fixture: ConversationFixture;
  let conversationId: ConversationId;
  beforeEach(async () => {
    fixture = await createConversationFixture();
    conversationId = (await fixture.newConversation()).conversationId;
  });
  afterEach(() => fixture.close());

  const text = (clientMessageId: string, changes: Partial<Extract<NewMessage, { kind: 'text' }>> = {}): NewMessage => ({
    kind: 'text',
    senderKind: 'visitor',
    senderId: 'visitor-1',
    senderName: 'Ana',
    clientMessageId,
    text: `text of ${clientMessageId}`,
    ...changes,
  });
  const notice: NewMessage = { kind: 'notice', notice: 'conversation-ended', data: { reason: 'visitor-left' } };
  const append = (message: NewMessage, now = 2_000) =>
    inTransaction(fixture.db, (unit) => appendMessage(unit.db, conversationId, message, now));
  const endConversation = async () => {
    const row = await findConversation(fixture.db, conversationId);
    if (!row) throw new Error('The conversation is gone.');
    const ended = {
      phase: 'ended' as const,
      queuedAt: row.queuedAt,
      agentId: null,
      acceptedAt: null,
      endedAt: 3_000,
      reason: 'abandoned' as const,
    };
    await saveState(fixture.db, row, ended);
  };

  test('[C1] numbers count from one without gaps, however many are stored at once', async () => {
    await Promise.all(Array.from({ length: 25 }, (_, index) => append(text(`m${index}`))));
    const stored = await listMessagesAfter(fixture.db, conversationId, 0, 200);
    expect(stored.map(({ seq }) => seq)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
    expect(await findLastSeq(fixture.db, conversationId)).toBe(25);
  });

  test('[C1] a number is not used up by a message that was not stored', async () => {
    await append(text('m1'));
    const failing = inTransaction(fixture.db, async (unit) => {
      await appendMessage(unit.db, conversationId, text('m2'), 2_000);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect((await append(text('m3')))?.seq).toBe(2);
  });

  test('[C1] the same key of the same sender is stored once, of another sender it is another message', async () => {
    await append(text('m1'));
    const again = append(text('m1'));
    expect(isUniqueViolation(await again.catch((error: unknown) => error))).toBe(true);
    await append(text('m1', { senderKind: 'agent', senderId: 'agent-1' }));
    expect(await listMessagesAfter(fixture.db, conversationId, 0, 200)).toHaveLength(2);
    expect((await findSent(fixture.db, conversationId, 'visitor-1', 'm1'))?.seq).toBe(1);
    expect((await findSent(fixture.db, conversationId, 'agent-1', 'm1'))?.seq).toBe(2);
    expect(await findSent(fixture.db, conversationId, 'visitor-2', 'm1')).toBeUndefined();
  });

  test('[C1] any number of notices without a key may follow each other', async () => {
    await append(notice);
    await append(notice);
    expect((await listMessagesAfter(fixture.db, conversationId, 0, 200)).map(({ seq }) => seq)).toEqual([1, 2]);
  });

  test('[C6] after the end nobody writes any more, only the notice of the end follows', async () => {
    await endConversation();
    expect(await append(text('late'))).toBeUndefined();
    expect((await append(notice))?.seq).toBe(1);
  });

  test('[C1] the messages after a number come in order and in portions', async () => {
    for (let index = 1; index <= 5; index += 1) await append(text(`m${index}`));
    expect((await listMessagesAfter(fixture.db, conversationId, 2, 2)).map(({ seq }) => seq)).toEqual([3, 4]);
    expect(await listMessagesAfter(fixture.db, conversationId, 5, 200)).toEqual([]);
  });

  test('[C14] a visitor waits since the first message that nobody answered, not since the last', async () => {
    const waitingSince = async () => (await findConversation(fixture.db, conversationId))?.waitingSinceAt;
    await append(text('a1', { senderKind: 'agent' }), 2_000);
    expect(await waitingSince()).toBeNull();
    await append(text('v1'), 3_000);
    await append(text('v2'), 4_000);
    expect(await waitingSince()).toBe(3_000);
    await append(notice, 5_000);
    expect(await waitingSince()).toBe(3_000);
    await append(text('a2', { senderKind: 'agent' }), 6_000);
    expect(await waitingSince()).toBeNull();
  });

  test("[C14] only the visitor's messages after the mark are unread", async () => {
    await append(text('v1'));
    await append(text('a1', { senderKind: 'agent', senderId: 'agent-1' }));
    await append(notice);
    await append(text('v2'));
    expect(await countUnread(fixture.db, conversationId, 0)).toBe(2);
    expect(await countUnread(fixture.db, conversationId, 1)).toBe(1);
    expect(await countUnread(fixture.db, conversationId, 4)).toBe(0);
  });

  test('[C14] the last text is what somebody wrote, not the notice after it', async () => {
    expect(await findLastText(fixture.db, conversationId)).toBeUndefined();
    await append(text('v1'));
    await append(notice);
    expect((await findLastText(fixture.db, conversationId))?.body).toBe('text of v1');
  });

  test('[C1] a message reads as it was written, a notice as its kind and what belongs to it', async () => {
    const hostile = `'); DROP TABLE messages; -- <img src=x onerror=alert(1)> {{7*7}} \u202e 👩‍👩‍👧`;
    const written = await append(text('v1', { text: hostile }));
    const told = await append(notice);
    expect(written && toMessageView(written)).toMatchObject({ seq: 1, body: { kind: 'text', text: hostile } });
    expect(told && toMessageView(told)).toMatchObject({
      sender: { kind: 'system', name: '' },
      clientMessageId: null,
      body: { kind: 'notice', notice: 'conversation-ended', data: { reason: 'visitor-left' } },
    });
    expect((await listMessagesAfter(fixture.db, conversationId, 0, 1))[0]?.body).toBe(hostile);
  });
});
