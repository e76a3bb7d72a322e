import type { RelayLimits } from './relay-limits.ts';

export type KeyReason =
  /** Frames are missing or unreadable: nothing can be shown until it comes. */
  | 'repair'
  /** What follows the last one has grown long, or a viewer shows something else. */
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
  const notBefore: Record<KeyReason, number> = { repair: 0, refresh: 0 };
  let timer: NodeJS.Timeout | undefined;

  function askNow(): void {
    clearTimeout(timer);
    timer = undefined;
    notBefore.repair = now() + limits.repairPauseMs;
    notBefore.refresh = now() + limits.keyPauseMs;
    ask();
  }

  return {
    want(reason, afterMs = 0) {
      if (afterMs > 0) {
        const at = now() + afterMs;
        notBefore.repair = Math.max(notBefore.repair, at);
        notBefore.refresh = Math.max(notBefore.refresh, at);
      }
      const waitMs = notBefore[reason] - now();
      if (waitMs <= 0) return askNow();
      // A refresh comes round again with the next frame; a repair may be waited for by a page that stands still.
      if (reason === 'repair') timer ??= setTimeout(askNow, waitMs).unref();
    },
    handleKey() {
      clearTimeout(timer);
      timer = undefined;
    },
    close: () => clearTimeout(timer),
  };
}
