import type { Selectable } from 'kysely';
import { v7 as newId } from 'uuid';
import type { CallId, ConversationId } from '../../protocol/ids.ts';
import type { CallLine, CallStore, QualityRecord } from '../../media/call-host.ts';
import type { CallRecord } from '../../media/call-record.ts';
import type { Db } from '../db/open.ts';
import type { CallsTable } from '../db/schema.ts';
import { inTransaction, isUniqueViolation } from '../db/transaction.ts';
import type { UnitOfWork } from '../db/transaction.ts';

/** Puts a line into the conversation's log inside the transaction given; supplied by the part that keeps it. */
type AppendLine = (unit: UnitOfWork, conversationId: ConversationId, line: CallLine) => Promise<void>;

/** Told of a damaged row. */
type HandleUnreadable = (callId: CallId, error: unknown) => void;

/**
 * Keeps calls in the database for the media part, which declares what it needs and knows no SQL. A damaged row is left
 * out of what is looked for, and handed over once: it is nobody else's loss.
 */
export function createCallStore(db: Db, appendLine: AppendLine, handleUnreadable: HandleUnreadable): CallStore {
  const told = new Set<CallId>();
  const tellOnce: HandleUnreadable = (callId, error) => {
    if (!told.has(callId)) handleUnreadable(callId, error);
    told.add(callId);
  };

  return {
    async insertCall(record: CallRecord) {
      const { seats, ...columns } = record;
      try {
        await db
          .insertInto('calls')
          .values({ ...columns, seatsJson: JSON.stringify(seats) })
          .execute();
        return true;
      } catch (error) {
        if (isUniqueViolation(error)) return false;
        throw error;
      }
    },

    async findCall(callId: CallId) {
      const row = await db.selectFrom('calls').selectAll().where('callId', '=', callId).executeTakeFirst();
      return row && toRecord(row);
    },

    findOpenCallOf: (conversationId: ConversationId) => findOpenCallOf(db, conversationId, tellOnce),

    async findOpenScreenOf(conversationId: ConversationId) {
      const rows = await db
        .selectFrom('calls')
        .selectAll()
        .where('conversationId', '=', conversationId)
        .where('modality', '=', 'screen')
        .where('phase', '!=', 'ended')
        .execute();
      return toRecords(rows, tellOnce).at(0);
    },

    async listOpenCalls() {
      const rows = await db.selectFrom('calls').selectAll().where('phase', '!=', 'ended').execute();
      return toRecords(rows, tellOnce);
    },

    async listDueCalls(now: number) {
      const rows = await db
        .selectFrom('calls')
        .selectAll()
        .where('phase', '!=', 'ended')
        .where('dueAt', '<=', now)
        .orderBy('dueAt')
        .execute();
      return toRecords(rows, tellOnce);
    },

    async saveCall(record, expectedRevision, line) {
      const { callId, conversationId, proposedBy: _byWhom, proposedAt: _when, seats, ...columns } = record;
      return inTransaction(db, async (unit) => {
        const result = await unit.db
          .updateTable('calls')
          .set({ ...columns, seatsJson: JSON.stringify(seats) })
          .where('callId', '=', callId)
          .where('revision', '=', expectedRevision)
          .executeTakeFirst();
        const isSaved = result.numUpdatedRows > 0n;
        if (isSaved && line) await appendLine(unit, conversationId, line);
        return isSaved;
      });
    },

    async insertQualitySamples(samples: readonly QualityRecord[]) {
      if (samples.length === 0) return;
      await db
        .insertInto('callQuality')
        .values(samples.map((sample) => ({ ...sample, sampleId: newId() })))
        .execute();
    },
  };
}

/** The call by voice or video of a conversation, also within a transaction; none where it cannot be read. */
export async function findOpenCallOf(
  db: Db,
  conversationId: ConversationId,
  handleUnreadable: HandleUnreadable = () => undefined,
): Promise<CallRecord | undefined> {
  const rows = await db
    .selectFrom('calls')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .where('modality', '!=', 'screen')
    .where('phase', '!=', 'ended')
    .execute();
  return toRecords(rows, handleUnreadable).at(0);
}

function toRecords(rows: readonly Selectable<CallsTable>[], handleUnreadable: HandleUnreadable): CallRecord[] {
  return rows.flatMap((row) => {
    try {
      return [toRecord(row)];
    } catch (error) {
      handleUnreadable(row.callId, error);
      return [];
    }
  });
}

function toRecord(row: Selectable<CallsTable>): CallRecord {
  const { seatsJson, ...columns } = row;
  return { ...columns, seats: JSON.parse(seatsJson) as CallRecord['seats'] };
}
