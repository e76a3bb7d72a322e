import { isElement, isText } from '../untouched-dom.ts';
import type { SentNodes } from './sent-nodes.ts';

/** Not felt by who types or scrolls. A page of any size is looked at in as many slices as it takes. */
const MAX_SLICE_MS = 25;
/** Each begins with what is read once for all nodes, such as the labels: in shorter ones that would be most of it. */
const MIN_SLICE_MS = 10;
/** Reading the clock costs more than most nodes do. */
const NODES_PER_LOOK = 32;

export interface SweepBudget {
  /** Of the time that goes by, between 0 and 1. */
  share: number;
  /** What calm times save for later, in ms of looking. */
  savedMs: number;
}

/**
 * Finds what was sent and stands differently now although it has not changed itself: a label beside it has, say, or the
 * slot it is shown in.
 */
export interface StandingSweep {
  /** All that is there now shall be looked at, after what is being looked at already. */
  ask(): void;
  /**
   * Goes on looking for a moment, if there is anything left to look at.
   *
   * @returns whether something was found; then it looks no further until it is asked again
   */
  look(): boolean;
}

/** @param forget is called before each slice: in between, anything on the page may have changed */
export function createStandingSweep(
  nodes: () => ReturnType<SentNodes['present']>,
  { standingOf, forget }: { standingOf(node: Node): number; forget(): void },
  { share, savedMs }: SweepBudget,
): StandingSweep {
  let pass: Iterator<[id: number, node: Node, standing: number]> | undefined;
  let isAsked = false;
  let leftMs = savedMs;
  let lookedAt = performance.now();

  const isDifferent = ([, node, standing]: [number, Node, number]): boolean =>
    (isElement(node) || isText(node)) && standingOf(node) !== standing;
  /** Whether one was found; undefined at the end of the pass. */
  const lookAtSome = (from: NonNullable<typeof pass>): boolean | undefined => {
    for (let count = 0; count < NODES_PER_LOOK; count += 1) {
      const { value, done } = from.next();
      if (done) return undefined;
      if (isDifferent(value)) return true;
    }
    return false;
  };
  return {
    ask() {
      isAsked = true;
    },
    look() {
      const now = performance.now();
      leftMs = Math.min(leftMs + (now - lookedAt) * share, savedMs);
      lookedAt = now;
      if ((!pass && !isAsked) || leftMs < MIN_SLICE_MS) return false;
      if (!pass) {
        isAsked = false;
        pass = nodes()[Symbol.iterator]();
      }
      forget();
      const until = now + Math.min(leftMs, MAX_SLICE_MS);
      let isFound = lookAtSome(pass);
      while (isFound === false && performance.now() < until) isFound = lookAtSome(pass);
      if (isFound !== false) pass = undefined;
      if (isFound) isAsked = false;
      leftMs -= performance.now() - now;
      return isFound ?? false;
    },
  };
}
