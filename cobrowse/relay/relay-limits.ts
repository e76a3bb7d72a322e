/** Everything that is bounded in the relay: what a page may send, what is kept, how far a viewer may lag. */
export interface RelayLimits {
  /** Unpacked bytes of one key frame; the measured page of 8,300 nodes has 0.8 MB, one of 100,000 has 11 MB. */
  maxKeyBytes: number;
  /** Unpacked bytes of one other frame; a page that changes 8,700 times a second has 24 kB. */
  maxDeltaBytes: number;
  /** Unpacked to packed; honest pages stay below 100, the format itself allows 1,032. Counts from 1 MB on. */
  maxRatio: number;
  /** Braces, brackets, colons and commas of one frame; a page of 100,000 nodes has 1.2 million. */
  maxFrameParts: number;
  /** Names in one object, such as the attributes of an element; no page has more than some hundred. */
  maxObjectMembers: number;
  /** What the frames of one conversation may take of the processor; a page of 8,000 nodes takes 50 ms, one of 100,000 takes 500. */
  processorMsPerSecond: number;
  processorMsAtOnce: number;
  /** How often that may be used up, with a wait each time, before the share ends. */
  overdraftsPerSecond: number;
  overdraftsAtOnce: number;
  piecesPerSecond: number;
  piecesAtOnce: number;
  bytesPerSecond: number;
  bytesAtOnce: number;
  keysPerSecond: number;
  keysAtOnce: number;
  /** Packed bytes of one share in all; hours of a busy page. */
  maxShareBytes: number;
  maxTabs: number;
  maxViewers: number;
  /** Unpacked bytes, frames and age of what follows a key frame, above which a fresh one is asked for. */
  tailBytes: number;
  tailFrames: number;
  tailMs: number;
  /** The page does not answer: packed bytes above which what is kept is thrown away. */
  maxKeptBytes: number;
  /** Between two asked for because of the tail, or because a viewer says that it differs. */
  keyPauseMs: number;
  /** Between two asked for because something is missing. */
  repairPauseMs: number;
  /** Bytes on their way to one viewer that it has not confirmed. */
  viewerWindowBytes: number;
  /** A page that navigates stays in front for as long as that, where another one is open. */
  inFrontMs: number;
  /** It is shown, dimmed, for as long as that. */
  navigatingMs: number;
  actMs: number;
  /** The visitor reads and confirms. */
  openActMs: number;
  maxPendingActs: number;
  actsPerSecond: number;
  actsAtOnce: number;
  marksPerSecond: number;
  marksAtOnce: number;
  maxAssetBytes: number;
  maxShareAssetBytes: number;
  maxShareAssets: number;
  publicFetchesAtOnce: number;
  /** How long a viewer's request for an announced asset waits. */
  assetWaitMs: number;
}

export const defaultRelayLimits: RelayLimits = {
  maxKeyBytes: 12_000_000,
  maxDeltaBytes: 4_000_000,
  maxRatio: 300,
  maxFrameParts: 1_300_000,
  maxObjectMembers: 1_000,
  processorMsPerSecond: 100,
  processorMsAtOnce: 2_000,
  overdraftsPerSecond: 1 / 300,
  overdraftsAtOnce: 4,
  piecesPerSecond: 200,
  piecesAtOnce: 800,
  bytesPerSecond: 1_000_000,
  bytesAtOnce: 12_000_000,
  keysPerSecond: 0.5,
  keysAtOnce: 8,
  maxShareBytes: 2_000_000_000,
  maxTabs: 12,
  maxViewers: 32,
  tailBytes: 2_000_000,
  tailFrames: 1_000,
  tailMs: 60_000,
  maxKeptBytes: 16_000_000,
  keyPauseMs: 10_000,
  repairPauseMs: 1_000,
  viewerWindowBytes: 1_000_000,
  inFrontMs: 3_000,
  navigatingMs: 60_000,
  actMs: 10_000,
  openActMs: 60_000,
  maxPendingActs: 50,
  actsPerSecond: 30,
  actsAtOnce: 60,
  marksPerSecond: 40,
  marksAtOnce: 80,
  maxAssetBytes: 262_144,
  maxShareAssetBytes: 8_388_608,
  maxShareAssets: 2_000,
  publicFetchesAtOnce: 4,
  assetWaitMs: 10_000,
};
