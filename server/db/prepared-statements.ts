import type SqliteDatabase from 'better-sqlite3';
import type { SqliteDatabase as KyselySqlite, SqliteStatement } from 'kysely';

/** More than the product's own queries; lists of changing length (`in (?, ?, …)`) push the oldest out. */
const MAX_KEPT = 500;

/**
 * Prepares each query text once: the query builder asks anew for every execution, and preparing costs as much as the
 * query itself.
 */
export function keepPreparedStatements(database: SqliteDatabase.Database): KyselySqlite {
  const kept = new Map<string, SqliteStatement>();
  return {
    prepare(text) {
      const known = kept.get(text);
      if (known) return known;
      const statement = database.prepare(text) as SqliteStatement;
      // A changed schema would leave old plans behind, and such a query is asked once.
      if (!/^\s*(select|insert|update|delete|begin|commit|rollback)\b/i.test(text)) return statement;
      const [oldest] = kept.keys();
      if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
      kept.set(text, statement);
      return statement;
    },
    close: () => database.close(),
  };
}
