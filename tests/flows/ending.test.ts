import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import {
  answeredConversation,
  askForHelp,
  fetchLog,
  noticesOf,
  openAgain,
  openVisitor,
  openWorkspace,
  waitingVisitor,
  write,
} from '../_support/story.ts';

describe('the end of a conversation', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  test('[CV5] "End communication" ends it for both, who read why, and the agent has room again', async () => {
    const { visitor, agent, conversationId } = await answeredConversation(server);
    await agent.request('conversation:end-conversation', { conversationId });
    for (const heard of [
      await visitor.nextEvent('conversation:changed', (event) => event.conversation.phase === 'ended'),
      await agent.nextEvent('conversation:changed', (event) => event.conversation.phase === 'ended'),
    ]) {
      expect(heard.conversation).toMatchObject({
        endReason: 'agent-ended',
        agent: { agentId: agent.agentId },
        call: null,
      });
      expect(heard.conversation.endedAt).toBeGreaterThanOrEqual(heard.conversation.acceptedAt ?? Infinity);
    }
    const log = await fetchLog(visitor, conversationId);
    expect(noticesOf(log)).toEqual(['agent-joined', 'conversation-ended']);
    expect(log.at(-1)?.body).toMatchObject({ data: { reason: 'agent-ended' } });
  });

  test('[CV5] "End chat" ends it for both', async () => {
    const { visitor, agent, conversationId } = await answeredConversation(server);
    await visitor.request('conversation:end-conversation', { conversationId });
    const { conversation } = await agent.nextEvent('conversation:changed', (e) => e.conversation.phase === 'ended');
    expect(conversation).toMatchObject({ endReason: 'visitor-ended', waitingSinceAt: null });
  });

  test('[CV5] both ending at once, and ending twice, is harmless and the first reason stands', async () => {
    const { visitor, agent, conversationId } = await answeredConversation(server);
    await Promise.all([
      agent.request('conversation:end-conversation', { conversationId }),
      visitor.request('conversation:end-conversation', { conversationId }),
      agent.request('conversation:end-conversation', { conversationId }),
    ]);
    await visitor.request('conversation:end-conversation', { conversationId });
    const log = await fetchLog(agent, conversationId);
    expect(noticesOf(log)).toEqual(['agent-joined', 'conversation-ended']);
    const back = await openWorkspace(server, agent.account);
    expect(log.at(-1)?.body).toMatchObject({ data: { reason: back.session.conversations[0]?.endReason } });
  });

  test('[CV11] after the end neither side hears the other, and the visitor may start anew', async () => {
    const { visitor, agent, conversationId } = await answeredConversation(server);
    await agent.request('conversation:end-conversation', { conversationId });
    await visitor.nextEvent('conversation:changed', (event) => event.conversation.phase === 'ended');
    await visitor.request('conversation:set-typing', { conversationId, isTyping: true });
    await visitor.request('conversation:mark-messages', { conversationId, deliveredSeq: 2, readSeq: 2 });
    const again = await askForHelp(visitor);
    expect(again.conversationId).not.toBe(conversationId);
    await agent.nextEvent('routing:offer-made', (event) => event.offer.request.conversationId === again.conversationId);
    expect(agent.heard('conversation:typing-changed')).toEqual([]);
  });

  test('[CV11] a reload after the end shows how it ended, unless the visitor ended it', async () => {
    const byAgent = await answeredConversation(server);
    await byAgent.agent.request('conversation:end-conversation', { conversationId: byAgent.conversationId });
    const told = await openAgain(server, byAgent.visitor);
    expect(told.session.conversation).toMatchObject({ phase: 'ended', endReason: 'agent-ended' });

    const byVisitor = await answeredConversation(server, { agent: byAgent.agent });
    await byVisitor.visitor.request('conversation:end-conversation', { conversationId: byVisitor.conversationId });
    expect((await openAgain(server, byVisitor.visitor)).session.conversation).toBeNull();
  });

  test('[CV11] a page that missed the end of what it shows is told how it ended, also by its own "End chat"', async () => {
    const { visitor, agent, conversationId } = await answeredConversation(server);
    await visitor.request('conversation:end-conversation', { conversationId });
    const back = await openAgain(server, visitor, { shownConversationId: conversationId });
    expect(back.session.conversation).toMatchObject({ conversationId, phase: 'ended', endReason: 'visitor-ended' });
    // What runs by now goes first, and what others have said is nobody else's business.
    const next = await answeredConversation(server, { agent, ask: { token: visitor.token } });
    const running = await openAgain(server, visitor, { shownConversationId: conversationId });
    expect(running.session.conversation).toMatchObject({ conversationId: next.conversationId, phase: 'active' });
    const stranger = await openVisitor(server, { shownConversationId: conversationId });
    expect(stranger.session.conversation).toBeNull();
  });

  test('[CV6] an agent cannot end what nobody has accepted', async () => {
    const { agent } = await answeredConversation(server);
    const { conversationId } = await waitingVisitor(server);
    await expect(agent.request('conversation:end-conversation', { conversationId })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('[CV13] an ended conversation stays in the list of the agent, with its messages', async () => {
    const { visitor, agent, conversationId } = await answeredConversation(server);
    await write(visitor, conversationId, 'Thank you');
    await visitor.request('conversation:end-conversation', { conversationId });
    const back = await openWorkspace(server, agent.account);
    expect(back.session.conversations).toEqual([
      expect.objectContaining({
        conversationId,
        phase: 'ended',
        lastMessage: expect.objectContaining({ preview: 'Thank you' }),
      }),
    ]);
    expect(await fetchLog(back, conversationId)).toHaveLength(3);
  });
});
