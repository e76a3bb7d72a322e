/** Why frames were not passed on. */
export type RefusalCause =
  | 'stale'
  | 'gap'
  | 'doubled'
  | 'undecodable'
  | 'not-a-frame'
  | 'too-large'
  | 'too-many'
  | 'too-busy'
  | 'unwanted'
  | 'awaiting-key';

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
  /** Times that a viewer said that something is missing or differs. */
  resyncs: number;
  /** By outcome: `done`, or why not. */
  acts: Record<string, number>;
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
  resyncs: number;
  acts: Record<string, number>;
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
    resyncs: 0,
    acts: {},
  };
}

export function countRefused(counters: RelayCounters, cause: RefusalCause): void {
  counters.refused[cause] = (counters.refused[cause] ?? 0) + 1;
}

/** @param outcome a word of ours, never what a page has sent: each one is a line of the metrics */
export function countAct(counters: RelayCounters, outcome: string): void {
  counters.acts[outcome] = (counters.acts[outcome] ?? 0) + 1;
}
