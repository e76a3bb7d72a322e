import { afterEach, describe, expect, test } from 'vitest';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import {
  acceptNext,
  answeredConversation,
  askForHelp,
  nextMessage,
  nextOffer,
  openAgain,
  openReadyAgent,
  openVisitor,
  openWorkspace,
  waitingVisitor,
  write,
} from '../_support/story.ts';

describe('a visitor who goes and comes', () => {
  let server: TestServer;
  afterEach(() => server.close());

  test('[CV8] a reload while waiting keeps the place in the queue', async () => {
    server = await startServer();
    const agent = await openReadyAgent(server);
    const first = await waitingVisitor(server);
    const second = await waitingVisitor(server);
    second.visitor.close();
    const back = await openAgain(server, second.visitor);
    expect(back.visitorId).toBe(second.visitor.visitorId);
    expect(back.session.visitorToken).toBeUndefined();
    expect(back.session.conversation).toMatchObject({
      conversationId: second.conversationId,
      queuedAt: second.conversation.queuedAt,
      queue: { position: 2 },
    });
    await acceptNext(agent, first.conversationId);
    await back.nextEvent('routing:queue-changed', (event) => event.queue.position === 1);
    await acceptNext(agent, second.conversationId);
    await back.nextEvent('conversation:changed', (event) => event.conversation.phase === 'active');
  });

  test('[CV8] a reload during a conversation keeps the agent, who sees the visitor go and come', async () => {
    server = await startServer();
    const { visitor, agent, conversationId } = await answeredConversation(server);
    await write(agent, conversationId, 'Good morning');
    visitor.close();
    await agent.nextEvent('conversation:changed', ({ conversation }) => !conversation.visitor.isConnected);
    const back = await openAgain(server, visitor);
    expect(back.session.conversation).toMatchObject({
      conversationId,
      phase: 'active',
      lastSeq: 2,
      agent: { agentId: agent.agentId },
    });
    const { conversation } = await agent.nextEvent(
      'conversation:changed',
      (event) => event.conversation.visitor.isConnected,
    );
    expect(conversation.phase).toBe('active');
    await write(back, conversationId, 'Here again');
    await nextMessage(agent, conversationId, 3);
  });

  test('[CV8] a visitor on another page of the site is shown to the agent with that page', async () => {
    server = await startServer();
    const { visitor, agent, conversationId } = await answeredConversation(server, {
      ask: { page: { url: 'https://shop.example.com/a', title: 'A', referrer: 'https://search.example.com/' } },
    });
    await visitor.request('visitor:report-page', { page: { url: 'https://shop.example.com/b', title: 'B' } });
    await agent.nextEvent('conversation:changed', ({ conversation }) => conversation.visitor.page?.title === 'B');
    visitor.close();
    await openAgain(server, visitor, {
      page: { url: 'https://shop.example.com/c', title: 'C', referrer: 'https://shop.example.com/b' },
    });
    const { conversation } = await agent.nextEvent(
      'conversation:changed',
      (event) => event.conversation.visitor.page?.title === 'C',
    );
    expect(conversation).toMatchObject({ conversationId, visitor: { referrer: 'https://search.example.com/' } });
  });

  test('[CV9] a visitor who closes the window during a conversation ends it after the grace period', async () => {
    server = await startServer({ timing: { visitorGraceMs: 300, sweepEveryMs: 60_000 } });
    const { visitor, agent, conversationId } = await answeredConversation(server);
    visitor.close();
    const { conversation } = await agent.nextEvent('conversation:changed', (e) => e.conversation.phase === 'ended');
    expect(conversation).toMatchObject({ conversationId, endReason: 'visitor-left' });
    await expect(write(agent, conversationId, 'Are you there?')).rejects.toMatchObject({ code: 'conversation-ended' });
  });

  test('[CV9] a visitor who closes the window while waiting abandons the request after the grace period', async () => {
    server = await startServer({ timing: { visitorGraceMs: 300, sweepEveryMs: 60_000 } });
    const agent = await openReadyAgent(server);
    const { visitor, conversationId } = await waitingVisitor(server);
    const { offerId } = await nextOffer(agent, conversationId);
    visitor.close();
    expect(await agent.nextEvent('routing:offer-closed')).toEqual({ offerId, outcome: 'withdrawn' });
    await agent.nextEvent('routing:queue-updated', (event) => event.queue.length === 0);
    const back = await openAgain(server, visitor);
    expect(back.session.conversation).toBeNull();
  });

  test('[CV9] with one of two tabs closed nothing ends', async () => {
    server = await startServer({ timing: { visitorGraceMs: 200, sweepEveryMs: 60_000 } });
    const { visitor, agent, conversationId } = await answeredConversation(server);
    const tab = await openAgain(server, visitor);
    visitor.close();
    await visitor.disconnected;
    // A second visitor who leaves for good is ended by the same sweep: by then the first one would have been.
    const other = await answeredConversation(server, { agent });
    other.visitor.close();
    await agent.nextEvent(
      'conversation:changed',
      ({ conversation }) => conversation.conversationId === other.conversationId && conversation.phase === 'ended',
    );
    await write(tab, conversationId, 'Still here');
  });

  test('[CV12] a second tab of the same visitor shows the same conversation, and both hear everything', async () => {
    server = await startServer();
    const { visitor, agent, conversationId } = await answeredConversation(server);
    const tab = await openAgain(server, visitor);
    expect(tab.session.conversation?.conversationId).toBe(conversationId);
    await write(tab, conversationId, 'From the second tab');
    await write(agent, conversationId, 'To both');
    await nextMessage(visitor, conversationId, 2);
    // The tab that wrote has its text in the answer.
    for (const page of [visitor, tab]) await nextMessage(page, conversationId, 3);
    await tab.request('conversation:end-conversation', { conversationId });
    await visitor.nextEvent('conversation:changed', (event) => event.conversation.phase === 'ended');
  });

  test('[CV12] a tab that was open before follows what another tab starts', async () => {
    server = await startServer();
    const agent = await openReadyAgent(server);
    const visitor = await openVisitor(server);
    const tab = await openAgain(server, visitor);
    const { conversationId } = await askForHelp(visitor);
    await tab.nextEvent('conversation:changed', ({ conversation }) => conversation.phase === 'waiting');
    await acceptNext(agent, conversationId);
    await tab.nextEvent('conversation:changed', ({ conversation }) => conversation.phase === 'active');
  });

  test('[CV7] asking again with the same key, or during a conversation, leads to the one that runs', async () => {
    server = await startServer();
    const agent = await openReadyAgent(server);
    const visitor = await openVisitor(server);
    const clientRequestId = crypto.randomUUID();
    const { conversationId } = await askForHelp(visitor, { clientRequestId });
    expect((await askForHelp(visitor, { clientRequestId })).conversationId).toBe(conversationId);
    await acceptNext(agent, conversationId);
    const again = await askForHelp(visitor, { modality: 'voice' });
    expect(again).toMatchObject({ conversationId, phase: 'active', modality: 'text' });
  });

  test('[CV13] an agent who reloads finds the running conversations, and hears them on', async () => {
    server = await startServer();
    const { visitor, agent, conversationId } = await answeredConversation(server);
    await write(visitor, conversationId, 'First');
    agent.close();
    await agent.disconnected;
    await write(visitor, conversationId, 'While you were away');
    const back = await openWorkspace(server, agent.account);
    expect(back.session.conversations).toEqual([
      expect.objectContaining({ conversationId, phase: 'active', lastSeq: 3, unreadCount: 2 }),
    ]);
    await write(visitor, conversationId, 'And now');
    await nextMessage(back, conversationId, 4);
  });
});
