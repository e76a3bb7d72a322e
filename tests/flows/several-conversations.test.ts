import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { answeredConversation, nextMessage, openReadyAgent, openWorkspace, write } from '../_support/story.ts';
import type { AgentPage, AnsweredConversation } from '../_support/story.ts';

describe('one agent in several conversations', () => {
  let server: TestServer;
  let clockMs: number;
  let agent: AgentPage;
  let stories: AnsweredConversation[];
  beforeEach(async () => {
    clockMs = Date.now();
    // Each look at the clock is later than the one before, so that waiting times can be compared.
    server = await startServer({ overrides: { now: () => (clockMs += 1) } });
    agent = await openReadyAgent(server);
    stories = [];
    for (const name of ['Greta One', 'Greta Two', 'Greta Three']) {
      stories.push(await answeredConversation(server, { agent, ask: { name } }));
    }
  });
  afterEach(() => server.close());

  async function listOf(page: AgentPage) {
    const { conversations } = await page.request('agent:start-session', {});
    return new Map(conversations.map((conversation) => [conversation.visitor.name, conversation]));
  }

  test('[CV14] each counts its own unread messages until the agent has read them', async () => {
    const [first, second] = stories as [AnsweredConversation, AnsweredConversation, AnsweredConversation];
    for (const text of ['a', 'b']) await write(first.visitor, first.conversationId, text);
    await write(second.visitor, second.conversationId, 'c');
    let list = await listOf(agent);
    expect([...list.values()].map(({ unreadCount }) => unreadCount)).toEqual([2, 1, 0]);
    expect(list.get('Greta One')?.lastMessage).toMatchObject({ preview: 'b', senderKind: 'visitor' });

    await agent.request('conversation:mark-messages', {
      conversationId: first.conversationId,
      deliveredSeq: 3,
      readSeq: 3,
    });
    list = await listOf(agent);
    expect([...list.values()].map(({ unreadCount }) => unreadCount)).toEqual([0, 1, 0]);
  });

  test("[CV14] since when a visitor waits counts from the first message after the agent's last one", async () => {
    const [first, second, third] = stories as [AnsweredConversation, AnsweredConversation, AnsweredConversation];
    for (const story of stories) await write(agent, story.conversationId, 'How can I help?');
    expect([...(await listOf(agent)).values()].map(({ waitingSinceAt }) => waitingSinceAt)).toEqual([null, null, null]);

    const asked = await write(second.visitor, second.conversationId, 'A question');
    await write(third.visitor, third.conversationId, 'Another one');
    await write(second.visitor, second.conversationId, 'Hello?');
    let list = await listOf(agent);
    expect(list.get('Greta Two')?.waitingSinceAt).toBe(asked.sentAt);
    expect(list.get('Greta Three')?.waitingSinceAt).toBeGreaterThan(asked.sentAt);
    expect(list.get('Greta One')?.waitingSinceAt).toBeNull();

    await write(agent, second.conversationId, 'An answer');
    list = await listOf(agent);
    expect(list.get('Greta Two')?.waitingSinceAt).toBeNull();
    await first.visitor.request('conversation:end-conversation', { conversationId: first.conversationId });
  });

  test('[CV14] before the first answer the visitor has been waiting since asking', async () => {
    const list = await listOf(agent);
    for (const { conversationId, conversation } of stories) {
      const view = [...list.values()].find((known) => known.conversationId === conversationId);
      expect(view?.waitingSinceAt).toBe(conversation.queuedAt);
    }
  });

  test('[CV14] messages of one never reach the others, and two open workspaces hear the same', async () => {
    const other = await openWorkspace(server, agent.account);
    const [first, second] = stories as [AnsweredConversation, AnsweredConversation, AnsweredConversation];
    await write(first.visitor, first.conversationId, 'Only for one');
    await write(agent, second.conversationId, 'Only for the other');
    for (const page of [agent, other]) {
      await nextMessage(page, first.conversationId, 2);
      await nextMessage(page, second.conversationId, 2);
    }
    await nextMessage(second.visitor, second.conversationId, 2);
    await second.visitor.settle();
    const heard = second.visitor.heard('conversation:message-added');
    expect(heard.every(({ conversationId }) => conversationId === second.conversationId)).toBe(true);
  });
});
