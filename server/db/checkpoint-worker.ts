import { parentPort, workerData } from 'node:worker_threads';
import SqliteDatabase from 'better-sqlite3';

/** Runs in a thread of its own, for checkpoints.ts: it says "checkpoint" or "close". */
const database = new SqliteDatabase(String(workerData), { fileMustExist: true });
database.pragma('synchronous = NORMAL');

parentPort?.on('message', (wanted: 'checkpoint' | 'close') => {
  if (wanted === 'close') {
    database.close();
    parentPort?.close();
    return;
  }
  // Passive: takes what it can without keeping a reader or a writer waiting.
  database.pragma('wal_checkpoint(PASSIVE)');
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage('done');
});
