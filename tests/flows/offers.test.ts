import { afterEach, describe, expect, test } from 'vitest';
import type { Timing } from '../../server/config.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import {
  acceptNext,
  answeredConversation,
  nextOffer,
  nextRung,
  openReadyAgent,
  openWorkspace,
  waitingVisitor,
} from '../_support/story.ts';
import type { AgentPage } from '../_support/story.ts';

const CHROME_ON_WINDOWS =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';

describe('"Incoming chat request"', () => {
  let server: TestServer;
  const open = async (timing: Partial<Timing> = {}): Promise<void> => {
    server = await startServer({ timing });
  };
  afterEach(() => server.close());

  test('[QU4] it says who asks, from where, how and since when, and accepting opens the conversation for both', async () => {
    await open();
    const agent = await openReadyAgent(server);
    const { visitor, conversation, conversationId } = await waitingVisitor(server, {
      email: 'grace@example.com',
      page: { url: 'https://shop.example.com/lamps?page=2', title: 'Lamps', referrer: 'https://search.example.com/' },
      userAgent: CHROME_ON_WINDOWS,
    });
    const offer = await nextOffer(agent);
    expect(offer.request).toMatchObject({
      conversationId,
      modality: 'text',
      department: { name: 'Customer care' },
      queuedAt: conversation.queuedAt,
      isRinging: true,
      visitor: {
        name: 'Grace Hofer',
        email: 'grace@example.com',
        siteName: 'Demo shop',
        page: { url: 'https://shop.example.com/lamps?page=2', title: 'Lamps' },
        referrer: 'https://search.example.com/',
        browser: 'Chrome 141 on Windows',
        language: 'en-GB',
        isConnected: true,
      },
    });
    expect(offer.expiresAt - offer.offeredAt).toBe(30_000);

    const accepted = await agent.request('routing:accept-offer', { offerId: offer.offerId });
    expect(accepted.conversation).toMatchObject({ phase: 'active', agent: { name: agent.account.name }, queue: null });
    const told = await visitor.nextEvent('conversation:changed', (event) => event.conversation.phase === 'active');
    expect(told.conversation.agent).toEqual({ agentId: agent.agentId, name: agent.account.name });
    expect((await visitor.nextEvent('conversation:message-added')).message).toMatchObject({
      seq: 1,
      sender: { kind: 'system' },
      body: { kind: 'notice', notice: 'agent-joined', data: { name: agent.account.name } },
    });
    expect(await agent.nextEvent('routing:offer-closed')).toEqual({ offerId: offer.offerId, outcome: 'accepted' });
  });

  test('[QU4] it rings at the least busy agent', async () => {
    await open();
    const ada = await openReadyAgent(server, { name: 'Ada' });
    await answeredConversation(server, { agent: ada });
    const ben = await openReadyAgent(server, { name: 'Ben' });
    await answeredConversation(server, { agent: ben });
    await ben.request('agent:set-availability', { isAvailable: false });
    await answeredConversation(server, { agent: ada });
    await ben.request('agent:set-availability', { isAvailable: true });

    await waitingVisitor(server);
    expect((await nextRung([ada, ben])).agent.account.name).toBe('Ben');
  });

  test('[QU4] of equally busy agents it rings at the one who has been idle longest', async () => {
    await open();
    const [ada, ben] = [await openReadyAgent(server, { name: 'Ada' }), await openReadyAgent(server, { name: 'Ben' })];
    const order: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      const waiting = await waitingVisitor(server);
      const { agent, offer } = await nextRung([ada, ben]);
      order.push(agent.account.name);
      await agent.request('routing:accept-offer', { offerId: offer.offerId });
      await agent.request('conversation:end-conversation', { conversationId: waiting.conversationId });
      await agent.nextEvent('agent:changed');
    }
    expect(order[0]).not.toBe(order[1]);
    expect(order.slice(2)).toEqual(order.slice(0, 2));
  });

  test('[QU5] unanswered it goes to the next agent, and comes round again when nobody answers', async () => {
    // No sweep helps here: the timer that makes it prompt must do.
    await open({ offerMs: 400, sweepEveryMs: 60_000 });
    const [ada, ben] = [await openReadyAgent(server, { name: 'Ada' }), await openReadyAgent(server, { name: 'Ben' })];
    const { conversationId } = await waitingVisitor(server);
    const first = await nextRung([ada, ben]);
    const other = first.agent === ada ? ben : ada;
    expect(await first.agent.nextEvent('routing:offer-closed')).toEqual({
      offerId: first.offer.offerId,
      outcome: 'expired',
    });
    await nextOffer(other, conversationId);
    expect((await nextOffer(first.agent, conversationId)).offerId).not.toBe(first.offer.offerId);
    // Saying no to what no longer rings comes too late.
    await expect(first.agent.request('routing:decline-offer', { offerId: first.offer.offerId })).rejects.toMatchObject({
      code: 'offer-gone',
    });
  });

  test('[QU3] "Accept" a moment after the time is over still takes a request that waits', async () => {
    await open({ offerMs: 400, sweepEveryMs: 60_000 });
    const [ada, ben] = [await openReadyAgent(server, { name: 'Ada' }), await openReadyAgent(server, { name: 'Ben' })];
    const { visitor, conversationId } = await waitingVisitor(server);
    const { agent, offer } = await nextRung([ada, ben]);
    await agent.nextEvent('routing:offer-closed');
    await agent.request('agent:set-availability', { isAvailable: false });
    const other = agent === ada ? ben : ada;
    const { offerId } = await nextOffer(other, conversationId);

    const { conversation } = await agent.request('routing:accept-offer', { offerId: offer.offerId });
    expect(conversation).toMatchObject({ phase: 'active', agent: { name: agent.account.name } });
    // It rings nowhere any more, and the click again changes nothing.
    await other.nextEvent('routing:offer-closed', (event) => event.offerId === offerId);
    const again = await agent.request('routing:accept-offer', { offerId: offer.offerId });
    expect(again.conversation).toMatchObject({ conversationId, lastSeq: 1 });
    await visitor.nextEvent('conversation:changed', (event) => event.conversation.phase === 'active');
  });

  test('[QU3] "Accept" after a no of the same agent comes too late', async () => {
    await open();
    const agent = await openReadyAgent(server);
    await waitingVisitor(server);
    const { offerId } = await nextOffer(agent);
    await agent.request('routing:decline-offer', { offerId });
    await expect(agent.request('routing:accept-offer', { offerId })).rejects.toMatchObject({ code: 'offer-gone' });
  });

  test('[QU10] of a late "Accept" and one in time exactly one wins', async () => {
    await open({ offerMs: 400, sweepEveryMs: 60_000 });
    const [ada, ben] = [await openReadyAgent(server, { name: 'Ada' }), await openReadyAgent(server, { name: 'Ben' })];
    const { visitor, conversationId } = await waitingVisitor(server);
    const first = await nextRung([ada, ben]);
    const other = first.agent === ada ? ben : ada;
    const second = await nextOffer(other, conversationId);
    const answers = await Promise.allSettled([
      other.request('routing:accept-offer', { offerId: second.offerId }),
      first.agent.request('routing:accept-offer', { offerId: first.offer.offerId }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(answers.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'request-taken' } });
    await visitor.nextEvent('conversation:changed', (event) => event.conversation.phase === 'active');
  });

  test('[QU5] declined it goes to the next agent, never back, and stays in the Communication Queue', async () => {
    await open();
    const [ada, ben] = [await openReadyAgent(server, { name: 'Ada' }), await openReadyAgent(server, { name: 'Ben' })];
    const { visitor, conversationId } = await waitingVisitor(server);
    const first = await nextRung([ada, ben]);
    const other = first.agent === ada ? ben : ada;
    await first.agent.request('routing:decline-offer', { offerId: first.offer.offerId });
    const second = await nextOffer(other, conversationId);
    await other.request('routing:decline-offer', { offerId: second.offerId });
    await other.nextEvent('routing:queue-updated', ({ queue }) => queue[0]?.isPutAside === true && !queue[0].isRinging);

    // A colleague who comes later is asked, the two are not asked again.
    const cleo = await openReadyAgent(server, { name: 'Cleo' });
    await nextOffer(cleo, conversationId);
    expect(ada.heard('routing:offer-made').length + ben.heard('routing:offer-made').length).toBe(2);
    const { conversation } = await first.agent.request('routing:take-request', { conversationId });
    expect(conversation.agent?.agentId).toBe(first.agent.agentId);
    expect(await cleo.nextEvent('routing:offer-closed')).toMatchObject({ outcome: 'withdrawn' });
    await visitor.nextEvent('conversation:changed', (event) => event.conversation.phase === 'active');
  });

  test('[QU2] the same answer twice is harmless, another answer comes too late', async () => {
    await open();
    const agent = await openReadyAgent(server);
    await waitingVisitor(server);
    const { offerId } = await nextOffer(agent);
    const first = await agent.request('routing:accept-offer', { offerId });
    const second = await agent.request('routing:accept-offer', { offerId });
    expect(second.conversation.conversationId).toBe(first.conversation.conversationId);
    expect(second.conversation.lastSeq).toBe(1);
    await expect(agent.request('routing:decline-offer', { offerId })).rejects.toMatchObject({ code: 'offer-gone' });
  });

  test("[QU3] another agent's offer does not exist for this one", async () => {
    await open();
    const ada = await openReadyAgent(server, { name: 'Ada' });
    await waitingVisitor(server);
    const { offerId } = await nextOffer(ada);
    const ben = await openReadyAgent(server, { name: 'Ben' });
    for (const name of ['routing:accept-offer', 'routing:decline-offer', 'routing:queue-offer'] as const) {
      await expect(ben.request(name, { offerId })).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  test.each([
    ['goes offline', (agent: AgentPage) => agent.request('agent:set-status', { status: 'offline' })],
    ['becomes busy', (agent: AgentPage) => agent.request('agent:set-status', { status: 'busy' })],
    ['switches "Live Help" off', (agent: AgentPage) => agent.request('agent:set-availability', { isAvailable: false })],
  ])('[QU5] when the agent %s while it rings, it rings at somebody else', async (_what, leaveDuty) => {
    await open();
    const [ada, ben] = [await openReadyAgent(server, { name: 'Ada' }), await openReadyAgent(server, { name: 'Ben' })];
    const { conversationId } = await waitingVisitor(server);
    const first = await nextRung([ada, ben]);
    await leaveDuty(first.agent);
    expect(await first.agent.nextEvent('routing:offer-closed')).toMatchObject({ outcome: 'withdrawn' });
    await nextOffer(first.agent === ada ? ben : ada, conversationId);
  });

  test('[QU5] when the agent closes the workspace while it rings, it rings at somebody else after the grace', async () => {
    await open({ agentGraceMs: 300, sweepEveryMs: 60_000 });
    const [ada, ben] = [await openReadyAgent(server, { name: 'Ada' }), await openReadyAgent(server, { name: 'Ben' })];
    const { conversationId } = await waitingVisitor(server);
    const first = await nextRung([ada, ben]);
    first.agent.close();
    await nextOffer(first.agent === ada ? ben : ada, conversationId);
  });

  test('[QU5] an agent who reloads the workspace while it rings finds it ringing', async () => {
    await open();
    const agent = await openReadyAgent(server);
    await waitingVisitor(server);
    const { offerId } = await nextOffer(agent);
    agent.close();
    const back = await openWorkspace(server, agent.account);
    expect(back.session.offers.map((offer) => offer.offerId)).toEqual([offerId]);
    await back.request('routing:accept-offer', { offerId });
  });

  test('[QU5] one request rings at an agent at a time, the longest wait first', async () => {
    await open();
    const agent = await openReadyAgent(server);
    const first = await waitingVisitor(server);
    const { offerId } = await nextOffer(agent, first.conversationId);
    const second = await waitingVisitor(server);
    await agent.nextEvent('routing:queue-updated', (event) => event.queue.length === 2);
    expect(agent.heard('routing:offer-made')).toHaveLength(1);
    await agent.request('routing:accept-offer', { offerId });
    await acceptNext(agent, second.conversationId);
  });

  test('[QU5] an agent at the chat cap is not rung, and is once there is room', async () => {
    await open();
    const agent = await openReadyAgent(server, { chatCap: 1 });
    const first = await waitingVisitor(server);
    const second = await waitingVisitor(server);
    await acceptNext(agent, first.conversationId);
    await agent.nextEvent('routing:queue-updated', ({ queue }) => queue.length === 1 && !queue[0]?.isRinging);
    await agent.request('conversation:end-conversation', { conversationId: first.conversationId });
    await acceptNext(agent, second.conversationId);
  });

  test('[QU5] whoever becomes available hears what has been waiting', async () => {
    await open();
    const ada = await openReadyAgent(server, { name: 'Ada' });
    const { conversationId } = await waitingVisitor(server);
    await ada.request('routing:decline-offer', { offerId: (await nextOffer(ada)).offerId });
    const ben = await openReadyAgent(server, { name: 'Ben' });
    await acceptNext(ben, conversationId);
  });
});
