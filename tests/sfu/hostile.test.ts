import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callRequests } from '../../protocol/media.ts';
import type { CallId } from '../../protocol/ids.ts';
import type { CallHandlers } from '../../media/call-host.ts';
import { createCallWorld, type CallWorld } from './support/call-world.ts';
import { codeOf, connect, join, liveCall, publish, receiveTracks } from './support/call-steps.ts';
import { browserCapabilities, rtpParametersOf, someDtlsParameters } from './support/browser-rtp.ts';

type PublishInput = Parameters<CallHandlers['call:publish-track']>[0];

let world: CallWorld;
let workerPid: number | undefined;
let call: Awaited<ReturnType<typeof liveCall>>;

beforeEach(async () => {
  world = await createCallWorld();
  workerPid = world.workers.snapshot().workers[0]?.pid;
  call = await liveCall(world);
});
afterEach(async () => {
  // Whatever was tried: the same worker still serves everybody else.
  const alive = await world.workers.acquire(0);
  expect(alive.pid).toBe(workerPid);
  expect(world.workers.snapshot().died).toBe(0);
  const router = await alive.createRouter([]);
  router.close();
  await publish(world, call.callId, call.agent, call.atAgent, 'microphone');
  await world.close();
});

const handlers = () => world.service.handlers;

describe('things of others', () => {
  test('[CA15] a stranger finds no call, whatever they ask', async () => {
    for (const stranger of [world.stranger('visitor'), world.stranger('agent')]) {
      const { clientId, caller } = stranger;
      const { callId } = call;
      const page = { callId, clientId };
      const { transportId } = call.atVisitor.sendTransport;
      const answers = await Promise.all([
        codeOf(handlers()['call:propose-call']({ conversationId: world.conversationId, modality: 'voice' }, caller)),
        codeOf(handlers()['call:accept-call']({ callId }, caller)),
        codeOf(handlers()['call:decline-call']({ callId }, caller)),
        codeOf(handlers()['call:hang-up']({ callId }, caller)),
        codeOf(join(world, callId, stranger, true)),
        codeOf(receiveTracks(world, callId, stranger)),
        codeOf(connect(world, callId, stranger, transportId)),
        codeOf(publish(world, callId, stranger, call.atVisitor, 'camera')),
        codeOf(handlers()['call:set-track-paused']({ ...page, producerId: 'g1.x', isPaused: true }, caller)),
        codeOf(handlers()['call:unpublish-track']({ ...page, producerId: 'g1.x' }, caller)),
        codeOf(handlers()['call:resume-consumers']({ ...page, consumerIds: ['g1.x'] }, caller)),
        codeOf(handlers()['call:restart-ice']({ ...page, transportId }, caller)),
        codeOf(handlers()['call:report-quality']({ ...page, samples: [] }, caller)),
      ]);
      expect(answers).toEqual(Array.from({ length: 13 }, () => 'not-found'));
    }
    expect(await world.service.viewOf(world.conversationId)).toMatchObject({ phase: 'live' });
  });

  test('[CA15] a person without a seat is refused even where they may read the conversation', async () => {
    const supervisor = world.stranger('agent');
    supervisor.caller.mayUse = async () => true;
    expect(await codeOf(join(world, call.callId, supervisor))).toBe('forbidden');
    expect(await codeOf(handlers()['call:hang-up']({ callId: call.callId }, supervisor.caller))).toBe('forbidden');
    const proposal = { conversationId: world.conversationId, modality: 'voice' as const };
    expect(await codeOf(handlers()['call:propose-call'](proposal, supervisor.caller))).toBe('forbidden');
  });

  test('[CA15] nobody uses the other side’s transports, tracks or consumers', async () => {
    const { callId, visitor, agent, atVisitor, atAgent } = call;
    const { producerId } = await publish(world, callId, visitor, atVisitor, 'microphone');
    const { consumers } = await receiveTracks(world, callId, agent);
    const consumerIds = consumers.map(({ consumerId }) => consumerId);
    expect(consumerIds).toHaveLength(1);
    const asAgent = { callId, clientId: agent.clientId };
    const asVisitor = { callId, clientId: visitor.clientId };
    const foreign = [
      connect(world, callId, agent, atVisitor.sendTransport.transportId),
      publish(world, callId, agent, atVisitor, 'camera'),
      handlers()['call:restart-ice']({ ...asAgent, transportId: atVisitor.receiveTransport.transportId }, agent.caller),
      handlers()['call:set-track-paused']({ ...asAgent, producerId, isPaused: true }, agent.caller),
      handlers()['call:unpublish-track']({ ...asAgent, producerId }, agent.caller),
      handlers()['call:resume-consumers']({ ...asVisitor, consumerIds }, visitor.caller),
    ];
    expect(await Promise.all(foreign.map(codeOf))).toEqual(foreign.map(() => 'not-found'));
    expect(world.service.metrics()).toMatchObject({ producers: 1, consumers: 1, transports: 4 });
    expect(atAgent.seatId).not.toBe(atVisitor.seatId);
  });

  test('[CA15] names that were never ours and names of later worlds are refused', async () => {
    const { callId, visitor } = call;
    const page = { callId, clientId: visitor.clientId };
    const ask = (transportId: string) =>
      codeOf(handlers()['call:restart-ice']({ ...page, transportId }, visitor.caller));
    expect(await ask('no-name')).toBe('not-found');
    expect(await ask(`g999.${'x'.repeat(36)}`)).toBe('not-found');
    expect(await ask('g0.older')).toBe('call-restarted');
    expect(await ask('__proto__')).toBe('not-found');
  });

  test('[CA15] an unknown call is not found', async () => {
    const callId = crypto.randomUUID() as CallId;
    expect(await codeOf(join(world, callId, call.visitor))).toBe('not-found');
  });
});

describe('too much', () => {
  test('[CA16] a seat sends one microphone and one camera, also when asked for more at the same moment', async () => {
    const { callId, visitor, atVisitor } = call;
    const many = await Promise.all(
      Array.from({ length: 5 }, () => codeOf(publish(world, callId, visitor, atVisitor, 'camera'))),
    );
    expect(many.toSorted()).toEqual(['limit-reached', 'limit-reached', 'limit-reached', 'limit-reached', 'no-error']);
    expect(await codeOf(publish(world, callId, visitor, atVisitor, 'microphone'))).toBe('no-error');
    expect(await codeOf(publish(world, callId, visitor, atVisitor, 'microphone'))).toBe('limit-reached');
    expect(world.service.metrics().producers).toBe(2);
  });

  test('[CA16] a seat never has more than two transports, however often it joins', async () => {
    const { callId, visitor } = call;
    await Promise.allSettled(Array.from({ length: 10 }, () => join(world, callId, visitor)));
    expect(world.service.metrics()).toMatchObject({ seats: 2, transports: 4 });
  });

  test('[CA16] a track is sent over the sending transport only, and as what it is', async () => {
    const { callId, visitor, atVisitor } = call;
    const swapped = { ...atVisitor, sendTransport: atVisitor.receiveTransport };
    expect(await codeOf(publish(world, callId, visitor, swapped, 'camera'))).toBe('bad-input');
    const wrongKinds = [
      { source: 'camera', kind: 'audio', rtpParameters: rtpParametersOf('microphone') },
      { source: 'camera', kind: 'video', rtpParameters: rtpParametersOf('microphone') },
      { source: 'microphone', kind: 'audio', rtpParameters: rtpParametersOf('camera') },
    ] as const;
    for (const wrong of wrongKinds) {
      const { transportId } = atVisitor.sendTransport;
      const input = { callId, clientId: visitor.clientId, transportId, isPaused: false, ...wrong };
      expect(await codeOf(handlers()['call:publish-track'](input, visitor.caller))).toBe('bad-input');
    }
  });

  test('[CA16] a call of two gets one camera layer', async () => {
    const rtpParameters = {
      ...rtpParametersOf('camera'),
      encodings: [{ ssrc: 10 }, { ssrc: 12 }, { ssrc: 14 }],
    };
    expect(await codeOf(publishRaw('camera', rtpParameters))).toBe('limit-reached');
  });

  test('[CA16] a transport connects once', async () => {
    const { callId, visitor, atVisitor } = call;
    const { transportId } = atVisitor.sendTransport;
    await connect(world, callId, visitor, transportId);
    expect(await codeOf(connect(world, callId, visitor, transportId))).toBe('invalid-transition');
  });
});

describe('garbage', () => {
  const camera = rtpParametersOf('camera');
  const [vp8] = camera.codecs;
  const garbage: [string, object][] = [
    ['a bitrate that is no whole number', { ...camera, encodings: [{ ssrc: 1, maxBitrate: 1.5 }] }],
    ['a bitrate that is a word', { ...camera, encodings: [{ ssrc: 1, maxBitrate: 'much' }] }],
    ['a bitrate without end', { ...camera, encodings: [{ ssrc: 1, maxBitrate: 1e300 }] }],
    ['a negative stream number', { ...camera, encodings: [{ ssrc: -1 }] }],
    ['a stream number of 64 bits', { ...camera, encodings: [{ ssrc: 2 ** 63 }] }],
    ['an encoding that is nothing', { ...camera, encodings: [null] }],
    ['no codec that anybody knows', { ...camera, codecs: [{ ...vp8, mimeType: 'video/WMV9' }] }],
    ['a codec without a name', { ...camera, codecs: [{ ...vp8, mimeType: 7 }] }],
    ['a payload type out of range', { ...camera, codecs: [{ ...vp8, payloadType: 4_000 }] }],
    ['two codecs with one payload type', { ...camera, codecs: [vp8, vp8] }],
    ['a retransmission of nothing', { ...camera, codecs: [{ ...vp8, mimeType: 'video/rtx', parameters: { apt: 3 } }] }],
    ['a codec parameter that is an object', { ...camera, codecs: [{ ...vp8, parameters: { a: { b: 1 } } }] }],
    ['a codec parameter that is a list of words', { ...camera, codecs: [{ ...vp8, parameters: { a: ['x', 'y'] } }] }],
    ['a feedback without a type', { ...camera, codecs: [{ ...vp8, rtcpFeedback: [{}] }] }],
    ['a thousand codec parameters', { ...camera, codecs: [{ ...vp8, parameters: manyParameters(1_000) }] }],
    ['an extension number out of range', { ...camera, headerExtensions: [{ uri: 'urn:x', id: 5_000 }] }],
    ['an extension nobody knows', { ...camera, headerExtensions: [{ uri: 'urn:x', id: 5 }] }],
    ['a name of four megabytes', { ...camera, rtcp: { cname: 'x'.repeat(4_000_000) } }],
    ['a MID longer than the worker keeps', { ...camera, mid: 'far-too-long-for-a-mid' }],
    ['an empty MID', { ...camera, mid: '' }],
    ['a restriction id with strange letters', { ...camera, encodings: [{ rid: '../../etc' }] }],
    ['a layer mode of dreams', { ...camera, encodings: [{ ssrc: 5, scalabilityMode: 'L9T9' }] }],
    ['no codecs at all', { ...camera, codecs: [] }],
  ];

  test.each(garbage)('[CA17] %s does no harm to the worker', async (_what, rtpParameters) => {
    const input = { ...publishInput('camera'), rtpParameters };
    const parsed = callRequests['call:publish-track'].input.safeParse(input);
    const code = parsed.success
      ? await codeOf(handlers()['call:publish-track'](parsed.data, call.visitor.caller))
      : 'bad-input';
    // Either it is refused in words that a page knows, or what was strange in it has been left out.
    expect(['bad-input', 'no-error']).toContain(code);
    // The same worker takes a proper camera right afterwards.
    if (code === 'bad-input') expect(await codeOf(publishRaw('camera', rtpParametersOf('camera')))).toBe('no-error');
  });

  test('[CA17] capabilities made of garbage are refused, and proper ones work afterwards', async () => {
    const { callId, visitor, agent, atVisitor } = call;
    const proper = browserCapabilities();
    const bad: object[] = [
      { codecs: [] },
      { codecs: [{}] },
      { codecs: [{ ...proper.codecs[0], kind: 'smell' }] },
      { codecs: [{ ...proper.codecs[0], preferredPayloadType: 'x' }] },
      { codecs: proper.codecs, headerExtensions: [{ kind: 'video', uri: 1, preferredId: -1 }] },
    ];
    for (const rtpCapabilities of bad) {
      const parsed = callRequests['call:receive-tracks'].input.safeParse({
        callId,
        clientId: agent.clientId,
        rtpCapabilities,
      });
      const code = parsed.success
        ? await codeOf(handlers()['call:receive-tracks'](parsed.data, agent.caller))
        : 'bad-input';
      expect(code, JSON.stringify(rtpCapabilities)).toBe('bad-input');
    }
    await publish(world, callId, visitor, atVisitor, 'camera');
    expect((await receiveTracks(world, callId, agent)).consumers).toHaveLength(1);
  });

  test('[CA17] who can decode nothing of what is sent gets nothing, and the call goes on', async () => {
    const { callId, visitor, agent, atVisitor } = call;
    const [opus] = browserCapabilities().codecs;
    await handlers()['call:receive-tracks'](
      { callId, clientId: agent.clientId, rtpCapabilities: { codecs: [{ ...opus }] } },
      agent.caller,
    );
    await publish(world, callId, visitor, atVisitor, 'camera');
    const audioOnly = { callId, clientId: agent.clientId, rtpCapabilities: { codecs: [{ ...opus }] } };
    expect((await handlers()['call:receive-tracks'](audioOnly, agent.caller)).consumers).toEqual([]);
    expect((await receiveTracks(world, callId, agent)).consumers).toHaveLength(1);
  });

  test('[CA17] fingerprints are checked at the door: none, broken ones and foreign kinds are refused', () => {
    const { callId, visitor, atVisitor } = call;
    const [fingerprint] = someDtlsParameters().fingerprints;
    const { transportId } = atVisitor.sendTransport;
    const base = { callId, clientId: visitor.clientId, transportId };
    const wrong = [
      { fingerprints: [] },
      { fingerprints: [{ algorithm: 'md5', value: fingerprint?.value }] },
      { fingerprints: [{ algorithm: 'sha-256', value: 'not:a:fingerprint' }] },
      { fingerprints: [{ algorithm: 'sha-256', value: '' }] },
      {},
    ];
    for (const dtlsParameters of wrong) {
      const parsed = callRequests['call:connect-transport'].input.safeParse({ ...base, dtlsParameters });
      expect(parsed.success, JSON.stringify(dtlsParameters)).toBe(false);
    }
  });

  test('[CA17] a fingerprint of the wrong length does no harm to the worker', async () => {
    const { callId, visitor, atVisitor } = call;
    const { transportId } = atVisitor.sendTransport;
    const value = Array.from({ length: 128 }, () => 'AB').join(':');
    const dtlsParameters = { fingerprints: [{ algorithm: 'sha-256' as const, value }] };
    const input = { callId, clientId: visitor.clientId, transportId, dtlsParameters };
    expect(['bad-input', 'no-error']).toContain(
      await codeOf(handlers()['call:connect-transport'](input, visitor.caller)),
    );
  });

  test('[CA17] the same stream numbers from both sides do not mix', async () => {
    const shared = rtpParametersOf('camera');
    await publishRaw('camera', shared);
    const { callId, agent, atAgent } = call;
    const { transportId } = atAgent.sendTransport;
    const input = {
      callId,
      clientId: agent.clientId,
      transportId,
      source: 'camera',
      kind: 'video',
      isPaused: false,
    } as const;
    await handlers()['call:publish-track']({ ...input, rtpParameters: shared }, agent.caller);
    expect(world.service.metrics().producers).toBe(2);
  });
});

function publishInput(source: 'microphone' | 'camera') {
  return {
    callId: call.callId,
    clientId: call.visitor.clientId,
    transportId: call.atVisitor.sendTransport.transportId,
    source,
    kind: source === 'camera' ? ('video' as const) : ('audio' as const),
    isPaused: false,
  };
}

function publishRaw(source: 'microphone' | 'camera', rtpParameters: PublishInput['rtpParameters']) {
  return handlers()['call:publish-track']({ ...publishInput(source), rtpParameters }, call.visitor.caller);
}

function manyParameters(count: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, index]));
}
