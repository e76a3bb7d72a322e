import type SqliteDatabase from 'better-sqlite3';
import type { Db } from './open.ts';
import { isBusy, repeatWhileBusy } from './transaction.ts';

/**
 * The SQLite connection itself, for the few questions that are asked so often that building them costs more than
 * answering them. Everything else goes through the query builder.
 */
export interface DirectSqlite {
  /**
   * NOTE: no joins in here. This build of SQLite prepares a joining statement anew whenever its parameters change, which
   * takes ten times as long as the query; a subquery per column is kept.
   */
  prepare<Parameters extends unknown[], Row = unknown>(text: string): SqliteDatabase.Statement<Parameters, Row>;
  /**
   * Runs `work` in a transaction of its own, at once unless one of the query builder is open on the connection: then
   * after that one and what it brings about. All or nothing; like that of `inTransaction`, `work` may be repeated.
   */
  transaction<Result>(work: () => Result): Promise<Result>;
  /**
   * The same without waiting for anybody, for those who are asked most.
   *
   * @returns undefined, and nothing has happened, where it would have to wait
   */
  transactionNow<Result extends object>(work: () => Result): Result | undefined;
}

export function createDirectSqlite(sqlite: SqliteDatabase.Database, db: Db): DirectSqlite {
  const [begin, commit, rollback] = ['begin immediate', 'commit', 'rollback'].map((text) => sqlite.prepare(text)) as [
    SqliteDatabase.Statement,
    SqliteDatabase.Statement,
    SqliteDatabase.Statement,
  ];
  function runBegun<Result>(work: () => Result): Result {
    try {
      const result = work();
      commit.run();
      return result;
    } catch (error) {
      // Some faults end it by themselves.
      if (sqlite.inTransaction) rollback.run();
      throw error;
    }
  }
  const runWhenFree = <Result>(work: () => Result): Promise<Result> =>
    repeatWhileBusy(async () => {
      begin.run();
      return runBegun(work);
    });
  return {
    prepare: <Parameters extends unknown[], Row>(text: string) => sqlite.prepare<Parameters, Row>(text),
    async transaction(work) {
      if (!sqlite.inTransaction) return runWhenFree(work);
      return db.connection().execute(async () => {
        // The turn of the connection comes right with the commit before, ahead of the effects of that commit.
        await new Promise<void>((resolve) => setImmediate(resolve));
        return runWhenFree(work);
      });
    },
    transactionNow(work) {
      try {
        begin.run();
      } catch (error) {
        // Asked only now: nearly always it is free, and asking takes as long as many a statement.
        if (sqlite.inTransaction || isBusy(error)) return undefined;
        throw error;
      }
      try {
        return runBegun(work);
      } catch (error) {
        if (isBusy(error)) return undefined;
        throw error;
      }
    },
  };
}
