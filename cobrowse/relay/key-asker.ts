import type { RelayLimits } from './relay-limits.ts';

export type KeyReason =
  /** Frames are missing or unreadable: nothing can be shown until it comes. */
  | 'repair'
  /** A viewer shows something else, or cannot show it. */
  | 'differing'
  /** What follows the last one has grown long. */
  | 'refresh';

/** Asks a page for key frames: each one costs it time, so neither faults nor viewers make it send many. */
export interface KeyAsker {
  /** @param afterMs not before that, whatever else asks for it */
  want(reason: KeyReason, afterMs?: number): void;
  handleKey(): void;
  close(): void;
}

export interface KeyAskerParts {
  now: () => number;
  limits: Pick<RelayLimits, 'keyPauseMs' | 'repairPauseMs'>;
  ask(): void;
}

export function createKeyAsker({ now, limits, ask }: KeyAskerParts): KeyAsker {
  const notBefore = { repair: 0, refresh: 0 };
  let timer: NodeJS.Timeout | undefined;
  /** When the timer asks. */
  let dueAt = Number.POSITIVE_INFINITY;

  function stopWaiting(): void {
    clearTimeout(timer);
    timer = undefined;
    dueAt = Number.POSITIVE_INFINITY;
  }

  function askNow(): void {
    stopWaiting();
    notBefore.repair = now() + limits.repairPauseMs;
    notBefore.refresh = now() + limits.keyPauseMs;
    ask();
  }

  return {
    want(reason, afterMs = 0) {
      if (afterMs > 0) {
        stopWaiting();
        const at = now() + afterMs;
        notBefore.repair = Math.max(notBefore.repair, at);
        notBefore.refresh = Math.max(notBefore.refresh, at);
      }
      const at = reason === 'repair' ? notBefore.repair : notBefore.refresh;
      const waitMs = at - now();
      if (waitMs <= 0) return askNow();
      // A refresh comes round again with the next frame; the others may be waited for by a page that stands still.
      if (reason === 'refresh' || dueAt <= at) return;
      stopWaiting();
      dueAt = at;
      timer = setTimeout(askNow, waitMs).unref();
    },
    handleKey: stopWaiting,
    close: stopWaiting,
  };
}
