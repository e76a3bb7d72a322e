import type { CallId } from '../protocol/ids.ts';

const MAX_TIMER_MS = 2_147_483_647;

/**
 * Makes what is due in the database happen promptly. Losing these timers costs nothing but seconds: the sweep finds the
 * same due times.
 */
export function createCallTimers(now: () => number, onDue: (callId: CallId, dueAt: number) => void) {
  const timers = new Map<CallId, NodeJS.Timeout>();
  return {
    set(callId: CallId, dueAt: number | null): void {
      clearTimeout(timers.get(callId));
      timers.delete(callId);
      if (dueAt === null) return;
      const waitMs = Math.min(Math.max(0, dueAt - now()), MAX_TIMER_MS);
      const timer = setTimeout(() => {
        timers.delete(callId);
        // The due time goes along: this clock may be a moment behind the one that wakes us.
        onDue(callId, dueAt);
      }, waitMs);
      timers.set(callId, timer.unref());
    },
    close(): void {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
