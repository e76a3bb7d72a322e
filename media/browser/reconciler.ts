export interface Reconciler<Wanted> {
  /** Sets the newest wish; resolves when the world has come to rest, be it at this wish or a later one. */
  want(wanted: Wanted): Promise<void>;
  close(): void;
}

/**
 * Makes the outside world follow a wanted value: one step at a time, always towards the newest wish, wishes that were
 * overtaken are skipped. `apply` keeps its own failures; what it throws is passed to whoever wanted it.
 */
export function createReconciler<Wanted>(apply: (wanted: Wanted) => Promise<void>): Reconciler<Wanted> {
  let next: { wanted: Wanted } | undefined;
  let rest: Promise<void> = Promise.resolve();
  let isRunning = false;
  let isClosed = false;

  async function run(): Promise<void> {
    isRunning = true;
    try {
      while (next !== undefined) {
        const { wanted } = next;
        next = undefined;
        await apply(wanted);
      }
    } finally {
      isRunning = false;
    }
  }

  return {
    want(wanted) {
      if (isClosed) return Promise.resolve();
      next = { wanted };
      if (!isRunning) rest = run();
      return rest;
    },
    close() {
      isClosed = true;
      next = undefined;
    },
  };
}
