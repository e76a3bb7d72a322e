import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { v7 as newId } from 'uuid';
import type { NewAsset, RecordingBatch, RecordingStore, StoredRecording } from '../../cobrowse/recording-host.ts';
import type { ConversationId, ShareId, SiteId } from '../../protocol/ids.ts';
import type { RecordingChunk, RecordingMark } from '../../protocol/recordings.ts';
import type { Db } from '../db/open.ts';
import type { RecordingsTable } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';

/** So many chunks go at a time: deleting megabytes holds up every other write. */
const ERASED_AT_ONCE = 40;

const CHUNK_COLUMNS = [
  'chunkId',
  'tabId',
  'epoch',
  'scopeNumber',
  'firstSeq',
  'isKey',
  'firstAt',
  'lastAt',
  'activeFrom',
  'activeTo',
  'bytes',
] as const;

/** Keeps recordings in the database for the sharing part, which declares what it needs and knows no SQL. */
export function createRecordingStore(db: Db, keepsRecordings: (siteId: SiteId) => boolean): RecordingStore {
  const recordings = () =>
    db
      .selectFrom('recordings')
      .innerJoin('shares', 'shares.shareId', 'recordings.shareId')
      .selectAll('recordings')
      .select('shares.phase');

  return {
    async write(batches) {
      const refused: ShareId[] = [];
      for (const batch of batches) {
        const isKept = await inTransaction(db, (unit) => writeBatch(unit.db, batch, keepsRecordings));
        if (!isKept) refused.push(batch.shareId);
      }
      return refused;
    },

    async listUnfinished(nodeId) {
      const rows = await recordings()
        .where('shares.phase', '!=', 'ended')
        .where('shares.homeNodeId', '=', nodeId)
        .execute();
      return rows.map(({ shareId }) => shareId);
    },

    async listOf(conversationId) {
      const rows = await recordings()
        .where('recordings.conversationId', '=', conversationId)
        .orderBy('startedAt')
        .execute();
      return rows.map(toRecording);
    },

    async find(shareId) {
      const row = await recordings().where('recordings.shareId', '=', shareId).executeTakeFirst();
      return row && toRecording(row);
    },

    async listMarks(shareId) {
      const rows = await db
        .selectFrom('recordingMarks')
        .select('markJson')
        .where('shareId', '=', shareId)
        .orderBy('at')
        .orderBy('markId')
        .execute();
      return rows.map(({ markJson }) => JSON.parse(markJson) as RecordingMark);
    },

    async listChunks(shareId, afterId, limit) {
      const rows = await db
        .selectFrom('recordingChunks')
        .select([...CHUNK_COLUMNS])
        .where('shareId', '=', shareId)
        .$if(afterId !== null, (query) => query.where('chunkId', '>', afterId ?? ''))
        .orderBy('chunkId')
        .limit(limit)
        .execute();
      return rows.map((row): RecordingChunk => ({ ...row, isKey: row.isKey === 1 }));
    },

    async readChunk(shareId, chunkId, offset, maxBytes) {
      const row = await db
        .selectFrom('recordingChunks')
        // The same function for both databases; it counts from 1.
        .select(sql<Uint8Array>`substr(${sql.ref('data')}, ${offset + 1}, ${maxBytes})`.as('piece'))
        .where('shareId', '=', shareId)
        .where('chunkId', '=', chunkId)
        .executeTakeFirst();
      return row && new Uint8Array(row.piece);
    },

    async findAsset(shareId, { tabId, epoch }, assetKey) {
      const row = await db
        .selectFrom('recordingAssetKeys')
        .innerJoin('recordingAssets', (join) =>
          join
            .onRef('recordingAssets.shareId', '=', 'recordingAssetKeys.shareId')
            .onRef('recordingAssets.hash', '=', 'recordingAssetKeys.hash'),
        )
        .select(['contentType', 'data'])
        .where('recordingAssetKeys.shareId', '=', shareId)
        .where('tabId', '=', tabId)
        .where('epoch', '=', epoch)
        .where('assetKey', '=', assetKey)
        .executeTakeFirst();
      return row && { contentType: row.contentType, bytes: new Uint8Array(row.data) };
    },

    async listExpired(siteId, before, limit) {
      const rows = await recordings()
        .where('recordings.siteId', '=', siteId as SiteId)
        .where('recordings.lastAt', '<', before)
        .orderBy('lastAt')
        .limit(limit)
        .execute();
      return rows.map(toRecording);
    },

    async eraseSome(shareId) {
      const oldest = await db
        .selectFrom('recordingChunks')
        .select('chunkId')
        .where('shareId', '=', shareId)
        .orderBy('chunkId')
        .limit(ERASED_AT_ONCE)
        .execute();
      const ids = oldest.map(({ chunkId }) => chunkId);
      if (ids.length > 0) await db.deleteFrom('recordingChunks').where('chunkId', 'in', ids).execute();
      if (ids.length === ERASED_AT_ONCE) return false;
      // Marks and pictures go with it.
      await db.deleteFrom('recordings').where('shareId', '=', shareId).execute();
      return true;
    },
  };
}

/** False, and nothing is written, when this share may not be kept: its own row and its site's settings decide. */
async function writeBatch(
  db: Db,
  { shareId, at, chunks, marks, assets }: RecordingBatch,
  keepsRecordings: (siteId: SiteId) => boolean,
): Promise<boolean> {
  const share = await db
    .selectFrom('shares')
    .innerJoin('conversations', 'conversations.conversationId', 'shares.conversationId')
    .select(['shares.conversationId', 'siteId', 'isRecorded'])
    .where('shareId', '=', shareId)
    .executeTakeFirst();
  if (share?.isRecorded !== 1 || !keepsRecordings(share.siteId)) return false;
  await growRecording(db, shareId, share, { at, chunks, assets });
  if (chunks.length > 0) {
    await db
      .insertInto('recordingChunks')
      .values(
        chunks.map(({ isKey, data, ...chunk }) => ({
          ...chunk,
          chunkId: newId(),
          shareId,
          isKey: isKey ? (1 as const) : (0 as const),
          bytes: data.byteLength,
          data: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
        })),
      )
      .execute();
  }
  if (marks.length > 0) {
    await db
      .insertInto('recordingMarks')
      .values(marks.map((mark) => ({ markId: newId(), shareId, at: mark.at, markJson: JSON.stringify(mark) })))
      .execute();
  }
  await writeAssets(db, shareId, assets);
  return true;
}

async function growRecording(
  db: Db,
  shareId: ShareId,
  { conversationId, siteId }: { conversationId: ConversationId; siteId: SiteId },
  { at, chunks, assets }: Pick<RecordingBatch, 'at' | 'chunks' | 'assets'>,
): Promise<void> {
  // What stands in marks alone makes a recording no longer.
  const times = chunks.flatMap(({ firstAt, lastAt }) => [firstAt, lastAt]);
  const bytes =
    chunks.reduce((sum, { data }) => sum + data.byteLength, 0) +
    assets.reduce((sum, { content }) => sum + (content?.byteLength ?? 0), 0);
  const grown = await db
    .updateTable('recordings')
    .set((column) => ({
      bytes: column('bytes', '+', bytes),
      ...(times.length > 0 && { lastAt: Math.max(...times) }),
    }))
    .where('shareId', '=', shareId)
    .executeTakeFirst();
  if (grown.numUpdatedRows > 0n) return;
  const startedAt = times.length > 0 ? Math.min(...times) : at;
  const lastAt = times.length > 0 ? Math.max(...times) : at;
  await db.insertInto('recordings').values({ shareId, conversationId, siteId, startedAt, lastAt, bytes }).execute();
}

async function writeAssets(db: Db, shareId: ShareId, assets: readonly NewAsset[]): Promise<void> {
  for (const { hash, contentType, content, epoch, tabId, assetKey } of assets) {
    if (content !== null) {
      await db
        .insertInto('recordingAssets')
        .values({ shareId, hash, contentType, data: Buffer.from(content) })
        .onConflict((conflict) => conflict.columns(['shareId', 'hash']).doNothing())
        .execute();
    }
    await db
      .insertInto('recordingAssetKeys')
      .values({ shareId, epoch, tabId, assetKey, hash })
      .onConflict((conflict) => conflict.columns(['shareId', 'epoch', 'tabId', 'assetKey']).doUpdateSet({ hash }))
      .execute();
  }
}

function toRecording(row: Selectable<RecordingsTable> & { phase: string }): StoredRecording {
  const { shareId, conversationId, startedAt, lastAt, bytes, phase } = row;
  return { shareId, conversationId, startedAt, lastAt, bytes, isRunning: phase !== 'ended' };
}
