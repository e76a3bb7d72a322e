/** Looking at the clock more often than this brings nothing: nobody notices a change of status by seconds. */
const CHECK_EVERY_MS = 5_000;
/** Other tabs need to know that somebody is there, not every movement. */
const TELL_TABS_EVERY_MS = 2_000;
const INPUT_EVENTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

export interface IdleWatch {
  /** Minutes without input until idle; null never. */
  setLimit(minutes: number | null): void;
  /** Tells the present state once more: the server forgets it with the connection. */
  repeat(): void;
  close(): void;
}

export interface IdleWatchOptions {
  target: EventTarget;
  now: () => number;
  /** Called once per change, not per movement of the pointer. */
  report: (isIdle: boolean) => void;
  /** The agent's other tabs: input in any of them counts for all. */
  tabs?: InputChannel | undefined;
  every?: (run: () => void, intervalMs: number) => () => void;
}

/** What idle-watch needs of a BroadcastChannel. */
export interface InputChannel {
  tell(): void;
  onTold(handler: () => void): void;
  close(): void;
}

/** Notices when nobody has touched the workspace for a while (A2). */
export function createIdleWatch({ target, now, report, tabs, every = everyInterval }: IdleWatchOptions): IdleWatch {
  let limitMs: number | null = null;
  let lastInputAt = now();
  let toldTabsAt = Number.NEGATIVE_INFINITY;
  let isIdle = false;

  const change = (toIdle: boolean): void => {
    if (isIdle === toIdle) return;
    isIdle = toIdle;
    report(isIdle);
  };
  const noteInput = (): void => {
    lastInputAt = now();
    change(false);
  };
  const handleInput = (): void => {
    noteInput();
    if (lastInputAt - toldTabsAt < TELL_TABS_EVERY_MS) return;
    toldTabsAt = lastInputAt;
    tabs?.tell();
  };
  const check = (): void => change(limitMs !== null && now() - lastInputAt >= limitMs);

  for (const name of INPUT_EVENTS) target.addEventListener(name, handleInput, { passive: true, capture: true });
  tabs?.onTold(noteInput);
  const stopChecking = every(check, CHECK_EVERY_MS);

  return {
    setLimit(minutes) {
      limitMs = minutes === null ? null : minutes * 60_000;
      check();
    },
    repeat: () => report(isIdle),
    close() {
      for (const name of INPUT_EVENTS) target.removeEventListener(name, handleInput, { capture: true });
      tabs?.close();
      stopChecking();
    },
  };
}

/** Undefined where the browser has no such channel: then each tab speaks for itself. */
export function openInputChannel(name: string): InputChannel | undefined {
  if (typeof BroadcastChannel === 'undefined') return undefined;
  const channel = new BroadcastChannel(name);
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches its own origin only
    tell: () => channel.postMessage('input'),
    onTold: (handler) => channel.addEventListener('message', handler),
    close: () => channel.close(),
  };
}

function everyInterval(run: () => void, intervalMs: number): () => void {
  const timer = setInterval(run, intervalMs);
  return () => clearInterval(timer);
}
