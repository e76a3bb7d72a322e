export type ResyncReason = 'gap' | 'differs' | 'failed';

const FIRST_WAIT_MS = 1_500;
const LONGEST_WAIT_MS = 30_000;
/**
 * A digest that never fits says that the page, not the stream, is at fault: asking on at this pace would only cost the
 * visitor. From then on it is one look in so many, which is once in five minutes, lest a fault of another kind stays.
 */
const MAX_DIFFERING_KEYS = 3;
const LOOKS_PER_KEY = 60;
const HOPELESS_AFTER = 5;

/** Asks for key frames, but not without end: each costs the visitor's page a moment of its time. */
export interface ResyncPace {
  want(because: ResyncReason): void;
  /** A key frame was built. */
  handleKey(): void;
  handleCompared(isSame: boolean): void;
  /** Another page: what went wrong before says nothing about it. */
  reset(): void;
  /** Several key frames in a row could not be shown. */
  readonly isHopeless: boolean;
  close(): void;
}

export function createResyncPace(ask: (because: ResyncReason) => void): ResyncPace {
  let waitMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wanted: ResyncReason | undefined;
  /** Key frames in a row after which the first look differed. */
  let differing = 0;
  let isKeyNew = false;
  let looks = 0;
  let asked = 0;

  function askNow(because: ResyncReason): void {
    wanted = undefined;
    asked += 1;
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs === 0 ? FIRST_WAIT_MS : waitMs * 2);
    timer = setTimeout(() => {
      timer = undefined;
      if (wanted !== undefined) askNow(wanted);
    }, waitMs);
    ask(because);
  }

  function want(because: ResyncReason): void {
    if (timer === undefined) askNow(because);
    else wanted = because;
  }

  function reset(): void {
    clearTimeout(timer);
    timer = undefined;
    wanted = undefined;
    waitMs = 0;
    differing = 0;
    isKeyNew = false;
    asked = 0;
  }

  return {
    want,
    handleKey() {
      wanted = undefined;
      asked = 0;
      isKeyNew = true;
    },
    handleCompared(isSame) {
      looks += 1;
      if (isSame) differing = 0;
      else if (isKeyNew) differing += 1;
      isKeyNew = false;
      if (timer !== undefined) return;
      if (isSame) waitMs = 0;
      else if (differing <= MAX_DIFFERING_KEYS || looks % LOOKS_PER_KEY === 0) want('differs');
    },
    reset,
    get isHopeless() {
      return asked >= HOPELESS_AFTER;
    },
    close: reset,
  };
}
