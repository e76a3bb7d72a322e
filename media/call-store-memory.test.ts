import { v7 as uuid } from 'uuid';
import type { ConversationId } from '../protocol/ids.ts';
import { describeCallStore } from './call-store-contract.ts';
import { createMemoryCallStore } from './call-store-memory.ts';

describeCallStore('the memory store of calls', async () => {
  const store = createMemoryCallStore();
  return {
    store,
    newConversationId: async () => uuid() as ConversationId,
    listLines: async () => store.lines.map(({ notice }) => notice),
    close: async () => {},
  };
});
