import { expect, test } from 'vitest';
import type { Announcer } from '../announcer.ts';
import { inTransaction } from '../db/transaction.ts';
import { createDomainEventBus } from '../domain-events.ts';
import { createLogger } from '../logger.ts';
import { createConversationFixture } from './conversation-fixture.ts';
import { nextConversationState } from './conversation-lifecycle.ts';
import { saveState, toState } from './conversation-store.ts';
import { createMessageService } from './message-service.ts';
import { listMessagesAfter } from './message-store.ts';
import { createMessageWriter } from './message-writer.ts';

const nobody: Announcer = {
  toVisitorOf: () => {},
  toAgentsOf: () => {},
  toAgent: () => {},
  toVisitorsOf: () => {},
  toPage: () => {},
  admit: () => {},
  dismissAll: () => {},
  endSession: () => {},
};

test('[CV5] what a call or a share has to say after the end of its conversation is neither stored nor told', async () => {
  const fixture = await createConversationFixture();
  const { db } = fixture;
  const now = () => 2_000;
  const events = createDomainEventBus(createLogger({ level: 'silent' }));
  const told: number[] = [];
  events.on('message:added', ({ message }) => void told.push(message.seq));
  const messages = createMessageService({
    db,
    writer: createMessageWriter(fixture, now),
    now,
    events,
    announcer: nobody,
  });
  const conversation = await fixture.newConversation();
  const { conversationId } = conversation;
  const line = { kind: 'notice', notice: 'call-started', data: {} } as const;

  const add = () => inTransaction(db, (unit) => messages.addNotice(unit, conversationId, line));
  await add();
  const ended = nextConversationState(toState(conversation), { type: 'end', reason: 'abandoned' }, now());
  await saveState(db, conversation, ended);
  await add();
  expect(told).toEqual([1]);
  expect(await listMessagesAfter(db, conversationId, 0, 10)).toHaveLength(1);
  await fixture.close();
});
