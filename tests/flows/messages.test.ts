import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import {
  acceptNext,
  answeredConversation,
  fetchLog,
  nextMessage,
  openAgain,
  openReadyAgent,
  textsOf,
  waitingVisitor,
  write,
} from '../_support/story.ts';
import type { AgentPage, AnsweredConversation, VisitorPage } from '../_support/story.ts';

/** Says something again and again until it is heard. */
async function repeatUntil(heard: Promise<unknown>, say: () => Promise<unknown>): Promise<void> {
  for (;;) {
    const isHeard = await Promise.race([heard.then(() => true), say().then(() => false)]);
    if (isHeard) return;
  }
}

describe('messages', () => {
  let server: TestServer;
  let story: AnsweredConversation;
  beforeEach(async () => {
    server = await startServer();
    story = await answeredConversation(server);
  });
  afterEach(() => server.close());

  const seqsHeardBy = (page: VisitorPage | AgentPage): number[] =>
    page
      .heardAll()
      .flatMap(({ name, event }) =>
        name === 'conversation:message-added' ? [(event as { message: { seq: number } }).message.seq] : [],
      );

  test('[MS1] a message is stored as it was written and reaches the other side and the own other tabs', async () => {
    const { visitor, agent, conversationId } = story;
    const tab = await openAgain(server, visitor);
    const clientMessageId = randomUUID();
    const text = '  Two lines\n\tand <b>no</b> markup, 😀 \u202e ';
    const stored = await write(visitor, conversationId, text, clientMessageId);
    expect(stored).toMatchObject({
      seq: 2,
      clientMessageId,
      sender: { kind: 'visitor', name: 'Grace Hofer' },
      body: { kind: 'text', text },
    });
    for (const page of [agent, tab]) {
      expect(await nextMessage(page, conversationId, 2)).toEqual(stored);
    }
    // The page that wrote it has it from its answer.
    await write(agent, conversationId, 'And the answer');
    await nextMessage(visitor, conversationId, 3);
    expect(seqsHeardBy(visitor)).toEqual([1, 3]);
    expect((await fetchLog(visitor, conversationId))[1]).toEqual(stored);
  });

  test('[MS2] sending the same message again, later or at the same time, stores it once and answers the same', async () => {
    const { visitor, agent, conversationId } = story;
    const clientMessageId = randomUUID();
    const sent = await Promise.all(
      Array.from({ length: 8 }, () => write(visitor, conversationId, 'Only once', clientMessageId)),
    );
    sent.push(await write(visitor, conversationId, 'Only once', clientMessageId));
    expect(new Set(sent.map((message) => JSON.stringify(message))).size).toBe(1);
    await write(agent, conversationId, 'The next one');
    await nextMessage(agent, conversationId, 3);
    expect(seqsHeardBy(agent)).toEqual([1, 2, 3]);
  });

  test("[MS2] both sides may use the same key: it is the sender's own", async () => {
    const { visitor, agent, conversationId } = story;
    const clientMessageId = randomUUID();
    await write(visitor, conversationId, 'Mine', clientMessageId);
    await write(agent, conversationId, 'Mine as well', clientMessageId);
    expect(textsOf(await fetchLog(agent, conversationId))).toEqual(['Mine', 'Mine as well']);
  });

  test('[MS3] a hundred messages of both sides at once are numbered without gaps, in the same order for both', async () => {
    const { visitor, agent, conversationId } = story;
    const tab = await openAgain(server, visitor);
    const sends = Array.from({ length: 50 }, (_, index) => [
      write(visitor, conversationId, `visitor ${index}`),
      write(agent, conversationId, `agent ${index}`),
    ]).flat();
    const acked = await Promise.all(sends);
    const log = await fetchLog(visitor, conversationId);
    expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: 101 }, (_, index) => index + 1));
    expect(await fetchLog(agent, conversationId)).toEqual(log);
    for (const message of acked) expect(log[message.seq - 1]).toEqual(message);
    // What one page sends one after another stays in this order.
    for (const side of ['visitor', 'agent']) {
      const own = textsOf(log).filter((text) => text.startsWith(side));
      expect(own).toEqual(Array.from({ length: 50 }, (_, index) => `${side} ${index}`));
    }
    // The last one may be the visitor's own, which their page has from its answer alone.
    await write(agent, conversationId, 'That was all');
    for (const page of [visitor, tab, agent]) await nextMessage(page, conversationId, 102);
    const seqs = Array.from({ length: 102 }, (_, index) => index + 1);
    expect(seqsHeardBy(agent)).toEqual(seqs);
    expect(seqsHeardBy(tab)).toEqual(seqs.slice(1));
    const own = new Set(log.filter(({ sender }) => sender.kind === 'visitor').map(({ seq }) => seq));
    expect(seqsHeardBy(visitor)).toEqual(seqs.filter((seq) => !own.has(seq)));
  });

  test('[MS4] a page that missed messages fetches exactly the gap, oldest first, in portions', async () => {
    const { visitor, agent, conversationId } = story;
    for (const index of [2, 3, 4, 5, 6]) await write(agent, conversationId, `message ${index}`);
    const portion = await visitor.request('conversation:fetch-messages', { conversationId, afterSeq: 2, limit: 2 });
    expect([portion.messages.map(({ seq }) => seq), portion.lastSeq]).toEqual([[3, 4], 6]);
    const rest = await visitor.request('conversation:fetch-messages', { conversationId, afterSeq: 4 });
    expect(textsOf(rest.messages)).toEqual(['message 5', 'message 6']);
    const nothing = await visitor.request('conversation:fetch-messages', { conversationId, afterSeq: 6 });
    expect(nothing).toEqual({ messages: [], lastSeq: 6 });
  });

  test('[MS5] delivered and read reach the other side and only ever grow', async () => {
    const { visitor, agent, conversationId } = story;
    for (const text of ['one', 'two', 'three']) await write(agent, conversationId, text);
    const mark = (deliveredSeq: number, readSeq: number) =>
      visitor.request('conversation:mark-messages', { conversationId, deliveredSeq, readSeq });
    const told = async () => (await agent.nextEvent('conversation:marks-changed')).mark;

    await mark(3, 0);
    expect(await told()).toEqual({ deliveredSeq: 3, readSeq: 0 });
    await mark(1, 2);
    expect(await told()).toEqual({ deliveredSeq: 3, readSeq: 2 });
    await mark(2, 1);
    await mark(999, 999);
    expect(await told()).toEqual({ deliveredSeq: 4, readSeq: 4 });
    await mark(0, 0);
    await agent.settle();
    expect(agent.heard('conversation:marks-changed')).toHaveLength(3);
    const back = await openAgain(server, visitor);
    expect(back.session.conversation?.marks).toEqual({
      visitor: { deliveredSeq: 4, readSeq: 4 },
      agent: { deliveredSeq: 0, readSeq: 0 },
    });
  });

  test('[MS5] read implies delivered', async () => {
    const { visitor, agent, conversationId } = story;
    await write(visitor, conversationId, 'Hello');
    await agent.request('conversation:mark-messages', { conversationId, deliveredSeq: 0, readSeq: 2 });
    expect(await visitor.nextEvent('conversation:marks-changed')).toEqual({
      conversationId,
      party: 'agent',
      mark: { deliveredSeq: 2, readSeq: 2 },
    });
  });

  test('[MS6] typing is told to the other side and to nobody else', async () => {
    const { visitor, agent, conversationId } = story;
    for (const isTyping of [true, false]) {
      const input = { conversationId, isTyping };
      const isIt = (event: { isTyping: boolean }): boolean => event.isTyping === isTyping;
      // It may get lost on a busy line, so a page says it again and again.
      await repeatUntil(agent.nextEvent('conversation:typing-changed', isIt), () =>
        visitor.request('conversation:set-typing', input),
      );
      await repeatUntil(visitor.nextEvent('conversation:typing-changed', isIt), () =>
        agent.request('conversation:set-typing', input),
      );
    }
    expect(visitor.heard('conversation:typing-changed').every((event) => event.party === 'agent')).toBe(true);
    expect(agent.heard('conversation:typing-changed').every((event) => event.party === 'visitor')).toBe(true);
  });

  test('[MS7] an ended conversation takes no message, yet still confirms one that it holds', async () => {
    const { visitor, agent, conversationId } = story;
    const clientMessageId = randomUUID();
    const stored = await write(visitor, conversationId, 'Before the end', clientMessageId);
    await agent.request('conversation:end-conversation', { conversationId });
    for (const page of [visitor, agent]) {
      await expect(write(page, conversationId, 'Too late')).rejects.toMatchObject({ code: 'conversation-ended' });
    }
    expect(await write(visitor, conversationId, 'Before the end', clientMessageId)).toEqual(stored);
    expect(textsOf(await fetchLog(agent, conversationId))).toEqual(['Before the end']);
  });

  test('[MS7] sending and ending at once never leaves a message after the end', async () => {
    const { visitor, agent, conversationId } = story;
    const results = await Promise.allSettled([
      ...Array.from({ length: 10 }, (_, index) => write(visitor, conversationId, `before ${index}`)),
      agent.request('conversation:end-conversation', { conversationId }),
      ...Array.from({ length: 10 }, (_, index) => write(visitor, conversationId, `after ${index}`)),
    ]);
    const acked = results.flatMap((result) =>
      result.status === 'fulfilled' && 'seq' in result.value ? [result.value] : [],
    );
    const log = await fetchLog(visitor, conversationId);
    expect(log.at(-1)?.body).toMatchObject({ kind: 'notice', notice: 'conversation-ended' });
    expect(textsOf(log)).toHaveLength(acked.length);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conversation-ended' });
    }
  });

  test('[MS1] a visitor may write while waiting, and whoever accepts finds it', async () => {
    const { visitor, conversationId } = await waitingVisitor(server);
    await write(visitor, conversationId, 'It is about my lamp');
    const view = await acceptNext(story.agent, conversationId);
    expect(view).toMatchObject({ unreadCount: 1, lastMessage: { preview: 'It is about my lamp' } });
    expect(textsOf(await fetchLog(story.agent, conversationId))).toEqual(['It is about my lamp']);
  });
});

describe('who may see and write', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer({ sites: [{ key: 'bank', name: 'Bank' }] });
  });
  afterEach(() => server.close());

  test('[CV10] a foreign conversation answers like one that does not exist, to visitors and agents alike', async () => {
    const { conversationId } = await answeredConversation(server);
    const stranger = (await waitingVisitor(server)).visitor;
    const colleague = await openReadyAgent(server, { name: 'Ben' });
    const banker = await openReadyAgent(server, { name: 'Cleo', siteKey: 'bank' });
    for (const page of [stranger, colleague, banker]) {
      const unknown = { code: 'not-found' };
      await expect(write(page, conversationId, 'Hello?')).rejects.toMatchObject(unknown);
      await expect(fetchLog(page, conversationId)).rejects.toMatchObject(unknown);
      await expect(page.requestRaw('conversation:end-conversation', { conversationId })).resolves.toMatchObject({
        ok: false,
        error: unknown,
      });
      await expect(
        page.requestRaw('conversation:mark-messages', { conversationId, deliveredSeq: 1, readSeq: 1 }),
      ).resolves.toMatchObject({ ok: false, error: unknown });
      await expect(
        page.requestRaw('conversation:set-typing', { conversationId, isTyping: true }),
      ).resolves.toMatchObject({
        ok: false,
        error: unknown,
      });
    }
  });

  test('[CV10] an agent may read what waits in the own departments, and not write there', async () => {
    const agent = await openReadyAgent(server);
    const banker = await openReadyAgent(server, { name: 'Cleo', siteKey: 'bank' });
    const { visitor, conversationId } = await waitingVisitor(server);
    await write(visitor, conversationId, 'It is about my lamp');
    expect(textsOf(await fetchLog(agent, conversationId))).toEqual(['It is about my lamp']);
    await expect(write(agent, conversationId, 'Hello')).rejects.toMatchObject({ code: 'not-found' });
    await expect(fetchLog(banker, conversationId)).rejects.toMatchObject({ code: 'not-found' });
  });
});
