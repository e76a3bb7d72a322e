import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Migration } from 'kysely/migration';
import * as firstTables from './migrations/001-first-tables.ts';
import * as shares from './migrations/002-shares.ts';
import * as screens from './migrations/003-screens.ts';
import * as recordings from './migrations/004-recordings.ts';
import * as messagesByPlace from './migrations/005-messages-by-place.ts';
import * as lastNumber from './migrations/006-number-of-the-last-message.ts';
import * as leftAloneShares from './migrations/007-left-alone-shares.ts';

/** In order, by hand: a bundler or a missing folder can then not lose one. Never edit one that has landed. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-first-tables': firstTables,
  '002-shares': shares,
  '003-screens': screens,
  '004-recordings': recordings,
  '005-messages-by-place': messagesByPlace,
  '006-number-of-the-last-message': lastNumber,
  '007-left-alone-shares': leftAloneShares,
};

/** What bringing the database to the newest shape would run. Changes nothing. */
export async function listPendingMigrations<Tables>(db: Kysely<Tables>): Promise<string[]> {
  const known = await toMigrator(db).getMigrations();
  return known.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name);
}

/**
 * Brings the database to the newest shape. Each migration runs in a transaction; a failed one leaves the shape before.
 *
 * @returns the names of those that ran, empty when there was nothing to do
 */
export async function migrateToLatest<Tables>(db: Kysely<Tables>): Promise<string[]> {
  const { error, results } = await toMigrator(db).migrateToLatest();
  if (error) {
    const failed = results?.find((result) => result.status === 'Error')?.migrationName;
    throw new Error(`The database could not be brought up to date${failed ? ` (migration ${failed})` : ''}.`, {
      cause: error,
    });
  }
  return (results ?? []).map((result) => result.migrationName);
}

function toMigrator<Tables>(db: Kysely<Tables>): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => migrations } });
}
