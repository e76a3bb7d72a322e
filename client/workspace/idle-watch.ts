/** Looking at the clock more often than this brings nothing: nobody notices a change of status by seconds. */
const CHECK_EVERY_MS = 5_000;
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
  every?: (run: () => void, intervalMs: number) => () => void;
}

/** Notices when nobody has touched the workspace for a while (A2). */
export function createIdleWatch({ target, now, report, every = everyInterval }: IdleWatchOptions): IdleWatch {
  let limitMs: number | null = null;
  let lastInputAt = now();
  let isIdle = false;

  const change = (toIdle: boolean): void => {
    if (isIdle === toIdle) return;
    isIdle = toIdle;
    report(isIdle);
  };
  const handleInput = (): void => {
    lastInputAt = now();
    change(false);
  };
  const check = (): void => change(limitMs !== null && now() - lastInputAt >= limitMs);

  for (const name of INPUT_EVENTS) target.addEventListener(name, handleInput, { passive: true, capture: true });
  const stopChecking = every(check, CHECK_EVERY_MS);

  return {
    setLimit(minutes) {
      limitMs = minutes === null ? null : minutes * 60_000;
      check();
    },
    repeat: () => report(isIdle),
    close() {
      for (const name of INPUT_EVENTS) target.removeEventListener(name, handleInput, { capture: true });
      stopChecking();
    },
  };
}

function everyInterval(run: () => void, intervalMs: number): () => void {
  const timer = setInterval(run, intervalMs);
  return () => clearInterval(timer);
}
