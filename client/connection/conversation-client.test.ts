import { expect, test } from 'vitest';
import { createScene } from './testing/conversation-scene.ts';
import { PERFECT_NETWORK } from './testing/fake-link.ts';
import { MODEL_CONVERSATION_ID } from './testing/model-server.ts';

test('[C1] messages typed offline wait in order and are sent once the connection is back', async () => {
  const { clock, server, open } = createScene();
  const visitor = await open();
  visitor.goOffline();
  visitor.client.send('one');
  visitor.client.send('two');
  visitor.client.send('three');
  await clock.advance(20_000);
  expect(visitor.lines()).toEqual(['one/queued', 'two/queued', 'three/queued']);
  expect(visitor.client.isOnline.value).toBe(false);

  server.addText('agent', 'are you there?');
  visitor.goOnline();
  await clock.advance(0);
  expect(visitor.lines()).toEqual(['are you there?', 'one/sent', 'two/sent', 'three/sent']);
});

test('[C1] an unsent message outlives a reload of the page', async () => {
  const { clock, server, open } = createScene();
  const before = await open();
  before.goOffline();
  before.client.send('keep me');
  before.client.close();
  before.close();

  const after = await open();
  await clock.advance(0);
  expect(after.lines()).toEqual(['keep me/sent']);
  expect(server.messages).toHaveLength(1);
});

test('[C1] a message whose answer was lost is neither doubled nor left pending', async () => {
  const { clock, server, open } = createScene();
  let acksToLose = 0;
  const visitor = await open('visitor', {
    toRequest: () => [0],
    toAck: () => (acksToLose-- > 0 ? [] : [0]),
    toEvent: () => [],
  });
  acksToLose = 1;
  visitor.client.send('once');
  await clock.advance(1_000);
  expect(visitor.lines()).toEqual(['once/sending']);
  await clock.advance(30_000);
  expect(visitor.lines()).toEqual(['once/sent']);
  expect(server.messages).toHaveLength(1);
});

test('[C1] the event of an own message confirms it when the answer never comes', async () => {
  const { clock, server, open } = createScene();
  let isLosingAcks = false;
  const visitor = await open('visitor', { ...PERFECT_NETWORK, toAck: () => (isLosingAcks ? [] : [0]) });
  isLosingAcks = true;
  visitor.client.send('one');
  visitor.client.send('two');
  await clock.advance(100);
  expect(visitor.lines()).toEqual(['one/sent', 'two/sent']);
  expect(server.messages).toHaveLength(2);
});

test('[C1] a later message never overtakes one that is still under way', async () => {
  const { clock, server, open } = createScene();
  let isFirst = true;
  const visitor = await open('visitor', {
    ...PERFECT_NETWORK,
    toRequest() {
      const delays = isFirst ? [3_000] : [0];
      isFirst = false;
      return delays;
    },
  });
  await clock.advance(3_000);
  isFirst = true;
  visitor.client.send('slow');
  visitor.client.send('fast');
  await clock.advance(1_000);
  expect(visitor.lines()).toEqual(['slow/sending', 'fast/queued']);
  await clock.advance(3_000);
  expect(server.messages.map(({ body }) => body)).toEqual([
    { kind: 'text', text: 'slow' },
    { kind: 'text', text: 'fast' },
  ]);
});

test('[C1] an event that jumps is held back until the gap before it is fetched', async () => {
  const { clock, server, open } = createScene();
  let isDeaf = false;
  const visitor = await open('visitor', {
    toRequest: () => [50],
    toAck: () => [50],
    toEvent: () => (isDeaf ? [] : [0]),
  });
  await clock.advance(1_000);
  isDeaf = true;
  server.addText('agent', 'missed');
  isDeaf = false;
  server.addText('agent', 'heard');
  await clock.advance(10);
  expect(visitor.lines()).toEqual([]);
  await clock.advance(200);
  expect(visitor.lines()).toEqual(['missed', 'heard']);
});

test('[C1] a view that counts one more message than any event brought leads to a fetch', async () => {
  const { clock, server, open } = createScene();
  const visitor = await open('visitor', { ...PERFECT_NETWORK, toEvent: () => [] });
  server.addText('agent', 'unheard');
  visitor.client.applyConversation({ conversationId: MODEL_CONVERSATION_ID, lastSeq: 1, marks: server.marks });
  await clock.advance(2_000);
  expect(visitor.lines()).toEqual(['unheard']);
});

test('[C1] a long conversation is fetched in pages, without a gap', async () => {
  const { server, open } = createScene();
  for (let index = 1; index <= 450; index += 1) server.addText('agent', `line ${index}`);
  const visitor = await open();
  expect(visitor.client.isLoaded.value).toBe(true);
  expect(visitor.lines()).toEqual(Array.from({ length: 450 }, (_, index) => `line ${index + 1}`));
});

test('[C1] a message that the server refuses for good says why and does not hold up the next', async () => {
  const { clock, server, open } = createScene();
  const visitor = await open();
  server.refuseNext('conversation:send-message', 'bad-input');
  visitor.client.send('refused');
  visitor.client.send('fine');
  await clock.advance(0);
  expect(visitor.lines()).toEqual(['fine/sent', 'refused/failed:bad-input']);

  const failed = visitor.client.messages.value.at(-1)?.clientMessageId ?? '';
  visitor.client.retry(failed);
  await clock.advance(0);
  expect(visitor.lines()).toEqual(['fine/sent', 'refused/sent']);
});

test('[C1] a failed message can be discarded and stays away after a reload', async () => {
  const { clock, server, open } = createScene();
  const visitor = await open();
  server.refuseNext('conversation:send-message', 'conversation-ended');
  visitor.client.send('too late');
  await clock.advance(0);
  expect(visitor.lines()).toEqual(['too late/failed:conversation-ended']);
  visitor.client.discard(visitor.client.messages.value[0]?.clientMessageId ?? '');
  expect(visitor.lines()).toEqual([]);
  expect((await open()).lines()).toEqual([]);
});

test('[C1] a message that fails for a passing reason is tried again by itself', async () => {
  const { clock, server, open } = createScene();
  const visitor = await open();
  server.refuseNext('conversation:send-message', 'rate-limited', 'shutting-down', 'internal', 'timeout');
  visitor.client.send('patience');
  await clock.advance(60_000);
  expect(visitor.lines()).toEqual(['patience/sent']);
});

test('[C1] a message on which the server fails every time is given back to the person', async () => {
  const { clock, server, open } = createScene();
  const visitor = await open();
  server.refuseNext('conversation:send-message', ...Array.from({ length: 8 }, () => 'internal' as const));
  visitor.client.send('poison');
  visitor.client.send('next');
  await clock.advance(200_000);
  expect(visitor.lines()).toEqual(['next/sent', 'poison/failed:internal']);
});

test('[C1] messages that cannot be fetched say so, and come after the next connection', async () => {
  const { clock, server, open } = createScene();
  server.addText('agent', 'hello');
  server.refuseNext('conversation:fetch-messages', 'forbidden');
  const visitor = await open();
  expect(visitor.client.loadFailure.value).toBe('forbidden');
  visitor.goOffline();
  visitor.goOnline();
  await clock.advance(0);
  expect(visitor.client.loadFailure.value).toBeNull();
  expect(visitor.lines()).toEqual(['hello']);
});

test('[C1] a closed conversation asks nothing more', async () => {
  const { clock, server, open } = createScene();
  const visitor = await open();
  visitor.client.close();
  visitor.client.close();
  const askedCount = visitor.asked.length;
  server.addText('agent', 'hello');
  visitor.goOffline();
  visitor.goOnline();
  await clock.advance(60_000);
  expect(visitor.asked).toHaveLength(askedCount);
});

test('[C1] what a closed tab left unsent goes out from the tab that is still there', async () => {
  const { clock, server, open } = createScene();
  const [leaving, staying] = [await open(), await open()];
  leaving.goOffline();
  leaving.client.send('left behind');
  leaving.client.close();
  leaving.close();
  staying.goOffline();
  staying.goOnline();
  await clock.advance(0);
  expect(staying.lines()).toEqual(['left behind/sent']);
  expect(server.messages).toHaveLength(1);
});

test('[C1] a message waits while the agent is signed out and goes with the next session', async () => {
  const { clock, server, open } = createScene();
  const agent = await open('agent');
  server.refuseNext('conversation:send-message', 'not-signed-in');
  agent.client.send('still here');
  await clock.advance(300_000);
  expect(agent.lines()).toEqual(['still here/queued']);
  agent.goOffline();
  agent.goOnline();
  await clock.advance(0);
  expect(agent.lines()).toEqual(['still here/sent']);
});

test('[C1] a message whose sending was put off goes at once on a new connection', async () => {
  const { clock, server, open } = createScene();
  const visitor = await open();
  server.refuseNext('conversation:send-message', 'rate-limited');
  visitor.client.send('now');
  await clock.advance(0);
  expect(visitor.lines()).toEqual(['now/queued']);
  visitor.goOffline();
  visitor.goOnline();
  await clock.advance(0);
  expect(visitor.lines()).toEqual(['now/sent']);
});
