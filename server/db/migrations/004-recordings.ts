import type { Kysely } from 'kysely';

/** What is kept of shares whose visitor has agreed to it. All of it goes with its share, and a share with its conversation. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('recordings')
    .addColumn('shareId', 'text', (column) => column.primaryKey().references('shares.shareId').onDelete('cascade'))
    .addColumn('conversationId', 'text', (column) => column.notNull().references('conversations.conversationId'))
    .addColumn('siteId', 'text', (column) => column.notNull().references('sites.siteId'))
    .addColumn('startedAt', 'bigint', (column) => column.notNull())
    .addColumn('lastAt', 'bigint', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('recordings_conversation').on('recordings').column('conversationId').execute();
  // The sweep looks for what has become too old.
  await schema.createIndex('recordings_age').on('recordings').columns(['siteId', 'lastAt']).execute();

  await schema
    .createTable('recordingChunks')
    .addColumn('chunkId', 'text', (column) => column.primaryKey())
    .addColumn('shareId', 'text', (column) => column.notNull().references('recordings.shareId').onDelete('cascade'))
    .addColumn('tabId', 'text', (column) => column.notNull())
    .addColumn('epoch', 'integer', (column) => column.notNull())
    .addColumn('firstSeq', 'bigint', (column) => column.notNull())
    .addColumn('scopeNumber', 'integer', (column) => column.notNull())
    .addColumn('isKey', 'integer', (column) => column.notNull())
    .addColumn('firstAt', 'bigint', (column) => column.notNull())
    .addColumn('lastAt', 'bigint', (column) => column.notNull())
    .addColumn('activeFrom', 'bigint')
    .addColumn('activeTo', 'bigint')
    .addColumn('bytes', 'integer', (column) => column.notNull())
    // PostgreSQL's name for it; SQLite keeps bytes as bytes whatever the column is called.
    .addColumn('data', 'bytea', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('recordingChunks_place')
    .unique()
    .on('recordingChunks')
    .columns(['shareId', 'tabId', 'epoch', 'firstSeq'])
    .execute();
  await schema.createIndex('recordingChunks_order').on('recordingChunks').columns(['shareId', 'chunkId']).execute();

  await schema
    .createTable('recordingMarks')
    .addColumn('markId', 'text', (column) => column.primaryKey())
    .addColumn('shareId', 'text', (column) => column.notNull().references('recordings.shareId').onDelete('cascade'))
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('markJson', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('recordingMarks_order').on('recordingMarks').columns(['shareId', 'at', 'markId']).execute();

  // Each content once per recording, whatever the pages call it.
  await schema
    .createTable('recordingAssets')
    .addColumn('shareId', 'text', (column) => column.notNull().references('recordings.shareId').onDelete('cascade'))
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('contentType', 'text', (column) => column.notNull())
    .addColumn('data', 'bytea', (column) => column.notNull())
    .addPrimaryKeyConstraint('recordingAssets_content', ['shareId', 'hash'])
    .execute();
  await schema
    .createTable('recordingAssetKeys')
    .addColumn('shareId', 'text', (column) => column.notNull().references('recordings.shareId').onDelete('cascade'))
    .addColumn('epoch', 'integer', (column) => column.notNull())
    .addColumn('tabId', 'text', (column) => column.notNull())
    .addColumn('assetKey', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('recordingAssetKeys_place', ['shareId', 'epoch', 'tabId', 'assetKey'])
    .execute();
}
