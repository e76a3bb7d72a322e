import { sql } from 'kysely';
import type { AgentId, ConversationId, DepartmentId } from '../../protocol/ids.ts';
import { toAgentConnection } from '../accounts/agent-presence.ts';
import type { ConversationRow } from '../conversations/conversation-store.ts';
import type { Db } from '../db/open.ts';
import type { Candidate } from './agent-ranking.ts';

export interface DeskAgent extends Omit<Candidate, 'hasPutAside' | 'expiredOffers'> {
  name: string;
}

/** Everybody who answers for this department, with all that decides whether they can be asked. */
export async function listDesk(db: Db, departmentId: DepartmentId, now: number): Promise<DeskAgent[]> {
  const rows = await db
    .selectFrom('agentDepartments')
    .innerJoin('agents', 'agents.agentId', 'agentDepartments.agentId')
    .select(['agents.agentId', 'name', 'status', 'isAvailable', 'graceUntil', 'chatCap', 'disabledAt', 'lastServedAt'])
    .select((column) => [
      column
        .selectFrom('conversations')
        .select(sql<number>`count(*)`.as('count'))
        .whereRef('conversations.agentId', '=', 'agents.agentId')
        .where('conversations.phase', '!=', 'ended')
        .as('openConversations'),
      column
        .selectFrom('connections')
        .select(sql<number>`count(*)`.as('count'))
        .where('connections.party', '=', 'agent')
        .where('connections.personId', '=', sql<string>`${sql.ref('agents.agentId')}`)
        .as('connectionCount'),
      column
        .selectFrom('offers')
        .select(sql<number>`count(*)`.as('count'))
        .whereRef('offers.agentId', '=', 'agents.agentId')
        .where('offers.phase', '=', 'open')
        .as('openOffers'),
    ])
    .where('agentDepartments.departmentId', '=', departmentId)
    .execute();
  return rows.map((row) => ({
    agentId: row.agentId,
    name: row.name,
    status: row.status,
    isAvailable: row.isAvailable === 1,
    connection: toAgentConnection(Number(row.connectionCount ?? 0), row.graceUntil, now),
    openConversations: Number(row.openConversations ?? 0),
    chatCap: row.chatCap,
    isDisabled: row.disabledAt !== null,
    lastServedAt: row.lastServedAt,
    isRinging: Number(row.openOffers ?? 0) > 0,
  }));
}

/** What each agent has answered to this request so far. */
export async function listAnswers(
  db: Db,
  conversationId: ConversationId,
): Promise<Map<AgentId, { hasPutAside: boolean; expiredOffers: number; hasQueued: boolean }>> {
  const offers = await db
    .selectFrom('offers')
    .select(['agentId', 'phase', 'isLifted'])
    .where('conversationId', '=', conversationId)
    .execute();
  const answers = new Map<AgentId, { hasPutAside: boolean; expiredOffers: number; hasQueued: boolean }>();
  for (const { agentId, phase, isLifted } of offers) {
    const answer = answers.get(agentId) ?? { hasPutAside: false, expiredOffers: 0, hasQueued: false };
    const holds = isLifted === 0;
    answers.set(agentId, {
      hasPutAside: answer.hasPutAside || (holds && (phase === 'declined' || phase === 'queued')),
      hasQueued: answer.hasQueued || (holds && phase === 'queued'),
      expiredOffers: answer.expiredOffers + (phase === 'expired' ? 1 : 0),
    });
  }
  return answers;
}

/** Requests that wait, longest first. */
export async function listWaiting(db: Db, departmentId: DepartmentId): Promise<ConversationRow[]> {
  return db
    .selectFrom('conversations')
    .selectAll()
    .where('departmentId', '=', departmentId)
    .where('phase', '=', 'waiting')
    .orderBy('queuedAt')
    .orderBy('conversationId')
    .execute();
}

export async function countWaitingBefore(db: Db, row: ConversationRow): Promise<number> {
  const { count } = await db
    .selectFrom('conversations')
    .select(sql<number>`count(*)`.as('count'))
    .where('departmentId', '=', row.departmentId)
    .where('phase', '=', 'waiting')
    .where((where) =>
      where.or([
        where('queuedAt', '<', row.queuedAt),
        where.and([where('queuedAt', '=', row.queuedAt), where('conversationId', '<', row.conversationId)]),
      ]),
    )
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function listAgentIdsOf(db: Db, departmentId: DepartmentId): Promise<AgentId[]> {
  const rows = await db
    .selectFrom('agentDepartments')
    .select('agentId')
    .where('departmentId', '=', departmentId)
    .execute();
  return rows.map((row) => row.agentId);
}

export async function noteServed(db: Db, agentId: AgentId, now: number): Promise<void> {
  await db.updateTable('agents').set({ lastServedAt: now }).where('agentId', '=', agentId).execute();
}
