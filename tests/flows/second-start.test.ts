import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { spawnServer, startInVain } from '../_support/spawn-server.ts';
import type { SpawnedServer } from '../_support/spawn-server.ts';
import { answeredConversation, openReadyAgent, openVisitor, write } from '../_support/story.ts';

/** Everything that a start could change of who is here. */
function readPresence(server: SpawnedServer) {
  return server.read(async (db) => ({
    connections: await db.selectFrom('connections').selectAll().orderBy('socketId').execute(),
    agents: await db.selectFrom('agents').selectAll().orderBy('agentId').execute(),
    conversations: await db.selectFrom('conversations').selectAll().execute(),
    calls: await db.selectFrom('calls').selectAll().execute(),
    sites: await db.selectFrom('sites').selectAll().execute(),
  }));
}

describe('a server that is started a second time by mistake', () => {
  let server: SpawnedServer;
  beforeEach(async () => {
    server = await spawnServer();
  }, 60_000);
  afterEach(() => server.close());

  test.each([
    ['on another port', { FOYER_PORT: '0' }, /already runs .*FOYER_DATA_DIR/s],
    ['on the same port', {}, /already runs .*FOYER_DATA_DIR/s],
    ['under another name on the same port', { FOYER_NODE_ID: 'node-2' }, /Another program uses this port/],
  ])(
    '[RS6] %s it says why it does not start, and those who talk at the first one notice nothing',
    async (_how, environment, reason) => {
      const agent = await openReadyAgent(server);
      const { visitor, conversationId } = await answeredConversation(server, { agent, ask: { modality: 'voice' } });
      const before = await readPresence(server);
      expect(before.connections).toHaveLength(2);
      expect(before.calls).toHaveLength(1);

      const second = await startInVain(server, environment);
      expect(second).toMatchObject({ code: 1, output: expect.stringMatching(reason) });
      expect(second.output).not.toMatch(/^\s+at /m);

      expect(await readPresence(server)).toEqual(before);
      await write(visitor, conversationId, 'Are you still there?');
      expect((await openVisitor(server)).session.availability.isAvailable).toBe(true);
    },
    60_000,
  );

  test('[RS6] a killed server is in nobody’s way: the next one starts at once', async () => {
    await server.kill('SIGKILL');
    await server.start();
    await openVisitor(server);
  }, 60_000);
});
