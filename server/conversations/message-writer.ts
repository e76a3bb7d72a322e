import type { MessageView } from '../../protocol/conversations.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import type { DirectSqlite } from '../db/direct-sqlite.ts';
import type { Db } from '../db/open.ts';
import type { PartyContext } from '../handlers.ts';
import { createKyselyMessageWriter } from './message-writer-kysely.ts';
import { createSqliteMessageWriter } from './message-writer-sqlite.ts';

export interface TextToWrite {
  caller: PartyContext;
  conversationId: ConversationId;
  clientMessageId: string;
  text: string;
}

/** The path that every message takes; kept apart because nothing else in the server is asked as often. */
export interface MessageWriter {
  /**
   * Stores a text once per key of its sender (MS2) under the conversation's next number, if the caller may write there
   * (CV10). Answering means committed. Who writes alone, as mostly, is answered within the call: a promise is a detour
   * that both sides of the conversation would wait for.
   *
   * @param afterCommit runs once, only for what is new, in the order of the numbers
   * @throws `not-found` or `conversation-ended`
   */
  write(text: TextToWrite, afterCommit: (message: MessageView) => void): MessageView | Promise<MessageView>;
}

export function createMessageWriter(
  { db, direct }: { db: Db; direct: DirectSqlite | null },
  now: () => number,
): MessageWriter {
  return direct ? createSqliteMessageWriter(direct, now) : createKyselyMessageWriter(db, now);
}
