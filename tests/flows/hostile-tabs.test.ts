import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectVisitor } from '../_support/page-connection.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { askForHelp, openAgain, openReadyAgent, openVisitor } from '../_support/story.ts';

const hello = { page: { url: 'https://shop.example/', title: 'Shop' }, language: 'en' };

describe('several tabs of one visitor', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  test('[V10] a second tab that was already open hears of the request, its place in the queue and the agent', async () => {
    const desk = await openReadyAgent(server);
    const first = await openVisitor(server);
    const second = await openAgain(server, first);

    const { conversationId } = await askForHelp(first);
    await second.nextEvent('conversation:changed', ({ conversation }) => conversation.phase === 'waiting');
    await second.nextEvent('routing:queue-changed', ({ queue }) => queue.position === 1);
    await desk.request('routing:take-request', { conversationId });
    await second.nextEvent('conversation:changed', ({ conversation }) => conversation.phase === 'active');
    await first.nextEvent('conversation:changed', ({ conversation }) => conversation.phase === 'active');
  });

  test('[V15] two tabs that ask at the same moment share one conversation', async () => {
    await openReadyAgent(server);
    const first = await openVisitor(server);
    const second = await openAgain(server, first);
    const [one, other] = await Promise.all([askForHelp(first), askForHelp(second)]);
    expect(one.conversationId).toBe(other.conversationId);
    const rows = await server.read((db) => db.selectFrom('conversations').select('conversationId').execute());
    expect(rows).toHaveLength(1);
  });

  test('[V15] closing one of two tabs ends nothing and starts no grace', async () => {
    await openReadyAgent(server);
    const first = await openVisitor(server);
    const second = await openAgain(server, first);
    await askForHelp(first);
    first.close();
    await expect
      .poll(() =>
        server.read((db) => db.selectFrom('connections').select('socketId').where('party', '=', 'visitor').execute()),
      )
      .toEqual([{ socketId: second.socketId }]);
    await second.settle();
    const rows = await server.read((db) =>
      db.selectFrom('conversations').select(['phase', 'visitorGraceUntil']).execute(),
    );
    expect(rows).toEqual([{ phase: 'waiting', visitorGraceUntil: null }]);
  });

  test('[V5] a new page that says hello many times at once becomes one visitor, and is present', async () => {
    const page = await connectVisitor(server);
    const answers = await Promise.all(Array.from({ length: 20 }, () => page.request('visitor:start-session', hello)));
    expect(new Set(answers.map(({ visitorId }) => visitorId)).size).toBe(1);
    expect(answers.filter(({ visitorToken }) => visitorToken !== undefined)).toHaveLength(1);
    const rows = await server.read(async (db) => ({
      present: await db.selectFrom('connections').select('personId').execute(),
      visitors: await db.selectFrom('visitors').select('visitorId').execute(),
    }));
    expect(rows).toEqual({
      present: [{ personId: answers[0]?.visitorId }],
      visitors: [{ visitorId: answers[0]?.visitorId }],
    });
  });

  test('[V15] a page that closes while it says hello leaves nobody present and the grace running', async () => {
    await openReadyAgent(server);
    const first = await openVisitor(server);
    await askForHelp(first);
    first.close();
    for (let round = 0; round < 12; round += 1) {
      const page = await connectVisitor(server, { token: first.token });
      void page.requestRaw('visitor:start-session', hello).catch(() => undefined);
      // Now and then the request is under way already when the page goes.
      if (round % 2 === 0) await page.settle();
      page.close();
      await page.disconnected;
    }
    await expect
      .poll(() =>
        server.read(async (db) => ({
          pages: await db.selectFrom('connections').select('personId').where('party', '=', 'visitor').execute(),
          graces: (await db.selectFrom('conversations').select('visitorGraceUntil').execute()).map(
            ({ visitorGraceUntil }) => visitorGraceUntil !== null,
          ),
        })),
      )
      .toEqual({ pages: [], graces: [true] });
  });
});
