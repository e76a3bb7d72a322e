import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Ack } from '../../protocol/errors.ts';
import { connectVisitor } from '../_support/page-connection.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import {
  acceptNext,
  answeredConversation,
  askForHelp,
  openReadyAgent,
  openVisitor,
  openWorkspace,
  textsOf,
  fetchLog,
  write,
} from '../_support/story.ts';
import type { AnsweredConversation, VisitorPage } from '../_support/story.ts';
import { expectServing, refusalOf, startInput } from './hostile-world.ts';

/** Each test comes from an address of its own, as people do; the limits are those of production. */
let addresses = 0;
const newAddress = (): string => `198.51.100.${(addresses += 1)}`;

let server: TestServer;
let quiet: AnsweredConversation;
beforeAll(async () => {
  server = await startServer({ rateLimitFactor: 1, environment: { FOYER_TRUSTED_PROXIES: '1' } });
  quiet = await answeredConversation(server);
});
afterAll(() => server.close());
/** Whoever floods hinders nobody else: an answer comes as promptly as ever. */
afterEach(async () => {
  const { visitor, agent, conversationId } = quiet;
  const sent = await write(visitor, conversationId, `meanwhile ${randomUUID()}`);
  await agent.nextEvent('conversation:message-added', ({ message }) => message.seq === sent.seq);
  await expectServing(server);
});

const codesOf = (answers: Ack<unknown>[]): string[] => answers.map((answer) => (answer.ok ? 'ok' : answer.error.code));
const count = (codes: string[], wanted: string): number => codes.filter((code) => code === wanted).length;
const openAt = (address: string, token?: string): Promise<VisitorPage> =>
  openVisitor(server, { forwardedFor: address, ...(token !== undefined && { token }) });

describe('more than a person does', () => {
  test('[O5] of two hundred messages at once thirty are stored, the rest hear when to come again', async () => {
    const visitor = await openAt(newAddress());
    const { conversationId } = await askForHelp(visitor);
    await acceptNext(quiet.agent, conversationId);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        visitor.requestRaw('conversation:send-message', {
          conversationId,
          clientMessageId: randomUUID(),
          text: `flood ${index}`,
        }),
      ),
    );
    expect(count(codesOf(answers), 'ok')).toBe(30);
    expect(count(codesOf(answers), 'rate-limited')).toBe(170);
    for (const answer of answers) {
      if (!answer.ok) expect(Number(answer.error.details?.['retryAfterMs'])).toBeGreaterThan(0);
    }
    expect(textsOf(await fetchLog(visitor, conversationId))).toHaveLength(30);
    await visitor.request('conversation:end-conversation', { conversationId });
    visitor.close();
  });

  test('[O5] a second tab is no second allowance', async () => {
    const address = newAddress();
    const first = await openAt(address);
    const second = await openAt(newAddress(), first.token);
    const { conversationId } = await askForHelp(first);
    const send = (page: VisitorPage) =>
      refusalOf(page, 'conversation:send-message', { conversationId, clientMessageId: randomUUID(), text: 'x' });
    const codes = await Promise.all(Array.from({ length: 80 }, (_, index) => send(index % 2 === 0 ? first : second)));
    expect(count(codes, 'ok')).toBe(30);
    await first.request('routing:leave-queue', { conversationId });
    for (const page of [first, second]) page.close();
  });

  test('[O5] typing that never stops is thinned out, and the conversation is not hindered by it', async () => {
    const visitor = await openAt(newAddress());
    const { conversationId } = await askForHelp(visitor);
    const codes = await Promise.all(
      Array.from({ length: 500 }, () =>
        refusalOf(visitor, 'conversation:set-typing', { conversationId, isTyping: true }),
      ),
    );
    expect([count(codes, 'ok'), count(codes, 'rate-limited')]).toEqual([120, 380]);
    await write(visitor, conversationId, 'what I was typing');
    await visitor.request('routing:leave-queue', { conversationId });
    visitor.close();
  });

  test('[O5] one who asks and leaves again and again is stopped after ten times', async () => {
    const visitor = await openAt(newAddress());
    const codes: string[] = [];
    for (let round = 0; round < 12; round += 1) {
      const answer = await visitor.requestRaw('conversation:start-conversation', startInput());
      codes.push(...codesOf([answer]));
      if (answer.ok) {
        const { conversation } = answer.data as { conversation: { conversationId: string } };
        await visitor.requestRaw('routing:leave-queue', { conversationId: conversation.conversationId });
      }
    }
    expect([count(codes, 'ok'), count(codes, 'rate-limited')]).toEqual([10, 2]);
    visitor.close();
  });

  test('[O5] marks beyond all numbers move nothing past the last message and are told once', async () => {
    const { visitor, agent, conversationId } = quiet;
    const huge = { conversationId, deliveredSeq: Number.MAX_SAFE_INTEGER, readSeq: Number.MAX_SAFE_INTEGER };
    for (let round = 0; round < 5; round += 1) await visitor.request('conversation:mark-messages', huge);
    await agent.settle();
    const lastSeq = (await fetchLog(visitor, conversationId)).length;
    const told = agent.heard('conversation:marks-changed').filter(({ party }) => party === 'visitor');
    expect(told.filter(({ mark }) => mark.readSeq === lastSeq)).toHaveLength(1);
    expect(Math.max(...told.map(({ mark }) => mark.deliveredSeq))).toBe(lastSeq);
  });

  test('[O5] fetching without end is stopped, and reading goes on for the other side', async () => {
    const visitor = await openAt(newAddress());
    const { conversationId } = await askForHelp(visitor);
    const codes = await Promise.all(
      Array.from({ length: 150 }, () =>
        refusalOf(visitor, 'conversation:fetch-messages', { conversationId, afterSeq: 0, limit: 200 }),
      ),
    );
    expect(count(codes, 'rate-limited')).toBeGreaterThanOrEqual(50);
    visitor.close();
  });
});

describe('more than an address does', () => {
  const countVisitors = () =>
    server.read(async (db) => (await db.selectFrom('visitors').select('visitorId').execute()).length);

  test('[O5] forgetting oneself again and again does not fill the table of visitors', async () => {
    const visitor = await openAt(newAddress());
    const before = await countVisitors();
    const codes = await Promise.all(Array.from({ length: 40 }, () => refusalOf(visitor, 'visitor:forget-me', {})));
    expect([count(codes, 'ok'), count(codes, 'rate-limited')]).toEqual([10, 30]);
    expect(await countVisitors()).toBe(before + 10);
    visitor.close();
  });

  test('[O5] an address that comes as ever new visitors is stopped after a hundred', async () => {
    const address = newAddress();
    const before = await countVisitors();
    const hello = { page: { url: 'https://shop.example/', title: 'Shop' }, language: 'en' };
    const outcomes: string[] = [];
    for (let round = 0; round < 13; round += 1) {
      const pages = await Promise.all(
        Array.from({ length: 10 }, () => connectVisitor(server, { forwardedFor: address })),
      );
      outcomes.push(...(await Promise.all(pages.map((page) => refusalOf(page, 'visitor:start-session', hello)))));
      for (const page of pages) page.close();
    }
    // The allowance may be renewed once while they come, never more often.
    expect(count(outcomes, 'ok')).toBeLessThan(130);
    expect(count(outcomes, 'rate-limited')).toBeGreaterThan(0);
    expect(await countVisitors()).toBe(before + count(outcomes, 'ok'));
  });

  test('[O5] an address that opens hundreds of connections is told to wait, another one comes in', async () => {
    const address = newAddress();
    const attempts = await Promise.allSettled(
      Array.from({ length: 330 }, () => connectVisitor(server, { forwardedFor: address })),
    );
    const refused = attempts.flatMap((attempt) => (attempt.status === 'rejected' ? [attempt.reason as unknown] : []));
    expect(refused.length).toBeGreaterThanOrEqual(30);
    for (const reason of refused) expect(reason).toMatchObject({ code: 'rate-limited' });
    const other = await openAt(newAddress());
    other.close();
    for (const attempt of attempts) if (attempt.status === 'fulfilled') attempt.value.close();
  });

  test('[O5] connections that come and go at once leave nobody present', async () => {
    const address = newAddress();
    const visitor = await openAt(address);
    const pages = await Promise.all(
      Array.from({ length: 60 }, () => connectVisitor(server, { forwardedFor: address, token: visitor.token })),
    );
    const hello = { page: { url: 'https://shop.example/', title: 'Shop' }, language: 'en' };
    for (const page of pages) {
      void page.requestRaw('visitor:start-session', hello).catch(() => undefined);
      page.close();
    }
    visitor.close();
    await expect
      .poll(() =>
        server.read((db) =>
          db.selectFrom('connections').select('socketId').where('personId', '=', visitor.visitorId).execute(),
        ),
      )
      .toEqual([]);
  });

  test('[A3] an agent whose pages come and go is present while one is open, and only then', async () => {
    const desk = await openReadyAgent(server, { name: 'Flicker Finn' });
    const present = () =>
      server.read((db) =>
        db.selectFrom('connections').select('socketId').where('personId', '=', desk.agentId).execute(),
      );
    const second = await openWorkspace(server, desk.account);
    expect(await present()).toHaveLength(2);
    desk.close();
    await expect.poll(present).toEqual([{ socketId: second.socketId }]);
    second.close();
    await expect.poll(present).toEqual([]);
  });
});
