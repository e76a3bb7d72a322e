import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { v7 as newId } from 'uuid';
import type { AgentStatus } from '../../protocol/accounts.ts';
import type { AgentId, DepartmentId } from '../../protocol/ids.ts';
import type { Db } from '../db/open.ts';
import type { AgentsTable } from '../db/schema.ts';

export type AgentRow = Selectable<AgentsTable>;

export interface NewAgent {
  tenantId: string;
  email: string;
  name: string;
  passwordHash: string;
  role: 'admin' | 'agent';
  chatCap: number;
}

const DEFAULT_AUTO_AWAY_MINUTES = 5;

/** E-mail addresses are compared as people mean them: without case. */
export function toEmailKey(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

export async function insertAgent(db: Db, agent: NewAgent, now: number): Promise<AgentId> {
  const agentId = newId() as AgentId;
  await db
    .insertInto('agents')
    .values({
      ...agent,
      agentId,
      email: toEmailKey(agent.email),
      status: 'online',
      isAvailable: 0,
      isIdle: 0,
      autoAwayMinutes: DEFAULT_AUTO_AWAY_MINUTES,
      graceUntil: null,
      lastServedAt: null,
      disabledAt: null,
      createdAt: now,
    })
    .execute();
  return agentId;
}

/** Caps are the same for all accounts, until there is a setting of each. */
export async function setChatCaps(db: Db, chatCap: number): Promise<void> {
  await db.updateTable('agents').set({ chatCap }).where('chatCap', '!=', chatCap).execute();
}

export async function countAgents(db: Db): Promise<number> {
  const row = await db
    .selectFrom('agents')
    .select(sql<number>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function findAgentByEmail(db: Db, email: string): Promise<AgentRow | undefined> {
  return db.selectFrom('agents').selectAll().where('email', '=', toEmailKey(email)).executeTakeFirst();
}

export async function findAgent(db: Db, agentId: AgentId): Promise<AgentRow | undefined> {
  return db.selectFrom('agents').selectAll().where('agentId', '=', agentId).executeTakeFirst();
}

/** Overdue from now on: whoever sweeps tells the open pages, and lets go of them. */
export async function endSessionsOf(db: Db, agentId: AgentId, now: number): Promise<void> {
  await db.updateTable('agentSessions').set({ expiresAt: now }).where('agentId', '=', agentId).execute();
}

export async function addToDepartments(db: Db, agentId: AgentId, departmentIds: DepartmentId[]): Promise<void> {
  if (departmentIds.length === 0) return;
  await db
    .insertInto('agentDepartments')
    .values(departmentIds.map((departmentId) => ({ agentId, departmentId })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function listDepartmentIdsOf(db: Db, agentId: AgentId): Promise<DepartmentId[]> {
  const rows = await db
    .selectFrom('agentDepartments')
    .innerJoin('departments', 'departments.departmentId', 'agentDepartments.departmentId')
    .select('agentDepartments.departmentId')
    .where('agentDepartments.agentId', '=', agentId)
    .where('departments.retiredAt', 'is', null)
    .orderBy('departments.sortOrder')
    .execute();
  return rows.map((row) => row.departmentId);
}

export interface PresenceChange {
  status?: AgentStatus;
  isAvailable?: 0 | 1;
  isIdle?: 0 | 1;
  autoAwayMinutes?: number | null;
  graceUntil?: number | null;
}

export async function updatePresence(db: Db, agentId: AgentId, change: PresenceChange): Promise<void> {
  await db.updateTable('agents').set(change).where('agentId', '=', agentId).execute();
}

/**
 * The last page of an agent has gone: they have a grace if that page is still signed in. One write, so that signing
 * out and losing the connection in the same moment come one after the other. False when there is none.
 */
export async function startGrace(
  db: Db,
  agentId: AgentId,
  tokenHash: string,
  { now, graceUntil }: { now: number; graceUntil: number },
): Promise<boolean> {
  const result = await db
    .updateTable('agents')
    .set({ graceUntil })
    .where('agentId', '=', agentId)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('agentSessions').select('agentId').where('tokenHash', '=', tokenHash).where('expiresAt', '>', now),
      ),
    )
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Who signs out does not come back by a reload; with another page open there is no grace to end. */
export async function endGrace(db: Db, agentId: AgentId): Promise<boolean> {
  const result = await db
    .updateTable('agents')
    .set({ graceUntil: null })
    .where('agentId', '=', agentId)
    .where('graceUntil', 'is not', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Agents whose grace ran out: they are signed off for others from now on. */
export async function endDueGraces(db: Db, now: number): Promise<AgentId[]> {
  const rows = await db
    .updateTable('agents')
    .set({ graceUntil: null })
    .where('graceUntil', '<=', now)
    .returning('agentId')
    .execute();
  return rows.map((row) => row.agentId);
}

/** After a restart: who was connected to the killed process, or was in grace when it stopped, has the grace anew. */
export async function restartGraces(db: Db, wereConnected: readonly AgentId[], graceUntil: number): Promise<void> {
  await db
    .updateTable('agents')
    .set({ graceUntil })
    .where((where) =>
      where.or([
        where('graceUntil', 'is not', null),
        ...(wereConnected.length > 0 ? [where('agentId', 'in', wereConnected)] : []),
      ]),
    )
    .execute();
}

export async function setPasswordHash(db: Db, agentId: AgentId, passwordHash: string): Promise<void> {
  await db.updateTable('agents').set({ passwordHash }).where('agentId', '=', agentId).execute();
}
