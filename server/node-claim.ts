import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { isBusy } from './db/transaction.ts';

/** This process's alone: what the database says of the node is true of nobody else. */
export interface NodeClaim {
  /** Safe to repeat. */
  release(): void;
}

/** Another process is this node already (RS6). */
export class NodeTakenError extends Error {
  override name = 'NodeTakenError';

  constructor(dataDir: string, nodeId: string) {
    super(
      `Foyer already runs on the data directory ${dataDir} (as ${nodeId}). Nothing has been changed.\n` +
        `Stop it first, or give this one a data directory of its own, for example FOYER_DATA_DIR=./data-2.`,
    );
  }
}

/**
 * Lets one process at a time be this node of this data directory. What holds it is a lock of the operating system on
 * an empty file beside the database: it goes with the process however that ends, so nobody waits for a killed one.
 *
 * @throws NodeTakenError
 */
export function claimNode(dataDir: string, nodeId: string): NodeClaim {
  mkdirSync(dataDir, { recursive: true });
  // Node itself cannot lock a file, SQLite can: a transaction that excludes others, and is never committed.
  const lock = new SqliteDatabase(join(dataDir, `${nodeId}.lock`), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw isBusy(error) ? new NodeTakenError(dataDir, nodeId) : error;
  }
  return { release: () => lock.close() };
}
