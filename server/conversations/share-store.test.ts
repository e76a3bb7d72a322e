import { expect, test } from 'vitest';
import { describeShareStore, liveShare } from '../../cobrowse/share-store-contract.ts';
import type { ShareId } from '../../protocol/ids.ts';
import { createAuditService } from '../insights/audit-service.ts';
import { createConversationFixture } from './conversation-fixture.ts';
import { createShareStore } from './share-store.ts';

describeShareStore('the shares in the database', async () => {
  const fixture = await createConversationFixture();
  const audit = createAuditService({ db: fixture.db, now: () => 5_000 });
  return {
    store: createShareStore(fixture.db, audit.appendWithin, fixture.appendLine, (_shareId, error) => {
      throw error;
    }),
    newConversationId: async () => (await fixture.newConversation()).conversationId,
    listAudited: async (conversationId) => (await audit.listOf(conversationId)).map(({ what }) => what),
    listLines: fixture.listLines,
    close: fixture.close,
  };
});

test('[SH52] a row that cannot be read is left out of what is listed, and told once', async () => {
  const fixture = await createConversationFixture();
  const unreadable: ShareId[] = [];
  const store = createShareStore(
    fixture.db,
    async () => {},
    fixture.appendLine,
    (shareId) => void unreadable.push(shareId),
  );
  const { conversationId } = await fixture.newConversation();
  const damaged = liveShare(conversationId, { dueAt: 1 });
  const whole = liveShare(conversationId, { kind: 'screen', dueAt: 2 });
  for (const record of [damaged, whole]) await store.insertShare(record, []);
  await fixture.db.updateTable('shares').set({ grantsJson: '[{' }).where('shareId', '=', damaged.shareId).execute();
  expect(await store.listOpenShares()).toEqual([whole]);
  expect(await store.listDueShares(5)).toEqual([whole]);
  expect(await store.listShares([damaged.shareId, whole.shareId])).toEqual([whole]);
  expect(await store.listOpenSharesOf(conversationId)).toEqual([whole]);
  await expect(store.findShare(damaged.shareId)).rejects.toThrow('JSON');
  expect(unreadable).toEqual([damaged.shareId]);
  await fixture.close();
});
