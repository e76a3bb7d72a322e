import { v7 as newId } from 'uuid';
import { describeCallStore } from '../../media/call-store-contract.ts';
import { createCallStore } from './call-store.ts';
import { createConversationFixture } from './conversation-fixture.ts';

describeCallStore('the calls in the database', async () => {
  const fixture = await createConversationFixture();
  return {
    store: createCallStore(fixture.db),
    newConversationId: async () => (await fixture.newConversation({ clientRequestId: newId() })).conversationId,
    close: fixture.close,
  };
});
