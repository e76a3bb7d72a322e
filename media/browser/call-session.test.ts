import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCall, settle, toConsumer } from './_support/call-scene.ts';
import { CALL_ID, RefusedRequest, toCall } from './_support/fake-signalling.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('joining', () => {
  test('[M2] microphone and camera start while the seat is being taken, and are sent when both are there', async () => {
    const call = createCall();
    const session = call.start();
    expect(call.wire.countOf('call:join-call')).toBe(0);
    await settle();
    expect(session.state.value).toEqual({ phase: 'connected', isShaky: false, rejoins: 0 });
    const [microphone, camera] = call.tracks;
    expect(call.links[0]?.sent.get('microphone')).toEqual({ track: microphone, isPaused: false });
    expect(call.links[0]?.sent.get('camera')).toEqual({ track: camera, isPaused: false });
  });

  test('[CA25] the seat is asked for right behind the accept, without waiting for its answer', async () => {
    const call = createCall({ joinAfter: new Promise(() => {}) });
    const session = call.start();
    await settle();
    expect(call.tracks).toHaveLength(2);
    expect(call.wire.countOf('call:join-call')).toBe(1);
    expect(session.state.value.phase).toBe('connected');
  });

  test('[CA25] a join that came before its accept is repeated once the accept has been answered', async () => {
    let accepted: (value?: unknown) => void = () => {};
    const call = createCall({ joinAfter: new Promise((resolve) => (accepted = resolve)) });
    const join = call.wire.answers['call:join-call'];
    call.wire.answers['call:join-call'] = () => Promise.reject(new RefusedRequest('not-found'));
    const session = call.start();
    await settle();
    expect(call.wire.countOf('call:join-call')).toBe(1);
    call.wire.answers['call:join-call'] = join;
    accepted();
    await settle();
    expect(call.wire.countOf('call:join-call')).toBe(2);
    expect(session.state.value.phase).toBe('connected');
  });

  test('[CA25] what refuses the accept refuses the join', async () => {
    const call = createCall({ joinAfter: Promise.reject(new RefusedRequest('request-taken')) });
    call.wire.answers['call:join-call'] = () => Promise.reject(new RefusedRequest('not-found'));
    const session = call.start();
    await settle();
    expect(session.state.value).toMatchObject({ phase: 'failed' });
  });

  test('[CA5] a page that has said what it decodes takes the tracks of the answer and asks for none', async () => {
    const call = createCall({ findDecodable: () => ({ codecs: [] }) });
    const join = call.wire.answers['call:join-call'];
    call.wire.answers['call:join-call'] = async (input) => ({ ...(await join(input)), consumers: [toConsumer()] });
    const session = call.start();
    await settle();
    expect(call.wire.countOf('call:receive-tracks')).toBe(0);
    expect(session.remoteSeats.value[0]?.video).not.toBeNull();
  });

  test('[M3] who joins muted and without camera opens neither device', async () => {
    const call = createCall({ wanted: { isMuted: true, isCameraOn: false } });
    const session = call.start();
    await settle();
    expect(call.tracks).toEqual([]);
    expect(session.isMuted.value).toBe(true);
    session.setMuted(false);
    await settle();
    expect(call.links[0]?.sent.get('microphone')).toEqual({ track: call.tracks[0], isPaused: false });
  });

  test('[M14] without a camera the call goes on with the voice', async () => {
    const call = createCall();
    call.faults.set('camera', 'no-device');
    const session = call.start();
    await settle();
    expect(session.state.value.phase).toBe('connected');
    expect(session.isCameraOn.value).toBe(false);
    expect(session.isMuted.value).toBe(false);
  });

  test('[M14] who refuses the microphone joins, listens, and can speak after trying again', async () => {
    const call = createCall({ wanted: { isMuted: false, isCameraOn: false } });
    call.faults.set('microphone', 'refused-by-person');
    const session = call.start();
    await settle();
    expect(session.state.value.phase).toBe('connected');
    expect(session.isMuted.value).toBe(true);
    expect(call.links[0]?.sent.get('microphone')?.track).toBeNull();

    call.faults.clear();
    session.retryDevice('microphone');
    await settle();
    expect(session.isMuted.value).toBe(false);
    expect(call.links[0]?.sent.get('microphone')).toEqual({ track: call.tracks[0], isPaused: false });
  });

  test('[M1] a call that is open in another tab says so, and can be taken over', async () => {
    const call = createCall();
    const join = call.wire.answers['call:join-call'];
    call.wire.answers['call:join-call'] = (input) =>
      input.takeOver === true ? join(input) : Promise.reject(new RefusedRequest('call-in-other-tab'));
    const session = call.start();
    await settle();
    expect(session.state.value).toMatchObject({ phase: 'failed', code: 'call-in-other-tab' });
    expect(call.tracks.filter((track) => track.readyState === 'live')).toEqual([]);
    session.retry({ takeOver: true });
    await settle();
    expect(session.state.value.phase).toBe('connected');
    expect(call.links[0]?.sent.get('microphone')?.track?.readyState).toBe('live');
  });

  test('[M1] a media server that is not there yet is asked again by itself', async () => {
    const call = createCall();
    const join = call.wire.answers['call:join-call'];
    call.wire.answers['call:join-call'] = () => Promise.reject(new RefusedRequest('media-unavailable'));
    const session = call.start();
    await settle();
    expect(session.state.value).toMatchObject({ phase: 'joining', attempt: 1 });
    call.wire.answers['call:join-call'] = join;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(session.state.value.phase).toBe('connected');
  });
});

describe('during the call', () => {
  test('[M5] muting silences the microphone at once and keeps the device', async () => {
    const call = createCall();
    const session = call.start();
    await settle();
    session.setMuted(true);
    expect(call.tracks[0]?.enabled).toBe(false);
    expect(call.tracks[0]?.readyState).toBe('live');
    expect(session.isMuted.value).toBe(true);
    expect(call.links[0]?.sent.get('microphone')).toEqual({ track: call.tracks[0], isPaused: true });
  });

  test('[M5] turning the camera off gives it back, and turning it on starts it anew', async () => {
    const call = createCall();
    const session = call.start();
    await settle();
    session.setCameraOn(false);
    await settle();
    expect(call.tracks[1]?.readyState).toBe('ended');
    expect(session.localVideo.value).toBeNull();
    expect(call.links[0]?.sent.get('camera')).toEqual({ track: null, isPaused: true });
    session.setCameraOn(true);
    await settle();
    expect(call.links[0]?.sent.get('camera')).toEqual({ track: call.tracks[2], isPaused: false });
  });

  test('[M2] the other side is seen as soon as its tracks arrive, and not while its camera is off', async () => {
    const call = createCall();
    const session = call.start();
    await settle();
    expect(session.remoteSeats.value).toMatchObject([{ name: 'Mira', isMuted: true, video: null, audio: null }]);
    const consumers = [
      toConsumer(),
      toConsumer({ consumerId: 'consumer-2', producerId: 'producer-2', source: 'microphone', kind: 'audio' }),
    ];
    for (const consumer of consumers) {
      call.wire.say('call:tracks-added', { callId: CALL_ID, generation: 1, consumers: [consumer] });
    }
    await vi.advanceTimersByTimeAsync(50);
    const seat = session.remoteSeats.value[0];
    expect(seat).toMatchObject({ isMuted: false, isCameraOn: true });
    expect(seat?.video?.getVideoTracks()).toHaveLength(1);
    expect(seat?.audio?.getAudioTracks()).toHaveLength(1);

    call.wire.say('call:track-paused', { callId: CALL_ID, consumerId: 'consumer-1', isPaused: true });
    expect(session.remoteSeats.value[0]).toMatchObject({ isCameraOn: false, video: null });
    call.wire.say('call:track-removed', { callId: CALL_ID, consumerId: 'consumer-2' });
    expect(session.remoteSeats.value[0]).toMatchObject({ audio: null });
  });

  test('[M5] a view of the call that is older than the known one is dropped', async () => {
    const call = createCall();
    const session = call.start();
    await settle();
    call.wire.say('call:changed', { call: toCall({ revision: 5, phase: 'live' }) });
    call.wire.say('call:changed', { call: toCall({ revision: 4, phase: 'connecting' }) });
    expect(session.call.value).toMatchObject({ revision: 5, phase: 'live' });
  });
});

describe('coming back', () => {
  test('[M9] media that moved is joined again with the same tracks and the same mute state', async () => {
    const call = createCall();
    const session = call.start();
    await settle();
    session.setMuted(true);
    call.wire.server.generation = 2;
    call.wire.say('call:media-restarted', { callId: CALL_ID, generation: 2 });
    expect(session.state.value).toMatchObject({ phase: 'reconnecting', way: 'rejoin' });
    await settle();
    expect(session.state.value.phase).toBe('connected');
    expect(call.links).toHaveLength(2);
    expect(call.links[0]?.isClosed).toBe(true);
    expect(call.tracks).toHaveLength(2);
    expect(call.links[1]?.sent.get('microphone')).toEqual({ track: call.tracks[0], isPaused: true });
    expect(call.links[1]?.sent.get('camera')).toEqual({ track: call.tracks[1], isPaused: false });
  });

  test('[M8] a link that stays shaky is restarted by ICE, and rebuilt when that fails twice', async () => {
    const call = createCall();
    const session = call.start();
    await settle();
    const [link] = call.links;
    if (link === undefined) throw new Error('The call opened no link.');
    link.health.value = 'shaky';
    await vi.advanceTimersByTimeAsync(2_600);
    expect(link.iceRestarts).toBe(1);
    expect(session.state.value).toMatchObject({ phase: 'reconnecting', way: 'restart-ice' });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(link.iceRestarts).toBe(2);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(call.links).toHaveLength(2);
    expect(session.state.value).toMatchObject({ phase: 'connected', rejoins: 1 });
  });

  test('[M8] signalling that comes back leaves living media alone and asks for what was missed', async () => {
    const call = createCall();
    const session = call.start();
    await settle();
    call.wire.answers['call:receive-tracks'] = () => Promise.resolve({ consumers: [toConsumer()] });
    call.wire.comeBack();
    await settle();
    expect(session.state.value).toMatchObject({ phase: 'connected', rejoins: 0 });
    expect(call.links).toHaveLength(1);
    expect(session.remoteSeats.value[0]?.isCameraOn).toBe(true);
  });

  test('[M8] when the server no longer knows the media, it is joined again', async () => {
    const call = createCall();
    const session = call.start();
    await settle();
    const receive = call.wire.answers['call:receive-tracks'];
    call.wire.answers['call:receive-tracks'] = () => Promise.reject(new RefusedRequest('call-restarted'));
    call.wire.comeBack();
    call.wire.answers['call:receive-tracks'] = receive;
    await settle();
    expect(call.links).toHaveLength(2);
    expect(session.state.value.phase).toBe('connected');
  });

  test('[M8] a wait between attempts ends early when the connection is back', async () => {
    const call = createCall();
    const join = call.wire.answers['call:join-call'];
    call.wire.answers['call:join-call'] = () => Promise.reject(new RefusedRequest('offline'));
    const session = call.start();
    await settle();
    call.wire.answers['call:join-call'] = join;
    call.wire.comeBack();
    await settle();
    expect(session.state.value.phase).toBe('connected');
  });
});

describe('the end', () => {
  const ways: [
    string,
    (call: ReturnType<typeof createCall>, session: ReturnType<typeof call.start>) => void,
    string,
  ][] = [
    ['hanging up', (_call, session) => session.hangUp(), 'hung-up'],
    ['leaving', (_call, session) => session.close(), 'left'],
    [
      'the conversation ending',
      ({ wire }) =>
        wire.say('call:changed', {
          call: toCall({ revision: 9, phase: 'ended', endReason: 'conversation-ended' }),
        }),
      'conversation-ended',
    ],
    ['another tab taking over', ({ wire }) => wire.say('call:seat-taken-over', { callId: CALL_ID }), 'taken-over'],
  ];

  test.each(ways)('[C6] %s gives microphone and camera back at once', async (_way, end, reason) => {
    const call = createCall();
    const session = call.start();
    await settle();
    end(call, session);
    expect(call.tracks.map((track) => track.readyState)).toEqual(['ended', 'ended']);
    expect(session.state.value).toEqual({ phase: 'ended', reason });
    expect(call.links[0]?.isClosed).toBe(true);
    expect(call.wire.listenerCount()).toBe(0);
  });

  test('[C6] hanging up tells the server once, leaving does not end the call for the other side', async () => {
    const call = createCall();
    const session = call.start();
    await settle();
    session.hangUp();
    session.hangUp();
    session.close();
    expect(call.wire.countOf('call:hang-up')).toBe(1);
    const other = createCall();
    other.start().close();
    expect(other.wire.countOf('call:hang-up')).toBe(0);
  });

  test('[C6] hanging up while the seat is still being taken leaves nothing behind', async () => {
    const call = createCall();
    const session = call.start();
    session.hangUp();
    await settle();
    expect(call.links.filter((link) => !link.isClosed)).toEqual([]);
    expect(call.tracks.filter((track) => track.readyState === 'live')).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('[C6] a call that has ended before it was joined ends here', async () => {
    const call = createCall();
    call.wire.answers['call:join-call'] = () => Promise.reject(new RefusedRequest('call-ended'));
    const session = call.start();
    await settle();
    expect(session.state.value.phase).toBe('ended');
    expect(call.tracks.filter((track) => track.readyState === 'live')).toEqual([]);
  });
});
