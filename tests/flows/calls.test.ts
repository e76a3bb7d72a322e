import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MessageView } from '../../protocol/conversations.ts';
import type { CallId } from '../../protocol/ids.ts';
import type { CallView } from '../../protocol/media.ts';
import { openDatabase } from '../../server/db/open.ts';
import { findFreePort } from '../_support/free-port.ts';
import { readMetrics } from '../_support/read-metrics.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import {
  acceptNext,
  answeredConversation,
  fetchLog,
  nextOffer,
  noticesOf,
  openAgain,
  openReadyAgent,
  openWorkspace,
  waitingVisitor,
  write,
} from '../_support/story.ts';
import type { AgentPage, AnsweredConversation, VisitorPage } from '../_support/story.ts';

type Page = VisitorPage | AgentPage;

async function nextCall(page: Page, isWanted: (call: CallView) => boolean): Promise<CallView> {
  const fits = (event: { call: CallView }): boolean => isWanted(event.call);
  const { call } = await ('visitorId' in page
    ? page.nextEvent('call:changed', fits)
    : page.nextEvent('call:changed', fits));
  return call;
}

/** The page takes its seat, as far as a page without a browser can. */
async function join(page: Page, callId: CallId, clientId: string = randomUUID()) {
  const input = { callId, clientId };
  return 'visitorId' in page ? page.request('call:join-call', input) : page.request('call:join-call', input);
}

describe('calls between visitor and agent', () => {
  let server: TestServer;
  let agent: AgentPage;
  beforeAll(async () => {
    server = await startServer({
      mediaWorkers: 1,
      rtcPort: await findFreePort(),
      sites: [{ key: 'quiet', name: 'Quiet', modalities: ['text'] }],
    });
    agent = await openReadyAgent(server, { chatCap: 100 });
  }, 60_000);
  afterAll(() => server.close());

  const talk = (): Promise<AnsweredConversation> => answeredConversation(server, { agent });
  const propose = async (page: Page, story: AnsweredConversation, modality: 'voice' | 'video' = 'voice') => {
    const input = { conversationId: story.conversationId, modality };
    const { call } = await ('visitorId' in page
      ? page.request('call:propose-call', input)
      : page.request('call:propose-call', input));
    return call;
  };

  test('[M3] a call that the agent proposes in a text chat rings at the visitor, who accepts, and both are in it', async () => {
    const story = await talk();
    const { visitor } = story;
    const { callId } = await propose(agent, story, 'video');
    const ringing = await nextCall(visitor, (call) => call.phase === 'proposed');
    expect(ringing).toMatchObject({ callId, modality: 'video', proposedBy: 'agent' });
    await visitor.request('call:accept-call', { callId });
    await nextCall(agent, (call) => call.callId === callId && call.phase === 'connecting');

    const atVisitor = await join(visitor, callId);
    await nextCall(agent, (call) => call.callId === callId && call.seats.some(({ state }) => state === 'in'));
    const atAgent = await join(agent, callId);
    for (const joined of [atVisitor, atAgent]) {
      expect(joined.sendTransport.iceCandidates.length).toBeGreaterThan(0);
      expect(joined.seatId).toEqual(expect.any(String));
    }
    const live = await nextCall(visitor, (call) => call.phase === 'live');
    expect(live.liveAt).toEqual(expect.any(Number));
    expect(live.seats.map(({ name, state }) => [name, state])).toEqual([
      ['Grace Hofer', 'in'],
      [agent.account.name, 'in'],
    ]);
    await visitor.request('call:hang-up', { callId });
  });

  test('[C16] text goes on during a call, and hanging up ends the call and not the conversation', async () => {
    const story = await talk();
    const { visitor, conversationId } = story;
    const { callId } = await propose(visitor, story);
    await nextCall(agent, (call) => call.callId === callId && call.phase === 'proposed');
    await agent.request('call:accept-call', { callId });
    await Promise.all([join(visitor, callId), join(agent, callId)]);
    await nextCall(visitor, (call) => call.phase === 'live');
    await write(visitor, conversationId, 'I hear you');
    expect((await openAgain(server, visitor)).session.conversation?.call).toMatchObject({ callId, phase: 'live' });

    await agent.request('call:hang-up', { callId });
    expect((await nextCall(visitor, (call) => call.phase === 'ended')).endReason).toBe('hung-up');
    await visitor.nextEvent(
      'conversation:message-added',
      ({ message }) => message.body.kind === 'notice' && message.body.notice === 'call-ended',
    );
    await write(agent, conversationId, 'Anything else?');
    const log = await fetchLog(visitor, conversationId);
    expect(noticesOf(log)).toEqual(['agent-joined', 'call-started', 'call-ended']);
    expect(log.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });

  test('[CV5] a call ends before its conversation does: the end of the conversation is the last line of the log', async () => {
    const story = await talk();
    const { visitor, conversationId } = story;
    const { callId } = await propose(visitor, story);
    await nextCall(agent, (call) => call.callId === callId && call.phase === 'proposed');
    await agent.request('call:accept-call', { callId });
    await Promise.all([join(visitor, callId), join(agent, callId)]);
    await nextCall(visitor, (call) => call.phase === 'live');

    await agent.request('conversation:end-conversation', { conversationId });
    const toNotice = ({ message }: { message: MessageView }) => noticesOf([message])[0];
    await visitor.nextEvent('conversation:message-added', (added) => toNotice(added) === 'call-ended');
    await visitor.nextEvent('conversation:message-added', (added) => toNotice(added) === 'conversation-ended');
    const lines = ['agent-joined', 'call-started', 'call-ended', 'conversation-ended'];
    expect(noticesOf(await fetchLog(visitor, conversationId))).toEqual(lines);
    expect(visitor.heard('conversation:message-added').map(toNotice).slice(-2)).toEqual(lines.slice(-2));
    expect(await nextCall(visitor, (call) => call.phase === 'ended')).toMatchObject({
      endReason: 'conversation-ended',
    });
  });

  test('[CV5] a conversation whose call cannot be read any more ends like any other', async () => {
    const story = await talk();
    const { visitor, conversationId } = story;
    const { callId } = await propose(agent, story);
    await visitor.request('call:accept-call', { callId });
    await Promise.all([join(visitor, callId), join(agent, callId)]);
    await nextCall(visitor, (call) => call.phase === 'live');
    const { db, close } = await openDatabase(server.databasePath);
    await db.updateTable('calls').set({ seatsJson: '{' }).where('callId', '=', callId).execute();
    await close();

    await agent.request('conversation:end-conversation', { conversationId });
    const { conversation } = await visitor.nextEvent(
      'conversation:changed',
      (event) => event.conversation.phase === 'ended',
    );
    expect(conversation).toMatchObject({ endReason: 'agent-ended', call: null });
    const log = await fetchLog(visitor, conversationId);
    expect(noticesOf(log)).toEqual(['agent-joined', 'call-started', 'conversation-ended']);
  });

  test('[M3] a declined call is told to who proposed it, and stands in the log', async () => {
    const story = await talk();
    const { visitor, conversationId } = story;
    const { callId } = await propose(visitor, story);
    await nextCall(agent, (call) => call.callId === callId);
    await agent.request('call:decline-call', { callId });
    const ended = await nextCall(visitor, (call) => call.phase === 'ended');
    expect(ended).toMatchObject({ callId, endReason: 'declined', liveAt: null });
    await visitor.nextEvent(
      'conversation:message-added',
      ({ message }) => message.body.kind === 'notice' && message.body.notice === 'call-declined',
    );
    await expect(visitor.request('call:accept-call', { callId })).rejects.toMatchObject({ code: 'call-ended' });
    expect(noticesOf(await fetchLog(agent, conversationId))).toEqual(['agent-joined', 'call-declined']);
    expect((await propose(agent, story)).callId).not.toBe(callId);
  });

  test.each(['voice', 'video'] as const)(
    '[M3] who asked for a %s call is in one as soon as an agent accepts, without a second question',
    async (modality) => {
      const { visitor, conversationId } = await waitingVisitor(server, { modality });
      await acceptNext(agent, conversationId);
      for (const page of [visitor, agent]) {
        const call = await nextCall(
          page,
          (view) => view.conversationId === conversationId && view.phase !== 'prepared',
        );
        expect(call).toMatchObject({ phase: 'connecting', modality });
      }
      const view = (await openAgain(server, visitor)).session.conversation;
      expect(view?.call).toMatchObject({ phase: 'connecting', modality });
      await join(visitor, view!.call!.callId);
    },
  );

  test('[CA23] while a request for a call waits its visitor may get ready, and an agent whom it rings may do nothing', async () => {
    const { visitor, conversation, conversationId } = await waitingVisitor(server, { modality: 'video' });
    const callId = conversation.call?.callId ?? ('' as CallId);
    expect(conversation.call).toMatchObject({ phase: 'prepared', modality: 'video' });
    const clientId = randomUUID();
    await join(visitor, callId, clientId);
    const offer = await nextOffer(agent, conversationId);
    expect(offer.callId).toBe(callId);

    const bystander = await openReadyAgent(server, { name: 'Bo Stander' });
    for (const page of [agent, bystander]) {
      const seat = { callId, clientId };
      const refusals = [
        page.request('call:join-call', { ...seat, takeOver: true }),
        page.request('call:accept-call', { callId }),
        page.request('call:hang-up', { callId }),
        page.request('call:receive-tracks', { ...seat, rtpCapabilities: { codecs: [] } }),
        page.request('call:propose-call', { conversationId, modality: 'video' }),
      ];
      for (const refusal of refusals) await expect(refusal).rejects.toMatchObject({ code: 'not-found' });
    }
    await expect(visitor.request('call:accept-call', { callId })).rejects.toMatchObject({ code: 'invalid-transition' });
    await expect(visitor.request('call:hang-up', { callId })).rejects.toMatchObject({ code: 'invalid-transition' });
    expect((await openAgain(server, visitor)).session.conversation?.call).toMatchObject({ callId, phase: 'prepared' });

    await agent.request('routing:accept-offer', { offerId: offer.offerId });
    await expect(join(bystander, callId)).rejects.toMatchObject({ code: 'not-found' });
    expect((await join(agent, callId)).call).toMatchObject({ phase: 'live' });
    expect(noticesOf(await fetchLog(visitor, conversationId))).toEqual(['agent-joined', 'call-started']);
    await bystander.request('agent:set-availability', { isAvailable: false });
  });

  test('[CA25] a join sent right behind the acceptance is answered after it, and the call is live', async () => {
    const { visitor, conversation, conversationId } = await waitingVisitor(server, { modality: 'voice' });
    const callId = conversation.call?.callId ?? ('' as CallId);
    await join(visitor, callId);
    const { offerId } = await nextOffer(agent, conversationId);
    const [accepted, joined] = await Promise.all([
      agent.request('routing:accept-offer', { offerId }),
      join(agent, callId),
    ]);
    expect(accepted.conversation).toMatchObject({ conversationId, phase: 'active' });
    expect(joined.call).toMatchObject({ callId, phase: 'live' });
  });

  test('[CA25] a join sent right behind an acceptance that comes too late is refused with it', async () => {
    const { visitor, conversation, conversationId } = await waitingVisitor(server, { modality: 'voice' });
    const callId = conversation.call?.callId ?? ('' as CallId);
    const { offerId } = await nextOffer(agent, conversationId);
    await visitor.request('routing:leave-queue', { conversationId });
    const answers = await Promise.allSettled([agent.request('routing:accept-offer', { offerId }), join(agent, callId)]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(noticesOf(await fetchLog(visitor, conversationId))).toEqual(['conversation-ended']);
  });

  test('[CA25] the codecs can be read before there is any call', async () => {
    const { routerRtpCapabilities } = await agent.request('call:read-codecs', {});
    expect(JSON.stringify(routerRtpCapabilities)).toContain('video/VP8');
  });

  test('[C6] the end of the conversation ends its call on both sides', async () => {
    const { visitor, conversationId } = await waitingVisitor(server, { modality: 'voice' });
    await acceptNext(agent, conversationId);
    const { callId } = await nextCall(visitor, (call) => call.phase === 'connecting');
    await Promise.all([join(visitor, callId), join(agent, callId)]);
    await nextCall(visitor, (call) => call.phase === 'live');
    await agent.request('conversation:end-conversation', { conversationId });
    for (const page of [visitor, agent]) {
      const ended = await nextCall(page, (call) => call.callId === callId && call.phase === 'ended');
      expect(ended.endReason).toBe('conversation-ended');
    }
    await expect(join(visitor, callId)).rejects.toMatchObject({ code: 'call-ended' });
    const { conversation } = await visitor.nextEvent('conversation:changed', (e) => e.conversation.phase === 'ended');
    expect(conversation.call).toBeNull();
  });

  test('[CA15] a stranger can neither propose nor join', async () => {
    const story = await talk();
    const { callId } = await propose(agent, story);
    const { visitor: stranger, conversationId } = await waitingVisitor(server);
    await expect(propose(stranger, story)).rejects.toMatchObject({ code: 'not-found' });
    await expect(join(stranger, callId)).rejects.toMatchObject({ code: 'not-found' });
    await expect(stranger.request('call:hang-up', { callId })).rejects.toMatchObject({ code: 'not-found' });
    await stranger.request('routing:leave-queue', { conversationId });
  });

  test('[VF5] what the site does not offer cannot be proposed either', async () => {
    const quiet = await openReadyAgent(server, { siteKey: 'quiet', name: 'Silent Bob' });
    const story = await answeredConversation(server, { agent: quiet, ask: { siteKey: 'quiet' } });
    await expect(propose(story.visitor, story)).rejects.toMatchObject({ code: 'modality-not-offered' });
    await expect(propose(quiet, story, 'video')).rejects.toMatchObject({ code: 'modality-not-offered' });
  });
});

describe('a server without media workers', () => {
  test('[CA18] text works, and whoever asks for a call is told that none can be had', async () => {
    const server = await startServer();
    try {
      const story = await answeredConversation(server);
      await expect(
        story.agent.request('call:propose-call', { conversationId: story.conversationId, modality: 'voice' }),
      ).rejects.toMatchObject({ code: 'media-unavailable' });
      await write(story.agent, story.conversationId, 'Then let us write');
    } finally {
      await server.close();
    }
  });

  test('[CA18] a request for a voice call that an agent accepts goes on as text, and both read why', async () => {
    const server = await startServer();
    try {
      const agent = await openReadyAgent(server);
      const { visitor, conversationId } = await waitingVisitor(server, { modality: 'voice' });
      await acceptNext(agent, conversationId);
      const ended = await nextCall(visitor, (call) => call.phase === 'ended');
      expect(ended.endReason).toBe('media-failed');
      await nextCall(agent, (call) => call.phase === 'ended');
      await write(visitor, conversationId, 'Then let us write');
    } finally {
      await server.close();
    }
  });
});

test('[CA14] a call that another node has ended loses its media at home, also where only others sweep', async () => {
  const north = await startServer({ environment: { FOYER_NODE_ID: 'north' } });
  let south: TestServer | undefined;
  try {
    const readSweeper = () => north.read((db) => db.selectFrom('leases').select('holder').executeTakeFirst());
    await expect.poll(readSweeper).toEqual({ holder: 'north' });
    const home = await startServer({
      dataDir: north.dataDir,
      environment: { FOYER_NODE_ID: 'south' },
      mediaWorkers: 1,
      rtcPort: await findFreePort(),
    });
    south = home;
    const countRooms = async () => (await readMetrics(home))('foyer_media_objects{kind="room"}');
    const { agent, visitor, conversationId } = await answeredConversation(home);
    const { call } = await agent.request('call:propose-call', { conversationId, modality: 'voice' });
    await visitor.request('call:accept-call', { callId: call.callId });
    await Promise.all([join(visitor, call.callId), join(agent, call.callId)]);
    await nextCall(visitor, ({ phase }) => phase === 'live');
    expect(await countRooms()).toBe(1);
    const elsewhere = await openWorkspace(north, agent.account);
    await elsewhere.request('call:hang-up', { callId: call.callId });
    await expect.poll(countRooms).toBe(0);
  } finally {
    await south?.close();
    await north.close();
  }
});
