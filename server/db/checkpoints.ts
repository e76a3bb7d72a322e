import { Worker } from 'node:worker_threads';
import type SqliteDatabase from 'better-sqlite3';

const LOOK_EVERY_MS = 500;
/** A changed row is up to five pages in the log. */
const ROWS_PER_CHECKPOINT = 200;
/** 32 MB: only reached when writing never pauses, or when the thread has failed. */
const BACKSTOP_PAGES = 8_000;

export interface Checkpoints {
  close(): Promise<void>;
}

/**
 * Brings what the write-ahead log holds into the database file from a thread of its own: the disk takes tens of
 * milliseconds for it, in which the server would answer nobody. The thread is started once there is much to do, so a
 * quiet server has none. Without it the connection does the same by itself, less often and with that pause.
 *
 * @param path of the file that `sqlite` has open
 * @param onFailure hears why the thread can do no more
 */
export function keepCheckpoints(
  sqlite: SqliteDatabase.Database,
  path: string,
  onFailure: (error: unknown) => void,
): Checkpoints {
  sqlite.pragma(`wal_autocheckpoint = ${BACKSTOP_PAGES}`);
  const changes = sqlite.prepare<[], number>('select total_changes()').pluck();
  let seenChanges = changes.get() ?? 0;
  let thread: { worker: Worker; ended: Promise<unknown> } | undefined;
  let isRunning = false;

  function look(): void {
    const now = changes.get() ?? 0;
    if (isRunning || now - seenChanges < ROWS_PER_CHECKPOINT) return;
    seenChanges = now;
    isRunning = true;
    thread ??= startThread();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    thread.worker.postMessage('checkpoint');
  }

  function startThread() {
    const worker = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), { workerData: path });
    worker.unref();
    worker.on('message', () => (isRunning = false));
    worker.on('error', (error) => {
      clearInterval(timer);
      onFailure(error);
    });
    return { worker, ended: new Promise((resolve) => worker.once('exit', resolve)) };
  }

  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      // Until now the thread kept nobody alive; its end is waited for, also by a process with nothing else to do.
      thread?.worker.ref();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      thread?.worker.postMessage('close');
      await thread?.ended;
    },
  };
}
