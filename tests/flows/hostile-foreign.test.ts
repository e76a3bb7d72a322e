import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentRequests, visitorRequests } from '../../protocol/contract.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import {
  acceptNext,
  answeredConversation,
  askForHelp,
  nextOffer,
  openReadyAgent,
  openVisitor,
  waitingVisitor,
  write,
} from '../_support/story.ts';
import type { AgentPage, AnsweredConversation, VisitorPage } from '../_support/story.ts';
import { sampleOf } from './hostile-samples.ts';
import { refusalOf, startInput } from './hostile-world.ts';

const sites = [
  { key: 'shop', name: 'Shop', departments: ['Sales', 'Repairs'] },
  { key: 'silent', name: 'Silent', modalities: ['text' as const] },
];

let server: TestServer;
let theirs: AnsweredConversation;
let stranger: VisitorPage;
let otherAgent: AgentPage;
let outsider: AgentPage;
beforeAll(async () => {
  server = await startServer({ sites });
  theirs = await answeredConversation(server);
  stranger = await openVisitor(server);
  // One answers for the same department, the other for another site.
  otherAgent = await openReadyAgent(server, { name: 'Ben Same' });
  outsider = await openReadyAgent(server, { name: 'Cem Other', siteKey: 'shop', departments: ['Repairs'] });
});
afterAll(() => server.close());

/** Of the same department: they may learn that somebody was faster, and see what was recorded (SH29). */
const ANSWERS_TO_COLLEAGUES: Readonly<Record<string, string>> = {
  'routing:take-request': 'request-taken',
  'recording:list-recordings': 'ok',
  'recording:list-history': 'ok',
};

const takesConversation = (requests: Record<string, { input: Parameters<typeof sampleOf>[0] }>) =>
  Object.entries(requests).filter(([, { input }]) => 'conversationId' in sampleOf(input));

/** The whole truth about a conversation, to see that nothing has touched it. */
const stateOf = (conversationId: ConversationId) =>
  server.read(async (db) => ({
    conversation: await db
      .selectFrom('conversations')
      .selectAll()
      .where('conversationId', '=', conversationId)
      .execute(),
    messages: await db.selectFrom('messages').selectAll().where('conversationId', '=', conversationId).execute(),
    calls: await db.selectFrom('calls').selectAll().where('conversationId', '=', conversationId).execute(),
  }));

describe('the conversation of somebody else', () => {
  test.each(takesConversation(visitorRequests).map(([name]) => name))(
    '[CV10] %s of another visitor is not found, and changes nothing',
    async (name) => {
      const { conversationId } = theirs;
      const before = await stateOf(conversationId);
      const input = { ...sampleOf(visitorRequests[name as 'conversation:set-typing'].input), conversationId };
      expect(await refusalOf(stranger, name, input)).toBe('not-found');
      expect(await stateOf(conversationId)).toEqual(before);
    },
  );

  test.each(takesConversation(agentRequests).map(([name]) => name))(
    '[CV10] %s of another agent is refused but for what a colleague may see, and changes nothing',
    async (name) => {
      const { conversationId } = theirs;
      const before = await stateOf(conversationId);
      const input = { ...sampleOf(agentRequests[name as 'conversation:set-typing'].input), conversationId };
      expect(await refusalOf(otherAgent, name, input)).toBe(ANSWERS_TO_COLLEAGUES[name] ?? 'not-found');
      expect(await refusalOf(outsider, name, input)).toBe('not-found');
      expect(await stateOf(conversationId)).toEqual(before);
    },
  );

  test('[CV10] what does not exist and what is not yours are answered alike, word for word', async () => {
    const ask = (conversationId: string) =>
      stranger.requestRaw('conversation:fetch-messages', { conversationId, afterSeq: 0 });
    expect(await ask(theirs.conversationId)).toEqual(await ask(randomUUID()));
  });

  test('[CV10] nobody hears a conversation that is not theirs', async () => {
    await write(theirs.visitor, theirs.conversationId, 'for the two of us');
    await write(theirs.agent, theirs.conversationId, 'indeed');
    for (const page of [stranger, otherAgent, outsider]) {
      await page.settle();
      const about = page.heardAll().filter(({ event }) => JSON.stringify(event).includes('for the two of us'));
      expect(about).toEqual([]);
    }
  });

  test('[CV10] a colleague may read a request that waits in their department, somebody of another may not', async () => {
    await outsider.request('agent:set-availability', { isAvailable: false });
    const { visitor, conversationId } = await waitingVisitor(server, { name: 'Waiting Walter' });
    await write(visitor, conversationId, 'is anybody there');
    const read = { conversationId, afterSeq: 0 };
    expect((await otherAgent.request('conversation:fetch-messages', read)).messages).toHaveLength(1);
    expect(await refusalOf(outsider, 'conversation:fetch-messages', read)).toBe('not-found');
    expect(await refusalOf(outsider, 'routing:take-request', { conversationId })).toBe('not-found');
    // Reading is all: nobody writes or ends before they have taken it.
    const message = { conversationId, clientMessageId: randomUUID(), text: 'hello' };
    expect(await refusalOf(otherAgent, 'conversation:send-message', message)).toBe('not-found');
    expect(await refusalOf(otherAgent, 'conversation:end-conversation', { conversationId })).toBe('not-found');
    await visitor.request('routing:leave-queue', { conversationId });
    await outsider.request('agent:set-availability', { isAvailable: true });
    visitor.close();
  });

  test('[QU3] an offer belongs to the agent at whom it rings', async () => {
    const seller = await openReadyAgent(server, { name: 'Sal Seller', siteKey: 'shop', departments: ['Sales'] });
    const departmentId = seller.session.agent.departments[0]?.departmentId;
    const visitor = await openVisitor(server, { siteKey: 'shop' });
    const { conversationId } = await askForHelp(visitor, departmentId ? { departmentId } : {});
    const { offerId } = await nextOffer(seller, conversationId);
    for (const name of ['routing:accept-offer', 'routing:decline-offer', 'routing:queue-offer']) {
      expect(await refusalOf(outsider, name, { offerId })).toBe('not-found');
      expect(await refusalOf(otherAgent, name, { offerId })).toBe('not-found');
    }
    await seller.request('routing:accept-offer', { offerId });
    for (const page of [visitor, seller]) page.close();
  });

  test('[CV10] a left message is listed and resolved only by those who answer for its site', async () => {
    await stranger.request('conversation:leave-message', {
      clientRequestId: randomUUID(),
      name: 'Grace Hofer',
      email: 'grace@example.com',
      text: 'call me, for the demo shop',
      agreedTextVersion: '1',
    });
    const { leftMessages } = await otherAgent.request('conversation:list-left-messages', {});
    const leftMessageId = leftMessages[0]?.leftMessageId ?? '';
    expect(leftMessages).toHaveLength(1);
    expect((await outsider.request('conversation:list-left-messages', {})).leftMessages).toEqual([]);
    expect(await refusalOf(outsider, 'conversation:resolve-left-message', { leftMessageId })).toBe('not-found');
    expect((await otherAgent.request('conversation:list-left-messages', {})).leftMessages).toHaveLength(1);
    expect(await refusalOf(otherAgent, 'conversation:resolve-left-message', { leftMessageId })).toBe('ok');
    expect(await refusalOf(otherAgent, 'conversation:resolve-left-message', { leftMessageId })).toBe('ok');
  });

  test('[CV10] an agent without any department sees nothing and breaks nothing', async () => {
    const nobody = await openReadyAgent(server, { name: 'No Body', departments: [] });
    expect(nobody.session).toMatchObject({ conversations: [], offers: [], queue: [], openLeftMessages: 0 });
    expect((await nobody.request('conversation:list-left-messages', {})).leftMessages).toEqual([]);
    const leftMessageId = randomUUID();
    expect(await refusalOf(nobody, 'conversation:resolve-left-message', { leftMessageId })).toBe('not-found');
    nobody.close();
  });

  test("[V5] who forgets who they are takes nothing of the old visitor's along", async () => {
    const page = await openVisitor(server);
    await askForHelp(page, { name: 'Known Name' });
    expect(await refusalOf(page, 'visitor:forget-me', {})).toBe('conversation-running');
    const { conversationId } = (
      await page.request('visitor:start-session', {
        page: { url: 'https://shop.example/', title: 'Shop' },
        language: 'en',
      })
    ).conversation ?? { conversationId: '' };
    await page.request('routing:leave-queue', { conversationId: conversationId as ConversationId });
    const fresh = await page.request('visitor:forget-me', {});
    expect(fresh.visitorId).not.toBe(page.visitorId);
    expect(await refusalOf(page, 'conversation:fetch-messages', { conversationId, afterSeq: 0 })).toBe('not-found');
    page.close();
  });
});

describe('asking for what is not offered', () => {
  test.each([
    ['no consent', startInput({ agreedTextVersion: '' }), 'consent-required'],
    ['consent to another text', startInput({ agreedTextVersion: '0' }), 'consent-required'],
    ['a name of two letters', startInput({ name: 'Al' }), 'invalid-name'],
    ['a name with a refused character', startInput({ name: '<script>' }), 'invalid-name'],
    ['a name of spaces', startInput({ name: '     ' }), 'invalid-name'],
    ['a name that only looks like one', startInput({ name: '\u200b\u200b\u200b' }), 'invalid-name'],
    ['an incomplete e-mail', startInput({ email: 'grace@' }), 'bad-input'],
    ['a department of nobody', { ...startInput(), departmentId: randomUUID() }, 'nobody-available'],
  ])('[V5] %s begins no conversation', async (_what, input, code) => {
    const page = await openVisitor(server);
    expect(await refusalOf(page, 'conversation:start-conversation', input)).toBe(code);
    const rows = await server.read((db) =>
      db.selectFrom('conversations').select('conversationId').where('visitorId', '=', page.visitorId).execute(),
    );
    expect(rows).toEqual([]);
    page.close();
  });

  test('[V3] a kind of conversation that the site does not offer is refused and the others are named', async () => {
    const page = await openVisitor(server, { siteKey: 'silent' });
    const answer = await page.requestRaw('conversation:start-conversation', startInput({ modality: 'video' }));
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'modality-not-offered', details: { offered: ['text'] } },
    });
    page.close();
  });

  test('[V2] a department of another site is nobody, even while its agents wait for work', async () => {
    const page = await openVisitor(server, { siteKey: 'silent' });
    const departmentId = theirs.conversation.department.departmentId;
    expect(await refusalOf(page, 'conversation:start-conversation', { ...startInput(), departmentId })).toBe(
      'nobody-available',
    );
    page.close();
  });

  test('[M1] where no media worker runs a call is refused in words, and the conversation goes on', async () => {
    const { visitor, conversationId } = theirs;
    const answer = await visitor.requestRaw('call:propose-call', { conversationId, modality: 'voice' });
    expect(answer).toMatchObject({ ok: false, error: { code: 'media-unavailable' } });
    await write(visitor, conversationId, 'then in writing');
  });

  test('[O5] a call request with more ids than a call has is refused as input', async () => {
    const input = { callId: randomUUID(), clientId: randomUUID(), consumerIds: Array.from({ length: 33 }, () => 'x') };
    expect(await refusalOf(theirs.visitor, 'call:resume-consumers', input)).toBe('bad-input');
    expect(await refusalOf(theirs.visitor, 'call:resume-consumers', { ...input, consumerIds: [] })).toBe('bad-input');
  });

  test('[C6] in a conversation that has ended nobody writes, and ending it again is harmless', async () => {
    const { visitor, agent, conversationId } = await answeredConversation(server, { agent: otherAgent });
    await agent.request('conversation:end-conversation', { conversationId });
    const message = { conversationId, clientMessageId: randomUUID(), text: 'one more thing' };
    for (const page of [visitor, agent]) {
      expect(await refusalOf(page, 'conversation:send-message', message)).toBe('conversation-ended');
      expect(await refusalOf(page, 'conversation:end-conversation', { conversationId })).toBe('ok');
      expect(await refusalOf(page, 'call:propose-call', { conversationId, modality: 'voice' })).toBe(
        'conversation-ended',
      );
    }
    visitor.close();
  });

  test('[A4] two agents who accept and take at once: one has it, the other is told', async () => {
    await theirs.agent.request('agent:set-availability', { isAvailable: false });
    const rival = await openReadyAgent(server, { name: 'Rita Rival' });
    const { visitor, conversationId } = await waitingVisitor(server);
    const codes = await Promise.all(
      [rival, otherAgent, rival, otherAgent].map((page) => refusalOf(page, 'routing:take-request', { conversationId })),
    );
    expect(codes.filter((code) => code === 'ok')).toHaveLength(2);
    expect(codes.filter((code) => code === 'request-taken')).toHaveLength(2);
    expect(codes[0]).toBe(codes[2]);
    await theirs.agent.request('agent:set-availability', { isAvailable: true });
    visitor.close();
    rival.close();
  });

  test('[A4] who accepts after the visitor has left is told so', async () => {
    const desk = await openReadyAgent(server, { name: 'Dora Desk', siteKey: 'silent' });
    const { visitor, conversationId } = await waitingVisitor(server, { siteKey: 'silent' });
    const { offerId } = await nextOffer(desk, conversationId);
    await visitor.request('routing:leave-queue', { conversationId });
    expect(await refusalOf(desk, 'routing:accept-offer', { offerId })).toBe('visitor-left');
    expect(await refusalOf(desk, 'routing:take-request', { conversationId })).toBe('visitor-left');
    const again = await waitingVisitor(server, { siteKey: 'silent' });
    await acceptNext(desk, again.conversationId);
    for (const page of [visitor, again.visitor, desk]) page.close();
  });
});
