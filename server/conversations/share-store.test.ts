import { describeShareStore } from '../../cobrowse/share-store-contract.ts';
import { createAuditService } from '../insights/audit-service.ts';
import { createConversationFixture } from './conversation-fixture.ts';
import { createShareStore } from './share-store.ts';

describeShareStore('the shares in the database', async () => {
  const fixture = await createConversationFixture();
  const audit = createAuditService({ db: fixture.db, now: () => 5_000 });
  return {
    store: createShareStore(fixture.db, audit.appendWithin),
    newConversationId: async () => (await fixture.newConversation()).conversationId,
    listAudited: async (conversationId) => (await audit.listOf(conversationId)).map(({ what }) => what),
    close: fixture.close,
  };
});
