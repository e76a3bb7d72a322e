import type { Db } from '../db/open.ts';
import { inTransaction } from '../db/transaction.ts';
import { toEmailKey } from './account-store.ts';

/**
 * Slows down guessing (SE2): free tries, then a lock that doubles with each further failure. Per account against
 * guessing one password, per address against trying one password on many accounts. In the database, so that neither a
 * restart nor a second node opens the door again.
 */
export interface ThrottleRule {
  freeTries: number;
  firstLockMs: number;
  longestLockMs: number;
  /** Failures older than this are forgotten. */
  forgetAfterMs: number;
}

export const ACCOUNT_RULE: ThrottleRule = {
  freeTries: 5,
  firstLockMs: 30_000,
  longestLockMs: 15 * 60_000,
  forgetAfterMs: 60 * 60_000,
};
/** An office behind one address shares it, hence more room. */
export const ADDRESS_RULE: ThrottleRule = { ...ACCOUNT_RULE, freeTries: 30 };

export function nextLockMs(failureCount: number, rule: ThrottleRule): number {
  if (failureCount < rule.freeTries) return 0;
  return Math.min(rule.longestLockMs, rule.firstLockMs * 2 ** Math.min(20, failureCount - rule.freeTries));
}

/** One who is counted, and by which rule. */
export interface ThrottledSubject {
  subject: string;
  rule: ThrottleRule;
}

/**
 * Counts a try before it is made, so that a hundred guesses sent at once are not a hundred free ones. What proves
 * right is given back with {@link forgiveTry}.
 *
 * @returns when the next try is free, if this one is not
 */
export async function takeTry(db: Db, throttled: ThrottledSubject[], now: number): Promise<number | undefined> {
  return inTransaction(db, async (unit) => {
    const lockedUntil = await findLock(
      unit.db,
      throttled.map(({ subject }) => subject),
      now,
    );
    if (lockedUntil !== undefined) return lockedUntil;
    for (const { subject, rule } of throttled) await countTry(unit.db, subject, rule, now);
    return undefined;
  });
}

export function toAccountSubject(email: string): string {
  return `account:${toEmailKey(email)}`;
}

/** Whoever has a new password begins anew. */
export async function forgiveAccount(db: Db, email: string): Promise<void> {
  await db.deleteFrom('signInFailures').where('subject', '=', toAccountSubject(email)).execute();
}

/** The password was right: the account begins anew, the address has this one try less. */
export async function forgiveTry(db: Db, account: ThrottledSubject, address: ThrottledSubject): Promise<void> {
  await inTransaction(db, async (unit) => {
    await unit.db.deleteFrom('signInFailures').where('subject', '=', account.subject).execute();
    const known = await findCount(unit.db, address.subject);
    if (!known) return;
    const failureCount = Math.max(0, known.failureCount - 1);
    await unit.db
      .updateTable('signInFailures')
      .set({ failureCount, ...(failureCount < address.rule.freeTries && { lockedUntil: null }) })
      .where('subject', '=', address.subject)
      .execute();
  });
}

/** Made-up addresses leave rows behind; nobody asks for those again whose failures no longer count. */
export async function forgetOldFailures(db: Db, now: number): Promise<void> {
  await db
    .deleteFrom('signInFailures')
    .where('lastFailureAt', '<=', now - Math.max(ACCOUNT_RULE.forgetAfterMs, ADDRESS_RULE.forgetAfterMs))
    .execute();
}

/** When the last of the locks ends; undefined when none holds. */
async function findLock(db: Db, subjects: string[], now: number): Promise<number | undefined> {
  const rows = await db
    .selectFrom('signInFailures')
    .select('lockedUntil')
    .where('subject', 'in', subjects)
    .where('lockedUntil', '>', now)
    .execute();
  return rows.length === 0 ? undefined : Math.max(...rows.map((row) => row.lockedUntil ?? 0));
}

async function countTry(db: Db, subject: string, rule: ThrottleRule, now: number): Promise<void> {
  const known = await findCount(db, subject);
  const isFresh = known && now - known.lastFailureAt < rule.forgetAfterMs;
  const failureCount = (isFresh ? known.failureCount : 0) + 1;
  const lockMs = nextLockMs(failureCount, rule);
  const values = { failureCount, lastFailureAt: now, lockedUntil: lockMs > 0 ? now + lockMs : null };
  await db
    .insertInto('signInFailures')
    .values({ subject, ...values })
    .onConflict((conflict) => conflict.column('subject').doUpdateSet(values))
    .execute();
}

async function findCount(db: Db, subject: string) {
  return db
    .selectFrom('signInFailures')
    .select(['failureCount', 'lastFailureAt'])
    .where('subject', '=', subject)
    .executeTakeFirst();
}
