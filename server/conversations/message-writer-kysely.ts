import type { Db } from '../db/open.ts';
import { inTransaction, isUniqueViolation } from '../db/transaction.ts';
import { AppError } from '../errors.ts';
import { endedError } from './conversation-lifecycle.ts';
import { mayAct, unknownConversationError } from './conversation-policy.ts';
import { findForSending } from './conversation-store.ts';
import { appendMessage, findSent, toMessageView } from './message-store.ts';
import { personIdOf, senderNameOf } from './message-sender.ts';
import type { MessageWriter } from './message-writer.ts';

/** For every database that the query builder speaks. */
export function createKyselyMessageWriter(db: Db, now: () => number): MessageWriter {
  return {
    async write({ caller, conversationId, clientMessageId, text }, afterCommit) {
      const senderId = personIdOf(caller);
      try {
        return await inTransaction(db, async (unit) => {
          const conversation = await findForSending(unit.db, conversationId);
          if (!conversation || !mayAct(caller, conversation)) throw unknownConversationError();
          const senderName = senderNameOf(caller, conversation);
          const row = await appendMessage(
            unit.db,
            conversationId,
            { kind: 'text', senderKind: caller.party, senderId, senderName, clientMessageId, text },
            now(),
          );
          if (!row) throw endedError();
          const message = toMessageView(row);
          unit.afterCommit(() => afterCommit(message));
          return message;
        });
      } catch (error) {
        // Sent before, here or on another node: nothing was written now, and the first result is the answer. The
        // unique index says it, so that a message that is new costs no question.
        const isEnded = error instanceof AppError && error.code === 'conversation-ended';
        const sent =
          isEnded || isUniqueViolation(error)
            ? await findSent(db, conversationId, senderId, clientMessageId)
            : undefined;
        if (sent) return toMessageView(sent);
        throw error;
      }
    },
  };
}
