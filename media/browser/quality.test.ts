import { describe, expect, test } from 'vitest';
import type { QualitySample } from '../../protocol/media.ts';
import { rateDirection, UNMEASURED, type DirectionScore } from './quality.ts';

function toSample(change: Partial<QualitySample> = {}): QualitySample {
  return {
    direction: 'send',
    kind: 'audio',
    bitrate: 30_000,
    packetLoss: 0,
    jitterMs: 5,
    roundTripMs: 40,
    framesPerSecond: null,
    freezeCount: null,
    ...change,
  };
}

function rateFor(times: number, sample: QualitySample, from: DirectionScore = UNMEASURED): DirectionScore {
  return Array.from({ length: times }).reduce<DirectionScore>(
    (before) => rateDirection(before, [sample], null, false),
    from,
  );
}

describe('[M7] quality in words', () => {
  test('[M7] nothing measured yet is not called weak', () => {
    expect(rateDirection(UNMEASURED, [], null, false)).toEqual(UNMEASURED);
  });

  test.each<[Partial<QualitySample>, string]>([
    [{}, 'good'],
    [{ packetLoss: 0.05 }, 'good'],
    [{ packetLoss: 0.1 }, 'weak'],
    [{ packetLoss: 0.25 }, 'bad'],
    [{ kind: 'video', packetLoss: 0.03 }, 'good'],
    [{ kind: 'video', packetLoss: 0.05 }, 'weak'],
    [{ kind: 'video', packetLoss: 0.1 }, 'bad'],
    [{ roundTripMs: 1_400 }, 'weak'],
    [{ kind: 'video', freezeCount: 2 }, 'weak'],
  ])('[M7] %o is %s', (change, level) => {
    expect(rateFor(6, toSample(change)).level).toBe(level);
  });

  test('[M7] a long way alone, as between continents, is not called weak', () => {
    expect(rateFor(6, toSample({ roundTripMs: 350 })).level).toBe('good');
  });

  test('[M7] it falls at once and recovers slowly', () => {
    const bad = rateDirection(UNMEASURED, [toSample({ packetLoss: 0.4 })], null, false);
    expect(bad.level).toBe('bad');
    expect(rateFor(1, toSample(), bad).level).toBe('weak');
    expect(rateFor(6, toSample(), bad).level).toBe('good');
  });

  test('[M7] the worst of what flows decides, and what the server saw of it', () => {
    const mixed = [toSample(), toSample({ kind: 'video', packetLoss: 0.3 })];
    expect(rateDirection(UNMEASURED, mixed, null, false).level).toBe('bad');
    expect(rateDirection(UNMEASURED, [toSample()], 1, false).level).toBe('weak');
  });

  test('[M7] a server score of something paused does not count', () => {
    expect(rateDirection(UNMEASURED, [toSample({ bitrate: 0 })], 0, false)).toEqual(UNMEASURED);
  });

  test('[M7] silence where something should be heard counts as bad', () => {
    const first = rateDirection(UNMEASURED, [], null, true);
    expect(rateDirection(first, [], null, true).level).toBe('bad');
  });
});
