import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { spawnServer } from '../_support/spawn-server.ts';
import type { SpawnedServer } from '../_support/spawn-server.ts';
import {
  acceptNext,
  askForHelp,
  fetchLog,
  nextOffer,
  noticesOf,
  openReadyAgent,
  openVisitor,
  waitingVisitor,
} from '../_support/story.ts';
import { PageError } from '../_support/page-connection.ts';

/** Lets all of them run at once and sorts what came of it. */
async function race<Result>(attempts: Promise<Result>[]): Promise<{ won: Result[]; lost: string[] }> {
  const results = await Promise.allSettled(attempts);
  const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const lost = results.flatMap((result) => {
    if (result.status === 'fulfilled') return [];
    if (!(result.reason instanceof PageError)) throw result.reason;
    return [result.reason.code];
  });
  return { won, lost };
}

describe('several who decide at once', () => {
  let server: TestServer;
  afterEach(() => server.close());

  test('[QU10] of agents who take the same request at once exactly one wins, and the others are told', async () => {
    server = await startServer();
    const names = ['Ada', 'Ben', 'Cleo', 'Dag'];
    const agents = [];
    for (const name of names) agents.push(await openReadyAgent(server, { name }));
    for (let round = 0; round < 3; round += 1) {
      const { visitor, conversationId } = await waitingVisitor(server);
      const { won, lost } = await race(
        agents.map((agent) => agent.request('routing:take-request', { conversationId })),
      );
      expect(won).toHaveLength(1);
      expect(lost).toEqual(['request-taken', 'request-taken', 'request-taken']);
      const told = await visitor.nextEvent('conversation:changed', (event) => event.conversation.phase === 'active');
      expect(told.conversation.agent?.agentId).toBe(won[0]?.conversation.agent?.agentId);
      expect(noticesOf(await fetchLog(visitor, conversationId))).toEqual(['agent-joined']);
    }
  });

  test('[QU10] of one agent accepting and another taking exactly one wins', async () => {
    server = await startServer();
    const ada = await openReadyAgent(server, { name: 'Ada' });
    for (let round = 0; round < 3; round += 1) {
      const { visitor, conversationId } = await waitingVisitor(server);
      const { offerId } = await nextOffer(ada, conversationId);
      const ben = await openReadyAgent(server, { name: 'Ben' });
      const { won, lost } = await race([
        ben.request('routing:take-request', { conversationId }),
        ada.request('routing:accept-offer', { offerId }),
      ]);
      expect([won.length, lost]).toEqual([1, ['request-taken']]);
      await visitor.request('conversation:end-conversation', { conversationId });
      await ben.request('agent:set-availability', { isAvailable: false });
    }
  });

  test('[QU11] accepting after the visitor has left says so', async () => {
    server = await startServer();
    const agent = await openReadyAgent(server);
    const { visitor, conversationId } = await waitingVisitor(server);
    const { offerId } = await nextOffer(agent);
    await visitor.request('routing:leave-queue', { conversationId });
    await expect(agent.request('routing:accept-offer', { offerId })).rejects.toMatchObject({ code: 'visitor-left' });
    await expect(agent.request('routing:take-request', { conversationId })).rejects.toMatchObject({
      code: 'visitor-left',
    });
  });

  test('[QU11] leaving and accepting at once has one outcome for both, and leaving is never refused', async () => {
    server = await startServer();
    const agent = await openReadyAgent(server, { chatCap: 100 });
    for (let headStart = 0; headStart < 16; headStart += 1) {
      const { visitor, conversationId } = await waitingVisitor(server);
      const { offerId } = await nextOffer(agent, conversationId);
      const accepting = agent.request('routing:accept-offer', { offerId });
      for (let turn = 0; turn < headStart; turn += 1) await setImmediate();
      const leaving = visitor.request('routing:leave-queue', { conversationId });
      const [accepted, left] = await Promise.allSettled([accepting, leaving]);
      expect(left).toMatchObject({ status: 'fulfilled' });
      const { conversation } = await visitor.nextEvent(
        'conversation:changed',
        (event) => event.conversation.phase === 'ended',
      );
      if (accepted.status === 'fulfilled') expect(conversation.endReason).toBe('visitor-ended');
      else expect([accepted.reason.code, conversation.endReason]).toEqual(['visitor-left', 'abandoned']);
    }
  });

  test('[CV7] a visitor who starts in two tabs at once has one conversation', async () => {
    server = await startServer();
    await openReadyAgent(server);
    const visitor = await openVisitor(server);
    const tabs = await Promise.all([1, 2, 3].map(() => openVisitor(server, { token: visitor.token })));
    const started = await Promise.all([visitor, ...tabs].map((tab) => askForHelp(tab)));
    expect(new Set(started.map(({ conversationId }) => conversationId)).size).toBe(1);
    const rows = await server.read((db) => db.selectFrom('conversations').select('conversationId').execute());
    expect(rows).toHaveLength(1);
    const consents = await server.read((db) => db.selectFrom('consents').select('consentId').execute());
    expect(consents).toHaveLength(1);
  });
});

describe('two servers on one database', () => {
  let first: SpawnedServer;
  let second: SpawnedServer;
  beforeAll(async () => {
    first = await spawnServer({ environment: { FOYER_NODE_ID: 'north' } });
    second = await spawnServer({ dataDir: first.dataDir, environment: { FOYER_NODE_ID: 'south' } });
  }, 90_000);
  afterAll(async () => {
    await second.close();
    await first.close();
  });

  test('[QU10] of agents on different nodes who want the same request exactly one wins', async () => {
    const ada = await openReadyAgent(first, { name: 'Ada' });
    const ben = await openReadyAgent(second, { name: 'Ben' });
    for (let round = 0; round < 8; round += 1) {
      const { visitor, conversationId } = await waitingVisitor(first);
      const { won, lost } = await race([
        ada.request('routing:take-request', { conversationId }),
        ben.request('routing:take-request', { conversationId }),
      ]);
      expect([won.length, lost]).toEqual([1, ['request-taken']]);
      const log = await fetchLog(visitor, conversationId);
      expect(noticesOf(log)).toEqual(['agent-joined']);
      expect(log[0]?.body).toMatchObject({ data: { name: won[0]?.conversation.agent?.name } });
      await visitor.request('conversation:end-conversation', { conversationId });
    }
    await ada.request('agent:set-availability', { isAvailable: false });
    await ben.request('agent:set-availability', { isAvailable: false });
  });

  test('[QU11] leaving on one node and accepting on another has one outcome, and leaving is never refused', async () => {
    const ada = await openReadyAgent(first, { name: 'Ada', chatCap: 100 });
    for (let round = 0; round < 20; round += 1) {
      const { visitor, conversationId } = await waitingVisitor(second);
      const [accepted, left] = await Promise.allSettled([
        ada.request('routing:take-request', { conversationId }),
        visitor.request('routing:leave-queue', { conversationId }),
      ]);
      expect(left).toMatchObject({ status: 'fulfilled' });
      const stored = await first.read((db) =>
        db
          .selectFrom('conversations')
          .select(['phase', 'endReason'])
          .where('conversationId', '=', conversationId)
          .executeTakeFirstOrThrow(),
      );
      const endReason = accepted.status === 'fulfilled' ? 'visitor-ended' : 'abandoned';
      expect(stored).toEqual({ phase: 'ended', endReason });
    }
    await ada.request('agent:set-availability', { isAvailable: false });
  });

  test('[MS2] a message repeated on another node is stored once', async () => {
    const agent = await openReadyAgent(first);
    const { visitor, conversationId } = await waitingVisitor(first);
    await acceptNext(agent, conversationId);
    const elsewhere = await openVisitor(second, { token: visitor.token });
    for (let round = 0; round < 8; round += 1) {
      const message = { conversationId, clientMessageId: crypto.randomUUID(), text: `once ${round}` };
      const [here, there] = await Promise.all([
        visitor.request('conversation:send-message', message),
        elsewhere.request('conversation:send-message', message),
      ]);
      expect(here.message).toEqual(there.message);
    }
    expect((await fetchLog(visitor, conversationId)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await visitor.request('conversation:end-conversation', { conversationId });
    await agent.request('agent:set-availability', { isAvailable: false });
  });
});
