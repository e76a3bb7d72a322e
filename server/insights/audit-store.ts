import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { v7 as newId } from 'uuid';
import type { ConversationId, Party, SiteId } from '../../protocol/ids.ts';
import type { Db } from '../db/open.ts';
import type { AuditEntriesTable } from '../db/schema.ts';

export interface AuditEntry {
  siteId: SiteId;
  conversationId: ConversationId | null;
  actor: Party | 'system';
  actorId: string | null;
  what: string;
  at: number;
  data: Record<string, string | number | boolean | null>;
}

/** Inside the transaction of the change they are about, so that neither stands without the other. */
export async function appendAuditEntries(db: Db, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await db
    .insertInto('auditEntries')
    .values(
      entries.map(({ siteId, conversationId, actor, actorId, what, at, data }) => ({
        auditEntryId: newId(),
        siteId,
        conversationId,
        actor,
        actorId,
        what,
        at,
        dataJson: JSON.stringify(data),
      })),
    )
    .execute();
}

/** In the order in which they happened. */
export async function listAuditEntriesOf(db: Db, conversationId: ConversationId): Promise<AuditEntry[]> {
  const rows = await db
    .selectFrom('auditEntries')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .orderBy('at')
    .orderBy('auditEntryId')
    .execute();
  return rows.map(toEntry);
}

/** An entry with its number and the name of who is behind it: empty for the system, and for an account that is gone. */
export interface NamedAuditEntry extends AuditEntry {
  auditEntryId: string;
  actorName: string;
}

/** In the order in which they happened; the latest of very many. */
export async function listNamedAuditEntriesOf(
  db: Db,
  conversationId: ConversationId,
  limit: number,
): Promise<NamedAuditEntry[]> {
  const rows = await db
    .selectFrom('auditEntries')
    .leftJoin('agents', (join) =>
      join.on('auditEntries.actor', '=', 'agent').onRef('agents.agentId', '=', sql.ref('auditEntries.actorId')),
    )
    .leftJoin('visitors', (join) =>
      join.on('auditEntries.actor', '=', 'visitor').onRef('visitors.visitorId', '=', sql.ref('auditEntries.actorId')),
    )
    .selectAll('auditEntries')
    .select(['agents.name as agentName', 'visitors.name as visitorName'])
    .where('auditEntries.conversationId', '=', conversationId)
    .orderBy('at', 'desc')
    .orderBy('auditEntryId', 'desc')
    .limit(limit)
    .execute();
  return rows.toReversed().map(({ agentName, visitorName, ...row }) => ({
    ...toEntry(row),
    auditEntryId: row.auditEntryId,
    actorName: agentName ?? visitorName ?? '',
  }));
}

function toEntry(row: Selectable<AuditEntriesTable>): AuditEntry {
  const { auditEntryId: _own, dataJson, ...entry } = row;
  return { ...entry, data: JSON.parse(dataJson) as AuditEntry['data'] };
}
