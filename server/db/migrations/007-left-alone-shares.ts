import type { Kysely } from 'kysely';

/** Until when a share waits for the agent it is shown to. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('shares').addColumn('viewerGraceUntil', 'bigint').execute();
}
