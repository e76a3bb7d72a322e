import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../db/open.ts';
import type { OpenDatabase } from '../db/open.ts';
import { ACCOUNT_RULE, findLock, forgetFailures, nextLockMs, noteFailure } from './sign-in-throttle.ts';

describe('guessing passwords', () => {
  let database: OpenDatabase;
  beforeEach(async () => {
    database = await openDatabase(':memory:');
  });
  afterEach(() => database.close());

  test('[SE2] the lock doubles with each failure after the free tries, up to its longest', () => {
    expect(nextLockMs(4, ACCOUNT_RULE)).toBe(0);
    expect(nextLockMs(5, ACCOUNT_RULE)).toBe(30_000);
    expect(nextLockMs(6, ACCOUNT_RULE)).toBe(60_000);
    expect(nextLockMs(1_000, ACCOUNT_RULE)).toBe(ACCOUNT_RULE.longestLockMs);
  });

  test('[SE2] the fifth failure locks the account, and the lock ends by itself', async () => {
    for (let tries = 0; tries < 4; tries += 1) await noteFailure(database.db, 'account:a', ACCOUNT_RULE, 1_000);
    expect(await findLock(database.db, ['account:a', 'address:b'], 1_000)).toBeUndefined();
    await noteFailure(database.db, 'account:a', ACCOUNT_RULE, 1_000);
    expect(await findLock(database.db, ['account:a', 'address:b'], 1_000)).toBe(31_000);
    expect(await findLock(database.db, ['account:a'], 31_000)).toBeUndefined();
  });

  test('[SE2] signing in clears the failures, and old failures are forgotten', async () => {
    for (let tries = 0; tries < 4; tries += 1) await noteFailure(database.db, 'account:a', ACCOUNT_RULE, 1_000);
    await forgetFailures(database.db, 'account:a');
    await noteFailure(database.db, 'account:a', ACCOUNT_RULE, 2_000);
    expect(await findLock(database.db, ['account:a'], 2_000)).toBeUndefined();

    for (let tries = 0; tries < 3; tries += 1) await noteFailure(database.db, 'account:a', ACCOUNT_RULE, 2_000);
    const muchLater = 2_000 + ACCOUNT_RULE.forgetAfterMs + 1;
    await noteFailure(database.db, 'account:a', ACCOUNT_RULE, muchLater);
    expect(await findLock(database.db, ['account:a'], muchLater)).toBeUndefined();
  });
});
