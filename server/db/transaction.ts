import type { Db } from './open.ts';

/** One transaction's worth of work: query through `db`, never through the outer one (SQLite would wait for ever). */
export interface UnitOfWork {
  db: Db;
  /** Runs once the transaction has been committed, in the order given; not at all when it is rolled back. */
  afterCommit(effect: () => void): void;
}

const MAX_TRIES = 3;

/**
 * Runs `work` in a transaction: all or nothing. `work` must not wait for anything but the database. It is repeated
 * when another process held the file in the way, so it must have no effects of its own outside `afterCommit`.
 */
export async function inTransaction<Result>(db: Db, work: (unit: UnitOfWork) => Promise<Result>): Promise<Result> {
  const { result, effects } = await commit(db, work);
  for (const effect of effects) effect();
  return result;
}

async function commit<Result>(
  db: Db,
  work: (unit: UnitOfWork) => Promise<Result>,
): Promise<{ result: Result; effects: (() => void)[] }> {
  return repeatWhileBusy(async () => {
    const effects: (() => void)[] = [];
    const result = await db
      .transaction()
      .execute(async (transaction) => work({ db: transaction, afterCommit: (effect) => effects.push(effect) }));
    return { result, effects };
  });
}

/** Repeats what another process that held the file has hindered, a few times. */
export async function repeatWhileBusy<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tried >= MAX_TRIES || !isBusy(error)) throw error;
    }
  }
}

/** Whether another process held the file for longer than a write waits. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}

/** Whether a write failed because a unique index already holds such a row, on either database. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return (
    error.code === 'SQLITE_CONSTRAINT_UNIQUE' || error.code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || error.code === '23505'
  );
}
