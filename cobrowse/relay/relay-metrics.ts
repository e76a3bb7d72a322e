/** Why frames were not passed on. */
export type RefusalCause =
  'stale' | 'gap' | 'doubled' | 'undecodable' | 'not-a-frame' | 'too-large' | 'too-many' | 'unwanted' | 'awaiting-key';

/** What the relay has done since it began, and what it holds now. */
export interface RelayNumbers {
  shares: number;
  streams: number;
  viewers: number;
  frames: number;
  keyFrames: number;
  bytesIn: number;
  bytesOut: number;
  refused: Partial<Record<RefusalCause, number>>;
  unknownNodes: number;
  droppedEvents: number;
  keyFramesAsked: number;
  viewersSkippedAhead: number;
  keptBytes: number;
  assetBytes: number;
}

/** Counters only; what is there now is counted by who holds it. */
export interface RelayCounters {
  frames: number;
  keyFrames: number;
  bytesIn: number;
  bytesOut: number;
  refused: Partial<Record<RefusalCause, number>>;
  unknownNodes: number;
  droppedEvents: number;
  keyFramesAsked: number;
  viewersSkippedAhead: number;
}

export function createRelayCounters(): RelayCounters {
  return {
    frames: 0,
    keyFrames: 0,
    bytesIn: 0,
    bytesOut: 0,
    refused: {},
    unknownNodes: 0,
    droppedEvents: 0,
    keyFramesAsked: 0,
    viewersSkippedAhead: 0,
  };
}

export function countRefused(counters: RelayCounters, cause: RefusalCause): void {
  counters.refused[cause] = (counters.refused[cause] ?? 0) + 1;
}
