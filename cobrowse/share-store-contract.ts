import { v7 as uuid } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConversationId, ShareId } from '../protocol/ids.ts';
import type { ShareAuditEntry, ShareLine, ShareStore } from './share-host.ts';
import type { ShareRecord } from './share-record.ts';

/** A store under test. `newConversationId` makes what the store wants to exist before a share may refer to it. */
export interface ShareStoreUnderTest {
  store: ShareStore;
  newConversationId(): Promise<ConversationId>;
  /** What is on record about a conversation, in order. */
  listAudited(conversationId: ConversationId): Promise<string[]>;
  /** What its log says, in order. */
  listLines(conversationId: ConversationId): Promise<string[]>;
  close(): Promise<void>;
}

/** What every store of shares must do. */
export function describeShareStore(title: string, makeStore: () => Promise<ShareStoreUnderTest>): void {
  describe(title, () => {
    let underTest: ShareStoreUnderTest;
    let store: ShareStore;
    let conversationId: ConversationId;

    beforeEach(async () => {
      underTest = await makeStore();
      store = underTest.store;
      conversationId = await underTest.newConversationId();
    });
    afterEach(() => underTest.close());

    test('[SH2] a share comes back from the store as it was put in, scope and grants included', async () => {
      const record = liveShare(conversationId);
      expect(await store.insertShare(record, [])).toBe(true);
      expect(await store.findShare(record.shareId)).toEqual(record);
      expect(await store.listOpenSharesOf(conversationId)).toEqual([record]);
      expect(await store.listOpenShares()).toEqual([record]);
    });

    test('[SH2] an unknown share is not found and cannot be changed', async () => {
      expect(await store.findShare(uuid() as ShareId)).toBeUndefined();
      expect(await store.listOpenSharesOf(conversationId)).toEqual([]);
      expect(await store.saveShare(liveShare(conversationId), 1, [])).toBe(false);
    });

    test('[SH3] a conversation takes one open share of a kind, also when two come at once, and one of each', async () => {
      const outcomes = await Promise.all([
        store.insertShare(liveShare(conversationId), []),
        store.insertShare(liveShare(conversationId), []),
        store.insertShare(liveShare(conversationId, { kind: 'screen' }), []),
      ]);
      expect(outcomes.slice(0, 2).toSorted()).toEqual([false, true]);
      expect(outcomes[2]).toBe(true);
      expect(await store.listOpenSharesOf(conversationId)).toHaveLength(2);
    });

    test('[SH3] after a share has ended the conversation takes another one', async () => {
      const first = liveShare(conversationId);
      await store.insertShare(first, []);
      expect(await store.saveShare(ended(first), 1, [])).toBe(true);
      expect(await store.listOpenSharesOf(conversationId)).toEqual([]);
      expect(await store.findShare(first.shareId)).toEqual(ended(first));
      expect(await store.listShares([first.shareId, uuid() as ShareId])).toEqual([ended(first)]);
      expect(await store.insertShare(liveShare(conversationId), [])).toBe(true);
    });

    test('[SH2] a change is stored only on top of the revision it was made from', async () => {
      const record = liveShare(conversationId);
      await store.insertShare(record, []);
      const changed: ShareRecord = {
        ...record,
        revision: 2,
        phase: 'paused',
        pausedBecause: 'private-page',
        scopeNumber: 4,
        lastEpoch: 9,
        isRecorded: false,
        grants: [],
        askedGrant: 'navigate',
        askedGrantUntil: 70_000,
        dueAt: 70_000,
        sharerGraceUntil: null,
        viewerGraceUntil: 70_000,
      };
      expect(await store.saveShare(changed, 1, [])).toBe(true);
      expect(await store.saveShare({ ...changed, lastEpoch: 10 }, 1, [])).toBe(false);
      expect(await store.findShare(record.shareId)).toEqual(changed);
    });

    test('[SH9] only open shares whose time has come are due', async () => {
      const due = liveShare(conversationId, { dueAt: 1_000 });
      const later = liveShare(await underTest.newConversationId(), { dueAt: 1_001 });
      const never = liveShare(await underTest.newConversationId(), { dueAt: null });
      const over = liveShare(await underTest.newConversationId(), { dueAt: 1_000 });
      for (const record of [due, later, never, over]) await store.insertShare(record, []);
      await store.saveShare({ ...ended(over), dueAt: 1_000 }, 1, []);
      expect((await store.listDueShares(1_000)).map(({ shareId }) => shareId)).toEqual([due.shareId]);
    });

    test('[CV5] a change and its line in the log of the conversation are stored together or not at all', async () => {
      const record = liveShare(conversationId);
      const lineOf = (notice: ShareLine['notice']): ShareLine => ({ notice, data: { kind: 'co-browse' } });
      await store.insertShare(record, [], lineOf('share-asked'));
      await store.insertShare(liveShare(conversationId), [], lineOf('share-asked'));
      await store.saveShare({ ...record, revision: 2 }, 1, [], lineOf('share-started'));
      await store.saveShare({ ...record, revision: 2 }, 1, [], lineOf('share-ended'));
      await store.saveShare({ ...record, revision: 3 }, 2, []);
      expect(await underTest.listLines(conversationId)).toEqual(['share-asked', 'share-started']);
    });

    test('[B12] a change and its lines in the audit log are stored together or not at all', async () => {
      const record = liveShare(conversationId);
      const entry = (what: ShareAuditEntry['what']): ShareAuditEntry => ({
        conversationId,
        shareId: record.shareId,
        actor: 'visitor',
        actorId: 'the visitor',
        what,
        data: { grant: 'point', expiresAt: null },
      });
      await store.insertShare(record, [entry('share-asked')]);
      await store.insertShare(liveShare(conversationId), [entry('share-allowed')]);
      await store.saveShare({ ...record, revision: 2 }, 1, [entry('share-paused'), entry('grant-given')]);
      await store.saveShare({ ...record, revision: 2 }, 1, [entry('share-resumed')]);
      expect(await underTest.listAudited(conversationId)).toEqual(['share-asked', 'share-paused', 'grant-given']);
    });
  });
}

/** A page that is shared at this moment, with a permission that runs out. */
export function liveShare(conversationId: ConversationId, fields: Partial<ShareRecord> = {}): ShareRecord {
  return {
    shareId: uuid() as ShareId,
    conversationId,
    revision: 1,
    kind: 'co-browse',
    sharer: 'visitor',
    askedBy: 'agent',
    phase: 'live',
    scopeNumber: 3,
    scope: { kind: 'part', hiddenParts: 2 },
    pausedBecause: null,
    grants: [
      { grant: 'point', expiresAt: null },
      { grant: 'scroll', expiresAt: 60_000 },
    ],
    askedGrant: null,
    askedGrantUntil: null,
    homeNodeId: 'node-1',
    lastEpoch: 7,
    isRecorded: true,
    askedAt: 1_000,
    allowedAt: 2_000,
    liveAt: 3_000,
    endedAt: null,
    endReason: null,
    dueAt: 60_000,
    sharerGraceUntil: 90_000,
    viewerGraceUntil: null,
    ...fields,
  };
}

function ended(record: ShareRecord): ShareRecord {
  return {
    ...record,
    revision: record.revision + 1,
    phase: 'ended',
    grants: [],
    dueAt: null,
    sharerGraceUntil: null,
    viewerGraceUntil: null,
    endedAt: 20_000,
    endReason: 'ended-by-sharer',
  };
}
