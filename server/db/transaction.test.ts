import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentId, DepartmentId } from '../../protocol/ids.ts';
import { openDatabase } from './open.ts';
import type { OpenDatabase } from './open.ts';
import { inTransaction, isUniqueViolation } from './transaction.ts';
import type { UnitOfWork } from './transaction.ts';

/** As better-sqlite3 reports that another process holds the file. */
class BusyError extends Error {
  readonly code = 'SQLITE_BUSY';
}

describe('all or nothing', () => {
  let database: OpenDatabase;
  let effects: string[];
  beforeEach(async () => {
    database = await openDatabase(':memory:');
    effects = [];
  });
  afterEach(() => database.close());

  const addLease = (unit: UnitOfWork, name: string) =>
    unit.db.insertInto('leases').values({ name, holder: 'node-1', expiresAt: 1 }).execute();
  const leaseNames = async () =>
    (await database.db.selectFrom('leases').select('name').orderBy('name').execute()).map(({ name }) => name);

  test('[C1] effects follow the commit, in the order in which they were asked for', async () => {
    const result = await inTransaction(database.db, async (unit) => {
      unit.afterCommit(() => effects.push('first'));
      await addLease(unit, 'a');
      unit.afterCommit(() => effects.push('second'));
      expect(effects).toEqual([]);
      return 'done';
    });
    expect(result).toBe('done');
    expect(effects).toEqual(['first', 'second']);
    expect(await leaseNames()).toEqual(['a']);
  });

  test('[C1] what fails leaves neither rows nor effects', async () => {
    const failing = inTransaction(database.db, async (unit) => {
      await addLease(unit, 'a');
      unit.afterCommit(() => effects.push('told'));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(effects).toEqual([]);
    expect(await leaseNames()).toEqual([]);
  });

  test('[C1] a transaction repeated because the file was busy has its effects once', async () => {
    let tries = 0;
    await inTransaction(database.db, async (unit) => {
      tries += 1;
      await addLease(unit, 'a');
      unit.afterCommit(() => effects.push(`try ${tries}`));
      if (tries < 3) throw new BusyError('database is locked');
    });
    expect(effects).toEqual(['try 3']);
    expect(await leaseNames()).toEqual(['a']);
  });

  test('[O5] a file that stays busy is given up, and the reason is told', async () => {
    let tries = 0;
    const failing = inTransaction(database.db, async () => {
      tries += 1;
      throw new BusyError('database is locked');
    });
    await expect(failing).rejects.toThrow('database is locked');
    expect(tries).toBe(3);
  });

  test('[C1] an effect that fails after the commit never makes the work run again', async () => {
    let runs = 0;
    const failing = inTransaction(database.db, async (unit) => {
      runs += 1;
      await addLease(unit, 'a');
      unit.afterCommit(() => {
        throw new BusyError('from an effect');
      });
    });
    await expect(failing).rejects.toThrow('from an effect');
    expect(runs).toBe(1);
    expect(await leaseNames()).toEqual(['a']);
  });

  test('[O5] a doubled row is recognised, another fault is not taken for one', async () => {
    const twice = inTransaction(database.db, async (unit) => {
      await addLease(unit, 'a');
      await addLease(unit, 'a');
    });
    expect(isUniqueViolation(await twice.catch((error: unknown) => error))).toBe(true);
    const orphan = database.db
      .insertInto('agentDepartments')
      .values({ agentId: 'nobody' as AgentId, departmentId: 'nowhere' as DepartmentId })
      .execute();
    expect(isUniqueViolation(await orphan.catch((error: unknown) => error))).toBe(false);
    expect(isUniqueViolation('text')).toBe(false);
  });
});
