/** Of one processor of the visitor's, what each thing that is looked at again and again may take. */
const SHARE = 0.01;

/**
 * Runs no more often than every so many milliseconds, the first time after as many; and where it takes long, so seldom
 * that it costs a hundredth of the time.
 */
export function sparing(act: () => void, everyMs: number): () => void {
  let dueAt = performance.now() + everyMs;
  return () => {
    const from = performance.now();
    if (from < dueAt) return;
    act();
    dueAt = from + Math.max(everyMs, (performance.now() - from) / SHARE);
  };
}
