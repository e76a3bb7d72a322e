/** Everything that is bounded while recording. */
export interface RecorderLimits {
  /** Written at the latest so long after it came; what a killed server loses. */
  flushMs: number;
  /** Waiting to be written above which it is written at once. */
  flushBytes: number;
  /** Waiting and being written, all shares together; above it frames are left out and the gap is marked. */
  maxPendingBytes: number;
  /** One chunk; a single frame may be larger. */
  maxChunkBytes: number;
  /** One recording; hours of a busy page. */
  maxRecordingBytes: number;
}

export const defaultRecorderLimits: RecorderLimits = {
  flushMs: 3_000,
  flushBytes: 1_000_000,
  maxPendingBytes: 24_000_000,
  maxChunkBytes: 256_000,
  maxRecordingBytes: 500_000_000,
};
