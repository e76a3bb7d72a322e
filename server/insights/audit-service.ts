import type { ConversationId } from '../../protocol/ids.ts';
import type { Db } from '../db/open.ts';
import { appendAuditEntries, listAuditEntriesOf, listNamedAuditEntriesOf } from './audit-store.ts';
import type { AuditEntry, NamedAuditEntry } from './audit-store.ts';

/** More than anybody reads of one conversation. */
const MAX_LISTED = 2_000;

/** An entry about a conversation; its site is the conversation's. */
export interface ConversationAuditEntry extends Omit<AuditEntry, 'siteId' | 'conversationId' | 'at'> {
  conversationId: ConversationId;
}

/** The audit log: who did what and when, for as long as the conversation itself is kept. */
export interface AuditService {
  /** Inside the caller's transaction when `within` is one's. */
  appendWithin(within: Db, entries: readonly ConversationAuditEntry[]): Promise<void>;
  append(entry: ConversationAuditEntry): Promise<void>;
  listOf(conversationId: ConversationId): Promise<AuditEntry[]>;
  /** For people: with the names of those behind it. */
  listNamedOf(conversationId: ConversationId): Promise<NamedAuditEntry[]>;
}

export function createAuditService({ db, now }: { db: Db; now: () => number }): AuditService {
  async function appendWithin(within: Db, entries: readonly ConversationAuditEntry[]): Promise<void> {
    const at = now();
    for (const entry of entries) {
      const { siteId } = await within
        .selectFrom('conversations')
        .select('siteId')
        .where('conversationId', '=', entry.conversationId)
        .executeTakeFirstOrThrow();
      await appendAuditEntries(within, [{ ...entry, siteId, at }]);
    }
  }

  return {
    appendWithin,
    append: (entry) => appendWithin(db, [entry]),
    listOf: (conversationId) => listAuditEntriesOf(db, conversationId),
    listNamedOf: (conversationId) => listNamedAuditEntriesOf(db, conversationId, MAX_LISTED),
  };
}
