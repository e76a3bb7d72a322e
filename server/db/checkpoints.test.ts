import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { keepCheckpoints } from './checkpoints.ts';
import { openDatabase } from './open.ts';

describe('bringing the log of writes into the database file', () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'foyer-checkpoints-'));
    path = join(directory, 'foyer.sqlite');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const isInFile = (text: string): boolean => readFileSync(path).includes(text);

  test('[O5] much that was written reaches the file while the server goes on', async () => {
    const failures: unknown[] = [];
    const database = await openDatabase(path, (error) => failures.push(error));
    const write = (round: number) =>
      database.db
        .insertInto('leases')
        .values(Array.from({ length: 250 }, (_, index) => lease(`lease ${round}-${index}`)))
        .execute();
    await write(1);
    expect(isInFile('lease 1-249')).toBe(false);
    await vi.waitFor(() => expect(isInFile('lease 1-249')).toBe(true), { timeout: 8_000 });
    await write(2);
    await vi.waitFor(() => expect(isInFile('lease 2-249')).toBe(true), { timeout: 8_000 });
    expect(failures).toEqual([]);
    await database.close();
  });

  test('[MS8] closing leaves one whole file, with or without the thread', async () => {
    for (const rows of [1, 250]) {
      const database = await openDatabase(path);
      const names = Array.from({ length: rows }, (_, index) => `${rows} rows, number ${index}`);
      await database.db.insertInto('leases').values(names.map(lease)).execute();
      await database.close();
      expect(existsSync(`${path}-wal`)).toBe(false);
      expect(isInFile(names.at(-1) ?? '')).toBe(true);
    }
  });

  test('[MS8] a process that has nothing else to do still waits until the file is closed', async () => {
    const script = `
      import { readFileSync } from 'node:fs';
      import { openDatabase } from ${JSON.stringify(new URL('./open.ts', import.meta.url).href)};
      const database = await openDatabase(${JSON.stringify(path)});
      const values = Array.from({ length: 250 }, (_, index) => ({ name: 'lease ' + index, holder: 'node', expiresAt: 1 }));
      await database.db.insertInto('leases').values(values).execute();
      // Until the thread has brought it into the file, this keeps the process alive; from then on nothing does.
      while (!readFileSync(${JSON.stringify(path)}).includes('lease 249')) await new Promise(setImmediate);
      await database.close();
      console.log('closed');
    `;
    const file = join(directory, 'close.mjs');
    writeFileSync(file, script);
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    expect(stdout).toContain('closed');
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  test('[O5] a thread that cannot do its work is told of once, and writing goes on without it', async () => {
    const database = await openDatabase(path);
    await database.close();
    const sqlite = new SqliteDatabase(path);
    sqlite.pragma('journal_mode = WAL');
    const failed = Promise.withResolvers<unknown>();
    const checkpoints = keepCheckpoints(sqlite, join(directory, 'no such file'), failed.resolve);
    const insert = sqlite.prepare(`insert into "leases" values (?, 'node-1', 1)`);
    for (let index = 0; index < 250; index += 1) insert.run(`lease ${index}`);
    expect(String(await failed.promise)).toContain('unable to open database file');
    insert.run('one more');
    await checkpoints.close();
    sqlite.close();
    expect(isInFile('one more')).toBe(true);
  });

  function lease(name: string) {
    return { name, holder: 'node-1', expiresAt: 1 };
  }
});
