import { callFaults } from '../call-error.ts';

/**
 * Names of transports, producers and consumers carry the generation of the room that made them, so that a page that
 * missed a restart is told to join again instead of being told that its tracks never existed.
 */
export function toMediaName(generation: number, id: string): string {
  return `g${generation}.${id}`;
}

/** The generation a name was made in; a name that was never ours is `not-found`. */
export function requireGeneration(name: string): number {
  const digits = /^g(\d{1,9})\../.exec(name)?.[1];
  if (digits === undefined) throw callFaults.foreignTrack();
  return Number(digits);
}
