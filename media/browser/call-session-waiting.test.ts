import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCall, settle } from './_support/call-scene.ts';
import { RefusedRequest, toCall } from './_support/fake-signalling.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('while one waits for somebody to accept', () => {
  const prepared = toCall({ phase: 'prepared' });
  function waitingCall() {
    const call = createCall({ call: prepared });
    call.wire.server.call = prepared;
    return call;
  }
  const begun = toCall({ phase: 'connecting', revision: 2 });

  test('[CA24] microphone and camera have their place at the server, and nothing of them is sent', async () => {
    const call = waitingCall();
    call.start();
    await settle();
    for (const [source, track] of [
      ['microphone', call.tracks[0]],
      ['camera', call.tracks[1]],
    ] as const) {
      expect(call.links[0]?.sent.get(source)).toEqual({ track, isPaused: false, isWithheld: true });
    }
  });

  test('[CA24] once somebody has accepted, the very same tracks are sent', async () => {
    const call = waitingCall();
    call.start();
    await settle();
    call.wire.say('call:changed', { call: begun });
    await settle();
    expect(call.links).toHaveLength(1);
    expect(call.links[0]?.sent.get('camera')).toEqual({ track: call.tracks[1], isPaused: false });
    expect(call.tracks).toHaveLength(2);
  });

  test('[M4] what was muted or switched off while waiting stays so in the call', async () => {
    const call = waitingCall();
    const session = call.start();
    await settle();
    session.setMuted(true);
    session.setCameraOn(false);
    await settle();
    call.wire.say('call:changed', { call: begun });
    await settle();
    expect(session.isMuted.value).toBe(true);
    expect(call.links[0]?.sent.get('microphone')).toMatchObject({ isPaused: true });
    expect(call.links[0]?.sent.get('camera')).toMatchObject({ track: null, isPaused: true });
  });

  test('[M4] without a way to the server the preview goes on, and the call is tried again when it begins', async () => {
    const call = waitingCall();
    const join = call.wire.answers['call:join-call'];
    call.wire.answers['call:join-call'] = () => Promise.reject(new RefusedRequest('forbidden'));
    const session = call.start();
    await settle();
    expect(session.state.value.phase).toBe('failed');
    expect(session.localVideo.value).not.toBeNull();
    call.wire.answers['call:join-call'] = join;
    call.wire.server.call = begun;
    call.wire.say('call:changed', { call: begun });
    await settle();
    expect(session.state.value.phase).toBe('connected');
  });

  test('[C6] leaving the queue gives microphone and camera back', async () => {
    const call = waitingCall();
    call.start();
    await settle();
    const end = { phase: 'ended', revision: 2, endReason: 'conversation-ended' } as const;
    call.wire.say('call:changed', { call: toCall(end) });
    await settle();
    expect(call.tracks.map(({ readyState }) => readyState)).toEqual(['ended', 'ended']);
  });
});
