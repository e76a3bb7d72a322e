import { v7 as uuid } from 'uuid';
import type { ConversationId } from '../protocol/ids.ts';
import { describeShareStore } from './share-store-contract.ts';
import { createMemoryShareStore } from './share-store-memory.ts';

describeShareStore('the shares in memory', async () => {
  const store = createMemoryShareStore();
  return {
    store,
    newConversationId: async () => uuid() as ConversationId,
    listAudited: async () => store.audited.map(({ what }) => what),
    listLines: async () => store.lines.map(({ notice }) => notice),
    close: async () => {},
  };
});
