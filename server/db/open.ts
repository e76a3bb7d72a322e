import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Kysely } from 'kysely';
import { keepCheckpoints } from './checkpoints.ts';
import { createDirectSqlite } from './direct-sqlite.ts';
import type { DirectSqlite } from './direct-sqlite.ts';
import { ImmediateSqliteDialect } from './immediate-sqlite.ts';
import { listPendingMigrations, migrateToLatest } from './migrate.ts';
import { keepPreparedStatements } from './prepared-statements.ts';
import type { Database } from './schema.ts';

/** Query functions take one of these first, so that the same function works inside and outside a transaction. */
export type Db = Kysely<Database>;

const BUSY_TIMEOUT_MS = 5_000;

export interface OpenDatabase {
  db: Db;
  /** Null on another database than SQLite. */
  direct: DirectSqlite | null;
  /** Names of the migrations that this start has run. */
  migrated: string[];
  close(): Promise<void>;
}

/**
 * Opens (and makes, and migrates) the SQLite file. WAL with `synchronous=NORMAL`: what was committed survives a killed
 * process, and only a power cut may lose the last moments, never the file's consistency.
 *
 * @param path of the file, or `:memory:`
 * @param onCheckpointFailure hears when the thread that tidies up behind the writes has failed; all goes on without it
 * @param beforeMigrating may throw, so that the shape stays as it is; not called where it is the newest already
 */
export async function openDatabase(
  path: string,
  onCheckpointFailure: (error: unknown) => void = () => {},
  beforeMigrating?: () => void,
): Promise<OpenDatabase> {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const sqlite = new SqliteDatabase(path);
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = NORMAL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  const db = new Kysely<Database>({
    dialect: new ImmediateSqliteDialect({ database: keepPreparedStatements(sqlite) }),
  });
  if (beforeMigrating && (await listPendingMigrations(db)).length > 0) beforeMigrating();
  const migrated = await migrateToLatest(db);
  const checkpoints = path === ':memory:' ? undefined : keepCheckpoints(sqlite, path, onCheckpointFailure);
  let closing: Promise<void> | undefined;
  return {
    db,
    direct: createDirectSqlite(sqlite, db),
    migrated,
    close: () => (closing ??= closeAll()),
  };

  async function closeAll(): Promise<void> {
    await checkpoints?.close();
    await db.destroy();
  }
}
