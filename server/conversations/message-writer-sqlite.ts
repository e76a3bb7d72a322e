import type { MessageView } from '../../protocol/conversations.ts';
import type { DirectSqlite } from '../db/direct-sqlite.ts';
import { isBusy } from '../db/transaction.ts';
import type { AppError } from '../errors.ts';
import { endedError } from './conversation-lifecycle.ts';
import { mayAct, unknownConversationError } from './conversation-policy.ts';
import type { ConversationRow } from './conversation-store.ts';
import { newMessageId } from './message-id.ts';
import { personIdOf } from './message-sender.ts';
import { toMessageView } from './message-store.ts';
import type { MessageRow } from './message-store.ts';
import type { MessageWriter, TextToWrite } from './message-writer.ts';

/** Longer transactions would keep other processes, and whoever is answered next, waiting. */
const MAX_TOGETHER = 200;

/** By position: finding parameters by their names takes as long as the insert. */
const COLUMNS = [
  'messageId',
  'conversationId',
  'seq',
  'senderKind',
  'senderId',
  'senderName',
  'clientMessageId',
  'kind',
  'body',
  'sentAt',
] as const satisfies readonly (keyof MessageRow)[];

type Outcome = { kind: 'stored' | 'repeated'; row: MessageRow } | { kind: 'refused'; error: AppError };

interface Waiting {
  text: TextToWrite;
  afterCommit(message: MessageView): void;
  resolve(message: MessageView): void;
  reject(error: unknown): void;
}

/**
 * Prepared once, run without a pause in between. What arrives in the same turn of the event loop is committed together,
 * because the commit is the dearest part of it.
 */
export function createSqliteMessageWriter(direct: DirectSqlite, now: () => number): MessageWriter {
  const statements = prepareStatements(direct);
  let waiting: Waiting[] = [];
  let isWriting = false;
  let inThisTurn = 0;
  let inTurnBefore = 0;

  function store({ caller, conversationId, clientMessageId, text }: TextToWrite): Outcome {
    const conversation = statements.findFor[caller.party].get(conversationId);
    if (!conversation || !mayAct(caller, conversation)) return { kind: 'refused', error: unknownConversationError() };
    const senderId = personIdOf(caller);
    if (conversation.phase !== 'ended') {
      const row: MessageRow = {
        messageId: newMessageId(),
        conversationId,
        seq: conversation.lastSeq + 1,
        senderKind: caller.party,
        senderId,
        senderName: conversation.senderName ?? '',
        clientMessageId,
        kind: 'text',
        body: text,
        sentAt: now(),
      };
      if (statements.insert.run(...COLUMNS.map((column) => row[column])).changes === 1) {
        const waitingSinceAt = caller.party === 'agent' ? null : (conversation.waitingSinceAt ?? row.sentAt);
        // Mostly nothing changes, and then a page of the file less is written.
        if (waitingSinceAt !== conversation.waitingSinceAt) statements.setWaiting.run(waitingSinceAt, conversationId);
        return { kind: 'stored', row };
      }
    }
    const sent = statements.findSent.get(conversationId, senderId, clientMessageId);
    return sent ? { kind: 'repeated', row: sent } : { kind: 'refused', error: endedError() };
  }

  async function writeTogether(group: readonly Waiting[]): Promise<void> {
    const work = (): Outcome[] => group.map(({ text }) => store(text));
    let outcomes: Outcome[];
    try {
      outcomes = await direct.transaction(work);
    } catch (error) {
      // One of them is at fault: alone, each gets the answer that it deserves. A busy file is nobody's fault.
      if (group.length > 1 && !isBusy(error)) for (const one of group) await writeTogether([one]);
      else for (const { reject } of group) reject(error);
      return;
    }
    for (const [index, outcome] of outcomes.entries()) {
      const { afterCommit, resolve, reject } = group[index] as Waiting;
      try {
        resolve(settle(outcome, afterCommit));
      } catch (error) {
        reject(error);
      }
    }
  }

  async function writeWaiting(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.slice(0, MAX_TOGETHER);
      waiting = waiting.slice(MAX_TOGETHER);
      await writeTogether(group);
    }
    isWriting = false;
  }

  /** Whether somebody writes alone, as mostly: nothing is won then by waiting for others. */
  function isAlone(): boolean {
    inThisTurn += 1;
    if (inThisTurn > 1) return false;
    setImmediate(() => {
      inTurnBefore = inThisTurn;
      inThisTurn = 0;
    });
    return inTurnBefore <= 1 && !isWriting;
  }

  /** @returns undefined, and nothing has happened, where it would have to wait */
  function writeNow(text: TextToWrite, afterCommit: Waiting['afterCommit']): MessageView | undefined {
    const outcome = direct.transactionNow(() => store(text));
    return outcome && settle(outcome, afterCommit);
  }

  return {
    write(text, afterCommit) {
      if (isAlone()) {
        try {
          const message = writeNow(text, afterCommit);
          if (message) return message;
        } catch (error) {
          return Promise.reject(error as Error);
        }
      }
      return new Promise((resolve, reject) => {
        waiting.push({ text, afterCommit, resolve, reject });
        if (isWriting) return;
        isWriting = true;
        // Right after all sockets that have something to say now have been read.
        setImmediate(() => void writeWaiting());
      });
    },
  };
}

function settle(outcome: Outcome, afterCommit: Waiting['afterCommit']): MessageView {
  if (outcome.kind === 'refused') throw outcome.error;
  const message = toMessageView(outcome.row);
  if (outcome.kind === 'stored') afterCommit(message);
  return message;
}

function prepareStatements(direct: DirectSqlite) {
  const find = (people: 'visitors' | 'agents', id: 'visitorId' | 'agentId') =>
    direct.prepare<
      [string],
      Pick<ConversationRow, 'visitorId' | 'agentId' | 'phase' | 'waitingSinceAt'> & {
        lastSeq: number;
        senderName: string | null;
      }
    >(
      `select "visitorId", "agentId", "phase", "waitingSinceAt",
         coalesce((select max("seq") from "messages"
           where "messages"."conversationId" = "conversations"."conversationId"), 0) as "lastSeq",
         (select "name" from "${people}" where "${people}"."${id}" = "conversations"."${id}") as "senderName"
       from "conversations" where "conversationId" = ?`,
    );
  return {
    findFor: { visitor: find('visitors', 'visitorId'), agent: find('agents', 'agentId') },
    insert: direct.prepare<MessageRow[keyof MessageRow][]>(
      `insert into "messages" (${COLUMNS.map((column) => `"${column}"`).join(', ')})
       values (${COLUMNS.map(() => '?').join(', ')})
       on conflict ("conversationId", "senderId", "clientMessageId") do nothing`,
    ),
    setWaiting: direct.prepare<[number | null, string]>(
      `update "conversations" set "waitingSinceAt" = ? where "conversationId" = ?`,
    ),
    findSent: direct.prepare<[string, string, string], MessageRow>(
      `select * from "messages" where "conversationId" = ? and "senderId" = ? and "clientMessageId" = ?`,
    ),
  };
}
