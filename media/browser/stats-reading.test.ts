import { expect, test } from 'vitest';
import { toQualitySamples, toStatsReading } from './stats-reading.ts';

type Entry = Record<string, unknown>;
const toReport = (...entries: Entry[]) => entries.map((entry, index): [string, Entry] => [`id-${index}`, entry]);

const SENT = toReport(
  { type: 'outbound-rtp', kind: 'audio', bytesSent: 1_000, packetsSent: 50 },
  { type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0.1, jitter: 0.012 },
  { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.08 },
  { type: 'media-source', kind: 'audio', totalAudioEnergy: 0 },
);
const SENT_LATER = toReport(
  { type: 'outbound-rtp', kind: 'audio', bytesSent: 9_000, packetsSent: 150 },
  { type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0.1, jitter: 0.012 },
  { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.08 },
  { type: 'media-source', kind: 'audio', totalAudioEnergy: 0 },
);
const got = (bytesReceived: number, packetsReceived: number, packetsLost: number, freezeCount: number) =>
  toReport(
    {
      type: 'inbound-rtp',
      kind: 'video',
      mid: '0',
      trackIdentifier: 'picture',
      bytesReceived,
      packetsReceived,
      packetsLost,
      freezeCount,
      framesDecoded: packetsReceived / 2,
      framesPerSecond: 24,
      jitter: 0.004,
    },
    { type: 'inbound-rtp', kind: 'video', mid: 'probator', bytesReceived: 1e9, packetsReceived: 1e6 },
  );

test('[M7] two readings become what happened between them, for each direction and kind', () => {
  const before = toStatsReading(SENT, got(10_000, 100, 0, 1), 1_000);
  const now = toStatsReading(SENT_LATER, got(60_000, 190, 10, 3), 3_000);
  expect(toQualitySamples(before, now)).toEqual([
    {
      direction: 'send',
      kind: 'audio',
      bitrate: 32_000,
      packetLoss: 0.1,
      jitterMs: 12,
      roundTripMs: 80,
      framesPerSecond: null,
      freezeCount: null,
    },
    {
      direction: 'receive',
      kind: 'video',
      bitrate: 200_000,
      packetLoss: 0.1,
      jitterMs: 4,
      roundTripMs: null,
      framesPerSecond: 24,
      freezeCount: 2,
    },
  ]);
});

test('[M7] counters that began anew with another connection make no sample', () => {
  const before = toStatsReading(SENT_LATER, [], 1_000);
  expect(toQualitySamples(before, toStatsReading(SENT, [], 3_000))).toEqual([]);
});

test('[M7] a microphone that never gave anything is told from one that is not there', () => {
  expect(toStatsReading(SENT, [], 0).microphoneEnergy).toBe(0);
  expect(toStatsReading([], [], 0).microphoneEnergy).toBeNull();
});

test('[M7] shown frames are counted by track, so that a picture that stands still can be found', () => {
  expect([...toStatsReading([], got(1, 40, 0, 0), 0).decodedFrames]).toEqual([['picture', 20]]);
});
