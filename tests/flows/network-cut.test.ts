import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signIn } from '../_support/http-session.ts';
import { createNetworkPath } from '../_support/network-path.ts';
import type { NetworkPath } from '../_support/network-path.ts';
import { openRealAgent, openRealVisitor, until } from '../_support/real-page.ts';
import type { RealPage } from '../_support/real-page.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { answeredConversation, fetchLog, openAgain, textsOf } from '../_support/story.ts';
import type { AnsweredConversation } from '../_support/story.ts';

describe('the network fails while both sides write', () => {
  let server: TestServer;
  let story: AnsweredConversation;
  let visitorPath: NetworkPath;
  let agentPath: NetworkPath;
  let visitor: RealPage;
  let agent: RealPage;
  beforeEach(async () => {
    server = await startServer();
    story = await answeredConversation(server);
    visitorPath = await createNetworkPath(server);
    agentPath = await createNetworkPath(server, { cookie: (await signIn(server, story.agent.account)).cookie });
    visitor = openRealVisitor(visitorPath.url, story.visitor, story.conversationId);
    agent = openRealAgent(agentPath.url, story.conversationId);
    for (const page of [visitor, agent]) {
      await until(page.connection.state, (state) => state === 'online');
      await until(page.client.isLoaded, (isLoaded) => isLoaded);
    }
  });
  afterEach(async () => {
    visitor.close();
    agent.close();
    await visitorPath.close();
    await agentPath.close();
    await server.close();
  });

  /** Each text once, both sides in the same order, and each side's own in the order they were written. */
  async function expectAllOnce(own: Record<'visitor' | 'agent', string[]>): Promise<void> {
    const total = own.visitor.length + own.agent.length;
    const [seenByVisitor, seenByAgent] = await Promise.all([visitor.untilStored(total), agent.untilStored(total)]);
    const log = await fetchLog(story.visitor, story.conversationId);
    const texts = textsOf(log);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_message, index) => index + 1));
    expect(texts.toSorted()).toEqual([...own.visitor, ...own.agent].toSorted());
    for (const side of ['visitor', 'agent'] as const) {
      expect(texts.filter((text) => own[side].includes(text))).toEqual(own[side]);
    }
    for (const seen of [seenByVisitor, seenByAgent]) {
      expect(seen.map(({ seq }) => seq)).toEqual(log.map(({ seq }) => seq));
    }
    expect([visitor.texts(), agent.texts()]).toEqual([texts, texts]);
  }

  const write = (page: RealPage, ...texts: string[]): void => {
    for (const text of texts) page.client.send(text);
  };

  test("[MS9] three messages on each side while the visitor's network is gone arrive once and in order", async () => {
    write(visitor, 'v1');
    await agent.untilStored(1);
    visitorPath.cut();
    await until(visitor.connection.state, (state) => state === 'reconnecting');
    write(visitor, 'v2', 'v3', 'v4');
    write(agent, 'a1', 'a2', 'a3');
    expect(visitor.client.messages.value.slice(-3).map(({ delivery }) => delivery?.state)).toEqual([
      'queued',
      'queued',
      'queued',
    ]);
    await agent.untilStored(4);
    expect(visitor.texts()).not.toContain('a1');
    visitorPath.restore();
    await expectAllOnce({ visitor: ['v1', 'v2', 'v3', 'v4'], agent: ['a1', 'a2', 'a3'] });
  });

  test('[MS9] the same when both sides lose the network, and when it goes several times', async () => {
    const own = { visitor: [] as string[], agent: [] as string[] };
    for (const round of [1, 2, 3]) {
      visitorPath.cut();
      agentPath.cut();
      for (const part of ['a', 'b']) {
        own.visitor.push(`visitor ${round}${part}`);
        own.agent.push(`agent ${round}${part}`);
        write(visitor, `visitor ${round}${part}`);
        write(agent, `agent ${round}${part}`);
      }
      visitorPath.restore();
      agentPath.restore();
      visitorPath.dropAll();
    }
    await expectAllOnce(own);
  });

  test('[MS9] what is sent into a network that swallows everything is sent again, and stored once', async () => {
    visitorPath.swallow();
    write(visitor, 'v1', 'v2', 'v3');
    write(agent, 'a1', 'a2', 'a3');
    // The page notices by the answer that does not come.
    await until(visitor.connection.state, (state) => state === 'reconnecting');
    visitorPath.restore();
    await expectAllOnce({ visitor: ['v1', 'v2', 'v3'], agent: ['a1', 'a2', 'a3'] });
  });

  test('[MS9] a message that was stored but whose answer was lost is not doubled', async () => {
    const texts = ['v1', 'v2', 'v3', 'v4'];
    for (const [index, text] of texts.entries()) {
      visitorPath.swallowAnswers();
      write(visitor, text);
      // The server has it as soon as the agent sees it; the page that sent it knows nothing.
      await agent.untilStored(index * 2 + 1);
      expect(visitor.client.messages.value.at(-1)).toMatchObject({ body: { text }, delivery: { state: 'sending' } });
      write(agent, `answer to ${text}`);
      await agent.untilStored(index * 2 + 2);
      visitorPath.restore();
      await visitor.untilStored(index * 2 + 2);
    }
    await expectAllOnce({
      visitor: ['v1', 'v2', 'v3', 'v4'],
      agent: ['answer to v1', 'answer to v2', 'answer to v3', 'answer to v4'],
    });
  });

  test('[RS1] the pages come back by themselves after a restart, and what was written meanwhile arrives once', async () => {
    write(visitor, 'before');
    await agent.untilStored(1);
    await server.stop();
    await until(visitor.connection.state, (state) => state === 'reconnecting');
    await until(agent.connection.state, (state) => state === 'reconnecting');
    write(visitor, 'v1', 'v2');
    write(agent, 'a1', 'a2');
    await server.restart();
    story = { ...story, visitor: await openAgain(server, story.visitor) };
    await expectAllOnce({ visitor: ['before', 'v1', 'v2'], agent: ['a1', 'a2'] });
  });

  test('[MS5] delivered and read are shown to the sender', async () => {
    write(visitor, 'Do you see this?');
    await until(visitor.client.messages, (shown) => shown.at(-1)?.delivery?.state === 'delivered');
    agent.client.markRead();
    await until(visitor.client.messages, (shown) => shown.at(-1)?.delivery?.state === 'read');
  });

  test('[MS6] typing is shown to the other side', async () => {
    // It may get lost on a busy line: a page says it again while somebody types.
    while (!agent.client.isOtherTyping.value) {
      visitor.client.setTyping();
      await story.visitor.settle();
    }
    write(visitor, 'Done');
    await until(agent.client.isOtherTyping, (isTyping) => !isTyping);
  });
});
