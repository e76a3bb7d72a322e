import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { isBusy } from './db/transaction.ts';

const SUFFIX = '.lock';

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

/** The database is of an older version than this command, and a server that knows only that one uses it (RS6). */
export class OlderServerError extends Error {
  override name = 'OlderServerError';

  constructor(dataDir: string, nodeId: string) {
    super(
      `Foyer runs on the data directory ${dataDir} (as ${nodeId}), in an older version than this command. Nothing has been changed.\n` +
        `Start the server anew in this version first, or use the command of the server's own version.`,
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
  const release = takeLock(toLockPath(dataDir, nodeId));
  if (!release) throw new NodeTakenError(dataDir, nodeId);
  return { release };
}

/** For commands that would change the shape of the database. @throws OlderServerError while any node runs on it */
export function requireNoNode(dataDir: string): void {
  for (const entry of readdirSync(dataDir, { withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(SUFFIX)) continue;
    const nodeId = entry.name.slice(0, -SUFFIX.length);
    if (isHeld(toLockPath(dataDir, nodeId))) throw new OlderServerError(dataDir, nodeId);
  }
}

function isHeld(path: string): boolean {
  try {
    const release = takeLock(path);
    release?.();
    return release === undefined;
  } catch (error) {
    // Somebody else's file that is only named like a node's.
    if (error instanceof SqliteDatabase.SqliteError && error.code === 'SQLITE_NOTADB') return false;
    throw error;
  }
}

function toLockPath(dataDir: string, nodeId: string): string {
  return join(dataDir, `${nodeId}${SUFFIX}`);
}

/** How to let go of it again; undefined while another process holds it. */
function takeLock(path: string): (() => void) | undefined {
  // Node itself cannot lock a file, SQLite can: a transaction that excludes others, and is never committed.
  const lock = new SqliteDatabase(path, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  return () => void lock.close();
}
