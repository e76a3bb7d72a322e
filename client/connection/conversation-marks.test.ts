import { expect, test } from 'vitest';
import { createScene } from './testing/conversation-scene.ts';
import { PERFECT_NETWORK } from './testing/fake-link.ts';
import { MODEL_CONVERSATION_ID } from './testing/model-server.ts';

test('[C1] a message goes from sending over sent and delivered to read', async () => {
  const { clock, open } = createScene();
  const visitor = await open();
  visitor.client.send('hello');
  expect(visitor.lines()).toEqual(['hello/sending']);
  await clock.advance(0);
  expect(visitor.lines()).toEqual(['hello/sent']);

  const agent = await open('agent');
  await clock.advance(1_000);
  expect(visitor.lines()).toEqual(['hello/delivered']);
  expect(agent.client.unreadCount.value).toBe(1);

  agent.client.markRead();
  expect(agent.client.unreadCount.value).toBe(0);
  await clock.advance(1_000);
  expect(visitor.lines()).toEqual(['hello/read']);
});

test('[C1] typing is told at most every two seconds and forgotten after six', async () => {
  const { clock, open } = createScene();
  const visitor = await open();
  const agent = await open('agent');
  const toldCount = () => visitor.asked.filter(({ name }) => name === 'conversation:set-typing').length;

  for (let index = 0; index < 10; index += 1) {
    visitor.client.setTyping();
    await clock.advance(100);
  }
  expect(toldCount()).toBe(1);
  expect(agent.client.isOtherTyping.value).toBe(true);
  expect(visitor.client.isOtherTyping.value).toBe(false);
  await clock.advance(1_000);
  visitor.client.setTyping();
  await clock.advance(0);
  expect(toldCount()).toBe(2);
  await clock.advance(5_999);
  expect(agent.client.isOtherTyping.value).toBe(true);
  await clock.advance(1);
  expect(agent.client.isOtherTyping.value).toBe(false);
});

test('[C1] the dots go as soon as the message that was typed is there', async () => {
  const { clock, open } = createScene();
  const visitor = await open();
  const agent = await open('agent');
  agent.client.setTyping();
  await clock.advance(0);
  expect(visitor.client.isOtherTyping.value).toBe(true);
  agent.client.send('there');
  await clock.advance(0);
  expect(visitor.client.isOtherTyping.value).toBe(false);
});

test('[C1] received and read of one message travel in one request', async () => {
  const { clock, server, open } = createScene();
  const visitor = await open();
  server.addText('agent', 'hello');
  await clock.advance(0);
  visitor.client.markRead();
  await clock.advance(5_000);
  const marked = visitor.asked.filter(({ name }) => name === 'conversation:mark-messages').map(({ input }) => input);
  expect(marked).toEqual([{ conversationId: MODEL_CONVERSATION_ID, deliveredSeq: 1, readSeq: 1 }]);
});

test('[C1] a mark that could not be told is told on the next connection', async () => {
  const { clock, server, open } = createScene();
  const visitor = await open();
  server.addText('agent', 'hello');
  await clock.advance(0);
  visitor.goOffline();
  visitor.client.markRead();
  await clock.advance(30_000);
  expect(server.marks.visitor.readSeq).toBe(0);
  visitor.goOnline();
  await clock.advance(1_000);
  expect(server.marks.visitor).toEqual({ deliveredSeq: 1, readSeq: 1 });
});

test('[C14] texts that arrive live are announced once, those of the past are not', async () => {
  const { clock, server, open } = createScene();
  server.addText('agent', 'past');
  const visitor = await open();
  const announced: string[] = [];
  visitor.client.onMessageReceived(({ body }) => announced.push(body.kind === 'text' ? body.text : ''));
  server.addText('agent', 'live');
  server.addNotice();
  visitor.client.send('own');
  await clock.advance(0);
  expect(announced).toEqual(['live']);
  expect(visitor.client.unreadCount.value).toBe(2);
});

test('[C14] what was read in one tab is read in the other', async () => {
  const { clock, server, open } = createScene();
  server.addText('agent', 'hello');
  const [first, second] = [await open(), await open()];
  first.client.markRead();
  await clock.advance(1_000);
  expect(second.client.unreadCount.value).toBe(0);
});

test('[C1] a mark that the server could not take is told again without a new connection', async () => {
  const { clock, server, open } = createScene();
  const visitor = await open();
  server.refuseNext('conversation:mark-messages', 'internal');
  server.addText('agent', 'hello');
  await clock.advance(500);
  expect(server.marks.visitor.deliveredSeq).toBe(0);
  await clock.advance(10_000);
  expect(server.marks.visitor.deliveredSeq).toBe(1);
  expect(visitor.lines()).toEqual(['hello']);
});

test('[C1] a mark that grows while the one before is under way is told afterwards', async () => {
  const { clock, server, open } = createScene();
  const visitor = await open('visitor', { ...PERFECT_NETWORK, toRequest: () => [400] });
  await clock.advance(1_000);
  server.addText('agent', 'hello');
  await clock.advance(200);
  visitor.client.markRead();
  await clock.advance(2_000);
  expect(server.marks.visitor).toEqual({ deliveredSeq: 1, readSeq: 1 });
});
