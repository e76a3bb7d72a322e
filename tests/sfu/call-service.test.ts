import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCallWorld, type CallWorld, type CallWorldOptions } from './support/call-world.ts';
import { acceptedCall, codeOf, connect, join, liveCall, publish, receiveTracks } from './support/call-steps.ts';

let world: CallWorld;
const worlds: CallWorld[] = [];
async function openWorld(options?: CallWorldOptions): Promise<CallWorld> {
  const opened = await createCallWorld(options);
  worlds.push(opened);
  return opened;
}
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => Promise.all(worlds.splice(0).map((each) => each.close())));

const handlers = () => world.service.handlers;
const propose = (page = world.page('visitor'), modality: 'voice' | 'video' = 'voice') =>
  handlers()['call:propose-call']({ conversationId: world.conversationId, modality }, page.caller);

describe('proposing', () => {
  test('[M3] both sides hear of a proposal, and joining works after the other side has accepted', async () => {
    const visitor = world.page('visitor');
    const agent = world.page('agent');
    const { call } = await propose(visitor, 'video');
    expect(call).toMatchObject({ phase: 'proposed', modality: 'video', proposedBy: 'visitor' });
    expect(await world.nextTold('call:changed')).toMatchObject({ to: 'conversation', payload: { call } });
    expect(await codeOf(join(world, call.callId, visitor))).toBe('invalid-transition');
    const accepted = await handlers()['call:accept-call']({ callId: call.callId }, agent.caller);
    expect(accepted.call.phase).toBe('connecting');
    const joined = await join(world, call.callId, visitor);
    expect(joined.call.seats.map(({ party, state }) => [party, state])).toEqual([
      ['visitor', 'in'],
      ['agent', 'joining'],
    ]);
  });

  test('[M3] a declined call leaves a line in the log and no media', async () => {
    const { call } = await propose();
    await handlers()['call:decline-call']({ callId: call.callId }, world.page('agent').caller);
    await world.nextTold('call:changed', ({ payload }) => JSON.stringify(payload).includes('"declined"'));
    expect(world.notices).toEqual([{ notice: 'call-declined', data: { modality: 'voice', proposedBy: 'visitor' } }]);
    expect(world.service.metrics()).toMatchObject({ rooms: 0, callsEnded: { declined: 1 } });
    expect(await world.service.viewOf(world.conversationId)).toBeNull();
  });

  test('[CA4] who proposed a call cannot accept it for the other side', async () => {
    const { call } = await propose();
    const again = handlers()['call:accept-call']({ callId: call.callId }, world.page('visitor').caller);
    expect(await codeOf(again)).toBe('invalid-transition');
  });

  test('[CA3] the same proposal again is the same call, the other side’s same wish is a yes', async () => {
    const { call } = await propose();
    expect((await propose()).call.callId).toBe(call.callId);
    const met = await propose(world.page('agent'));
    expect(met.call).toMatchObject({ callId: call.callId, phase: 'connecting' });
  });

  test('[CA3] a second call of another kind waits for the end of the first', async () => {
    await propose();
    expect(await codeOf(propose(world.page('agent'), 'video'))).toBe('call-running');
  });

  test('[CA3] two proposals at the same moment make one call', async () => {
    const both = await Promise.all([propose(world.page('visitor')), propose(world.page('agent'))]);
    expect(new Set(both.map(({ call }) => call.callId)).size).toBe(1);
    expect(await world.store.listOpenCalls()).toHaveLength(1);
  });

  test('[V3] a kind of call that the site does not offer is refused', async () => {
    world.participants.offeredModalities = ['text', 'voice'];
    expect(await codeOf(propose(world.page('visitor'), 'video'))).toBe('modality-not-offered');
  });

  test('[CA3] calls belong to running conversations', async () => {
    world.participants.phase = 'waiting';
    expect(await codeOf(propose())).toBe('invalid-transition');
    world.participants.phase = 'ended';
    expect(await codeOf(propose())).toBe('conversation-ended');
  });

  test('[CA9] an unanswered proposal ends with the sweep and counts as missed', async () => {
    await propose();
    await world.service.sweep(world.clock.now + 44_999);
    expect(await world.service.viewOf(world.conversationId)).toMatchObject({ phase: 'proposed' });
    await world.service.sweep(world.clock.now + 45_000);
    expect(await world.service.viewOf(world.conversationId)).toBeNull();
    expect(world.notices).toMatchObject([{ notice: 'call-missed', data: { wasCancelled: false } }]);
  });

  test('[CA9] ringing ends by itself without waiting for a sweep', async () => {
    const quick = await openWorld({ limits: { ringMs: 30 } });
    await quick.service.handlers['call:propose-call'](
      { conversationId: quick.conversationId, modality: 'voice' },
      quick.page('agent').caller,
    );
    const [record] = await quick.store.listOpenCalls();
    quick.clock.now = record?.dueAt ?? 0;
    const told = await quick.nextTold('call:changed', ({ payload }) =>
      JSON.stringify(payload).includes('"unanswered"'),
    );
    expect(told.to).toBe('conversation');
  });
});

describe('a conversation that asked for a call', () => {
  test('[M1] accepting the request opens the call at once, without a second question', async () => {
    const call = await world.service.handleConversationAccepted(world.conversationId, 'voice');
    expect(call).toMatchObject({ phase: 'connecting', modality: 'voice', proposedBy: 'visitor' });
    const again = await world.service.handleConversationAccepted(world.conversationId, 'voice');
    expect(again?.callId).toBe(call?.callId);
  });

  test('[M1] a text chat opens no call', async () => {
    expect(await world.service.handleConversationAccepted(world.conversationId, 'text')).toBeNull();
  });

  test('[CA9] a call that nobody joins ends after a minute', async () => {
    await world.service.handleConversationAccepted(world.conversationId, 'video');
    await world.service.sweep(world.clock.now + 60_000);
    expect(await world.service.viewOf(world.conversationId)).toBeNull();
  });

  test('[C6] the end of the conversation ends its call and its media', async () => {
    await liveCall(world);
    await world.service.handleConversationEnded(world.conversationId);
    expect(world.service.metrics()).toMatchObject({ rooms: 0, callsEnded: { 'conversation-ended': 1 } });
    await world.service.handleConversationEnded(world.conversationId);
  });
});

describe('in the call', () => {
  test('[CA5] one request brings capabilities and both transports, and two seats make the call live', async () => {
    const { callId, visitor, agent } = await acceptedCall(world);
    const first = await join(world, callId, visitor);
    expect(first.routerRtpCapabilities.codecs.map(({ mimeType }) => mimeType)).toEqual([
      'audio/opus',
      'video/VP8',
      'video/rtx',
      'video/H264',
      'video/rtx',
    ]);
    expect(JSON.stringify(first.routerRtpCapabilities)).not.toContain('urn:3gpp:video-orientation');
    expect(first.sendTransport.transportId).not.toBe(first.receiveTransport.transportId);
    const protocols = first.sendTransport.iceCandidates.map(({ protocol }) => protocol);
    expect(protocols).toEqual(['udp', 'tcp']);
    world.clock.now += 700;
    const second = await join(world, callId, agent);
    expect(second.call).toMatchObject({ phase: 'live', liveAt: world.clock.now });
    expect(world.notices).toEqual([{ notice: 'call-started', data: { modality: 'video' } }]);
  });

  test('[CA11] a track reaches the other side paused, and flows after the browser asked for it', async () => {
    const { callId, visitor, agent, atVisitor } = await liveCall(world);
    const { producerId } = await publish(world, callId, visitor, atVisitor, 'microphone');
    const added = await world.nextTold('call:tracks-added');
    expect(added.to).toBe(agent.caller.socketId);
    const [consumer] = (await receiveTracks(world, callId, agent)).consumers;
    expect(added.payload).toMatchObject({ callId, generation: atVisitor.generation, consumers: [consumer] });
    expect(consumer).toMatchObject({ producerId, seatId: atVisitor.seatId, source: 'microphone', kind: 'audio' });
    const feedback = JSON.stringify(consumer?.rtpParameters);
    expect(feedback, 'lost sound is asked for again').toContain('{"type":"nack","parameter":""}');
    const consumerIds = [consumer?.consumerId ?? ''];
    await handlers()['call:resume-consumers']({ callId, clientId: agent.clientId, consumerIds }, agent.caller);
  });

  test('[CA11] who joins later gets every track that is there in one answer', async () => {
    const { callId, visitor, agent } = await acceptedCall(world);
    const atVisitor = await join(world, callId, visitor);
    await publish(world, callId, visitor, atVisitor, 'microphone');
    await publish(world, callId, visitor, atVisitor, 'camera', true);
    await join(world, callId, agent);
    const { consumers } = await receiveTracks(world, callId, agent);
    expect(consumers.map(({ source, isProducerPaused }) => [source, isProducerPaused])).toEqual([
      ['microphone', false],
      ['camera', true],
    ]);
    expect(await receiveTracks(world, callId, agent)).toEqual({ consumers });
    expect(world.service.metrics()).toMatchObject({ rooms: 1, seats: 2, transports: 4, producers: 2, consumers: 2 });
  });

  test('[M5] mute and camera are seen by the other side, in the state and at the track', async () => {
    const { callId, visitor, agent, atVisitor } = await liveCall(world);
    const { producerId } = await publish(world, callId, visitor, atVisitor, 'microphone');
    const visitorSeat = (payload: Record<string, unknown>) =>
      (payload['call'] as typeof atVisitor.call).seats.find(({ party }) => party === 'visitor');
    await world.nextTold('call:changed', ({ payload }) => visitorSeat(payload)?.isMuted === false);
    await world.nextTold('call:tracks-added');
    await handlers()['call:set-track-paused'](
      { callId, clientId: visitor.clientId, producerId, isPaused: true },
      visitor.caller,
    );
    const paused = await world.nextTold('call:track-paused');
    expect(paused).toMatchObject({ to: agent.caller.socketId, payload: { isPaused: true } });
    await world.nextTold('call:changed', ({ payload }) => visitorSeat(payload)?.isMuted === true);
  });

  test('[M2] a camera that is taken away goes from the other side too, and may come again', async () => {
    const { callId, visitor, agent, atVisitor } = await liveCall(world);
    const { producerId } = await publish(world, callId, visitor, atVisitor, 'camera');
    await world.nextTold('call:tracks-added');
    await handlers()['call:unpublish-track']({ callId, clientId: visitor.clientId, producerId }, visitor.caller);
    expect(await world.nextTold('call:track-removed')).toMatchObject({ to: agent.caller.socketId });
    expect(world.service.metrics()).toMatchObject({ producers: 0, consumers: 0 });
    await publish(world, callId, visitor, atVisitor, 'camera');
  });

  test('[CA11] a track that goes away while a page asks for it is no fault', async () => {
    const { callId, visitor, agent, atVisitor } = await liveCall(world);
    const { producerId } = await publish(world, callId, visitor, atVisitor, 'camera');
    await publish(world, callId, visitor, atVisitor, 'microphone');
    const { consumers } = await receiveTracks(world, callId, agent);
    const consumerIds = consumers.map(({ consumerId }) => consumerId);
    await handlers()['call:unpublish-track']({ callId, clientId: visitor.clientId, producerId }, visitor.caller);
    await world.nextTold('call:track-removed');
    await handlers()['call:resume-consumers']({ callId, clientId: agent.clientId, consumerIds }, agent.caller);
  });

  test('[M5] hanging up ends the call for both and says how long it was', async () => {
    const { callId, agent } = await liveCall(world);
    world.clock.now += 65_000;
    await handlers()['call:hang-up']({ callId }, agent.caller);
    expect(world.notices.at(-1)).toEqual({
      notice: 'call-ended',
      data: { modality: 'video', reason: 'hung-up', durationMs: 65_000 },
    });
    expect(world.service.metrics()).toMatchObject({ rooms: 0, seats: 0, transports: 0 });
    expect(await codeOf(handlers()['call:hang-up']({ callId }, agent.caller))).toBe('no-error');
    expect(await codeOf(join(world, callId, agent))).toBe('call-ended');
  });

  test('[CA10] a call is held with its conversation and taken up again with it', async () => {
    const { callId } = await acceptedCall(world);
    await world.service.handleConversationHeld(world.conversationId, true);
    expect(await world.service.viewOf(world.conversationId), 'not live yet').toMatchObject({ phase: 'connecting' });
    for (const party of ['visitor', 'agent'] as const) await join(world, callId, world.page(party));
    await world.service.handleConversationHeld(world.conversationId, true);
    expect(await world.service.viewOf(world.conversationId)).toMatchObject({ phase: 'held' });
    await world.service.handleConversationHeld(world.conversationId, false);
    await world.service.handleConversationHeld(world.conversationId, false);
    expect(await world.service.viewOf(world.conversationId)).toMatchObject({ phase: 'live' });
  });

  test('[M7] what a browser measures is kept, and not more often than it should be', async () => {
    const { callId, agent, atAgent } = await liveCall(world);
    const report = () =>
      handlers()['call:report-quality'](
        {
          callId,
          clientId: agent.clientId,
          samples: [
            {
              direction: 'receive',
              kind: 'audio',
              bitrate: 31_000,
              packetLoss: 0.02,
              jitterMs: 4,
              roundTripMs: null,
              framesPerSecond: null,
              freezeCount: null,
            },
          ],
        },
        agent.caller,
      );
    await report();
    await report();
    expect(world.store.qualitySamples).toMatchObject([
      { callId, seatId: atAgent.seatId, source: 'browser', bitrate: 31_000, sampledAt: world.clock.now },
    ]);
    world.clock.now += 2_000;
    await report();
    expect(world.store.qualitySamples).toHaveLength(2);
  });
});

describe('pages that come and go', () => {
  test('[CA6] a page that is gone leaves its seat away; the next page takes it without being asked', async () => {
    const { callId, visitor } = await liveCall(world);
    await world.service.handleSocketGone(visitor.caller.socketId);
    const call = await world.service.viewOf(world.conversationId);
    expect(call?.seats.map(({ state }) => state)).toEqual(['away', 'in']);
    const nextPage = world.page('visitor');
    const joined = await join(world, callId, nextPage);
    expect(joined.call).toMatchObject({ phase: 'live', liveAt: call?.liveAt });
  });

  test('[CA6] who stays away ends the call when the grace is over', async () => {
    const { visitor } = await liveCall(world);
    await world.service.handleSocketGone(visitor.caller.socketId);
    await world.service.sweep(world.clock.now + 19_999);
    expect(await world.service.viewOf(world.conversationId)).toMatchObject({ phase: 'live' });
    await world.service.sweep(world.clock.now + 20_000);
    expect(await world.service.viewOf(world.conversationId)).toBeNull();
    expect(world.notices.at(-1)).toMatchObject({ data: { reason: 'participant-left' } });
  });

  test('[CA6] a page whose connection was cut keeps its media and is in again with its next request', async () => {
    const { callId, visitor, agent, atAgent } = await liveCall(world);
    await publish(world, callId, agent, atAgent, 'microphone');
    const before = await receiveTracks(world, callId, visitor);
    await world.service.handleSocketGone(visitor.caller.socketId);
    const samePage = { clientId: visitor.clientId, caller: { ...visitor.caller, socketId: 'next-connection' } };
    expect(await receiveTracks(world, callId, samePage)).toEqual(before);
    const call = await world.service.viewOf(world.conversationId);
    expect(call?.seats.map(({ state }) => state)).toEqual(['in', 'in']);
    // The old connection's end may be noticed only now; the seat has moved on.
    await world.service.handleSocketGone(visitor.caller.socketId);
    await publish(world, callId, agent, atAgent, 'camera');
    expect((await world.nextTold('call:tracks-added', ({ to }) => to === 'next-connection')).payload).toBeDefined();
  });

  test('[CA12] a second tab is told so, and takes the seat only when it says so', async () => {
    const { callId, visitor, atVisitor } = await liveCall(world);
    const secondTab = world.page('visitor');
    expect(await codeOf(join(world, callId, secondTab))).toBe('call-in-other-tab');
    await join(world, callId, secondTab, true);
    expect(await world.nextTold('call:seat-taken-over')).toMatchObject({ to: visitor.caller.socketId });
    expect(await codeOf(publish(world, callId, visitor, atVisitor, 'microphone'))).toBe('call-in-other-tab');
    expect(world.service.metrics()).toMatchObject({ seats: 2, transports: 4 });
  });

  test('[CA12] joining again gives fresh transports and closes the old ones', async () => {
    const { callId, visitor, atVisitor } = await liveCall(world);
    await publish(world, callId, visitor, atVisitor, 'microphone');
    const again = await join(world, callId, visitor);
    expect(again.sendTransport.transportId).not.toBe(atVisitor.sendTransport.transportId);
    expect(again.call.seats[0]).toMatchObject({ state: 'in', isMuted: true });
    expect(await codeOf(connect(world, callId, visitor, atVisitor.sendTransport.transportId))).toBe('not-found');
    expect(world.service.metrics()).toMatchObject({ seats: 2, transports: 4, producers: 0 });
  });

  test('[CA12] of two joins of one seat at the same moment one holds it and nothing is left over', async () => {
    const { callId, visitor } = await acceptedCall(world);
    const tabs = [visitor, world.page('visitor')];
    await Promise.allSettled(tabs.map((tab) => join(world, callId, tab)));
    expect(world.service.metrics()).toMatchObject({ seats: 1, transports: 2 });
  });

  test('[CA13] after a restart of the server the call is still there and is joined again', async () => {
    const { callId, visitor, agent, atVisitor } = await liveCall(world);
    await world.restartService();
    const call = await world.service.viewOf(world.conversationId);
    expect(call?.seats.map(({ state }) => state)).toEqual(['away', 'away']);
    expect(await codeOf(publish(world, callId, visitor, atVisitor, 'microphone'))).toBe('call-restarted');
    const again = await join(world, callId, visitor);
    expect(again.generation).toBeGreaterThan(atVisitor.generation);
    expect(await codeOf(connect(world, callId, visitor, atVisitor.sendTransport.transportId))).toBe('call-restarted');
    const both = await join(world, callId, agent);
    expect(both.call).toMatchObject({ phase: 'live', liveAt: call?.liveAt });
  });

  test('[CA13] after a restart a call that nobody comes back to ends', async () => {
    await liveCall(world);
    await world.restartService();
    await world.service.sweep(world.clock.now + 20_000);
    expect(await world.service.viewOf(world.conversationId)).toBeNull();
  });
});

test('[CA14] a call that another node ended loses its media here at this node’s next turn', async () => {
  const { callId } = await liveCall(world);
  const record = await world.store.findCall(callId);
  if (!record) throw new Error('The call is gone.');
  await world.store.saveCall(
    { ...record, revision: record.revision + 1, phase: 'ended', dueAt: null, endedAt: 1, endReason: 'hung-up' },
    record.revision,
  );
  await world.service.follow();
  expect(world.service.metrics()).toMatchObject({ rooms: 0, transports: 0 });
});
