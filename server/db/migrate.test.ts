import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Dialect } from 'kysely';
import { describe, expect, test } from 'vitest';
import { migrateToLatest } from './migrate.ts';
import { up as makeFirstTables } from './migrations/001-first-tables.ts';
import { up as makeShares } from './migrations/002-shares.ts';
import { up as addScreens } from './migrations/003-screens.ts';
import { up as makeRecordings } from './migrations/004-recordings.ts';
import { openDatabase } from './open.ts';

/** Compiles for a dialect and runs nothing. */
async function compileMigration(dialect: Dialect): Promise<string[]> {
  const statements: string[] = [];
  const db = new Kysely<unknown>({ dialect, log: ({ query }) => void statements.push(query.sql) });
  for (const up of [makeFirstTables, makeShares, addScreens, makeRecordings]) await up(db);
  return statements;
}

const postgres: Dialect = {
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => new DummyDriver(),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
};
const sqlite: Dialect = {
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => new DummyDriver(),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
};

describe('the shape of the database', () => {
  test('[O4] an empty database is brought up to date once, and the second start finds nothing to do', async () => {
    const database = await openDatabase(':memory:');
    expect(database.migrated).toEqual(['001-first-tables', '002-shares', '003-screens', '004-recordings']);
    expect(await migrateToLatest(database.db)).toEqual([]);
    await database.close();
  });

  test('[O3] the migrations are the same statements for PostgreSQL as for SQLite, in types that both know', async () => {
    const forPostgres = await compileMigration(postgres);
    expect(forPostgres).toEqual(await compileMigration(sqlite));
    const columnTypes = forPostgres
      .filter((statement) => statement.startsWith('create table'))
      .flatMap((statement) => [...statement.matchAll(/"\w+" (text|integer|bigint|double precision|\w+)/g)])
      .map(([, type]) => type);
    expect(new Set(columnTypes)).toEqual(
      new Set(['text', 'integer', 'bigint', 'bytea', 'double precision', 'primary', 'unique']),
    );
  });

  test('[O3] nothing in the migrations is known to SQLite alone', async () => {
    for (const statement of await compileMigration(postgres)) {
      expect(statement).not.toMatch(/autoincrement|without rowid|strict$|pragma|strftime|collate nocase|\bblob\b/i);
    }
  });
});
