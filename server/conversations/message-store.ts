import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import * as z from 'zod';
import { noticeKind } from '../../protocol/conversations.ts';
import type { MessageView } from '../../protocol/conversations.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import type { Db } from '../db/open.ts';
import type { MessagesTable } from '../db/schema.ts';
import { newMessageId } from './message-id.ts';

export type MessageRow = Selectable<MessagesTable>;

export type NewMessage =
  | {
      kind: 'text';
      senderKind: 'visitor' | 'agent';
      senderId: string;
      senderName: string;
      clientMessageId: string;
      text: string;
    }
  | { kind: 'notice'; notice: z.infer<typeof noticeKind>; data: Record<string, string | number | boolean> };

export type NewNotice = Extract<NewMessage, { kind: 'notice' }>;

const storedNotice = z.object({
  notice: noticeKind,
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/** What was already sent under this key by this sender: the reason why a repeated send is harmless. */
export async function findSent(
  db: Db,
  conversationId: ConversationId,
  senderId: string,
  clientMessageId: string,
): Promise<MessageRow | undefined> {
  return db
    .selectFrom('messages')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .where('senderId', '=', senderId)
    .where('clientMessageId', '=', clientMessageId)
    .executeTakeFirst();
}

/**
 * Numbers and stores one message; only inside a transaction, because the number and the row belong together.
 *
 * @returns undefined when the conversation has ended and takes no more
 */
export async function appendMessage(
  db: Db,
  conversationId: ConversationId,
  message: NewMessage,
  now: number,
): Promise<MessageRow | undefined> {
  const isNotice = message.kind === 'notice';
  const before = sql.ref<number | null>('waitingSinceAt');
  const waitingSinceAt = {
    visitor: () => sql<number>`coalesce(${before}, ${now})`,
    agent: () => null,
    nobody: () => before,
  }[isNotice ? 'nobody' : message.senderKind]();
  // Also where nothing changes: who has written the row has it until the commit, so that nobody takes the same number.
  const { numUpdatedRows } = await db
    .updateTable('conversations')
    .set({ waitingSinceAt })
    .where('conversationId', '=', conversationId)
    // A notice such as "ended" is the last word and may follow the end; a message of a person may not.
    .$if(!isNotice, (query) => query.where('phase', '!=', 'ended'))
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) return undefined;
  const row: MessageRow = {
    messageId: newMessageId(),
    conversationId,
    seq: (await findLastSeq(db, conversationId)) + 1,
    senderKind: isNotice ? 'system' : message.senderKind,
    senderId: isNotice ? null : message.senderId,
    senderName: isNotice ? '' : message.senderName,
    clientMessageId: isNotice ? null : message.clientMessageId,
    kind: message.kind,
    body: isNotice ? JSON.stringify({ notice: message.notice, data: message.data }) : message.text,
    sentAt: now,
  };
  await db.insertInto('messages').values(row).execute();
  return row;
}

/**
 * The number of the conversation's last message, 0 where nothing has been said.
 *
 * NOTE: messages are never deleted one by one. Whoever deletes a conversation's last one has to keep its number, or the
 * next message gets it, and pages that hold the deleted one by this number never fetch the new.
 */
export async function findLastSeq(db: Db, conversationId: ConversationId): Promise<number> {
  const row = await db
    .selectFrom('messages')
    .select((column) => column.fn.max('seq').as('lastSeq'))
    .where('conversationId', '=', conversationId)
    .executeTakeFirst();
  return row?.lastSeq ?? 0;
}

export async function listMessagesAfter(
  db: Db,
  conversationId: ConversationId,
  afterSeq: number,
  limit: number,
): Promise<MessageRow[]> {
  return db
    .selectFrom('messages')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(limit)
    .execute();
}

export async function findLastText(db: Db, conversationId: ConversationId): Promise<MessageRow | undefined> {
  return db
    .selectFrom('messages')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .where('kind', '=', 'text')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function countUnread(db: Db, conversationId: ConversationId, readSeq: number): Promise<number> {
  const row = await db
    .selectFrom('messages')
    .select(sql<number>`count(*)`.as('count'))
    .where('conversationId', '=', conversationId)
    .where('seq', '>', readSeq)
    .where('senderKind', '=', 'visitor')
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export function toMessageView(row: MessageRow): MessageView {
  return {
    messageId: row.messageId,
    seq: row.seq,
    sentAt: row.sentAt,
    sender: { kind: row.senderKind, name: row.senderName },
    body:
      row.kind === 'text'
        ? { kind: 'text', text: row.body }
        : { kind: 'notice', ...storedNotice.parse(JSON.parse(row.body)) },
    clientMessageId: row.clientMessageId,
  };
}
