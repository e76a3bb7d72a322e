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
   * @returns whether something was found; then it begins anew the next time it is asked
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
  return {
    ask() {
      isAsked = true;
    },
    look() {
      const now = performance.now();
      leftMs = Math.min(leftMs + (now - lookedAt) * share, savedMs);
      lookedAt = now;
      if ((!pass && !isAsked) || leftMs < MIN_SLICE_MS) return false;
      forget();
      if (!pass) {
        isAsked = false;
        pass = nodes()[Symbol.iterator]();
      }
      const until = now + Math.min(leftMs, MAX_SLICE_MS);
      let isFound = false;
      for (let count = 1; pass && (count % NODES_PER_LOOK > 0 || performance.now() < until); count += 1) {
        const { value, done } = pass.next();
        isFound = !done && isDifferent(value);
        if (done || isFound) pass = undefined;
      }
      leftMs -= performance.now() - now;
      return isFound;
    },
  };
}
