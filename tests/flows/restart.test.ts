import { afterEach, describe, expect, test } from 'vitest';
import { signIn } from '../_support/http-session.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer, TestServerOptions } from '../_support/start-server.ts';
import {
  acceptNext,
  answeredConversation,
  becomeReady,
  fetchLog,
  nextMessage,
  nextOffer,
  openAgain,
  openReadyAgent,
  openVisitor,
  openWorkspace,
  textsOf,
  waitingVisitor,
  write,
} from '../_support/story.ts';

describe('a server that is stopped and started again', () => {
  let server: TestServer;
  const open = async (options: TestServerOptions = {}): Promise<void> => {
    server = await startServer(options);
  };
  afterEach(() => server.close());

  test('[RS1] both sides come back to their conversation, with every message once and in order', async () => {
    await open();
    const account = await server.addAgent();
    const { cookie } = await signIn(server, account);
    const desk = await openWorkspace(server, account, cookie);
    await becomeReady(desk);
    const { visitor, conversationId } = await answeredConversation(server, { agent: desk });
    await write(visitor, conversationId, 'Before, from the visitor');
    await write(desk, conversationId, 'Before, from the agent');
    const clientMessageId = crypto.randomUUID();
    const acked = await write(visitor, conversationId, 'Acked and sent again', clientMessageId);

    await server.restart();
    expect(await visitor.disconnected).toBe('io server disconnect');
    const back = await openAgain(server, visitor);
    // The session of the agent survives: nobody signs in again.
    const deskBack = await openWorkspace(server, account, cookie);
    expect(back.session.conversation).toMatchObject({ conversationId, phase: 'active', lastSeq: 4 });
    expect(deskBack.session.conversations).toEqual([expect.objectContaining({ conversationId, phase: 'active' })]);
    expect(deskBack.session.agent).toMatchObject({ status: 'online', isAvailable: true, canTakeRequests: true });

    expect(await write(back, conversationId, 'Acked and sent again', clientMessageId)).toEqual(acked);
    await write(deskBack, conversationId, 'After');
    await nextMessage(back, conversationId, 5);
    expect(textsOf(await fetchLog(back, conversationId))).toEqual([
      'Before, from the visitor',
      'Before, from the agent',
      'Acked and sent again',
      'After',
    ]);
  });

  test('[RS2] who waits keeps the place, what rings goes on ringing, and the queue goes on', async () => {
    await open();
    const agent = await openReadyAgent(server);
    const first = await waitingVisitor(server);
    const second = await waitingVisitor(server);
    const { offerId } = await nextOffer(agent, first.conversationId);

    await server.restart();
    const deskBack = await openWorkspace(server, agent.account);
    expect(deskBack.session.offers.map((offer) => offer.offerId)).toEqual([offerId]);
    expect(deskBack.session.queue.map(({ conversationId }) => conversationId)).toEqual([
      first.conversationId,
      second.conversationId,
    ]);
    const secondBack = await openAgain(server, second.visitor);
    expect(secondBack.session.conversation?.queue?.position).toBe(2);
    await deskBack.request('routing:accept-offer', { offerId });
    await secondBack.nextEvent('routing:queue-changed', (event) => event.queue.position === 1);
    await acceptNext(deskBack, second.conversationId);
  });

  test('[RS2] an offer that expired while the server was down goes on to the next agent', async () => {
    let clockMs = Date.now();
    await open({ overrides: { now: () => clockMs }, timing: { agentGraceMs: 3_600_000, visitorGraceMs: 3_600_000 } });
    const ada = await openReadyAgent(server, { name: 'Ada' });
    const { conversationId } = await waitingVisitor(server);
    await nextOffer(ada, conversationId);
    const ben = await openReadyAgent(server, { name: 'Ben' });
    await server.stop();
    clockMs += 60_000;
    await server.restart();
    const back = await openWorkspace(server, ben.account);
    if (back.session.offers.length === 0) await nextOffer(back, conversationId);
  });

  test('[RS3] whoever does not come back in the grace, started anew, is ended as after any lost connection', async () => {
    let clockMs = Date.now();
    await open({ overrides: { now: () => clockMs }, timing: { agentGraceMs: 3_600_000 } });
    const agent = await openReadyAgent(server);
    const gone = await answeredConversation(server, { agent });
    const stays = await answeredConversation(server, { agent });
    await server.stop();
    // Longer than the grace: nobody could have come back meanwhile.
    clockMs += 600_000;
    await server.restart();
    const back = await openAgain(server, stays.visitor);
    const desk = await openWorkspace(server, agent.account);
    expect(desk.session.conversations.map(({ phase }) => phase)).toEqual(['active', 'active']);
    clockMs += 90_001;
    const { conversation } = await desk.nextEvent(
      'conversation:changed',
      (event) => event.conversation.conversationId === gone.conversationId && event.conversation.phase === 'ended',
    );
    expect(conversation.endReason).toBe('visitor-left');
    await write(back, stays.conversationId, 'Still here');
  });

  test('[RS4] agents who were here count as here for their grace, those who had gone do not', async () => {
    let clockMs = Date.now();
    await open({ overrides: { now: () => clockMs } });
    const agent = await openReadyAgent(server);
    await server.stop();
    clockMs += 600_000;
    await server.restart();
    const visitor = await openVisitor(server);
    expect(visitor.session.availability.isAvailable).toBe(true);
    clockMs += 15_001;
    await visitor.nextEvent('routing:availability-changed', (event) => !event.availability.isAvailable);

    await server.restart();
    expect((await openVisitor(server)).session.availability.isAvailable).toBe(false);
    const back = await openWorkspace(server, agent.account);
    expect(back.session.agent.canTakeRequests).toBe(true);
  });

  test('[RS5] pages are told that the server is going, and new ones are refused until it is back', async () => {
    await open();
    const visitor = await openVisitor(server);
    const closing = server.stop();
    expect(await visitor.disconnected).toBe('io server disconnect');
    await closing;
    await expect(openVisitor(server)).rejects.toThrow();
    await server.restart();
    await openAgain(server, visitor);
  });
});
