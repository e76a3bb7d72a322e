import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { openAgent, openVisitor, startInput } from './hostile-world.ts';

describe('several tabs of one visitor', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  test('[V10] a second tab that was already open hears of the request, its place in the queue and the agent', async () => {
    const { page: desk } = await openAgent(server);
    const { page: first, token } = await openVisitor(server);
    const { page: second } = await openVisitor(server, { token });

    const { conversation } = await first.request('conversation:start-conversation', startInput());
    const isThis = (event: { conversation: { conversationId: string; phase: string } }, phase: string): boolean =>
      event.conversation.conversationId === conversation.conversationId && event.conversation.phase === phase;
    await second.nextEvent('conversation:changed', (event) => isThis(event, 'waiting'));
    await second.nextEvent('routing:queue-changed', ({ queue }) => queue.position === 1);
    await desk.request('routing:take-request', { conversationId: conversation.conversationId });
    await second.nextEvent('conversation:changed', (event) => isThis(event, 'active'));
    await first.nextEvent('conversation:changed', (event) => isThis(event, 'active'));
  });

  test('[V15] two tabs that ask at the same moment share one conversation', async () => {
    await openAgent(server);
    const { page: first, token } = await openVisitor(server);
    const { page: second } = await openVisitor(server, { token });
    const answers = await Promise.all(
      [first, second].map((page) => page.request('conversation:start-conversation', startInput())),
    );
    const ids = new Set(answers.map(({ conversation }) => conversation.conversationId));
    expect(ids.size).toBe(1);
    const rows = await server.read((db) => db.selectFrom('conversations').select('conversationId').execute());
    expect(rows).toHaveLength(1);
  });

  test('[V15] closing one of two tabs ends nothing and starts no grace', async () => {
    await openAgent(server);
    const { page: first, token } = await openVisitor(server);
    const { page: second } = await openVisitor(server, { token });
    const { conversation } = await first.request('conversation:start-conversation', startInput());
    first.close();
    await first.disconnected;
    await expect
      .poll(() =>
        server.read((db) => db.selectFrom('connections').select('socketId').where('party', '=', 'visitor').execute()),
      )
      .toEqual([{ socketId: second.socketId }]);
    const row = await server.read((db) =>
      db
        .selectFrom('conversations')
        .select(['phase', 'visitorGraceUntil'])
        .where('conversationId', '=', conversation.conversationId)
        .executeTakeFirstOrThrow(),
    );
    expect(row).toEqual({ phase: 'waiting', visitorGraceUntil: null });
  });

  test('[V5] one page that says hello many times at once is one visitor to itself, and present', async () => {
    const { page, token } = await openVisitor(server);
    const hello = { page: { url: 'https://shop.example/', title: 'Shop' }, language: 'en' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => page.request('visitor:start-session', hello)));
    expect(new Set(answers.map(({ visitorId }) => visitorId)).size).toBe(1);
    expect(answers.every(({ visitorToken }) => visitorToken === undefined)).toBe(true);
    expect(token).not.toBe('');
    const rows = await server.read((db) => db.selectFrom('connections').select('personId').execute());
    expect(rows).toEqual([{ personId: answers[0]?.visitorId }]);
  });
});
