import type { Selectable } from 'kysely';
import { v7 as newId } from 'uuid';
import type { CallId, ConversationId } from '../../protocol/ids.ts';
import type { CallStore, QualityRecord } from '../../media/call-host.ts';
import type { CallRecord } from '../../media/call-record.ts';
import type { Db } from '../db/open.ts';
import type { CallsTable } from '../db/schema.ts';
import { isUniqueViolation } from '../db/transaction.ts';

/** Keeps calls in the database for the media part, which declares what it needs and knows no SQL. */
export function createCallStore(db: Db): CallStore {
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

    findOpenCallOf: (conversationId: ConversationId) => findOpenCallOf(db, conversationId),

    async findOpenScreenOf(conversationId: ConversationId) {
      const row = await db
        .selectFrom('calls')
        .selectAll()
        .where('conversationId', '=', conversationId)
        .where('modality', '=', 'screen')
        .where('phase', '!=', 'ended')
        .executeTakeFirst();
      return row && toRecord(row);
    },

    async listOpenCalls() {
      const rows = await db.selectFrom('calls').selectAll().where('phase', '!=', 'ended').execute();
      return rows.map(toRecord);
    },

    async listDueCalls(now: number) {
      const rows = await db
        .selectFrom('calls')
        .selectAll()
        .where('phase', '!=', 'ended')
        .where('dueAt', '<=', now)
        .orderBy('dueAt')
        .execute();
      return rows.map(toRecord);
    },

    async saveCall(record: CallRecord, expectedRevision: number) {
      const { callId, conversationId: _ofBirth, proposedBy: _byWhom, proposedAt: _when, seats, ...columns } = record;
      const result = await db
        .updateTable('calls')
        .set({ ...columns, seatsJson: JSON.stringify(seats) })
        .where('callId', '=', callId)
        .where('revision', '=', expectedRevision)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
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

/** The call by voice or video of a conversation, also within a transaction. */
export async function findOpenCallOf(db: Db, conversationId: ConversationId): Promise<CallRecord | undefined> {
  const row = await db
    .selectFrom('calls')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .where('modality', '!=', 'screen')
    .where('phase', '!=', 'ended')
    .executeTakeFirst();
  return row && toRecord(row);
}

function toRecord(row: Selectable<CallsTable>): CallRecord {
  const { seatsJson, ...columns } = row;
  return { ...columns, seats: JSON.parse(seatsJson) as CallRecord['seats'] };
}
