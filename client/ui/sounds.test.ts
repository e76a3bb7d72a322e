import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSounds } from './sounds.ts';
import { installFakeAudio } from './testing/fake-audio.ts';
import type { FakeAudio } from './testing/fake-audio.ts';

describe('sounds of calls and messages', () => {
  let audio: FakeAudio;
  let started: readonly number[];

  beforeEach(() => {
    vi.useFakeTimers();
    audio = installFakeAudio();
    started = audio.beeps;
    vi.stubGlobal('document', new EventTarget());
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test('[M5] it rings back in the network’s tone until the other side answers', () => {
    const sounds = createSounds();
    document.dispatchEvent(new Event('pointerdown'));
    const stop = sounds.startRingBack();
    vi.advanceTimersByTime(10_000);
    expect(started).toEqual([425, 425, 425]);
    stop();
    vi.advanceTimersByTime(60_000);
    expect(started).toHaveLength(3);
    sounds.close();
  });

  test('[A4] several rings sound as one and end with the last', () => {
    const sounds = createSounds();
    document.dispatchEvent(new Event('keydown'));
    const stops = [sounds.startRinging(), sounds.startRinging()];
    const beepsOfOneRing = started.length;
    stops[0]?.();
    stops[0]?.();
    vi.advanceTimersByTime(2_600);
    expect(started).toHaveLength(2 * beepsOfOneRing);
    stops[1]?.();
    vi.advanceTimersByTime(60_000);
    expect(started).toHaveLength(2 * beepsOfOneRing);
    sounds.close();
  });

  test('[A10] sounds that are switched off stay silent', () => {
    const sounds = createSounds({ isEnabled: false });
    document.dispatchEvent(new Event('pointerdown'));
    sounds.playMessage();
    sounds.startRinging();
    expect(started).toEqual([]);
    sounds.setEnabled(true);
    sounds.playMessage();
    expect(started.length).toBeGreaterThan(0);
    sounds.close();
  });

  test('[A4] where the browser allows it, a page that nobody has touched yet rings', () => {
    const sounds = createSounds({ startsUntouched: true });
    const stop = sounds.startRinging();
    expect(started.length).toBeGreaterThan(0);
    vi.advanceTimersByTime(10_000);
    expect(sounds.isBlocked.value).toBe(false);
    stop();
    sounds.close();
  });

  test('[A4] a page that the browser keeps silent says so, and rings from the first touch on', () => {
    audio.wantTouch();
    const sounds = createSounds({ startsUntouched: true });
    const stop = sounds.startRinging();
    expect(sounds.canPlay()).toBe(false);
    vi.advanceTimersByTime(5_200);
    expect(sounds.isBlocked.value).toBe(true);
    expect(started).toEqual([]);
    audio.touch();
    expect(sounds.isBlocked.value).toBe(false);
    expect(sounds.canPlay()).toBe(true);
    vi.advanceTimersByTime(2_600);
    expect(started.length).toBeGreaterThan(0);
    stop();
    sounds.close();
  });

  test('[V14] on pages of other people nothing is tried before they are touched', () => {
    audio.wantTouch();
    const sounds = createSounds();
    vi.advanceTimersByTime(10_000);
    expect(sounds.isBlocked.value).toBe(false);
    sounds.close();
  });
});
