import { sql } from 'kysely';
import type { ExpressionBuilder, RawBuilder, Selectable } from 'kysely';
import type { EndReason, MarkView } from '../../protocol/conversations.ts';
import type { AgentId, ConversationId, DepartmentId, Modality, Party, SiteId, VisitorId } from '../../protocol/ids.ts';
import type { Db } from '../db/open.ts';
import type { ConversationsTable, Database } from '../db/schema.ts';
import type { ConversationState } from './conversation-lifecycle.ts';

export type ConversationRow = Selectable<ConversationsTable>;

export interface NewConversation {
  conversationId: ConversationId;
  siteId: SiteId;
  departmentId: DepartmentId;
  visitorId: VisitorId;
  clientRequestId: string;
  modality: Modality;
}

export async function insertConversation(db: Db, conversation: NewConversation, now: number): Promise<ConversationRow> {
  const row: ConversationRow = {
    ...conversation,
    revision: 1,
    phase: 'waiting',
    agentId: null,
    queuedAt: now,
    acceptedAt: null,
    heldAt: null,
    endedAt: null,
    endReason: null,
    visitorDeliveredSeq: 0,
    visitorReadSeq: 0,
    agentDeliveredSeq: 0,
    agentReadSeq: 0,
    waitingSinceAt: now,
    visitorGraceUntil: null,
  };
  await db.insertInto('conversations').values(row).execute();
  return row;
}

export async function findConversation(db: Db, conversationId: ConversationId): Promise<ConversationRow | undefined> {
  return db.selectFrom('conversations').selectAll().where('conversationId', '=', conversationId).executeTakeFirst();
}

/** What sending a message needs to know, in one question. */
export async function findForSending(
  db: Db,
  conversationId: ConversationId,
): Promise<
  | (Pick<ConversationRow, 'visitorId' | 'agentId'> & { visitorName: string | null; agentName: string | null })
  | undefined
> {
  return db
    .selectFrom('conversations')
    .innerJoin('visitors', 'visitors.visitorId', 'conversations.visitorId')
    .leftJoin('agents', 'agents.agentId', 'conversations.agentId')
    .select([
      'conversations.visitorId',
      'conversations.agentId',
      'visitors.name as visitorName',
      'agents.name as agentName',
    ])
    .where('conversations.conversationId', '=', conversationId)
    .executeTakeFirst();
}

export async function findByRequest(
  db: Db,
  visitorId: VisitorId,
  clientRequestId: string,
): Promise<ConversationRow | undefined> {
  return db
    .selectFrom('conversations')
    .selectAll()
    .where('visitorId', '=', visitorId)
    .where('clientRequestId', '=', clientRequestId)
    .executeTakeFirst();
}

export async function findRunningOf(db: Db, visitorId: VisitorId): Promise<ConversationRow | undefined> {
  return db
    .selectFrom('conversations')
    .selectAll()
    .where('visitorId', '=', visitorId)
    .where('phase', '!=', 'ended')
    .executeTakeFirst();
}

/** The visitor's last conversation if it ended after `since`: a reload then still shows how it ended. */
export async function findLastEndedOf(
  db: Db,
  visitorId: VisitorId,
  since: number,
): Promise<ConversationRow | undefined> {
  return db
    .selectFrom('conversations')
    .selectAll()
    .where('visitorId', '=', visitorId)
    .where('phase', '=', 'ended')
    .where('endedAt', '>=', since)
    .orderBy('endedAt', 'desc')
    .executeTakeFirst();
}

export async function listOfAgent(db: Db, agentId: AgentId, endedSince: number): Promise<ConversationRow[]> {
  return db
    .selectFrom('conversations')
    .selectAll()
    .where('agentId', '=', agentId)
    .where((where) => where.or([where('phase', '!=', 'ended'), where('endedAt', '>=', endedSince)]))
    .orderBy('queuedAt')
    .execute();
}

export async function listRunningIdsOfAgent(db: Db, agentId: AgentId): Promise<ConversationId[]> {
  const rows = await db
    .selectFrom('conversations')
    .select('conversationId')
    .where('agentId', '=', agentId)
    .where('phase', '!=', 'ended')
    .execute();
  return rows.map((row) => row.conversationId);
}

/** Those of them whose agent is connected with no page, on any node. */
export async function listDeserted(db: Db, conversationIds: readonly ConversationId[]): Promise<ConversationId[]> {
  const rows = await db
    .selectFrom('conversations')
    .select('conversationId')
    .where('conversationId', 'in', conversationIds)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('connections')
            .select('connections.socketId')
            .whereRef('connections.personId', '=', 'conversations.agentId'),
        ),
      ),
    )
    .execute();
  return rows.map((row) => row.conversationId);
}

export async function countRunningOfAgent(db: Db, agentId: AgentId): Promise<number> {
  const row = await db
    .selectFrom('conversations')
    .select(sql<number>`count(*)`.as('count'))
    .where('agentId', '=', agentId)
    .where('phase', '!=', 'ended')
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** The row is the state; this reads it. */
export function toState(row: ConversationRow): ConversationState {
  const { queuedAt } = row;
  if (row.phase === 'waiting') return { phase: 'waiting', queuedAt };
  if (row.phase === 'ended') {
    return {
      phase: 'ended',
      queuedAt,
      agentId: row.agentId,
      acceptedAt: row.acceptedAt,
      endedAt: row.endedAt ?? queuedAt,
      reason: row.endReason ?? 'visitor-left',
    };
  }
  const { agentId, acceptedAt } = row;
  if (agentId === null || acceptedAt === null)
    throw new Error(`Conversation ${row.conversationId} is ${row.phase} without an agent.`);
  if (row.phase === 'active') return { phase: 'active', queuedAt, agentId, acceptedAt };
  return { phase: 'held', queuedAt, agentId, acceptedAt, heldAt: row.heldAt ?? acceptedAt };
}

/**
 * Writes the state if nobody has changed the row since it was read.
 *
 * @returns the new row, or undefined when another write was faster: read again and decide again
 */
export async function saveState(
  db: Db,
  row: ConversationRow,
  state: ConversationState,
): Promise<ConversationRow | undefined> {
  return db
    .updateTable('conversations')
    .set({
      revision: row.revision + 1,
      phase: state.phase,
      agentId: state.phase === 'waiting' ? null : state.agentId,
      acceptedAt: state.phase === 'waiting' ? null : state.acceptedAt,
      heldAt: state.phase === 'held' ? state.heldAt : null,
      endedAt: state.phase === 'ended' ? state.endedAt : null,
      endReason: state.phase === 'ended' ? state.reason : null,
      ...(state.phase === 'ended' && { visitorGraceUntil: null, waitingSinceAt: null }),
    })
    .where('conversationId', '=', row.conversationId)
    .where('revision', '=', row.revision)
    .returningAll()
    .executeTakeFirst();
}

/** Raises the revision without a change of phase, so that clients take the new view over the one they hold. */
export async function touch(db: Db, conversationId: ConversationId): Promise<void> {
  await db
    .updateTable('conversations')
    .set((column) => ({ revision: column('revision', '+', 1) }))
    .where('conversationId', '=', conversationId)
    .execute();
}

/** Requests that wait where nobody can answer any more, because the configuration has dropped the department. */
export async function listStranded(db: Db): Promise<ConversationRow[]> {
  return db
    .selectFrom('conversations')
    .innerJoin('departments', 'departments.departmentId', 'conversations.departmentId')
    .selectAll('conversations')
    .where('phase', '=', 'waiting')
    .where('departments.retiredAt', 'is not', null)
    .orderBy('queuedAt')
    .execute();
}

/** False when it no longer waits. */
export async function moveToDepartment(
  db: Db,
  conversationId: ConversationId,
  departmentId: DepartmentId,
): Promise<boolean> {
  const result = await db
    .updateTable('conversations')
    .set((column) => ({ departmentId, revision: column('revision', '+', 1) }))
    .where('conversationId', '=', conversationId)
    .where('phase', '=', 'waiting')
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/**
 * Starts or ends the grace of a visitor without a page; returns the conversations that changed. It starts only while
 * the database knows of no page: one that has opened meanwhile must not be ended under the visitor's eyes.
 */
export async function setVisitorGrace(
  db: Db,
  visitorId: VisitorId,
  graceUntil: number | null,
): Promise<ConversationId[]> {
  const rows = await db
    .updateTable('conversations')
    .set((column) => ({ visitorGraceUntil: graceUntil, revision: column('revision', '+', 1) }))
    .where('visitorId', '=', visitorId)
    .where('phase', '!=', 'ended')
    .where('visitorGraceUntil', graceUntil === null ? 'is not' : 'is', null)
    .$if(graceUntil !== null, (query) => query.where('visitorId', 'not in', connectedVisitors))
    .returning('conversationId')
    .execute();
  return rows.map((row) => row.conversationId);
}

/** After a restart nobody is connected yet: every running conversation gets the full grace once more. */
export async function startGraceOfUnconnected(db: Db, graceUntil: number): Promise<void> {
  await db
    .updateTable('conversations')
    .set({ visitorGraceUntil: graceUntil })
    .where('phase', '!=', 'ended')
    .where('visitorId', 'not in', connectedVisitors)
    .execute();
}

function connectedVisitors(query: ExpressionBuilder<Database, 'conversations'>) {
  return query
    .selectFrom('connections')
    .select(sql<VisitorId>`"personId"`.as('personId'))
    .where('party', '=', 'visitor');
}

export async function listDueGraces(db: Db, now: number): Promise<ConversationRow[]> {
  return db
    .selectFrom('conversations')
    .selectAll()
    .where('visitorGraceUntil', 'is not', null)
    .where('visitorGraceUntil', '<=', now)
    .where('phase', '!=', 'ended')
    .execute();
}

/** Marks only grow and never pass the last message. Returns the mark when it grew. */
export async function raiseMark(
  db: Db,
  conversationId: ConversationId,
  party: Party,
  wanted: MarkView,
): Promise<MarkView | undefined> {
  const delivered = party === 'visitor' ? 'visitorDeliveredSeq' : 'agentDeliveredSeq';
  const read = party === 'visitor' ? 'visitorReadSeq' : 'agentReadSeq';
  const deliveredSeq = Math.max(wanted.deliveredSeq, wanted.readSeq);
  const last = lastSeqOf(conversationId);
  const row = await db
    .updateTable('conversations')
    .set({
      [delivered]: raised(delivered, deliveredSeq, last),
      [read]: raised(read, wanted.readSeq, last),
    })
    .where('conversationId', '=', conversationId)
    .where((where) =>
      where.or([
        where.and([where(delivered, '<', deliveredSeq), where(delivered, '<', last)]),
        where.and([where(read, '<', wanted.readSeq), where(read, '<', last)]),
      ]),
    )
    .returning([`${delivered} as deliveredSeq`, `${read} as readSeq`])
    .executeTakeFirst();
  return row && { deliveredSeq: Number(row.deliveredSeq), readSeq: Number(row.readSeq) };
}

function lastSeqOf(conversationId: ConversationId): RawBuilder<number> {
  const [messages, conversation, seq] = [sql.table('messages'), sql.ref('conversationId'), sql.ref('seq')];
  return sql<number>`coalesce((select max(${seq}) from ${messages} where ${conversation} = ${conversationId}), 0)`;
}

function raised(column: keyof ConversationsTable, seq: number, last: RawBuilder<number>) {
  const current = sql.ref<number>(column);
  const lower = sql<number>`case when ${seq} > ${last} then ${last} else ${seq} end`;
  return sql<number>`case when ${lower} > ${current} then ${lower} else ${current} end`;
}

/** How long visitors of these departments lately waited and were served, for the estimate. Milliseconds. */
export async function listRecentServices(
  db: Db,
  departmentId: DepartmentId,
  limit: number,
): Promise<{ waitedMs: number; servedMs: number | null }[]> {
  const rows = await db
    .selectFrom('conversations')
    .select(['queuedAt', 'acceptedAt', 'endedAt'])
    .where('departmentId', '=', departmentId)
    .where('acceptedAt', 'is not', null)
    .orderBy('queuedAt', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    waitedMs: (row.acceptedAt ?? row.queuedAt) - row.queuedAt,
    servedMs: row.endedAt === null ? null : row.endedAt - (row.acceptedAt ?? row.queuedAt),
  }));
}

/** Reasons that a visitor who asks again would not be told about. */
export const QUIET_END_REASONS: readonly EndReason[] = ['abandoned', 'declined-agreement'];
