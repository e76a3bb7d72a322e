import type { Kysely } from 'kysely';

/**
 * The number of a conversation's last message is the greatest that its messages have, one look into their index. Kept in
 * the conversation as well, it was a second row to write with each message, on the path that is taken most.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('conversations').dropColumn('lastSeq').execute();
}
