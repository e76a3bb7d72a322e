import { describe, expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';
import type { LiveNumbers } from './metrics.ts';

const numbers: LiveNumbers = {
  visitorPages: 12,
  agentPages: 3,
  conversations: { waiting: 1, active: 2, held: 0 },
  mediaWorkersUp: 2,
  mediaWorkersWanted: 2,
  mediaWorkersDied: 1,
  rooms: 4,
  producers: 5,
  consumers: 6,
  sharing: {
    shares: { 'co-browse': 2, screen: 1 },
    streams: 3,
    viewers: 4,
    keptBytes: 5_000,
    assetBytes: 600,
    frames: 70,
    keyFrames: 8,
    bytesIn: 9_000,
    bytesOut: 10_000,
    keyFramesAsked: 2,
    viewersSkippedAhead: 1,
    resyncs: 3,
    unknownNodes: 4,
    droppedEvents: 5,
    refused: { stale: 6 },
    acts: { done: 7, 'not-granted': 8 },
  },
};
const isKnown = (name: string): boolean => name === 'conversation:send-message';

describe('numbers for those who run the server', () => {
  test('[O4] what is true at this moment is read when somebody looks', async () => {
    const metrics = createMetrics(async () => numbers, isKnown);
    metrics.countMessage();
    metrics.countMessage();
    const text = await metrics.read();
    expect(text).toContain('foyer_pages{party="visitor"} 12');
    expect(text).toContain('foyer_pages{party="agent"} 3');
    expect(text).toContain('foyer_conversations{phase="active"} 2');
    expect(text).toContain('foyer_media_workers{state="died"} 1');
    expect(text).toContain('foyer_messages_total 2');
  });

  test('[O4] what is shared is told by kind, and what the relay has counted is told once, however often it is read', async () => {
    const metrics = createMetrics(async () => numbers, isKnown);
    await metrics.read();
    const text = await metrics.read();
    for (const line of [
      'foyer_shares{kind="co-browse"} 2',
      'foyer_shares{kind="screen"} 1',
      'foyer_share_pages{role="streams"} 3',
      'foyer_share_pages{role="watches"} 4',
      'foyer_share_kept_bytes{kind="frames"} 5000',
      'foyer_share_frames_total{kind="key"} 8',
      'foyer_share_frames_total{kind="change"} 62',
      'foyer_share_frames_refused_total{cause="stale"} 6',
      'foyer_share_bytes_total{direction="in"} 9000',
      'foyer_share_bytes_total{direction="out"} 10000',
      'foyer_share_resyncs_total{cause="viewer"} 3',
      'foyer_share_cleaned_total{kind="unknown-nodes"} 4',
      'foyer_share_acts_total{outcome="done"} 7',
      'foyer_share_acts_total{outcome="not-granted"} 8',
    ])
      expect(text.split('\n')).toContain(line);
  });

  test('[O4] the time of each request is counted by name and outcome', async () => {
    const metrics = createMetrics(async () => numbers, isKnown);
    metrics.observeRequest('conversation:send-message', 'ok', 12);
    metrics.observeRequest('conversation:send-message', 'rate-limited', 1);
    const text = await metrics.read();
    expect(text).toContain('foyer_request_duration_seconds_count{name="conversation:send-message",outcome="ok"} 1');
    expect(text).toContain('le="0.025",name="conversation:send-message",outcome="ok"} 1');
    expect(text).toContain('outcome="rate-limited"} 1');
  });

  test('[O5] a thousand made-up names are one line and no memory', async () => {
    const metrics = createMetrics(async () => numbers, isKnown);
    for (let index = 0; index < 1_000; index += 1) metrics.observeRequest(`made:up-${index}`, 'unknown-name', 1);
    const text = await metrics.read();
    expect(text).not.toContain('made:up');
    expect(text).toContain('foyer_request_duration_seconds_count{name="unknown",outcome="unknown-name"} 1000');
  });

  test('[O4] two servers in one process count for themselves', async () => {
    const [one, other] = [createMetrics(async () => numbers, isKnown), createMetrics(async () => numbers, isKnown)];
    one.countMessage();
    expect(await one.read()).toContain('foyer_messages_total 1');
    expect(await other.read()).toContain('foyer_messages_total 0');
  });
});
