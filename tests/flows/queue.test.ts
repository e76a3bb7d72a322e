import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import {
  acceptNext,
  answeredConversation,
  askForHelp,
  nextOffer,
  openAgain,
  openReadyAgent,
  openVisitor,
  waitingVisitor,
} from '../_support/story.ts';
import type { WaitingVisitor } from '../_support/story.ts';

const nextPosition = async ({ visitor }: WaitingVisitor, position: number) =>
  (await visitor.nextEvent('routing:queue-changed', (event) => event.queue.position === position)).queue;

describe('waiting in the queue', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer({ sites: [{ key: 'shop', name: 'Shop', departments: ['Sales', 'Repairs'] }] });
  });
  afterEach(() => server.close());

  test('[QU7] whoever asks is told the position and an estimate at once', async () => {
    await openReadyAgent(server);
    const first = await waitingVisitor(server);
    const second = await waitingVisitor(server);
    expect(first.conversation).toMatchObject({ phase: 'waiting', agent: null, queue: { position: 1 } });
    expect(second.conversation.queue).toMatchObject({ position: 2, isAgentBusy: false });
    expect(first.conversation.queue?.estimatedWaitMs).toBeGreaterThan(0);
  });

  test('[QU7] everybody behind moves up, on the page that is open, when somebody before them is answered or leaves', async () => {
    const agent = await openReadyAgent(server);
    const first = await waitingVisitor(server);
    const second = await waitingVisitor(server);
    const third = await waitingVisitor(server);
    const fourth = await waitingVisitor(server);

    await acceptNext(agent, first.conversationId);
    await Promise.all([nextPosition(second, 1), nextPosition(third, 2), nextPosition(fourth, 3)]);
    await third.visitor.request('routing:leave-queue', { conversationId: third.conversationId });
    await nextPosition(fourth, 2);
    expect(second.visitor.heard('routing:queue-changed').at(-1)?.queue.position).toBe(1);
    // A page can tell which one is the newest, whichever way each came.
    const told = [
      fourth.conversation.queue,
      ...fourth.visitor.heard('routing:queue-changed').map(({ queue }) => queue),
    ];
    const readAt = told.map((queue) => queue?.readAt ?? 0);
    expect(readAt).toEqual([...new Set(readAt)].sort((a, b) => a - b));
    expect(readAt[0]).toBeGreaterThan(0);
  });

  test('[QU7] the estimate is told again when the number of agents changes', async () => {
    const ada = await openReadyAgent(server, { chatCap: 1 });
    await answeredConversation(server, { agent: ada });
    const ben = await openReadyAgent(server, { chatCap: 1 });
    const first = await waitingVisitor(server);
    const second = await waitingVisitor(server);
    const before = second.conversation.queue?.estimatedWaitMs ?? 0;
    await openReadyAgent(server);
    const { queue } = await second.visitor.nextEvent(
      'routing:queue-changed',
      (event) => (event.queue.estimatedWaitMs ?? before) < before,
    );
    expect(queue.position).toBe(2);
    await nextOffer(ben, first.conversationId);
  });

  test('[QU8] "Leave queue" ends the request without a served session, and the visitor may ask again', async () => {
    const agent = await openReadyAgent(server);
    const { visitor, conversationId } = await waitingVisitor(server);
    const { offerId } = await nextOffer(agent, conversationId);
    await visitor.request('routing:leave-queue', { conversationId });
    const { conversation } = await visitor.nextEvent('conversation:changed', (e) => e.conversation.phase === 'ended');
    expect(conversation).toMatchObject({ endReason: 'abandoned', agent: null, queue: null });
    expect(await agent.nextEvent('routing:offer-closed')).toEqual({ offerId, outcome: 'withdrawn' });
    await agent.nextEvent('routing:queue-updated', (event) => event.queue.length === 0);

    expect((await askForHelp(visitor)).conversationId).not.toBe(conversationId);
    expect((await openAgain(server, visitor)).session.conversation?.phase).toBe('waiting');
  });

  test('[QU8] leaving twice is harmless', async () => {
    await openReadyAgent(server);
    const { visitor, conversationId } = await waitingVisitor(server);
    await visitor.request('routing:leave-queue', { conversationId });
    await expect(visitor.request('routing:leave-queue', { conversationId })).resolves.toEqual({});
  });

  test('[QU9] "Queue" tells the visitor that the agent is busy, and the request stays in the Communication Queue', async () => {
    const agent = await openReadyAgent(server);
    const waiting = await waitingVisitor(server);
    const { offerId } = await nextOffer(agent, waiting.conversationId);
    await agent.request('routing:queue-offer', { offerId });
    expect(await agent.nextEvent('routing:offer-closed')).toEqual({ offerId, outcome: 'queued' });
    const { queue } = await waiting.visitor.nextEvent('routing:queue-changed', (event) => event.queue.isAgentBusy);
    expect(queue.position).toBe(1);
    const { queue: desk } = await agent.nextEvent(
      'routing:queue-updated',
      (event) => event.queue[0]?.isPutAside === true,
    );
    expect(desk).toEqual([expect.objectContaining({ conversationId: waiting.conversationId, isRinging: false })]);

    const { conversation } = await agent.request('routing:take-request', { conversationId: waiting.conversationId });
    expect(conversation).toMatchObject({ phase: 'active', agent: { agentId: agent.agentId } });
  });

  test('[QU12] taking a request is no way around the chat cap', async () => {
    const agent = await openReadyAgent(server, { chatCap: 1 });
    const first = await answeredConversation(server, { agent });
    const helper = await openReadyAgent(server, { chatCap: 1 });
    const { conversationId } = await waitingVisitor(server);
    await nextOffer(helper, conversationId);
    await expect(agent.request('routing:take-request', { conversationId })).rejects.toMatchObject({
      code: 'limit-reached',
    });
    // What one has already can be taken again, as ever.
    await agent.request('routing:take-request', { conversationId: first.conversationId });
    await agent.request('conversation:end-conversation', { conversationId: first.conversationId });
    const { conversation } = await agent.request('routing:take-request', { conversationId });
    expect(conversation).toMatchObject({ conversationId, phase: 'active' });
  });

  test('[QU12] what rings stops ringing when the agent has filled the last place from the queue', async () => {
    const agent = await openReadyAgent(server, { chatCap: 1 });
    const first = await waitingVisitor(server);
    const { offerId } = await nextOffer(agent, first.conversationId);
    const second = await waitingVisitor(server);
    await agent.request('routing:take-request', { conversationId: second.conversationId });
    const closed = await agent.nextEvent('routing:offer-closed', (event) => event.offerId === offerId);
    expect(closed.outcome).toBe('withdrawn');
    // A late click is no way around the cap either.
    await expect(agent.request('routing:accept-offer', { offerId })).rejects.toMatchObject({ code: 'limit-reached' });
  });

  test('[QU9] a queued request rings at the same agent again once a conversation there has ended', async () => {
    const agent = await openReadyAgent(server);
    const running = await answeredConversation(server, { agent });
    const waiting = await waitingVisitor(server);
    const { offerId } = await nextOffer(agent, waiting.conversationId);
    await agent.request('routing:queue-offer', { offerId });
    await waiting.visitor.nextEvent('routing:queue-changed', (event) => event.queue.isAgentBusy);

    await agent.request('conversation:end-conversation', { conversationId: running.conversationId });
    const again = await nextOffer(agent, waiting.conversationId);
    expect(again.offerId).not.toBe(offerId);
    await waiting.visitor.nextEvent('routing:queue-changed', (event) => !event.queue.isAgentBusy);
  });

  test('[QU9] a queued request rings again at an agent without conversations who leaves duty and comes back', async () => {
    const agent = await openReadyAgent(server);
    const waiting = await waitingVisitor(server);
    const { offerId } = await nextOffer(agent, waiting.conversationId);
    await agent.request('routing:queue-offer', { offerId });
    await waiting.visitor.nextEvent('routing:queue-changed', (event) => event.queue.isAgentBusy);

    await agent.request('agent:set-availability', { isAvailable: false });
    await agent.request('agent:set-availability', { isAvailable: true });
    const again = await nextOffer(agent, waiting.conversationId);
    expect(again.offerId).not.toBe(offerId);
  });

  test('[QU12] the Communication Queue shows an agent the requests of the own departments, longest wait first', async () => {
    const repairs = await openReadyAgent(server, { siteKey: 'shop', departments: ['Repairs'], chatCap: 1 });
    const sales = await openReadyAgent(server, { siteKey: 'shop', departments: ['Sales'] });
    const visitor = await openVisitor(server, { siteKey: 'shop' });
    const [salesDepartment, repairsDepartment] = visitor.session.site.departments;
    const inRepairs = { siteKey: 'shop', departmentId: repairsDepartment!.departmentId };
    const first = await waitingVisitor(server, { ...inRepairs, name: 'Greta One' });
    const second = await waitingVisitor(server, { ...inRepairs, name: 'Greta Two' });
    const other = await waitingVisitor(server, { siteKey: 'shop', departmentId: salesDepartment!.departmentId });

    const { queue } = await repairs.nextEvent('routing:queue-updated', (event) => event.queue.length === 2);
    expect(queue.map(({ conversationId }) => conversationId)).toEqual([first.conversationId, second.conversationId]);
    await nextOffer(sales, other.conversationId);
    await nextOffer(repairs, first.conversationId);
    await expect(sales.request('routing:take-request', { conversationId: first.conversationId })).rejects.toMatchObject(
      { code: 'not-found' },
    );
  });
});
