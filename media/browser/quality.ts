import type { QualitySample } from '../../protocol/media.ts';

export type QualityLevel = 'good' | 'weak' | 'bad';

/** How well the others get us, and how well we get them. */
export interface CallQuality {
  sending: QualityLevel;
  receiving: QualityLevel;
}

export interface DirectionScore {
  /** 0 to 100, smoothed; null before anything was measured. */
  score: number | null;
  level: QualityLevel;
}

export const UNMEASURED: DirectionScore = { score: null, level: 'good' };

/** Points lost per percent of packets: voice is repaired (FEC and retransmission), a picture freezes. */
const POINTS_PER_PERCENT = { audio: 16 / 3, video: 10 } as const;
/** Up to here a delay is not felt in a talk. */
const UNFELT_DELAY_MS = 150;
const POINTS_PER_DELAY_MS = 0.1;
const POINTS_PER_FREEZE = 30;
const WEAK_BELOW = 60;
const BAD_BELOW = 25;
/** It falls fast, because people notice, and recovers slowly, because a hint that blinks is worse than none. */
const FALL_SHARE = 0.8;
const RISE_SHARE = 0.4;

export function rateSample(sample: QualitySample): number {
  const delayMs = (sample.roundTripMs ?? 0) / 2 + (sample.jitterMs ?? 0) * 2;
  const forDelay = Math.max(0, delayMs - UNFELT_DELAY_MS) * POINTS_PER_DELAY_MS;
  const forLoss = sample.packetLoss * 100 * POINTS_PER_PERCENT[sample.kind];
  const forFreezes = (sample.freezeCount ?? 0) * POINTS_PER_FREEZE;
  return Math.max(0, 100 - forDelay - forLoss - forFreezes);
}

/**
 * The new score of one direction. `isSilent` says that something should flow and nothing does; `serverScore` (0 to 10)
 * counts only while something flows, because a paused stream also has none.
 */
export function rateDirection(
  before: DirectionScore,
  samples: QualitySample[],
  serverScore: number | null,
  isSilent: boolean,
): DirectionScore {
  const flowing = samples.filter((sample) => sample.bitrate > 0);
  const rated = flowing.map(rateSample);
  if (isSilent) rated.push(0);
  if (serverScore !== null && flowing.length > 0) rated.push(serverScore * 10);
  if (rated.length === 0) return before;
  const worst = Math.min(...rated);
  const previous = before.score ?? 100;
  const score = previous + (worst - previous) * (worst < previous ? FALL_SHARE : RISE_SHARE);
  return { score, level: toLevel(score, before.level) };
}

function toLevel(score: number, before: QualityLevel): QualityLevel {
  if (score < BAD_BELOW) return 'bad';
  if (score < WEAK_BELOW) return 'weak';
  // A little better than the edge before "good" comes back, so that the words do not come and go.
  return before !== 'good' && score < WEAK_BELOW + 10 ? 'weak' : 'good';
}
