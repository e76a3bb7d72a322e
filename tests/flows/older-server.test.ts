import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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

  /** The shape that the version before left behind. */
  function takeLastMigrationBack(): void {
    const database = new SqliteDatabase(server.databasePath);
    database.exec(`ALTER TABLE shares DROP COLUMN viewerGraceUntil;
      DELETE FROM kysely_migration WHERE name = '007-left-alone-shares'`);
    database.close();
  }
  const readShape = () => {
    const database = new SqliteDatabase(server.databasePath, { readonly: true });
    const shape = database.prepare("SELECT sql FROM sqlite_master WHERE name = 'shares'").pluck().get();
    database.close();
    return shape;
  };

  test('[RS6] a newer command leaves the database as a running server knows it and says why, and goes on once that has stopped', async () => {
    takeLastMigrationBack();
    const shape = readShape();
    for (const command of [addAgent, setPassword]) {
      await expect(command()).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^Foyer runs on the data directory \S+ \(as north\).*older version.*\n.*\n$/),
      });
      expect(readShape()).toBe(shape);
    }
    await server.stop();
    expect((await addAgent()).stdout).toContain('Ada Lind can sign in');
    expect(readShape()).not.toBe(shape);
  });
});
