import { v7 as newId } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MessageView } from '../../protocol/conversations.ts';
import type { AgentId, ConversationId, VisitorId } from '../../protocol/ids.ts';
import { inTransaction } from '../db/transaction.ts';
import type { PartyContext } from '../handlers.ts';
import { createConversationFixture } from './conversation-fixture.ts';
import type { ConversationFixture } from './conversation-fixture.ts';
import { findConversation, saveState } from './conversation-store.ts';
import { appendMessage, findLastSeq, listMessagesAfter } from './message-store.ts';
import type { MessageWriter } from './message-writer.ts';

/** What every writer keeps, whatever database stands behind it. */
export function describeMessageWriter(
  name: string,
  createWriter: (fixture: ConversationFixture, now: () => number) => MessageWriter,
): void {
  describe(`storing what people write, with ${name}`, () => {
    let fixture: ConversationFixture;
    let writer: MessageWriter;
    let conversationId: ConversationId;
    let visitor: PartyContext;
    let agent: PartyContext;
    let now: number;
    let told: number[];
    beforeEach(async () => {
      fixture = await createConversationFixture();
      now = 2_000;
      told = [];
      writer = createWriter(fixture, () => now);
      const visitorId = await fixture.newVisitor();
      await fixture.db.updateTable('visitors').set({ name: 'Ana' }).where('visitorId', '=', visitorId).execute();
      const agentId = await fixture.newAgent('Ben');
      conversationId = (await fixture.newConversation({ visitorId })).conversationId;
      visitor = visitorOf(visitorId);
      agent = agentOf(agentId);
      await setState('active', agentId);
    });
    afterEach(() => fixture.close());

    const visitorOf = (visitorId: VisitorId): PartyContext => ({
      party: 'visitor',
      visitorId,
      siteId: fixture.siteId,
      socketId: 'socket-1',
    });
    const agentOf = (agentId: AgentId): PartyContext => ({
      party: 'agent',
      agentId,
      tenantId: fixture.sites.tenantId,
      tokenHash: 'a-session',
      role: 'agent',
      socketId: 'socket-2',
    });
    const write = (caller: PartyContext, text: string, clientMessageId: string = newId(), to = conversationId) =>
      writer.write({ caller, conversationId: to, clientMessageId, text }, ({ seq }) => told.push(seq));
    const stored = () => listMessagesAfter(fixture.db, conversationId, 0, 500);
    const seqsTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
    const addNotice = () =>
      inTransaction(fixture.db, async (unit) => {
        const notice = { kind: 'notice', notice: 'call-started', data: {} } as const;
        const row = await appendMessage(unit.db, conversationId, notice, now);
        unit.afterCommit(() => told.push(row?.seq ?? 0));
      });
    async function setState(phase: 'active' | 'ended', agentId: AgentId): Promise<void> {
      const row = await findConversation(fixture.db, conversationId);
      if (!row) throw new Error('The conversation is gone.');
      const taken = { queuedAt: row.queuedAt, agentId, acceptedAt: 1_500 };
      await saveState(
        fixture.db,
        row,
        phase === 'active' ? { phase, ...taken } : { phase, ...taken, endedAt: now, reason: 'agent-ended' },
      );
    }
    const end = () => setState('ended', (agent as { agentId: AgentId }).agentId);

    test('[MS1] what is answered is stored, and shows who wrote it under which name', async () => {
      const clientMessageId = newId();
      const text = `'); DROP TABLE messages; -- @body ? :text <b> \u202e 👩‍👩‍👧`;
      const message = await write(visitor, text, clientMessageId);
      expect(message).toEqual({
        messageId: expect.any(String),
        seq: 1,
        sentAt: 2_000,
        sender: { kind: 'visitor', name: 'Ana' },
        body: { kind: 'text', text },
        clientMessageId,
      } satisfies Record<keyof MessageView, unknown>);
      expect(await write(agent, 'Hello')).toMatchObject({ seq: 2, sender: { kind: 'agent', name: 'Ben' } });
      expect((await stored()).map(({ messageId, body, senderId }) => ({ messageId, body, senderId }))).toEqual([
        { messageId: message.messageId, body: text, senderId: visitor.party === 'visitor' && visitor.visitorId },
        { messageId: expect.any(String), body: 'Hello', senderId: agent.party === 'agent' && agent.agentId },
      ]);
    });

    test('[MS2] the same key at once and later is stored once, told once and answered the same', async () => {
      const key = newId();
      const answers = await Promise.all(Array.from({ length: 8 }, () => write(visitor, 'Only once', key)));
      answers.push(await write(visitor, 'with another text', key));
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(await stored()).toHaveLength(1);
      expect(told).toEqual([1]);
      expect((await write(agent, 'Mine', key)).seq).toBe(2);
    });

    test('[MS3] two hundred and fifty at once of both sides are numbered and told without a gap', async () => {
      const answers = await Promise.all(
        Array.from({ length: 250 }, (_, index) => write(index % 2 ? agent : visitor, `${index}`)),
      );
      expect(answers.map(({ seq }) => seq)).toEqual(seqsTo(250));
      expect((await stored()).map(({ body }) => body)).toEqual(Array.from({ length: 250 }, (_, index) => `${index}`));
      expect(told).toEqual(seqsTo(250));
      expect(await findLastSeq(fixture.db, conversationId)).toBe(250);
    });

    test('[MS3] lines that the server adds at the same time are told in the order of their numbers too', async () => {
      await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const steps = [write(visitor, `visitor ${index}`), addNotice(), write(agent, `agent ${index}`), addNotice()];
          await Promise.all(steps);
        }),
      );
      expect((await stored()).map(({ seq }) => seq)).toEqual(seqsTo(80));
      expect(told).toEqual(seqsTo(80));
    });

    test('[MS3] those who may not and those who repeat use up no number of the others', async () => {
      const stranger = visitorOf(await fixture.newVisitor());
      const key = newId();
      const results = await Promise.allSettled([
        write(visitor, 'one', key),
        write(stranger, 'let me in'),
        write(visitor, 'one', key),
        write(agent, 'two'),
      ]);
      expect(results.map((result) => (result.status === 'fulfilled' ? result.value.seq : result.reason.code))).toEqual([
        1,
        'not-found',
        1,
        2,
      ]);
      expect(told).toEqual([1, 2]);
    });

    test('[CV10] only the visitor and the agent of a conversation write there', async () => {
      const strangers = [visitorOf(await fixture.newVisitor()), agentOf(await fixture.newAgent('Cleo'))];
      for (const stranger of strangers)
        await expect(write(stranger, 'Hello')).rejects.toMatchObject({ code: 'not-found' });
      await expect(write(visitor, 'Hello', newId(), newId() as ConversationId)).rejects.toMatchObject({
        code: 'not-found',
      });
      const waiting = (await fixture.newConversation()).conversationId;
      await expect(write(agent, 'Hello', newId(), waiting)).rejects.toMatchObject({ code: 'not-found' });
      expect(await stored()).toEqual([]);
      expect(told).toEqual([]);
    });

    test('[CV10] whoever may no longer act does not even hear again what they sent', async () => {
      const key = newId();
      await write(agent, 'Mine', key);
      await setState('active', await fixture.newAgent('Cleo'));
      await expect(write(agent, 'Mine', key)).rejects.toMatchObject({ code: 'not-found' });
    });

    test('[MS7] after the end nothing is stored, and what was stored before is confirmed', async () => {
      const key = newId();
      const before = await write(visitor, 'Before the end', key);
      await end();
      await expect(write(visitor, 'Too late')).rejects.toMatchObject({ code: 'conversation-ended' });
      await expect(write(agent, 'Too late')).rejects.toMatchObject({ code: 'conversation-ended' });
      expect(await write(visitor, 'Before the end', key)).toEqual(before);
      expect(await stored()).toHaveLength(1);
      expect(told).toEqual([1]);
    });

    test('[CV14] the visitor waits since the first message that nobody answered', async () => {
      const waitingSince = async () => (await findConversation(fixture.db, conversationId))?.waitingSinceAt;
      await write(agent, 'Hello');
      expect(await waitingSince()).toBeNull();
      now = 3_000;
      await write(visitor, 'One');
      now = 4_000;
      await write(visitor, 'Two');
      expect(await waitingSince()).toBe(3_000);
      await write(agent, 'An answer');
      expect(await waitingSince()).toBeNull();
    });

    test('[MS1] what fails while it is told is stored all the same', async () => {
      const failing = writer.write({ caller: visitor, conversationId, clientMessageId: newId(), text: 'Hello' }, () => {
        throw new Error('nobody there');
      });
      await expect(failing).rejects.toThrow('nobody there');
      expect(await stored()).toHaveLength(1);
      expect((await write(visitor, 'And on')).seq).toBe(2);
    });
  });
}
