import type { QualitySample } from '../../protocol/media.ts';

/** The counters of one moment, summed per direction and kind; two of them make a sample. */
export interface StatsReading {
  takenAtMs: number;
  counters: Record<StreamName, StreamCounters | undefined>;
  roundTripMs: { send: number | null; receive: number | null };
  /** All sound the microphone ever gave; exactly 0 means that it is dead. Null without a microphone. */
  microphoneEnergy: number | null;
  /** Frames shown so far per received track, by the track's id. */
  decodedFrames: Map<string, number>;
}

export type StreamName = 'send-audio' | 'send-video' | 'receive-audio' | 'receive-video';

export interface StreamCounters {
  bytes: number;
  packets: number;
  packetsLost: number;
  jitterMs: number | null;
  framesPerSecond: number | null;
  freezeCount: number | null;
  /** Only the other end can tell what was lost on the way there; its share of the latest report. */
  reportedLoss: number | null;
}

const STREAM_NAMES: StreamName[] = ['send-audio', 'send-video', 'receive-audio', 'receive-video'];

type StatsEntry = Record<string, unknown>;

/** Reads the two reports of a link; browsers leave fields out, so each is taken only when it is a number. */
export function toStatsReading(
  sending: Iterable<[string, StatsEntry]>,
  receiving: Iterable<[string, StatsEntry]>,
  takenAtMs: number,
): StatsReading {
  const sent = [...sending].map(([, entry]) => entry);
  const got = [...receiving].map(([, entry]) => entry);
  const remote = sent.filter(({ type }) => type === 'remote-inbound-rtp');
  const energy = sent.filter(({ type, kind }) => type === 'media-source' && kind === 'audio');
  const decodedFrames = new Map<string, number>();
  for (const entry of got) {
    if (entry['type'] !== 'inbound-rtp' || entry['kind'] !== 'video') continue;
    const trackId = entry['trackIdentifier'];
    if (typeof trackId === 'string') decodedFrames.set(trackId, readNumber(entry, 'framesDecoded') ?? 0);
  }
  return {
    takenAtMs,
    counters: {
      'send-audio': sumSent(sent, remote, 'audio'),
      'send-video': sumSent(sent, remote, 'video'),
      'receive-audio': sumReceived(got, 'audio'),
      'receive-video': sumReceived(got, 'video'),
    },
    roundTripMs: { send: findRoundTripMs(sent), receive: findRoundTripMs(got) },
    microphoneEnergy: energy.length === 0 ? null : sum(energy, 'totalAudioEnergy'),
    decodedFrames,
  };
}

function sumSent(sent: StatsEntry[], remote: StatsEntry[], kind: string): StreamCounters | undefined {
  const streams = sent.filter((entry) => entry['type'] === 'outbound-rtp' && entry['kind'] === kind);
  if (streams.length === 0) return undefined;
  const reports = remote.filter((entry) => entry['kind'] === kind);
  return {
    bytes: sum(streams, 'bytesSent'),
    packets: sum(streams, 'packetsSent'),
    packetsLost: 0,
    jitterMs: toMs(max(reports, 'jitter')),
    framesPerSecond: kind === 'video' ? max(streams, 'framesPerSecond') : null,
    freezeCount: null,
    reportedLoss: max(reports, 'fractionLost'),
  };
}

function sumReceived(got: StatsEntry[], kind: string): StreamCounters | undefined {
  const streams = got.filter((entry) => entry['type'] === 'inbound-rtp' && entry['kind'] === kind);
  // NOTE: mediasoup sends bandwidth probes as a stream of their own, which is no one's picture.
  const real = streams.filter((entry) => entry['mid'] !== 'probator' && entry['trackIdentifier'] !== 'probator');
  if (real.length === 0) return undefined;
  return {
    bytes: sum(real, 'bytesReceived'),
    packets: sum(real, 'packetsReceived'),
    packetsLost: sum(real, 'packetsLost'),
    jitterMs: toMs(max(real, 'jitter')),
    framesPerSecond: kind === 'video' ? max(real, 'framesPerSecond') : null,
    freezeCount: kind === 'video' ? sum(real, 'freezeCount') : null,
    reportedLoss: null,
  };
}

function findRoundTripMs(entries: StatsEntry[]): number | null {
  const pairs = entries.filter(
    (entry) => entry['type'] === 'candidate-pair' && (entry['nominated'] === true || entry['selected'] === true),
  );
  return toMs(max(pairs, 'currentRoundTripTime'));
}

/** What happened between two readings, one sample for each stream that was there both times. */
export function toQualitySamples(before: StatsReading, now: StatsReading): QualitySample[] {
  const seconds = (now.takenAtMs - before.takenAtMs) / 1_000;
  if (seconds <= 0) return [];
  return STREAM_NAMES.flatMap((name) => {
    const a = before.counters[name];
    const b = now.counters[name];
    // Counters start anew with a new connection; a step back says so.
    if (a === undefined || b === undefined || b.bytes < a.bytes) return [];
    const direction = name.startsWith('send') ? ('send' as const) : ('receive' as const);
    const lost = Math.max(0, b.packetsLost - a.packetsLost);
    const arrived = Math.max(0, b.packets - a.packets);
    const loss = b.reportedLoss ?? (lost + arrived === 0 ? 0 : lost / (lost + arrived));
    return [
      {
        direction,
        kind: name.endsWith('audio') ? ('audio' as const) : ('video' as const),
        bitrate: Math.round(((b.bytes - a.bytes) * 8) / seconds),
        packetLoss: Math.min(1, Math.max(0, loss)),
        jitterMs: b.jitterMs,
        roundTripMs: now.roundTripMs[direction],
        framesPerSecond: b.framesPerSecond,
        freezeCount: b.freezeCount === null ? null : Math.max(0, b.freezeCount - (a.freezeCount ?? 0)),
      },
    ];
  });
}

function readNumber(entry: StatsEntry, field: string): number | null {
  const value = entry[field];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function sum(entries: StatsEntry[], field: string): number {
  return entries.reduce((total, entry) => total + (readNumber(entry, field) ?? 0), 0);
}

function max(entries: StatsEntry[], field: string): number | null {
  const values = entries.map((entry) => readNumber(entry, field)).filter((value) => value !== null);
  return values.length === 0 ? null : Math.max(...values);
}

function toMs(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(Math.max(0, seconds) * 1_000);
}
