import type { ConversationId, ShareId } from '../protocol/ids.ts';
import type { ShareCaller, ShareSettings } from './share-host.ts';
import type { ShareRecord } from './share-record.ts';

/** An open share at hand: frames come many times a second, and END must not wait for the database. */
export interface OpenShare {
  record: ShareRecord;
  settings: ShareSettings;
  /** Who has been found to be of its conversation. */
  people: Set<string>;
}

/** The open shares of this node as they were last stored or read. Deciding is the database's business alone. */
export function createOpenShares() {
  const shares = new Map<ShareId, OpenShare>();
  return {
    find: (shareId: ShareId): OpenShare | undefined => shares.get(shareId),
    list: (): OpenShare[] => [...shares.values()],
    listOf: (conversationId: ConversationId): OpenShare[] =>
      [...shares.values()].filter(({ record }) => record.conversationId === conversationId),
    /** Keeps the newest record; an ended share is forgotten. */
    put(record: ShareRecord, settings?: ShareSettings): OpenShare | undefined {
      const known = shares.get(record.shareId);
      if (record.phase === 'ended') {
        shares.delete(record.shareId);
        return undefined;
      }
      if (known) {
        if (record.revision >= known.record.revision) known.record = record;
        return known;
      }
      if (settings === undefined) return undefined;
      const opened: OpenShare = { record, settings, people: new Set() };
      shares.set(record.shareId, opened);
      return opened;
    },
    forget: (shareId: ShareId): void => void shares.delete(shareId),
    clear: (): void => shares.clear(),
  };
}
export type OpenShares = ReturnType<typeof createOpenShares>;

export function toPersonKey({ party, personId }: Pick<ShareCaller, 'party' | 'personId'>): string {
  return `${party}:${personId}`;
}
