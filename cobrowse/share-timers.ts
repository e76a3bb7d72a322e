import type { ShareId } from '../protocol/ids.ts';

const MAX_TIMER_MS = 2_147_483_647;

/**
 * Makes what is due in the database happen promptly. Losing these timers costs nothing but seconds: the sweep finds the
 * same due times.
 */
export function createShareTimers(now: () => number, onDue: (shareId: ShareId, dueAt: number) => void) {
  const timers = new Map<ShareId, NodeJS.Timeout>();
  return {
    set(shareId: ShareId, dueAt: number | null): void {
      clearTimeout(timers.get(shareId));
      timers.delete(shareId);
      if (dueAt === null) return;
      const waitMs = Math.min(Math.max(0, dueAt - now()), MAX_TIMER_MS);
      const timer = setTimeout(() => {
        timers.delete(shareId);
        // The due time goes along: this clock may be a moment behind the one that wakes us.
        onDue(shareId, dueAt);
      }, waitMs);
      timers.set(shareId, timer.unref());
    },
    close(): void {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
