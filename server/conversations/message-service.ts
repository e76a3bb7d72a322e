import type { MarkView, MessageView } from '../../protocol/conversations.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { listDepartmentIdsOf } from '../accounts/account-store.ts';
import type { Announcer } from '../announcer.ts';
import type { Db } from '../db/open.ts';
import type { UnitOfWork } from '../db/transaction.ts';
import type { DomainEventBus } from '../domain-events.ts';
import type { PartyContext } from '../handlers.ts';
import { mayAct, mayLook, unknownConversationError } from './conversation-policy.ts';
import { findConversation, raiseMark } from './conversation-store.ts';
import type { ConversationRow } from './conversation-store.ts';
import { appendMessage, findLastSeq, listMessagesAfter, toMessageView } from './message-store.ts';
import type { NewNotice } from './message-store.ts';
import type { MessageWriter } from './message-writer.ts';

export interface MessageService {
  /** Stores and tells; returning means stored. Repeating with the same `clientMessageId` returns the first result. */
  send(
    caller: PartyContext,
    conversationId: ConversationId,
    clientMessageId: string,
    text: string,
  ): MessageView | Promise<MessageView>;
  /**
   * A line that both sides read and nobody wrote, stored with the change that it tells of. None after the end of the
   * conversation, which is the last one.
   */
  addNotice(unit: UnitOfWork, conversationId: ConversationId, notice: NewNotice): Promise<void>;
  fetch(
    caller: PartyContext,
    conversationId: ConversationId,
    afterSeq: number,
    limit: number,
  ): Promise<{ messages: MessageView[]; lastSeq: number }>;
  mark(caller: PartyContext, conversationId: ConversationId, mark: MarkView): Promise<void>;
  setTyping(caller: PartyContext, conversationId: ConversationId, isTyping: boolean): Promise<void>;
}

export interface MessageSources {
  db: Db;
  writer: MessageWriter;
  now: () => number;
  events: DomainEventBus;
  announcer: Announcer;
}

export function createMessageService({ db, writer, now, events, announcer }: MessageSources): MessageService {
  async function requireActing(
    from: Db,
    caller: PartyContext,
    conversationId: ConversationId,
  ): Promise<ConversationRow> {
    const conversation = await findConversation(from, conversationId);
    if (!conversation || !mayAct(caller, conversation)) throw unknownConversationError();
    return conversation;
  }

  return {
    send(caller, conversationId, clientMessageId, text) {
      // A visitor's page reads its own text in its answer. An agent's hears it as well: its list of conversations lives
      // on what it hears.
      const answered = caller.party === 'visitor' ? { answeredPage: caller.socketId } : {};
      return writer.write({ caller, conversationId, clientMessageId, text }, (message) =>
        events.publish('message:added', { conversationId, message, ...answered }),
      );
    },

    async addNotice(unit, conversationId, notice) {
      const conversation = await findConversation(unit.db, conversationId);
      if (conversation?.phase === 'ended') return;
      const row = await appendMessage(unit.db, conversationId, notice, now());
      if (row) unit.afterCommit(() => events.publish('message:added', { conversationId, message: toMessageView(row) }));
    },

    async fetch(caller, conversationId, afterSeq, limit) {
      const conversation = await findConversation(db, conversationId);
      if (!conversation) throw unknownConversationError();
      const departmentIds = caller.party === 'agent' ? await listDepartmentIdsOf(db, caller.agentId) : [];
      if (!mayLook(caller, conversation, departmentIds)) throw unknownConversationError();
      const rows = await listMessagesAfter(db, conversationId, afterSeq, limit);
      return { messages: rows.map(toMessageView), lastSeq: await findLastSeq(db, conversationId) };
    },

    async mark(caller, conversationId, wanted) {
      await requireActing(db, caller, conversationId);
      const mark = await raiseMark(db, conversationId, caller.party, wanted);
      if (!mark) return;
      const change = { conversationId, party: caller.party, mark };
      announcer.toVisitorOf(conversationId, 'conversation:marks-changed', change);
      announcer.toAgentsOf(conversationId, 'conversation:marks-changed', change);
    },

    async setTyping(caller, conversationId, isTyping) {
      const conversation = await requireActing(db, caller, conversationId);
      if (conversation.phase === 'ended') return;
      const change = { conversationId, party: caller.party, isTyping };
      if (caller.party === 'agent') announcer.toVisitorOf(conversationId, 'conversation:typing-changed', change);
      else announcer.toAgentsOf(conversationId, 'conversation:typing-changed', change);
    },
  };
}
