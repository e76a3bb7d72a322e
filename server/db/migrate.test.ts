import SqliteDatabase from 'better-sqlite3';
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteDialect,
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
import { up as placeMessages } from './migrations/005-messages-by-place.ts';
import { up as dropLastNumber } from './migrations/006-number-of-the-last-message.ts';
import { up as addViewerGrace } from './migrations/007-left-alone-shares.ts';
import { openDatabase } from './open.ts';

/** Compiles for a dialect and runs nothing. */
async function compileMigration(dialect: Dialect): Promise<string[]> {
  const statements: string[] = [];
  const db = new Kysely<unknown>({ dialect, log: ({ query }) => void statements.push(query.sql) });
  const all = [makeFirstTables, makeShares, addScreens, makeRecordings, placeMessages, dropLastNumber, addViewerGrace];
  for (const up of all) await up(db);
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
    expect(database.migrated).toEqual([
      '001-first-tables',
      '002-shares',
      '003-screens',
      '004-recordings',
      '005-messages-by-place',
      '006-number-of-the-last-message',
      '007-left-alone-shares',
    ]);
    expect(await migrateToLatest(database.db)).toEqual([]);
    await database.close();
  });

  test('[O3] a database with messages keeps them, with their numbers and keys, when they are put in their places', async () => {
    const sqlite = new SqliteDatabase(':memory:');
    const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: sqlite }) });
    for (const up of [makeFirstTables, makeShares, addScreens, makeRecordings]) await up(db);
    // Only what the messages themselves need is there.
    sqlite.exec(`
      pragma foreign_keys = off;
      insert into conversations values
        ('c1', 's', 'd', 'v', 'r1', 'text', 1, 'active', null, 1, null, null, null, null, 2, 0, 0, 0, 0, null, null);
      insert into messages values
        ('m1', 'c1', 1, 'visitor', 'v', 'Vera', 'k1', 'text', 'Hello', 5),
        ('m2', 'c1', 2, 'system', null, '', null, 'notice', '{}', 6);
      pragma foreign_keys = on;`);
    const before = sqlite.prepare('select * from messages').all();
    await placeMessages(db);
    await dropLastNumber(db);
    expect(sqlite.prepare('select * from messages order by seq').all()).toEqual(before);
    const insert = sqlite.prepare(
      `insert into messages values (?, 'c1', ?, 'visitor', 'v', 'Vera', ?, 'text', 'Again', 7)`,
    );
    expect(() => insert.run('m3', 3, 'k1')).toThrow(/UNIQUE/);
    expect(() => insert.run('m3', 2, 'k2')).toThrow(/UNIQUE/);
    await db.destroy();
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
