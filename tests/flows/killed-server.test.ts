import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSafeStorage } from '../../client/connection/safe-storage.ts';
import { createSeededRandom } from '../../client/connection/testing/seeded-random.ts';
import type { MessageView } from '../../protocol/conversations.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { signIn } from '../_support/http-session.ts';
import { createNetworkPath } from '../_support/network-path.ts';
import type { NetworkPath } from '../_support/network-path.ts';
import { openRealAgent, openRealVisitor, until } from '../_support/real-page.ts';

import { spawnServer } from '../_support/spawn-server.ts';
import type { SpawnedServer } from '../_support/spawn-server.ts';
import { startServer } from '../_support/start-server.ts';
import {
  answeredConversation,
  becomeReady,
  fetchLog,
  openAgain,
  openVisitor,
  openWorkspace,
  textsOf,
  write,
} from '../_support/story.ts';
import type { AgentPage, VisitorPage } from '../_support/story.ts';
import type { TestAgent } from '../_support/test-agents.ts';

const KILL_COUNT = 6;
const SEED = 20_250_611;

describe('a server that is killed while both sides write', () => {
  let server: SpawnedServer;
  let account: TestAgent;
  let cookie: string;
  let agentPath: NetworkPath;
  beforeAll(async () => {
    server = await spawnServer();
    account = await server.addAgent();
    ({ cookie } = await signIn(server, account));
    agentPath = await createNetworkPath(server, { cookie });
  }, 90_000);
  afterAll(async () => {
    await agentPath.close();
    await server.close();
  });

  /** Writes numbered texts one after another until the connection breaks; each is sent under a key of its own. */
  async function writeUntilKilled(
    page: VisitorPage | AgentPage,
    conversationId: ConversationId,
    prefix: string,
    log: SendLog,
  ) {
    for (let number = 1; number <= 25; number += 1) {
      const sending = { text: `${prefix} ${number}`, clientMessageId: crypto.randomUUID() };
      log.tried.push(sending);
      try {
        log.acked.push(await write(page, conversationId, sending.text, sending.clientMessageId));
      } catch {
        return;
      }
    }
  }

  test.each(Array.from({ length: KILL_COUNT }, (_, index) => index + 1))(
    '[MS8] kill %i: every acked message is there once and in order, and repeating the others doubles nothing',
    async (round) => {
      const random = createSeededRandom(SEED + round);
      let agent = await openWorkspace(server, account, cookie);
      await becomeReady(agent);
      const { visitor, conversationId } = await answeredConversation(server, { agent });
      const logs = { visitor: emptyLog(), agent: emptyLog() };
      const killAfterAcks = 1 + random.below(14);
      const turnsAfterAck = random.below(12);
      const writing = Promise.all([
        writeUntilKilled(visitor, conversationId, 'visitor', logs.visitor),
        writeUntilKilled(agent, conversationId, 'agent', logs.agent),
      ]);
      while (logs.visitor.acked.length + logs.agent.acked.length < killAfterAcks) await setImmediate();
      for (let turn = 0; turn < turnsAfterAck; turn += 1) await setImmediate();
      await server.kill('SIGKILL');
      await writing;
      await server.start();

      const back = await openAgain(server, visitor);
      agent = await openWorkspace(server, account, cookie);
      expect(back.session.conversation).toMatchObject({ conversationId, phase: 'active' });
      expectHolds(await fetchLog(back, conversationId), logs);
      // Both sides repeat, in order, everything that they are not sure of.
      for (const [page, log] of [
        [back, logs.visitor],
        [agent, logs.agent],
      ] as const) {
        for (const { text, clientMessageId } of log.tried.slice(log.acked.length)) {
          log.acked.push(await write(page, conversationId, text, clientMessageId));
        }
      }
      const messages = await fetchLog(back, conversationId);
      expectHolds(messages, logs);
      for (const side of ['visitor', 'agent'] as const) {
        const own = textsOf(messages).filter((text) => text.startsWith(side));
        expect(own).toEqual(logs[side].tried.map(({ text }) => text));
      }
      await agent.request('conversation:end-conversation', { conversationId });
      agent.close();
      back.close();
    },
    60_000,
  );

  test("[MS8] the product's own pages come back after a kill and lose and double nothing", async () => {
    const random = createSeededRandom(SEED);
    const desk = await openWorkspace(server, account, cookie);
    await becomeReady(desk);
    const { visitor: reader, conversationId } = await answeredConversation(server, { agent: desk });
    const visitor = openRealVisitor(server.url, reader, conversationId, createSafeStorage(undefined));
    const agent = openRealAgent(agentPath.url, conversationId, createSafeStorage(undefined));
    const own = { visitor: [] as string[], agent: [] as string[] };
    try {
      for (const page of [visitor, agent]) await until(page.client.isLoaded, (isLoaded) => isLoaded);
      for (let round = 1; round <= 2; round += 1) {
        for (let number = 1; number <= 10; number += 1) {
          for (const page of [visitor, agent]) {
            const text = `${page.party} ${round}.${number}`;
            own[page.party].push(text);
            page.client.send(text);
          }
          for (let turn = 0; turn < random.below(6); turn += 1) await setImmediate();
        }
        await server.kill('SIGKILL');
        await server.start();
      }
      await Promise.all([visitor.untilStored(40), agent.untilStored(40)]);
      const texts = textsOf(await fetchLog(await openAgain(server, reader), conversationId));
      expect(texts).toHaveLength(40);
      for (const party of ['visitor', 'agent'] as const) {
        expect(texts.filter((text) => text.startsWith(party))).toEqual(own[party]);
      }
      expect([visitor.texts(), agent.texts()]).toEqual([texts, texts]);
    } finally {
      visitor.close();
      agent.close();
    }
  }, 90_000);

  test('[RS3] who was there when it was killed has the grace anew, and who does not come back is ended', async () => {
    const desk = await openWorkspace(server, account, cookie);
    await becomeReady(desk);
    const { visitor, conversationId } = await answeredConversation(server, { agent: desk });
    await server.kill('SIGKILL');
    await visitor.disconnected;
    // The same data in this process, where the grace can be short.
    const next = await startServer({ dataDir: server.dataDir, timing: { visitorGraceMs: 500 } });
    try {
      expect((await openVisitor(next)).session.availability.isAvailable).toBe(true);
      const back = await openWorkspace(next, account, cookie);
      const view = back.session.conversations.find((known) => known.conversationId === conversationId);
      expect(view?.visitor.isConnected).toBe(false);
      if (view?.phase !== 'ended') {
        const isEnd = ({ conversation }: { conversation: { conversationId: ConversationId; phase: string } }) =>
          conversation.conversationId === conversationId && conversation.phase === 'ended';
        await back.nextEvent('conversation:changed', isEnd);
      }
      await expect(write(back, conversationId, 'Are you there?')).rejects.toMatchObject({ code: 'conversation-ended' });
    } finally {
      await next.close();
      await server.start();
    }
  }, 60_000);

  test('[RS5] asked to stop by SIGTERM it says so, ends with 0 and starts again', async () => {
    const visitor = await openVisitor(server);
    const code = await server.kill('SIGTERM');
    expect(await visitor.disconnected).toBe('io server disconnect');
    expect(code).toBe(0);
    await server.start();
    expect((await openAgain(server, visitor)).visitorId).toBe(visitor.visitorId);
  }, 60_000);
});

interface SendLog {
  tried: { text: string; clientMessageId: string }[];
  acked: MessageView[];
}

function emptyLog(): SendLog {
  return { tried: [], acked: [] };
}

/** No number missing, none twice, and everything that was acked exactly as it was acked. */
function expectHolds(messages: readonly MessageView[], logs: Record<'visitor' | 'agent', SendLog>): void {
  expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_message, index) => index + 1));
  const texts = textsOf(messages);
  expect(new Set(texts).size).toBe(texts.length);
  for (const { acked } of Object.values(logs)) {
    for (const message of acked) expect(messages[message.seq - 1]).toEqual(message);
  }
}
