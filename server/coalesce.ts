/**
 * Runs `work` for a key soon after it was asked, however often it was asked meanwhile, and never twice at once for the
 * same key: what a hundred changes make true is told once.
 */
export interface Coalescer<Key> {
  ask(key: Key): void;
  close(): void;
}

export function createCoalescer<Key>(
  work: (key: Key) => Promise<void>,
  { delayMs, onError }: { delayMs: number; onError: (error: unknown) => void },
): Coalescer<Key> {
  const waiting = new Map<Key, NodeJS.Timeout>();
  const running = new Set<Key>();
  const askedAgain = new Set<Key>();
  let isClosed = false;

  function ask(key: Key): void {
    if (isClosed || waiting.has(key)) return;
    if (running.has(key)) {
      askedAgain.add(key);
      return;
    }
    waiting.set(
      key,
      setTimeout(() => {
        waiting.delete(key);
        void run(key);
      }, delayMs),
    );
  }

  async function run(key: Key): Promise<void> {
    running.add(key);
    try {
      await work(key);
    } catch (error) {
      onError(error);
    } finally {
      running.delete(key);
      if (askedAgain.delete(key)) ask(key);
    }
  }

  return {
    ask,
    close() {
      isClosed = true;
      for (const timer of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}
