import { v7 as uuid } from 'uuid';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallId } from '../../protocol/ids.ts';
import { createCallWorld, type CallWorld } from './support/call-world.ts';
import { codeOf, join, liveCall, publish, receiveTracks } from './support/call-steps.ts';

let world: CallWorld;
let screenId: CallId;

beforeEach(async () => {
  world = await createCallWorld();
  screenId = uuid() as CallId;
});
afterEach(() => world.close());

/** A screen that the visitor shares, with both sides connected. */
async function sharedScreen() {
  world.shared = { callId: screenId, sharer: 'visitor' };
  const visitor = world.page('visitor');
  const agent = world.page('agent');
  const atVisitor = await join(world, screenId, visitor);
  const atAgent = await join(world, screenId, agent);
  await receiveTracks(world, screenId, agent);
  return { visitor, agent, atVisitor, atAgent };
}

test('[CA26] from a plain chat a screen and its sound reach the other side, and nobody is rung', async () => {
  const { visitor, atVisitor, agent } = await sharedScreen();
  expect(atVisitor.call).toMatchObject({ callId: screenId, modality: 'screen', phase: 'live' });
  await publish(world, screenId, visitor, atVisitor, 'screen');
  await publish(world, screenId, visitor, atVisitor, 'screen-audio');
  const { consumers } = await receiveTracks(world, screenId, agent);
  expect(consumers.map(({ source }) => source).toSorted()).toEqual(['screen', 'screen-audio']);
  expect(world.told.filter(({ name }) => name === 'call:changed')).toEqual([]);
  expect(world.notices).toEqual([]);
  expect(await world.service.viewOf(world.conversationId)).toBeNull();
});

test('[B2] who has the screen before them is told by name, and that they look away', async () => {
  const { agent } = await sharedScreen();
  expect(world.screens.watched.at(-1)).toEqual({ callId: screenId, names: ['Ada'] });
  await world.service.handleSocketGone(agent.caller.socketId);
  expect(world.screens.watched.at(-1)).toEqual({ callId: screenId, names: [] });
});

test('[CA26] without an allowed share there is nothing to join and nothing to show', async () => {
  const visitor = world.page('visitor');
  expect(await codeOf(join(world, screenId, visitor))).toBe('not-found');
  const { atVisitor, visitor: sharer } = await sharedScreen();
  world.shared = null;
  expect(await codeOf(publish(world, screenId, sharer, atVisitor, 'screen'))).toBe('call-ended');
  expect(await codeOf(join(world, screenId, world.page('agent'), true))).toBe('call-ended');
});

test('[CA26] a screen of somebody else’s conversation does not exist', async () => {
  await sharedScreen();
  for (const party of ['visitor', 'agent'] as const) {
    expect(await codeOf(join(world, screenId, world.stranger(party)))).toBe('not-found');
  }
});

test('[CA26] only who shares may show something, and nothing but a screen and its sound', async () => {
  const { visitor, agent, atVisitor, atAgent } = await sharedScreen();
  expect(await codeOf(publish(world, screenId, agent, atAgent, 'screen'))).toBe('forbidden');
  expect(await codeOf(publish(world, screenId, agent, atAgent, 'screen-audio'))).toBe('forbidden');
  expect(await codeOf(publish(world, screenId, visitor, atVisitor, 'camera'))).toBe('bad-input');
  expect(await codeOf(publish(world, screenId, visitor, atVisitor, 'microphone'))).toBe('bad-input');
});

test('[CA26] a call takes no screen, so none is shown without a share', async () => {
  const { callId, visitor, agent, atVisitor, atAgent } = await liveCall(world);
  expect(await codeOf(publish(world, callId, visitor, atVisitor, 'screen'))).toBe('bad-input');
  expect(await codeOf(publish(world, callId, agent, atAgent, 'screen-audio'))).toBe('bad-input');
});

test('[CA16] a seat shows one screen with one sound', async () => {
  const { visitor, atVisitor } = await sharedScreen();
  await publish(world, screenId, visitor, atVisitor, 'screen');
  await publish(world, screenId, visitor, atVisitor, 'screen-audio');
  expect(await codeOf(publish(world, screenId, visitor, atVisitor, 'screen'))).toBe('limit-reached');
  expect(await codeOf(publish(world, screenId, visitor, atVisitor, 'screen-audio'))).toBe('limit-reached');
});

test('[CA27] the end of the share cuts off who goes on sending, before anything is stored', async () => {
  const { visitor, atVisitor, agent } = await sharedScreen();
  await publish(world, screenId, visitor, atVisitor, 'screen');
  const before = world.service.metrics();
  expect(before).toMatchObject({ rooms: 1, producers: 1 });
  world.service.shutScreen(screenId);
  expect(world.service.metrics()).toMatchObject({ rooms: 0, producers: 0 });
  world.shared = null;
  world.service.handleShareEnded(screenId);
  expect(await codeOf(publish(world, screenId, visitor, atVisitor, 'screen'))).toMatch(/call-(ended|restarted)/);
  expect(await codeOf(receiveTracks(world, screenId, agent))).toMatch(/call-(ended|restarted)/);
});

test('[CA26] a call beside a screen begins and ends without touching it', async () => {
  const { visitor, atVisitor, agent } = await sharedScreen();
  await publish(world, screenId, visitor, atVisitor, 'screen');
  const call = await liveCall(world);
  await world.service.handlers['call:hang-up']({ callId: call.callId }, call.agent.caller);
  const { consumers } = await receiveTracks(world, screenId, agent);
  expect(consumers.map(({ source }) => source)).toEqual(['screen']);
  expect(await codeOf(world.service.handlers['call:hang-up']({ callId: screenId }, agent.caller))).toBe(
    'invalid-transition',
  );
});

test('[CA26] who looks may go and come back, and the screen waits for its share alone', async () => {
  const { agent } = await sharedScreen();
  await world.service.handleSocketGone(agent.caller.socketId);
  world.clock.now += 60_000;
  await world.service.sweep(world.clock.now);
  await world.service.follow();
  const back = await join(world, screenId, world.page('agent'));
  expect(back.call.phase).toBe('live');
});

test('[CA26] an agent who took the conversation over sees the screen as well', async () => {
  await sharedScreen();
  world.participants.agent = { personId: uuid(), name: 'Noor' };
  const joined = await join(world, screenId, world.page('agent'));
  expect(joined.call.seats.map(({ name }) => name)).toEqual(['Vera', 'Ada', 'Noor']);
});

test('[CA10] nothing of a screen is shown while the conversation is on hold', async () => {
  const { visitor, atVisitor, agent } = await sharedScreen();
  await publish(world, screenId, visitor, atVisitor, 'screen');
  await world.service.handleConversationHeld(world.conversationId, true);
  expect((await world.store.findCall(screenId))?.phase).toBe('held');
  await world.service.handleConversationHeld(world.conversationId, false);
  expect((await world.store.findCall(screenId))?.phase).toBe('live');
  expect((await receiveTracks(world, screenId, agent)).consumers).toHaveLength(1);
});

test('[CA26] a screen whose share ended while the server was down is gone after the restart', async () => {
  await sharedScreen();
  world.shared = null;
  await world.restartService();
  expect(await world.store.findCall(screenId)).toMatchObject({ phase: 'ended', endReason: 'share-ended' });
});

test('[CA14] a screen whose share another node has ended, and could say so to nobody, ends at this node’s next turn', async () => {
  await sharedScreen();
  world.shared = null;
  await world.service.follow();
  expect(await world.store.findCall(screenId)).toMatchObject({ phase: 'ended', endReason: 'share-ended' });
  expect(world.service.metrics()).toMatchObject({ rooms: 0, transports: 0 });
});

test('[CA22] a screen moves to another media worker when its own dies', async () => {
  const { visitor, atVisitor } = await sharedScreen();
  const pid = world.workers.snapshot().workers[0]?.pid;
  if (pid === undefined) throw new Error('There is no media worker.');
  process.kill(pid, 'SIGKILL');
  const told = await world.nextTold('call:media-restarted');
  expect(told.payload).toMatchObject({ callId: screenId, generation: atVisitor.generation + 1 });
  const again = await join(world, screenId, visitor);
  await publish(world, screenId, visitor, again, 'screen');
});

test('[CA22] a share hears that no media worker can carry its screen', async () => {
  await world.close();
  world = await createCallWorld({ limits: { workerWaitMs: 0 } });
  await sharedScreen();
  const pid = world.workers.snapshot().workers[0]?.pid;
  if (pid === undefined) throw new Error('There is no media worker.');
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => world.screens.failed).toEqual([screenId]);
});
