import { sql } from 'kysely';
import { v7 as newId } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MessageView } from '../../protocol/conversations.ts';
import type { DirectSqlite } from '../db/direct-sqlite.ts';
import { inTransaction } from '../db/transaction.ts';
import type { PartyContext } from '../handlers.ts';
import { createConversationFixture } from './conversation-fixture.ts';
import type { ConversationFixture } from './conversation-fixture.ts';
import { findConversation } from './conversation-store.ts';
import { listMessagesAfter } from './message-store.ts';
import { describeMessageWriter } from './message-writer-contract.ts';
import { createKyselyMessageWriter } from './message-writer-kysely.ts';
import { createSqliteMessageWriter } from './message-writer-sqlite.ts';
import { createMessageWriter } from './message-writer.ts';

describeMessageWriter('the query builder', ({ db }, now) => createKyselyMessageWriter(db, now));
describeMessageWriter('SQLite itself', ({ direct }, now) => createSqliteMessageWriter(direct, now));

/** As better-sqlite3 reports that another process holds the file. */
class BusyError extends Error {
  readonly code = 'SQLITE_BUSY';
}

describe('messages that are committed together', () => {
  let fixture: ConversationFixture;
  let commits: number;
  let fail: ((attempt: number) => Error | undefined) | undefined;
  let direct: DirectSqlite;
  beforeEach(async () => {
    fixture = await createConversationFixture();
    commits = 0;
    fail = undefined;
    const counted =
      <Result>(work: () => Result) =>
      (): Result => {
        commits += 1;
        const result = work();
        const error = fail?.(commits);
        if (error) throw error;
        return result;
      };
    direct = {
      prepare: (text) => fixture.direct.prepare(text),
      transaction: (work) => fixture.direct.transaction(counted(work)),
      transactionNow: (work) => fixture.direct.transactionNow(counted(work)),
    };
  });
  afterEach(() => fixture.close());

  const endOfTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

  async function newTalk() {
    const { conversationId, visitorId } = await fixture.newConversation();
    const caller: PartyContext = { party: 'visitor', visitorId, siteId: fixture.siteId, socketId: 'socket-1' };
    return { conversationId, caller };
  }

  test('[MS1] a message that comes alone is stored and told within the call', async () => {
    const writer = createMessageWriter({ db: fixture.db, direct }, () => 1);
    const talk = await newTalk();
    const told: number[] = [];
    const write = () => writer.write({ ...talk, clientMessageId: newId(), text: 'Hello' }, ({ seq }) => told.push(seq));
    for (const seq of [1, 2, 3]) {
      expect(write()).toMatchObject({ seq });
      expect(told).toHaveLength(seq);
      await endOfTurn();
    }
    expect(commits).toBe(3);
  });

  test('[O5] what comes with others in one turn is one transaction, at most two hundred of them', async () => {
    const writer = createMessageWriter({ db: fixture.db, direct }, () => 1);
    const talk = await newTalk();
    const write = () => writer.write({ ...talk, clientMessageId: newId(), text: 'Hello' }, () => {});
    await Promise.all(Array.from({ length: 101 }, write));
    expect(commits, 'the first, which nobody had come with, and the others').toBe(2);
    await endOfTurn();
    await Promise.all(Array.from({ length: 450 }, write));
    expect(commits, 'nobody is taken to be alone right after a crowd').toBe(5);
    await endOfTurn();
    await write();
    await endOfTurn();
    expect(write(), 'alone again').toMatchObject({ seq: 553 });
  });

  test('[MS1] a message that comes while the connection is in a transaction waits for its end', async () => {
    const writer = createMessageWriter({ db: fixture.db, direct }, () => 1);
    const talk = await newTalk();
    let sent: MessageView | Promise<MessageView> | undefined;
    await inTransaction(fixture.db, async (unit) => {
      await findConversation(unit.db, talk.conversationId);
      sent = writer.write({ ...talk, clientMessageId: newId(), text: 'Hello' }, () => {});
      expect(sent).toBeInstanceOf(Promise);
    });
    expect((await sent)?.seq).toBe(1);
  });

  test('[MS1] one that cannot be stored takes none of the others with it', async () => {
    const talks = [await newTalk(), await newTalk(), await newTalk()];
    await sql`create trigger fault before insert on messages when new.body = 'Faulty'
      begin select raise(abort, 'a fault of this row'); end`.execute(fixture.db);
    const writer = createMessageWriter({ db: fixture.db, direct }, () => 1);
    const told: string[] = [];
    const results = await Promise.allSettled(
      talks.map((talk, index) =>
        writer.write({ ...talk, clientMessageId: newId(), text: index === 1 ? 'Faulty' : 'Hello' }, () =>
          told.push(talk.conversationId),
        ),
      ),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(told).toEqual([talks[0]?.conversationId, talks[2]?.conversationId]);
    const stored = talks.map(({ conversationId }) => listMessagesAfter(fixture.db, conversationId, 0, 9));
    expect((await Promise.all(stored)).map((rows) => rows.map(({ seq }) => seq))).toEqual([[1], [], [1]]);
  });

  test('[MS8] a file that another process holds for a moment is tried again, and everything is stored once', async () => {
    fail = (attempt) => (attempt < 3 ? new BusyError('database is locked') : undefined);
    const writer = createMessageWriter({ db: fixture.db, direct }, () => 1);
    const talk = await newTalk();
    const told: number[] = [];
    await Promise.all(
      Array.from({ length: 5 }, () =>
        writer.write({ ...talk, clientMessageId: newId(), text: 'Hello' }, ({ seq }) => told.push(seq)),
      ),
    );
    expect(told).toEqual([1, 2, 3, 4, 5]);
  });

  test('[O5] a file that stays locked refuses those who wait, stores nothing, and serves whoever comes later', async () => {
    fail = () => new BusyError('database is locked');
    const writer = createMessageWriter({ db: fixture.db, direct }, () => 1);
    const talk = await newTalk();
    const write = () => writer.write({ ...talk, clientMessageId: newId(), text: 'Hello' }, () => {});
    const results = await Promise.allSettled([write(), write()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(commits).toBe(4);
    fail = undefined;
    expect((await write()).seq).toBe(1);
  });
});
