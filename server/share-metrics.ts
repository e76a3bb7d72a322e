import { Counter, Gauge, type Registry } from 'prom-client';

/** What is shared on this node, and what its relay has done since it began. */
export interface ShareNumbers {
  /** Open shares by kind, of all nodes. */
  shares: Record<string, number>;
  streams: number;
  viewers: number;
  keptBytes: number;
  assetBytes: number;
  frames: number;
  keyFrames: number;
  bytesIn: number;
  bytesOut: number;
  keyFramesAsked: number;
  viewersSkippedAhead: number;
  resyncs: number;
  unknownNodes: number;
  droppedEvents: number;
  /** By cause. */
  refused: Record<string, number>;
  /** By outcome. */
  acts: Record<string, number>;
}

/** @returns puts the numbers of this moment in, before they are read */
export function createShareMetrics(registry: Registry): (numbers: ShareNumbers) => void {
  const registers = [registry];
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers });
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const shares = gauge('foyer_shares', 'Open shares by kind.', ['kind']);
  const pages = gauge('foyer_share_pages', 'Pages that stream and pages that watch.', ['role']);
  const kept = gauge('foyer_share_kept_bytes', 'What is kept in memory for who joins later.', ['kind']);
  const frames = counter('foyer_share_frames_total', 'Frames passed on, by kind.', ['kind']);
  const refused = counter('foyer_share_frames_refused_total', 'Frames not passed on, by cause.', ['cause']);
  const bytes = counter('foyer_share_bytes_total', 'Packed bytes of frames from and to pages.', ['direction']);
  const resyncs = counter('foyer_share_resyncs_total', 'Times a stream began again: who needed it.', ['cause']);
  const cleaned = counter('foyer_share_cleaned_total', 'What was taken out of frames.', ['kind']);
  const acts = counter('foyer_share_acts_total', 'Acts on a shared page: done, or why not.', ['outcome']);

  /** The relay counts; here its counts are only told. */
  function tell(metric: Counter, label: string, counts: Record<string, number>): void {
    metric.reset();
    for (const [value, count] of Object.entries(counts)) metric.inc({ [label]: value }, count);
  }

  return (numbers) => {
    for (const [kind, count] of Object.entries(numbers.shares)) shares.set({ kind }, count);
    pages.set({ role: 'streams' }, numbers.streams);
    pages.set({ role: 'watches' }, numbers.viewers);
    kept.set({ kind: 'frames' }, numbers.keptBytes);
    kept.set({ kind: 'assets' }, numbers.assetBytes);
    tell(frames, 'kind', { key: numbers.keyFrames, change: numbers.frames - numbers.keyFrames });
    tell(refused, 'cause', numbers.refused);
    tell(bytes, 'direction', { in: numbers.bytesIn, out: numbers.bytesOut });
    tell(resyncs, 'cause', {
      viewer: numbers.resyncs,
      lagging: numbers.viewersSkippedAhead,
      relay: numbers.keyFramesAsked,
    });
    tell(cleaned, 'kind', { 'unknown-nodes': numbers.unknownNodes, events: numbers.droppedEvents });
    tell(acts, 'outcome', numbers.acts);
  };
}
