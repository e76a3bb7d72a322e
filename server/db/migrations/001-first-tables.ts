import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Written for SQLite and PostgreSQL alike: text ids, bigint times, integer flags, no dialect's own types. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const schema = db.schema;
  await schema
    .createTable('tenants')
    .addColumn('tenantId', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .execute();

  await schema
    .createTable('sites')
    .addColumn('siteId', 'text', (column) => column.primaryKey())
    .addColumn('tenantId', 'text', (column) => column.notNull().references('tenants.tenantId'))
    .addColumn('siteKey', 'text', (column) => column.notNull().unique())
    .addColumn('settingsJson', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .execute();

  await schema
    .createTable('departments')
    .addColumn('departmentId', 'text', (column) => column.primaryKey())
    .addColumn('siteId', 'text', (column) => column.notNull().references('sites.siteId'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('sortOrder', 'integer', (column) => column.notNull())
    .addColumn('retiredAt', 'bigint')
    .addUniqueConstraint('departments_name', ['siteId', 'name'])
    .execute();

  await schema
    .createTable('agents')
    .addColumn('agentId', 'text', (column) => column.primaryKey())
    .addColumn('tenantId', 'text', (column) => column.notNull().references('tenants.tenantId'))
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('passwordHash', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('isAvailable', 'integer', (column) => column.notNull())
    .addColumn('isIdle', 'integer', (column) => column.notNull())
    .addColumn('autoAwayMinutes', 'integer')
    .addColumn('chatCap', 'integer', (column) => column.notNull())
    .addColumn('graceUntil', 'bigint')
    .addColumn('lastServedAt', 'bigint')
    .addColumn('disabledAt', 'bigint')
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .execute();

  await schema
    .createTable('agentDepartments')
    .addColumn('agentId', 'text', (column) => column.notNull().references('agents.agentId'))
    .addColumn('departmentId', 'text', (column) => column.notNull().references('departments.departmentId'))
    .addPrimaryKeyConstraint('agentDepartments_key', ['agentId', 'departmentId'])
    .execute();
  await schema.createIndex('agentDepartments_department').on('agentDepartments').column('departmentId').execute();

  await schema
    .createTable('agentSessions')
    .addColumn('tokenHash', 'text', (column) => column.primaryKey())
    .addColumn('agentId', 'text', (column) => column.notNull().references('agents.agentId'))
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('expiresAt', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('agentSessions_agent').on('agentSessions').column('agentId').execute();

  await schema
    .createTable('signInFailures')
    .addColumn('subject', 'text', (column) => column.primaryKey())
    .addColumn('failureCount', 'integer', (column) => column.notNull())
    .addColumn('lastFailureAt', 'bigint', (column) => column.notNull())
    .addColumn('lockedUntil', 'bigint')
    .execute();

  await schema
    .createTable('visitors')
    .addColumn('visitorId', 'text', (column) => column.primaryKey())
    .addColumn('siteId', 'text', (column) => column.notNull().references('sites.siteId'))
    .addColumn('tokenHash', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text')
    .addColumn('email', 'text')
    .addColumn('fieldsJson', 'text', (column) => column.notNull())
    .addColumn('pageUrl', 'text')
    .addColumn('pageTitle', 'text')
    .addColumn('referrer', 'text')
    .addColumn('browser', 'text')
    .addColumn('language', 'text', (column) => column.notNull())
    .addColumn('timeZone', 'text')
    .addColumn('firstSeenAt', 'bigint', (column) => column.notNull())
    .addColumn('visitStartedAt', 'bigint', (column) => column.notNull())
    .addColumn('lastSeenAt', 'bigint', (column) => column.notNull())
    .execute();

  await schema
    .createTable('connections')
    .addColumn('socketId', 'text', (column) => column.primaryKey())
    .addColumn('nodeId', 'text', (column) => column.notNull())
    .addColumn('party', 'text', (column) => column.notNull())
    .addColumn('personId', 'text', (column) => column.notNull())
    .addColumn('connectedAt', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('connections_person').on('connections').column('personId').execute();
  await schema.createIndex('connections_node').on('connections').column('nodeId').execute();

  await schema
    .createTable('leases')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('holder', 'text', (column) => column.notNull())
    .addColumn('expiresAt', 'bigint', (column) => column.notNull())
    .execute();

  await createConversationTables(db);
}

async function createConversationTables(db: Kysely<unknown>): Promise<void> {
  const schema = db.schema;
  await schema
    .createTable('conversations')
    .addColumn('conversationId', 'text', (column) => column.primaryKey())
    .addColumn('siteId', 'text', (column) => column.notNull().references('sites.siteId'))
    .addColumn('departmentId', 'text', (column) => column.notNull().references('departments.departmentId'))
    .addColumn('visitorId', 'text', (column) => column.notNull().references('visitors.visitorId'))
    .addColumn('clientRequestId', 'text', (column) => column.notNull())
    .addColumn('modality', 'text', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('phase', 'text', (column) => column.notNull())
    .addColumn('agentId', 'text', (column) => column.references('agents.agentId'))
    .addColumn('queuedAt', 'bigint', (column) => column.notNull())
    .addColumn('acceptedAt', 'bigint')
    .addColumn('heldAt', 'bigint')
    .addColumn('endedAt', 'bigint')
    .addColumn('endReason', 'text')
    .addColumn('lastSeq', 'integer', (column) => column.notNull())
    .addColumn('visitorDeliveredSeq', 'integer', (column) => column.notNull())
    .addColumn('visitorReadSeq', 'integer', (column) => column.notNull())
    .addColumn('agentDeliveredSeq', 'integer', (column) => column.notNull())
    .addColumn('agentReadSeq', 'integer', (column) => column.notNull())
    .addColumn('waitingSinceAt', 'bigint')
    .addColumn('visitorGraceUntil', 'bigint')
    .addUniqueConstraint('conversations_request', ['visitorId', 'clientRequestId'])
    .execute();
  await schema
    .createIndex('conversations_queue')
    .on('conversations')
    .columns(['departmentId', 'phase', 'queuedAt'])
    .execute();
  await schema.createIndex('conversations_agent').on('conversations').columns(['agentId', 'phase']).execute();
  // One running conversation per visitor, decided by the database: two tabs that ask at once get the same one.
  await schema
    .createIndex('conversations_one_running')
    .unique()
    .on('conversations')
    .column('visitorId')
    .where(sql.ref('phase'), '!=', sql.lit('ended'))
    .execute();
  await schema
    .createIndex('conversations_grace')
    .on('conversations')
    .column('visitorGraceUntil')
    .where(sql.ref('visitorGraceUntil'), 'is not', null)
    .execute();

  await schema
    .createTable('messages')
    .addColumn('messageId', 'text', (column) => column.primaryKey())
    .addColumn('conversationId', 'text', (column) => column.notNull().references('conversations.conversationId'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('senderKind', 'text', (column) => column.notNull())
    .addColumn('senderId', 'text')
    .addColumn('senderName', 'text', (column) => column.notNull())
    .addColumn('clientMessageId', 'text')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('sentAt', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('messages_order', ['conversationId', 'seq'])
    .addUniqueConstraint('messages_once', ['conversationId', 'senderId', 'clientMessageId'])
    .execute();

  await schema
    .createTable('consents')
    .addColumn('consentId', 'text', (column) => column.primaryKey())
    .addColumn('visitorId', 'text', (column) => column.notNull().references('visitors.visitorId'))
    .addColumn('siteId', 'text', (column) => column.notNull().references('sites.siteId'))
    .addColumn('conversationId', 'text', (column) => column.references('conversations.conversationId'))
    .addColumn('textVersion', 'text', (column) => column.notNull())
    .addColumn('modality', 'text', (column) => column.notNull())
    .addColumn('agreedAt', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('consents_visitor').on('consents').columns(['visitorId', 'agreedAt']).execute();

  await schema
    .createTable('offers')
    .addColumn('offerId', 'text', (column) => column.primaryKey())
    .addColumn('conversationId', 'text', (column) => column.notNull().references('conversations.conversationId'))
    .addColumn('agentId', 'text', (column) => column.notNull().references('agents.agentId'))
    .addColumn('phase', 'text', (column) => column.notNull())
    .addColumn('offeredAt', 'bigint', (column) => column.notNull())
    .addColumn('expiresAt', 'bigint', (column) => column.notNull())
    .addColumn('closedAt', 'bigint')
    .addColumn('isLifted', 'integer', (column) => column.notNull())
    .execute();
  await schema.createIndex('offers_conversation').on('offers').column('conversationId').execute();
  await schema.createIndex('offers_agent').on('offers').columns(['agentId', 'phase']).execute();
  // One agent is rung at a time, whichever node offers: the second insert fails.
  await schema
    .createIndex('offers_one_open')
    .unique()
    .on('offers')
    .column('conversationId')
    .where(sql.ref('phase'), '=', sql.lit('open'))
    .execute();
  await schema
    .createIndex('offers_due')
    .on('offers')
    .column('expiresAt')
    .where(sql.ref('phase'), '=', sql.lit('open'))
    .execute();

  await schema
    .createTable('leftMessages')
    .addColumn('leftMessageId', 'text', (column) => column.primaryKey())
    .addColumn('siteId', 'text', (column) => column.notNull().references('sites.siteId'))
    .addColumn('visitorId', 'text', (column) => column.notNull().references('visitors.visitorId'))
    .addColumn('clientRequestId', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('email', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('leftAt', 'bigint', (column) => column.notNull())
    .addColumn('resolvedAt', 'bigint')
    .addColumn('resolvedBy', 'text', (column) => column.references('agents.agentId'))
    .addUniqueConstraint('leftMessages_once', ['visitorId', 'clientRequestId'])
    .execute();

  await schema
    .createTable('calls')
    .addColumn('callId', 'text', (column) => column.primaryKey())
    .addColumn('conversationId', 'text', (column) => column.notNull().references('conversations.conversationId'))
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('homeNodeId', 'text', (column) => column.notNull())
    .addColumn('generation', 'integer', (column) => column.notNull())
    .addColumn('modality', 'text', (column) => column.notNull())
    .addColumn('proposedBy', 'text', (column) => column.notNull())
    .addColumn('proposedAt', 'bigint', (column) => column.notNull())
    .addColumn('phase', 'text', (column) => column.notNull())
    .addColumn('stepUntil', 'bigint')
    .addColumn('dueAt', 'bigint')
    .addColumn('liveAt', 'bigint')
    .addColumn('heldAt', 'bigint')
    .addColumn('endedAt', 'bigint')
    .addColumn('endReason', 'text')
    .addColumn('seatsJson', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('calls_conversation').on('calls').columns(['conversationId', 'proposedAt']).execute();
  await schema
    .createIndex('calls_one_open')
    .unique()
    .on('calls')
    .column('conversationId')
    .where(sql.ref('phase'), '!=', sql.lit('ended'))
    .execute();

  await schema
    .createTable('callQuality')
    .addColumn('sampleId', 'text', (column) => column.primaryKey())
    .addColumn('callId', 'text', (column) => column.notNull().references('calls.callId'))
    .addColumn('seatId', 'text', (column) => column.notNull())
    .addColumn('sampledAt', 'bigint', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('direction', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('bitrate', 'double precision', (column) => column.notNull())
    .addColumn('packetLoss', 'double precision')
    .addColumn('jitterMs', 'double precision')
    .addColumn('roundTripMs', 'double precision')
    .addColumn('framesPerSecond', 'double precision')
    .addColumn('freezeCount', 'integer')
    .addColumn('score', 'double precision')
    .execute();
  await schema.createIndex('callQuality_call').on('callQuality').columns(['callId', 'sampledAt']).execute();
}
