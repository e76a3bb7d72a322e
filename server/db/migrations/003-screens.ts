import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** A shared screen is carried beside a call: a conversation has at most one open of each. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema.dropIndex('calls_one_open').execute();
  const isOpen = sql<boolean>`${sql.ref('phase')} != ${sql.lit('ended')}`;
  await schema
    .createIndex('calls_one_open')
    .unique()
    .on('calls')
    .column('conversationId')
    .where(sql<boolean>`${isOpen} and ${sql.ref('modality')} != ${sql.lit('screen')}`)
    .execute();
  await schema
    .createIndex('calls_one_open_screen')
    .unique()
    .on('calls')
    .column('conversationId')
    .where(sql<boolean>`${isOpen} and ${sql.ref('modality')} = ${sql.lit('screen')}`)
    .execute();
}
