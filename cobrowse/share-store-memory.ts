import type { ShareId } from '../protocol/ids.ts';
import type { ShareAuditEntry, ShareLine, ShareStore } from './share-host.ts';
import type { ShareRecord } from './share-record.ts';

/** Keeps shares in memory, for tests of what needs no database. */
export function createMemoryShareStore(): ShareStore & { audited: ShareAuditEntry[]; lines: ShareLine[] } {
  const records = new Map<ShareId, ShareRecord>();
  const audited: ShareAuditEntry[] = [];
  const lines: ShareLine[] = [];
  const copy = (record: ShareRecord): ShareRecord => structuredClone(record);
  const listOpen = (isWanted: (record: ShareRecord) => boolean): ShareRecord[] =>
    [...records.values()].filter((record) => record.phase !== 'ended' && isWanted(record)).map(copy);

  return {
    audited,
    lines,
    async insertShare(record, entries, line) {
      const { conversationId, kind } = record;
      if (listOpen((other) => other.conversationId === conversationId && other.kind === kind).length > 0) return false;
      records.set(record.shareId, copy(record));
      audited.push(...entries);
      if (line) lines.push(line);
      return true;
    },
    async findShare(shareId) {
      const record = records.get(shareId);
      return record && copy(record);
    },
    listShares: async (shareIds) => [...records.values()].filter(({ shareId }) => shareIds.includes(shareId)).map(copy),
    listOpenSharesOf: async (conversationId) => listOpen((record) => record.conversationId === conversationId),
    listOpenShares: async () => listOpen(() => true),
    listDueShares: async (now) => listOpen(({ dueAt }) => dueAt !== null && dueAt <= now),
    async saveShare(record, expectedRevision, entries, line) {
      if (records.get(record.shareId)?.revision !== expectedRevision) return false;
      records.set(record.shareId, copy(record));
      audited.push(...entries);
      if (line) lines.push(line);
      return true;
    },
  };
}
