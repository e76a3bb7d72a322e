import type { Db } from '../db/open.ts';
import { inTransaction } from '../db/transaction.ts';

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

/** When the subject may try again; undefined when it may now. */
export async function findLock(db: Db, subjects: string[], now: number): Promise<number | undefined> {
  const rows = await db
    .selectFrom('signInFailures')
    .select('lockedUntil')
    .where('subject', 'in', subjects)
    .where('lockedUntil', '>', now)
    .execute();
  return rows.length === 0 ? undefined : Math.max(...rows.map((row) => row.lockedUntil ?? 0));
}

export async function noteFailure(db: Db, subject: string, rule: ThrottleRule, now: number): Promise<void> {
  await inTransaction(db, async (unit) => {
    const known = await unit.db
      .selectFrom('signInFailures')
      .selectAll()
      .where('subject', '=', subject)
      .executeTakeFirst();
    const isFresh = known && now - known.lastFailureAt < rule.forgetAfterMs;
    const failureCount = (isFresh ? known.failureCount : 0) + 1;
    const lockMs = nextLockMs(failureCount, rule);
    const values = { failureCount, lastFailureAt: now, lockedUntil: lockMs > 0 ? now + lockMs : null };
    await unit.db
      .insertInto('signInFailures')
      .values({ subject, ...values })
      .onConflict((conflict) => conflict.column('subject').doUpdateSet(values))
      .execute();
  });
}

export async function forgetFailures(db: Db, subject: string): Promise<void> {
  await db.deleteFrom('signInFailures').where('subject', '=', subject).execute();
}
