import { describe, expect, test } from 'vitest';
import { toCallStatus, toQualityHint, type StatusFacts } from './call-status.ts';

const CONNECTED: StatusFacts = {
  state: { phase: 'connected', isShaky: false, rejoins: 0 },
  callPhase: 'live',
  other: { state: 'in' },
  microphone: 'on',
  camera: 'off',
};

describe('[M5] the call says in words', () => {
  test('[M14] that the browser is waiting for an answer, before all else', () => {
    const facts: StatusFacts = { ...CONNECTED, state: { phase: 'acquiring', attempt: 0 }, microphone: 'starting' };
    expect(toCallStatus(facts)).toBe('allow-microphone');
    expect(toCallStatus({ ...facts, camera: 'starting' })).toBe('allow-both');
  });

  test('[M5] that the other side is awaited, away, or there', () => {
    expect(toCallStatus({ ...CONNECTED, other: undefined })).toBe('waiting-for-other');
    expect(toCallStatus({ ...CONNECTED, other: { state: 'joining' } })).toBe('waiting-for-other');
    expect(toCallStatus({ ...CONNECTED, other: { state: 'away' } })).toBe('other-away');
    expect(toCallStatus(CONNECTED)).toBe('connected');
  });

  test('[M5] that it is on hold', () => {
    expect(toCallStatus({ ...CONNECTED, callPhase: 'held' })).toBe('on-hold');
  });

  test('[M8] that it is coming back, and not that a link shook for a moment', () => {
    expect(toCallStatus({ ...CONNECTED, state: { phase: 'connected', isShaky: true, rejoins: 0 } })).toBe('connected');
    const state = { phase: 'reconnecting', way: 'rejoin', attempt: 2 } as const;
    expect(toCallStatus({ ...CONNECTED, state })).toBe('reconnecting');
  });
});

describe('[M7] the connection', () => {
  test('[M7] is not spoken of while it is good', () => {
    expect(toQualityHint({ sending: 'good', receiving: 'good' }, true)).toBeNull();
  });

  test('[M7] is named by the direction that is weak', () => {
    expect(toQualityHint({ sending: 'weak', receiving: 'good' }, true)).toBe('weak-sending');
    expect(toQualityHint({ sending: 'weak', receiving: 'good' }, false)).toBe('weak-sending-voice');
    expect(toQualityHint({ sending: 'good', receiving: 'bad' }, true)).toBe('weak-receiving');
    expect(toQualityHint({ sending: 'bad', receiving: 'weak' }, true)).toBe('weak-both');
  });
});
