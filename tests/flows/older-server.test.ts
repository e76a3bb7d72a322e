import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import SqliteDatabase from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrations } from '../../server/db/migrate.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';

describe('commands of a newer version than the server', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer({ environment: { FOYER_NODE_ID: 'north' } });
  });
  afterEach(() => server.close());

  const run = (command: string, ...args: string[]) =>
    promisify(execFile)(process.execPath, [join(import.meta.dirname, '..', '..', 'server', command), ...args], {
      cwd: server.dataDir,
      env: { FOYER_DATA_DIR: server.dataDir },
    });
  const addAgent = () => run('add-agent.ts', '--email', 'ada@example.com', '--name', 'Ada Lind');
  const setPassword = () => run('set-password.ts', '--email', server.admin.email);

  /** What a version without the newest migration makes, in place of what the running server has made. */
  async function putOlderDatabase(): Promise<void> {
    const database = new SqliteDatabase(':memory:');
    const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) });
    const older = Object.fromEntries(Object.entries(migrations).slice(0, -1));
    await new Migrator({ db, provider: { getMigrations: async () => older } }).migrateToLatest();
    // Page by page and all at once, as one more write beside those of the server.
    await database.backup(server.databasePath);
    await db.destroy();
  }
  const readShape = () => {
    const database = new SqliteDatabase(server.databasePath, { readonly: true });
    const tables = database.prepare('SELECT sql FROM sqlite_master ORDER BY name').pluck().all();
    const migrated = database.prepare('SELECT name FROM kysely_migration ORDER BY name').pluck().all();
    database.close();
    return { tables, migrated };
  };

  test('[RS6] a newer command leaves the database as a running server knows it and says why, and goes on once that has stopped', async () => {
    const names = Object.keys(migrations);
    expect(readShape().migrated).toEqual(names);
    await putOlderDatabase();
    const shape = readShape();
    expect(shape.migrated).toEqual(names.slice(0, -1));
    for (const command of [addAgent, setPassword]) {
      await expect(command()).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^Foyer runs on the data directory \S+ \(as north\).*older version.*\n.*\n$/),
      });
      expect(readShape()).toEqual(shape);
    }
    await server.stop();
    expect((await addAgent()).stdout).toContain('Ada Lind can sign in');
    expect(readShape().migrated).toEqual(names);
  });
});
