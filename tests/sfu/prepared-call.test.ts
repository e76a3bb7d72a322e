import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallId } from '../../protocol/ids.ts';
import { browserCapabilities } from './support/browser-rtp.ts';
import { codeOf, connect, join, publish, receiveTracks } from './support/call-steps.ts';
import { createCallWorld, type CallWorld, type CallWorldOptions, type Page } from './support/call-world.ts';

let world: CallWorld;
let visitor: Page;
let agent: Page;
let callId: CallId;
const worlds: CallWorld[] = [];

async function openWorld(options?: CallWorldOptions): Promise<void> {
  world = await createCallWorld(options);
  worlds.push(world);
  visitor = world.page('visitor');
  agent = world.page('agent');
  world.startWaiting();
  await world.service.prepareCall(world.conversationId, 'video');
  const [record] = await world.store.listOpenCalls();
  if (!record) throw new Error('No call was prepared.');
  ({ callId } = record);
}
beforeEach(() => openWorld());
afterEach(() => Promise.all(worlds.splice(0).map((each) => each.close())));

const handlers = () => world.service.handlers;
const accept = () => {
  world.answer();
  return world.service.handleConversationAccepted(world.conversationId, 'video');
};
const phaseNow = async () => (await world.store.findCall(callId))?.phase;

describe('a request for a call that waits', () => {
  test('[CA23] has its call already: it rings nobody, waits for nothing and counts as none', async () => {
    expect(await world.store.findCall(callId)).toMatchObject({ phase: 'prepared', dueAt: null, generation: 0 });
    expect(world.service.metrics()).toMatchObject({ callsStarted: 0, rooms: 0 });
    await world.service.sweep(world.clock.now + 24 * 3_600_000);
    expect(await phaseNow()).toBe('prepared');
  });

  test('[CA23] a text chat has none, and asking again makes no second one', async () => {
    await world.service.prepareCall(world.conversationId, 'text');
    await world.service.prepareCall(world.conversationId, 'video');
    expect(await world.store.listOpenCalls()).toHaveLength(1);
  });

  test('[CA23] the visitor’s page takes the seat and publishes, and the call is no further for it', async () => {
    const joined = await join(world, callId, visitor);
    expect(joined.call).toMatchObject({ phase: 'prepared' });
    expect(joined.call.seats).toHaveLength(1);
    await publish(world, callId, visitor, joined, 'camera');
    expect(await phaseNow()).toBe('prepared');
    expect(world.service.metrics()).toMatchObject({ rooms: 1, producers: 1, consumers: 0, callsStarted: 0 });
  });

  test('[CA23] the visitor alone cannot make it a call', async () => {
    await join(world, callId, visitor);
    await join(world, callId, visitor, true);
    for (const name of ['call:accept-call', 'call:decline-call', 'call:hang-up'] as const) {
      expect(await codeOf(handlers()[name]({ callId }, visitor.caller))).toBe('invalid-transition');
    }
    const proposal = { conversationId: world.conversationId, modality: 'video' } as const;
    expect(await codeOf(handlers()['call:propose-call'](proposal, visitor.caller))).toBe('invalid-transition');
    expect(await phaseNow()).toBe('prepared');
  });

  test('[CA23] an agent who has not accepted finds no call, whatever they ask, rung or not', async () => {
    const joined = await join(world, callId, visitor);
    const producer = await publish(world, callId, visitor, joined, 'camera');
    const { transportId } = joined.receiveTransport;
    const page = { callId, clientId: agent.clientId };
    const answers = await Promise.all([
      codeOf(join(world, callId, agent, true)),
      codeOf(receiveTracks(world, callId, agent)),
      codeOf(connect(world, callId, agent, transportId)),
      codeOf(publish(world, callId, agent, joined, 'camera')),
      codeOf(handlers()['call:resume-consumers']({ ...page, consumerIds: ['g1.x'] }, agent.caller)),
      codeOf(handlers()['call:unpublish-track']({ ...page, producerId: producer.producerId }, agent.caller)),
      codeOf(handlers()['call:accept-call']({ callId }, agent.caller)),
      codeOf(handlers()['call:hang-up']({ callId }, agent.caller)),
    ]);
    expect(answers).toEqual(Array.from({ length: 8 }, () => 'not-found'));
    expect(await phaseNow()).toBe('prepared');
    expect(world.service.metrics()).toMatchObject({ producers: 1, consumers: 0 });
  });

  test('[CA15] an agent’s page that steals the visitor’s name gets no further either', async () => {
    const joined = await join(world, callId, visitor);
    const thief: Page = { clientId: visitor.clientId, caller: agent.caller };
    expect(await codeOf(receiveTracks(world, callId, thief))).toBe('not-found');
    expect(await codeOf(publish(world, callId, thief, joined, 'camera'))).toBe('not-found');
  });

  test('[CA23] leaving the queue ends it at once and without a trace', async () => {
    await join(world, callId, visitor);
    await world.service.handleConversationEnded(world.conversationId);
    expect(await phaseNow()).toBe('ended');
    expect(world.notices).toEqual([]);
    expect(world.service.metrics()).toMatchObject({ callsStarted: 0, callsEnded: {}, rooms: 0, transports: 0 });
    expect(await codeOf(join(world, callId, visitor))).toBe('call-ended');
  });
});

describe('when an agent accepts', () => {
  test('[CA23] it begins, and is live as soon as the agent is in', async () => {
    await join(world, callId, visitor);
    expect(await accept()).toMatchObject({ callId, phase: 'connecting' });
    expect((await join(world, callId, agent)).call).toMatchObject({ phase: 'live' });
    expect(world.service.metrics()).toMatchObject({ callsStarted: 1 });
  });

  test('[CA5] the agent’s one join brings the visitor’s tracks along, paused', async () => {
    const joined = await join(world, callId, visitor);
    await publish(world, callId, visitor, joined, 'microphone');
    await publish(world, callId, visitor, joined, 'camera');
    await accept();
    const { consumers } = await handlers()['call:join-call'](
      { callId, clientId: agent.clientId, takeOver: false, rtpCapabilities: browserCapabilities() },
      agent.caller,
    );
    expect(consumers.map(({ source, isProducerPaused }) => [source, isProducerPaused])).toEqual([
      ['microphone', false],
      ['camera', false],
    ]);
  });

  test('[CA25] a join right behind the acceptance begins the call itself', async () => {
    await join(world, callId, visitor);
    world.answer();
    expect((await join(world, callId, agent)).call).toMatchObject({ phase: 'live' });
    expect(await world.service.handleConversationAccepted(world.conversationId, 'video')).toMatchObject({ callId });
    expect(world.service.metrics()).toMatchObject({ callsStarted: 1 });
  });

  test('[M14] a visitor whose page is in no seat yet joins afterwards, as ever', async () => {
    await accept();
    await join(world, callId, agent);
    expect(await phaseNow()).toBe('connecting');
    expect((await join(world, callId, visitor)).call).toMatchObject({ phase: 'live' });
  });

  test('[CA9] with nobody coming it ends after the time to connect', async () => {
    await accept();
    await world.service.sweep(world.clock.now + 60_000);
    expect(await world.store.findCall(callId)).toMatchObject({ phase: 'ended', endReason: 'unanswered' });
  });
});

describe('what may happen meanwhile', () => {
  test('[V15] a reload takes the seat again, and a lost page frees it without ending anything', async () => {
    await join(world, callId, visitor);
    await world.service.handleSocketGone(visitor.caller.socketId);
    const next = world.page('visitor');
    await join(world, callId, next);
    await world.service.handleSocketGone(next.caller.socketId);
    world.clock.now += 20_000;
    await world.service.sweep(world.clock.now);
    expect(await phaseNow()).toBe('prepared');
    expect(world.service.metrics()).toMatchObject({ seats: 0, transports: 0 });
  });

  test('[CA12] another tab of the visitor takes the seat only by taking it over', async () => {
    await join(world, callId, visitor);
    const second = world.page('visitor');
    expect(await codeOf(join(world, callId, second))).toBe('call-in-other-tab');
    await join(world, callId, second, true);
    expect((await world.nextTold('call:seat-taken-over')).to).toBe(visitor.caller.socketId);
  });

  test('[CA22] a dead media worker sends the waiting page to another one', async () => {
    await join(world, callId, visitor);
    process.kill(world.workers.snapshot().workers[0]?.pid ?? 0, 'SIGKILL');
    const { payload } = await world.nextTold('call:media-restarted');
    expect(payload).toMatchObject({ callId, generation: 2 });
    expect((await join(world, callId, visitor)).generation).toBe(2);
    await accept();
    expect((await join(world, callId, agent)).call).toMatchObject({ phase: 'live' });
  });

  test('[CA13] a restart of the server keeps it, and the page gets ready anew', async () => {
    await join(world, callId, visitor);
    await world.restartService();
    expect(await phaseNow()).toBe('prepared');
    expect((await join(world, callId, visitor)).generation).toBe(2);
    await accept();
    expect((await join(world, callId, agent)).call).toMatchObject({ phase: 'live' });
  });

  test('[CA16] a full node makes nobody ready who waits, and begins the call all the same', async () => {
    await openWorld({ limits: { maxCallsForWaiting: 0 } });
    expect(await codeOf(join(world, callId, visitor))).toBe('media-unavailable');
    await accept();
    await join(world, callId, visitor);
    expect((await join(world, callId, agent)).call).toMatchObject({ phase: 'live' });
  });

  test('[CA23] a waiting that ended while its call was written leaves none behind', async () => {
    await world.service.handleConversationEnded(world.conversationId);
    const { insertCall } = world.store;
    world.store.insertCall = async (record) => {
      const isIn = await insertCall(record);
      world.participants.phase = 'ended';
      return isIn;
    };
    await world.service.prepareCall(world.conversationId, 'voice');
    expect(await world.store.listOpenCalls()).toEqual([]);
  });
});
