import type { Kysely } from 'kysely';

/**
 * A message is found by its place in the conversation and by its sender's key, never by its id: one index less to write
 * with each message, on the path that is taken most.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  const columns = [
    'messageId',
    'conversationId',
    'seq',
    'senderKind',
    'senderId',
    'senderName',
    'clientMessageId',
    'kind',
    'body',
    'sentAt',
  ];
  // Made anew and filled: SQLite cannot take a primary key from a table that stands.
  await schema
    .createTable('placedMessages')
    .addColumn('messageId', 'text', (column) => column.notNull())
    .addColumn('conversationId', 'text', (column) => column.notNull().references('conversations.conversationId'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('senderKind', 'text', (column) => column.notNull())
    .addColumn('senderId', 'text')
    .addColumn('senderName', 'text', (column) => column.notNull())
    .addColumn('clientMessageId', 'text')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('sentAt', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('messages_place', ['conversationId', 'seq'])
    .addUniqueConstraint('messages_key', ['conversationId', 'senderId', 'clientMessageId'])
    .execute();
  const tables = db as Kysely<Record<'messages' | 'placedMessages', Record<string, unknown>>>;
  await tables
    .insertInto('placedMessages')
    .columns(columns)
    .expression(tables.selectFrom('messages').select(columns))
    .execute();
  await schema.dropTable('messages').execute();
  await schema.alterTable('placedMessages').renameTo('messages').execute();
}
