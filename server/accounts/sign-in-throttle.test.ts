import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../db/open.ts';
import type { OpenDatabase } from '../db/open.ts';
import { ACCOUNT_RULE, ADDRESS_RULE, forgetOldFailures, forgiveTry, nextLockMs, takeTry } from './sign-in-throttle.ts';

const account = { subject: 'account:a', rule: ACCOUNT_RULE };
const address = { subject: 'address:b', rule: ADDRESS_RULE };

describe('guessing passwords', () => {
  let database: OpenDatabase;
  beforeEach(async () => {
    database = await openDatabase(':memory:');
  });
  afterEach(() => database.close());

  const tryAt = (now: number) => takeTry(database.db, [account, address], now);
  async function tryTimes(times: number, now: number): Promise<void> {
    for (let tries = 0; tries < times; tries += 1) expect(await tryAt(now)).toBeUndefined();
  }

  test('[SE2] the lock doubles with each failure after the free tries, up to its longest', () => {
    expect(nextLockMs(4, ACCOUNT_RULE)).toBe(0);
    expect(nextLockMs(5, ACCOUNT_RULE)).toBe(30_000);
    expect(nextLockMs(6, ACCOUNT_RULE)).toBe(60_000);
    expect(nextLockMs(1_000, ACCOUNT_RULE)).toBe(ACCOUNT_RULE.longestLockMs);
  });

  test('[SE2] after five tries the account is locked, the lock ends by itself, and the next one is longer', async () => {
    await tryTimes(5, 1_000);
    expect(await tryAt(1_000)).toBe(31_000);
    expect(await tryAt(30_999)).toBe(31_000);
    expect(await tryAt(31_000)).toBeUndefined();
    expect(await tryAt(31_000)).toBe(91_000);
  });

  test('[SE2] a hundred guesses sent at once are five guesses', async () => {
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => tryAt(1_000)));
    expect(outcomes.filter((lockedUntil) => lockedUntil === undefined)).toHaveLength(5);
  });

  test('[SE2] a try that was refused does not make the lock longer', async () => {
    await tryTimes(5, 1_000);
    for (let tries = 0; tries < 20; tries += 1) expect(await tryAt(2_000)).toBe(31_000);
  });

  test('[SE2] an address that tries one password on many accounts is locked as well', async () => {
    for (let tries = 0; tries < 30; tries += 1) {
      expect(await takeTry(database.db, [{ ...account, subject: `account:${tries}` }, address], 1_000)).toBeUndefined();
    }
    expect(await takeTry(database.db, [{ ...account, subject: 'account:new' }, address], 1_000)).toBe(31_000);
    const elsewhere = { ...address, subject: 'address:c' };
    expect(await takeTry(database.db, [{ ...account, subject: 'account:new' }, elsewhere], 1_000)).toBeUndefined();
  });

  test('[SE2] signing in clears the failures of the account, and gives the address this one try back', async () => {
    await tryTimes(5, 1_000);
    await forgiveTry(database.db, account, address);
    await tryTimes(4, 2_000);
    const counts = await database.db.selectFrom('signInFailures').select(['subject', 'failureCount']).execute();
    expect(counts).toEqual(
      expect.arrayContaining([
        { subject: 'account:a', failureCount: 4 },
        { subject: 'address:b', failureCount: 8 },
      ]),
    );
  });

  test('[SE2] an office whose colleagues all sign in is never locked', async () => {
    for (let colleague = 0; colleague < 100; colleague += 1) {
      const own = { ...account, subject: `account:${colleague}` };
      expect(await takeTry(database.db, [own, address], 1_000)).toBeUndefined();
      await forgiveTry(database.db, own, address);
    }
  });

  test('[SE2] old failures no longer count, and are forgotten', async () => {
    await tryTimes(4, 1_000);
    const muchLater = 1_000 + ACCOUNT_RULE.forgetAfterMs;
    await tryTimes(4, muchLater);
    await takeTry(database.db, [{ ...account, subject: 'account:old' }], 1_000);
    await forgetOldFailures(database.db, muchLater);
    const subjects = await database.db.selectFrom('signInFailures').select('subject').orderBy('subject').execute();
    expect(subjects).toEqual([{ subject: 'account:a' }, { subject: 'address:b' }]);
  });
});
