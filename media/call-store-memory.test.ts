import { v7 as uuid } from 'uuid';
import type { ConversationId } from '../protocol/ids.ts';
import { describeCallStore } from './call-store-contract.ts';
import { createMemoryCallStore } from './call-store-memory.ts';

describeCallStore('the memory store of calls', async () => ({
  store: createMemoryCallStore(),
  newConversationId: async () => uuid() as ConversationId,
  close: async () => {},
}));
