import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DirectSqlite } from './direct-sqlite.ts';
import { openDatabase } from './open.ts';
import type { OpenDatabase } from './open.ts';
import { inTransaction } from './transaction.ts';

describe('the connection itself', () => {
  let database: OpenDatabase;
  let direct: DirectSqlite;
  let steps: string[];
  beforeEach(async () => {
    database = await openDatabase(':memory:');
    if (!database.direct) throw new Error('SQLite gives its connection away.');
    direct = database.direct;
    steps = [];
  });
  afterEach(() => database.close());

  const addLease = (name: string) =>
    direct.prepare<[string]>(`insert into "leases" ("name", "holder", "expiresAt") values (?, 'node-1', 1)`).run(name);
  const leaseNames = async () =>
    (await database.db.selectFrom('leases').select('name').orderBy('name').execute()).map(({ name }) => name);

  test('[C1] a transaction is all or nothing', async () => {
    expect(await direct.transaction(() => addLease('a').changes)).toBe(1);
    const failing = direct.transaction(() => {
      addLease('b');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await leaseNames()).toEqual(['a']);
  });

  test('[C1] it never runs inside a transaction of the query builder, and follows its effects', async () => {
    const began = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const other = inTransaction(database.db, async (unit) => {
      await unit.db.insertInto('leases').values({ name: 'a', holder: 'node-1', expiresAt: 1 }).execute();
      began.resolve();
      await goOn.promise;
      unit.afterCommit(() => steps.push('told of a'));
      steps.push('a');
    });
    await began.promise;
    const own = direct.transaction(() => {
      addLease('b');
      steps.push('b');
    });
    const third = inTransaction(database.db, async () => void steps.push('c'));
    goOn.resolve();
    await Promise.all([other, own, third]);
    expect(steps).toEqual(['a', 'told of a', 'b', 'c']);
    expect(await leaseNames()).toEqual(['a', 'b']);
  });

  test('[C1] a transaction of the query builder that fails does not take it along', async () => {
    const other = inTransaction(database.db, async (unit) => {
      await unit.db.insertInto('leases').values({ name: 'a', holder: 'node-1', expiresAt: 1 }).execute();
      steps.push('a');
      throw new Error('no');
    });
    const own = direct.transaction(() => addLease('b'));
    await expect(other).rejects.toThrow('no');
    await own;
    expect(await leaseNames()).toEqual(['b']);
  });

  test('[O5] after the database was closed it refuses', async () => {
    await database.close();
    await expect(direct.transaction(() => 1)).rejects.toThrow('not open');
  });
});
