import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** What is shared in conversations, and who did what. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const schema = db.schema;
  await schema
    .createTable('shares')
    .addColumn('shareId', 'text', (column) => column.primaryKey())
    .addColumn('conversationId', 'text', (column) => column.notNull().references('conversations.conversationId'))
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('sharer', 'text', (column) => column.notNull())
    .addColumn('askedBy', 'text', (column) => column.notNull())
    .addColumn('phase', 'text', (column) => column.notNull())
    .addColumn('scopeNumber', 'integer', (column) => column.notNull())
    .addColumn('scopeJson', 'text')
    .addColumn('pausedBecause', 'text')
    .addColumn('grantsJson', 'text', (column) => column.notNull())
    .addColumn('askedGrant', 'text')
    .addColumn('askedGrantUntil', 'bigint')
    .addColumn('homeNodeId', 'text', (column) => column.notNull())
    .addColumn('lastEpoch', 'integer', (column) => column.notNull())
    .addColumn('isRecorded', 'integer', (column) => column.notNull())
    .addColumn('askedAt', 'bigint', (column) => column.notNull())
    .addColumn('allowedAt', 'bigint')
    .addColumn('liveAt', 'bigint')
    .addColumn('endedAt', 'bigint')
    .addColumn('endReason', 'text')
    .addColumn('dueAt', 'bigint')
    .addColumn('sharerGraceUntil', 'bigint')
    .execute();
  await schema.createIndex('shares_conversation').on('shares').columns(['conversationId', 'askedAt']).execute();
  // Of two that are asked for at once, in two tabs or on two nodes, one wins.
  await schema
    .createIndex('shares_one_open')
    .unique()
    .on('shares')
    .columns(['conversationId', 'kind'])
    .where(sql.ref('phase'), '!=', sql.lit('ended'))
    .execute();
  // The sweep looks every second.
  await schema
    .createIndex('shares_due')
    .on('shares')
    .column('dueAt')
    .where(sql.ref('phase'), '!=', sql.lit('ended'))
    .execute();

  await schema
    .createTable('auditEntries')
    .addColumn('auditEntryId', 'text', (column) => column.primaryKey())
    .addColumn('siteId', 'text', (column) => column.notNull().references('sites.siteId'))
    .addColumn('conversationId', 'text', (column) => column.references('conversations.conversationId'))
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('actorId', 'text')
    .addColumn('what', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('dataJson', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('auditEntries_conversation').on('auditEntries').columns(['conversationId', 'at']).execute();
  await schema.createIndex('auditEntries_site').on('auditEntries').columns(['siteId', 'at']).execute();
}
