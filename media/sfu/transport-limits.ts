/** What the readings of one sending transport have shown so far. */
export interface IngressWatch {
  /** Readings in a row above the tolerated rate. */
  strikes: number;
  /** Whether the tracks were closed already; the next verdict closes the transport. */
  areTracksClosed: boolean;
}

export type IngressVerdict = 'fine' | 'close-tracks' | 'close-transport';

/** Encoders overshoot for a moment; a rate half above the limit that stays is somebody's own program. */
const TOLERANCE = 1.5;
const STRIKES_ALLOWED = 3;

export const freshIngressWatch: IngressWatch = { strikes: 0, areTracksClosed: false };

/**
 * Judges one more reading of what a seat sends. The browser's own limit is only advice to it, so a sender that ignores
 * it loses its tracks after three readings above and, when it goes on, its transport after three more.
 */
export function judgeIngress(
  watch: IngressWatch,
  bitrate: number,
  limitBitrate: number,
): { watch: IngressWatch; verdict: IngressVerdict } {
  if (bitrate <= limitBitrate * TOLERANCE) return { watch: { ...watch, strikes: 0 }, verdict: 'fine' };
  const strikes = watch.strikes + 1;
  if (strikes < STRIKES_ALLOWED) return { watch: { ...watch, strikes }, verdict: 'fine' };
  return {
    watch: { strikes: 0, areTracksClosed: true },
    verdict: watch.areTracksClosed ? 'close-transport' : 'close-tracks',
  };
}
