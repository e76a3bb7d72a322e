import type { RecordingHost, RecordingStore } from '../recording-host.ts';
import type { ShareLog } from '../share-host.ts';

export interface RetentionParts {
  host: Pick<RecordingHost, 'now' | 'audit' | 'listRetention'>;
  store: Pick<RecordingStore, 'listExpired' | 'eraseSome'>;
  log: ShareLog;
}

/** Days are long: nobody needs it more often. */
const LOOK_EVERY_MS = 60_000;
const ERASED_AT_ONCE = 5;
/** Deleting holds up every other write, so a large recording goes over several turns. */
const STEPS_PER_TURN = 10;

/** Erases what is older than its site keeps it. @returns a task for the sweeper */
export function createRetention({ host, store, log }: RetentionParts): () => Promise<void> {
  let lookedAt = Number.NEGATIVE_INFINITY;

  return async () => {
    const now = host.now();
    if (Math.abs(now - lookedAt) < LOOK_EVERY_MS) return;
    let steps = 0;
    let isDone = true;
    for (const { siteId, keptMs } of host.listRetention()) {
      const expired = await store.listExpired(siteId, now - keptMs, ERASED_AT_ONCE);
      if (expired.length === ERASED_AT_ONCE) isDone = false;
      for (const { shareId, conversationId } of expired) {
        let isErased = false;
        while (!isErased && steps < STEPS_PER_TURN) {
          isErased = await store.eraseSome(shareId);
          steps += 1;
        }
        if (!isErased) return;
        await host.audit({ conversationId, shareId, agentId: null, what: 'recording-erased' });
        log.info({ shareId }, 'recording erased: it was kept long enough');
      }
    }
    if (isDone) lookedAt = now;
  };
}
