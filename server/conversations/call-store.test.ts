import { v7 as newId } from 'uuid';
import { expect, test } from 'vitest';
import { describeCallStore, proposedCall } from '../../media/call-store-contract.ts';
import type { CallId } from '../../protocol/ids.ts';
import { createCallStore } from './call-store.ts';
import { createConversationFixture } from './conversation-fixture.ts';

describeCallStore('the calls in the database', async () => {
  const fixture = await createConversationFixture();
  return {
    store: createCallStore(fixture.db, fixture.appendLine, (_callId, error) => {
      throw error;
    }),
    newConversationId: async () => (await fixture.newConversation({ clientRequestId: newId() })).conversationId,
    listLines: fixture.listLines,
    close: fixture.close,
  };
});

test('[CA2] a row that cannot be read is left out of what is looked for, and told once', async () => {
  const fixture = await createConversationFixture();
  const unreadable: CallId[] = [];
  const store = createCallStore(fixture.db, fixture.appendLine, (callId) => void unreadable.push(callId));
  const { conversationId } = await fixture.newConversation();
  const damaged = proposedCall(conversationId, { dueAt: 1 });
  const screen = proposedCall(conversationId, { modality: 'screen', dueAt: 2 });
  for (const record of [damaged, screen]) await store.insertCall(record);
  await fixture.db.updateTable('calls').set({ seatsJson: '[{' }).where('callId', '=', damaged.callId).execute();
  expect(await store.listOpenCalls()).toEqual([screen]);
  expect(await store.listDueCalls(5)).toEqual([screen]);
  expect(await store.findOpenCallOf(conversationId)).toBeUndefined();
  expect(await store.findOpenScreenOf(conversationId)).toEqual(screen);
  await expect(store.findCall(damaged.callId)).rejects.toThrow('JSON');
  expect(unreadable).toEqual([damaged.callId]);
  await fixture.close();
});
