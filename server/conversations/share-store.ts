import type { Selectable } from 'kysely';
import type { ShareAuditEntry, ShareLine, ShareStore } from '../../cobrowse/share-host.ts';
import type { ShareRecord } from '../../cobrowse/share-record.ts';
import type { ConversationId, ShareId } from '../../protocol/ids.ts';
import type { Db } from '../db/open.ts';
import type { SharesTable } from '../db/schema.ts';
import { inTransaction, isUniqueViolation } from '../db/transaction.ts';
import type { UnitOfWork } from '../db/transaction.ts';

/** Puts entries into the audit log inside the transaction given; supplied by the part that keeps the log. */
export type AppendShareAudit = (within: Db, entries: readonly ShareAuditEntry[]) => Promise<void>;

/** Puts a line into the conversation's log inside the transaction given; supplied by the part that keeps it. */
type AppendLine = (unit: UnitOfWork, conversationId: ConversationId, line: ShareLine) => Promise<void>;

/** Told of a damaged row. */
type HandleUnreadable = (shareId: ShareId, error: unknown) => void;

/**
 * Keeps shares in the database for the sharing part, which declares what it needs and knows no SQL. A damaged row is
 * left out of what is listed, and handed over once: it is nobody else's loss.
 */
export function createShareStore(
  db: Db,
  appendAudit: AppendShareAudit,
  appendLine: AppendLine,
  handleUnreadable: HandleUnreadable,
): ShareStore {
  const told = new Set<ShareId>();
  const tellOnce: HandleUnreadable = (shareId, error) => {
    if (!told.has(shareId)) handleUnreadable(shareId, error);
    told.add(shareId);
  };

  return {
    async insertShare(record, audited, line) {
      try {
        await inTransaction(db, async (unit) => {
          await unit.db.insertInto('shares').values(toColumns(record)).execute();
          await appendAudit(unit.db, audited);
          if (line) await appendLine(unit, record.conversationId, line);
        });
        return true;
      } catch (error) {
        if (isUniqueViolation(error)) return false;
        throw error;
      }
    },

    async findShare(shareId: ShareId) {
      const row = await db.selectFrom('shares').selectAll().where('shareId', '=', shareId).executeTakeFirst();
      return row && toRecord(row);
    },

    async listShares(shareIds) {
      const rows = await db.selectFrom('shares').selectAll().where('shareId', 'in', shareIds).execute();
      return toRecords(rows, tellOnce);
    },

    listOpenSharesOf: (conversationId: ConversationId) => listOpenSharesOf(db, conversationId, tellOnce),

    async listOpenShares() {
      return toRecords(await openShares(db).execute(), tellOnce);
    },

    async listDueShares(now: number) {
      return toRecords(await openShares(db).where('dueAt', '<=', now).orderBy('dueAt').execute(), tellOnce);
    },

    async saveShare(record, expectedRevision, audited, line) {
      const { shareId, conversationId, kind: _kind, sharer: _who, askedBy: _whom, ...rest } = toColumns(record);
      const { askedAt: _when, ...columns } = rest;
      return inTransaction(db, async (unit) => {
        const result = await unit.db
          .updateTable('shares')
          .set(columns)
          .where('shareId', '=', shareId)
          .where('revision', '=', expectedRevision)
          .executeTakeFirst();
        const isSaved = result.numUpdatedRows > 0n;
        if (isSaved) await appendAudit(unit.db, audited);
        if (isSaved && line) await appendLine(unit, conversationId, line);
        return isSaved;
      });
    },
  };
}

/** What a conversation shares or is asked to share, also within a transaction; without what cannot be read. */
export async function listOpenSharesOf(
  db: Db,
  conversationId: ConversationId,
  handleUnreadable: HandleUnreadable = () => undefined,
): Promise<ShareRecord[]> {
  const rows = await openShares(db).where('conversationId', '=', conversationId).orderBy('askedAt').execute();
  return toRecords(rows, handleUnreadable);
}

function openShares(db: Db) {
  return db.selectFrom('shares').selectAll().where('phase', '!=', 'ended');
}

function toRecords(rows: readonly Selectable<SharesTable>[], handleUnreadable: HandleUnreadable): ShareRecord[] {
  return rows.flatMap((row) => {
    try {
      return [toRecord(row)];
    } catch (error) {
      handleUnreadable(row.shareId, error);
      return [];
    }
  });
}

function toColumns({ scope, grants, isRecorded, ...columns }: ShareRecord): Selectable<SharesTable> {
  return {
    ...columns,
    scopeJson: scope === null ? null : JSON.stringify(scope),
    grantsJson: JSON.stringify(grants),
    isRecorded: isRecorded ? 1 : 0,
  };
}

function toRecord({ scopeJson, grantsJson, isRecorded, ...columns }: Selectable<SharesTable>): ShareRecord {
  return {
    ...columns,
    scope: scopeJson === null ? null : (JSON.parse(scopeJson) as ShareRecord['scope']),
    grants: JSON.parse(grantsJson) as ShareRecord['grants'],
    isRecorded: isRecorded === 1,
  };
}
