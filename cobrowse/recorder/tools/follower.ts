import { guarded } from './guarded.ts';

/** What became of a picture: it changes on its own, it stands, or there is nothing to be shown. */
export type Painted = 'moving' | 'still' | 'nothing';

/** Keeps what is drawn over the page in its place. */
export interface Follower {
  /** Something is to be shown, or has changed. */
  wake(): void;
  stop(): void;
}

/** Frames in a row without a change, after which it looks less often. */
const RESTING_AFTER_FRAMES = 30;
const RESTING_STEP_MS = 150;
const WAKING = ['scroll', 'resize', 'pointerdown', 'keydown', 'transitionrun', 'animationstart', 'toggle'] as const;

/**
 * Calls `paint` once a frame while things move and a few times a second while they rest, and not at all while there is
 * nothing: pages move their parts in more ways than there are events for.
 */
export function createFollower(paint: (now: number) => Painted): Follower {
  let frame: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let restingFrames = 0;
  let listening: AbortController | undefined;

  const step = guarded((now: number) => {
    frame = undefined;
    const painted = paint(now);
    if (painted === 'nothing') return stop();
    restingFrames = painted === 'moving' ? 0 : restingFrames + 1;
    if (restingFrames < RESTING_AFTER_FRAMES) frame = requestAnimationFrame(step);
    else timer = setTimeout(ask, RESTING_STEP_MS);
  });
  const ask = guarded(() => {
    clearTimeout(timer);
    timer = undefined;
    frame ??= requestAnimationFrame(step);
  });
  const wake = guarded(() => {
    restingFrames = 0;
    if (!listening) {
      listening = new AbortController();
      const options = { capture: true, passive: true, signal: listening.signal };
      for (const name of WAKING) addEventListener(name, wake, options);
    }
    ask();
  });
  const stop = (): void => {
    listening?.abort();
    listening = undefined;
    clearTimeout(timer);
    timer = undefined;
    if (frame !== undefined) cancelAnimationFrame(frame);
    frame = undefined;
  };
  return { wake, stop };
}
