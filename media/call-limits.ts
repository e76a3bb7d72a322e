/** Everything that is counted or timed in calls. */
export interface CallLimits {
  /** How long a proposal rings. */
  ringMs: number;
  /** From the yes until both have joined; covers the browser's permission question. */
  connectMs: number;
  /** How long a seat waits for a page that is gone. */
  awayGraceMs: number;
  /** How long a request waits for a media worker while a dead one is being replaced. */
  workerWaitMs: number;
  maxCallsPerNode: number;
  /** With this many calls on the node nobody gets ready while waiting: those who talk come first. */
  maxCallsForWaiting: number;
  /** Bit/s that one seat may send. Told to the browser as advice and enforced by reading the transport. */
  maxIngressBitrate: number;
  /** The same of who shows a screen: one strong layer, and its sound. */
  maxScreenIngressBitrate: number;
  /** How often transports are read. */
  statsPollMs: number;
  /** How often a reading is kept for the quality view. */
  statsKeepMs: number;
  /** A page may report its own measurements this often; more is dropped. */
  minQualityReportGapMs: number;
  /** Scores go to a page at most this often. */
  scoreGapMs: number;
}

export const defaultCallLimits: CallLimits = {
  ringMs: 45_000,
  connectMs: 60_000,
  awayGraceMs: 20_000,
  workerWaitMs: 5_000,
  maxCallsPerNode: 400,
  maxCallsForWaiting: 200,
  maxIngressBitrate: 2_500_000,
  maxScreenIngressBitrate: 5_000_000,
  statsPollMs: 3_000,
  statsKeepMs: 15_000,
  minQualityReportGapMs: 1_500,
  scoreGapMs: 2_000,
};
