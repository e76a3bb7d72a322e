import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ShareId } from '../../protocol/ids.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import {
  answeredConversation,
  fetchLog,
  noticesOf,
  openAgain,
  openReadyAgent,
  openWorkspace,
  waitingVisitor,
} from '../_support/story.ts';
import type { AgentPage, AnsweredConversation } from '../_support/story.ts';
import {
  allowShare,
  createClock,
  nextShare,
  onePart,
  readAudit,
  requestGrant,
  requestShare,
  setGrant,
  storedShare,
  wholePage,
} from './sharing-world.ts';

describe('what a visitor shares with an agent', () => {
  let server: TestServer;
  let agent: AgentPage;
  const clock = createClock();
  beforeAll(async () => {
    server = await startServer({
      overrides: { now: clock.now },
      timing: { visitorGraceMs: 3_600_000, agentGraceMs: 3_600_000 },
      sites: [
        { key: 'reserved', name: 'Reserved', coBrowse: { offersCoBrowse: false, offersScreen: false } },
        {
          key: 'whole',
          name: 'Whole',
          coBrowse: { mayChangeScope: false, defaultGrants: [], offeredGrants: ['point'], recording: 'ask' },
        },
      ],
    });
    agent = await openReadyAgent(server, { chatCap: 100 });
  });
  afterAll(() => server.close());
  const talk = (): Promise<AnsweredConversation> => answeredConversation(server, { agent });

  test('[B1] nothing is shared before the visitor’s own "Allow", which gives what the site says and no more', async () => {
    const { visitor, conversationId } = await talk();
    const asked = await requestShare(agent, conversationId);
    expect(asked).toMatchObject({ phase: 'asked', askedBy: 'agent', sharer: 'visitor', scope: null, grants: [] });
    expect(await nextShare(visitor, 'asked')).toEqual(asked);
    const allowed = await allowShare(visitor, conversationId, { shareId: asked.shareId });
    expect(allowed).toMatchObject({ shareId: asked.shareId, phase: 'allowed', scope: wholePage, scopeNumber: 1 });
    expect(allowed.grants).toEqual([
      { grant: 'point', expiresAt: null },
      { grant: 'draw', expiresAt: null },
    ]);
    expect(allowed.isRecorded).toBe(false);
    expect(await nextShare(agent, 'allowed', conversationId)).toEqual(allowed);
    expect(noticesOf(await fetchLog(visitor, conversationId))).toEqual(['agent-joined', 'share-asked']);
    expect(await readAudit(server, conversationId)).toMatchObject([
      { actor: 'agent', actorId: agent.agentId, what: 'share-asked' },
      {
        actor: 'visitor',
        actorId: visitor.visitorId,
        what: 'share-allowed',
        data: { scope: 'page', isRecorded: false },
      },
      { actor: 'visitor', what: 'grant-given', data: { grant: 'point' } },
      { actor: 'visitor', what: 'grant-given', data: { grant: 'draw' } },
    ]);
  });

  test('[B1] the visitor offers the page without being asked, and asking again leads to the same share', async () => {
    const { visitor, conversationId } = await talk();
    const offered = await allowShare(visitor, conversationId, { scope: onePart });
    expect(offered).toMatchObject({ phase: 'allowed', askedBy: 'visitor', scope: onePart });
    expect(await nextShare(agent, ({ shareId }) => shareId === offered.shareId)).toEqual(offered);
    expect((await allowShare(visitor, conversationId, { scope: onePart })).shareId).toBe(offered.shareId);
    await expect(allowShare(visitor, conversationId)).rejects.toMatchObject({
      code: 'share-running',
      details: { shareId: offered.shareId },
    });
    await expect(requestShare(agent, conversationId)).rejects.toMatchObject({ code: 'share-running' });
  });

  test('[B1] an offer made while the agent’s question stands is the answer to it', async () => {
    const { visitor, conversationId } = await talk();
    const asked = await requestShare(agent, conversationId);
    expect((await requestShare(agent, conversationId)).shareId).toBe(asked.shareId);
    expect(await allowShare(visitor, conversationId)).toMatchObject({ shareId: asked.shareId, askedBy: 'agent' });
  });

  test('[SH4] "Not now" ends the question for both and stands in the log', async () => {
    const { visitor, conversationId } = await talk();
    const { shareId } = await requestShare(agent, conversationId);
    await visitor.request('share:decline-share', { shareId });
    expect(await nextShare(agent, 'ended', conversationId)).toMatchObject({ shareId, endReason: 'declined' });
    await visitor.request('share:decline-share', { shareId });
    await expect(allowShare(visitor, conversationId, { shareId })).rejects.toMatchObject({ code: 'share-ended' });
    await visitor.nextEvent(
      'conversation:message-added',
      ({ message }) => message.body.kind === 'notice' && message.body.notice === 'share-declined',
    );
    expect((await readAudit(server, conversationId)).map(({ what }) => what)).toEqual([
      'share-asked',
      'share-declined',
    ]);
    expect((await requestShare(agent, conversationId)).shareId).not.toBe(shareId);
  });

  test('[SH4] the agent takes the question back', async () => {
    const { visitor, conversationId } = await talk();
    const { shareId } = await requestShare(agent, conversationId, 'screen');
    await agent.request('share:end-share', { shareId });
    expect(await nextShare(visitor, 'ended')).toMatchObject({ shareId, endReason: 'cancelled' });
  });

  test('[SH9] a question that nobody answers, a permission and a question for one run out by themselves', async () => {
    const { visitor, conversationId } = await talk();
    const { shareId } = await requestShare(agent, conversationId, 'screen');
    const shared = await allowShare(visitor, conversationId);
    const given = await setGrant(visitor, { shareId: shared.shareId, grant: 'scroll', isGranted: true });
    const expiresAt = given.grants.find(({ grant }) => grant === 'scroll')?.expiresAt ?? 0;
    expect(expiresAt - clock.now()).toBeGreaterThan(9 * 60_000);
    expect(expiresAt - clock.now()).toBeLessThanOrEqual(10 * 60_000);
    await requestGrant(agent, { shareId: shared.shareId, grant: 'navigate' });
    // Paused, so that the page that never comes is not what ends it.
    await visitor.request('share:pause-share', { shareId: shared.shareId, reason: 'by-visitor' });

    clock.forward(60_001);
    expect(await nextShare(visitor, ({ phase, kind }) => phase === 'ended' && kind === 'screen')).toMatchObject({
      shareId,
      endReason: 'unanswered',
    });
    clock.forward(10 * 60_000);
    const later = await nextShare(
      agent,
      ({ phase, grants }) => phase === 'paused' && grants.length === 2,
      conversationId,
    );
    expect(later).toMatchObject({ askedGrant: null, grants: [{ grant: 'point' }, { grant: 'draw' }] });
    expect(await readAudit(server, conversationId)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ actor: 'system', what: 'share-ended' }),
        expect.objectContaining({ actor: 'system', what: 'grant-declined' }),
        expect.objectContaining({ actor: 'system', what: 'grant-expired' }),
      ]),
    );
  });

  test('[B3] the visitor narrows, pauses and goes on, each under a new number that both sides hear', async () => {
    const { visitor, conversationId } = await talk();
    const { shareId } = await allowShare(visitor, conversationId);
    const narrowed = await visitor.request('share:change-scope', { shareId, scope: onePart });
    expect(narrowed.share).toMatchObject({ scope: onePart, scopeNumber: 2 });
    const hidden = await visitor.request('share:change-scope', { shareId, scope: { kind: 'part', hiddenParts: 2 } });
    expect(hidden.share.scopeNumber).toBe(3);
    const paused = await visitor.request('share:pause-share', { shareId, reason: 'by-visitor' });
    expect(paused.share).toMatchObject({ phase: 'paused', pausedBecause: 'by-visitor', scopeNumber: 4 });
    const resumed = await visitor.request('share:resume-share', { shareId });
    expect(resumed.share).toMatchObject({ phase: 'allowed', scopeNumber: 5, scope: { kind: 'part', hiddenParts: 2 } });
    const heard = [];
    for (let number = 1; number <= 5; number += 1) {
      heard.push(await nextShare(agent, (share) => share.shareId === shareId && share.scopeNumber === number));
    }
    expect(heard.at(-1)).toEqual(resumed.share);
    expect((await readAudit(server, conversationId)).map(({ what }) => what)).toEqual([
      'share-allowed',
      'grant-given',
      'grant-given',
      'share-scope-changed',
      'share-scope-changed',
      'share-paused',
      'share-resumed',
    ]);
  });

  test('[B7] each permission is asked for, given, refused and taken back apart from the others', async () => {
    const { visitor, conversationId } = await talk();
    const { shareId } = await allowShare(visitor, conversationId);
    expect(await requestGrant(agent, { shareId, grant: 'click-and-type' })).toMatchObject({
      askedGrant: 'click-and-type',
    });
    expect((await nextShare(visitor, ({ askedGrant }) => askedGrant !== null)).askedGrant).toBe('click-and-type');
    expect((await setGrant(visitor, { shareId, grant: 'click-and-type', isGranted: true })).askedGrant).toBeNull();
    await requestGrant(agent, { shareId, grant: 'navigate' });
    const refused = await setGrant(visitor, { shareId, grant: 'navigate', isGranted: false });
    expect(refused.grants.map(({ grant }) => grant)).toEqual(['point', 'draw', 'click-and-type']);
    const fewer = await setGrant(visitor, { shareId, grant: 'draw', isGranted: false });
    expect(fewer.grants.map(({ grant }) => grant)).toEqual(['point', 'click-and-type']);
    expect((await readAudit(server, conversationId)).slice(3)).toMatchObject([
      { actor: 'agent', what: 'grant-asked', data: { grant: 'click-and-type' } },
      { actor: 'visitor', what: 'grant-given', data: { grant: 'click-and-type' } },
      { actor: 'agent', what: 'grant-asked', data: { grant: 'navigate' } },
      { actor: 'visitor', what: 'grant-declined', data: { grant: 'navigate' } },
      { actor: 'visitor', what: 'grant-taken-back', data: { grant: 'draw' } },
    ]);
  });

  test('[B2] END stops it for both, takes every permission back, and nothing brings it back', async () => {
    const { visitor, conversationId } = await talk();
    const { shareId } = await allowShare(visitor, conversationId);
    await visitor.request('share:end-share', { shareId });
    expect(await nextShare(agent, 'ended', conversationId)).toMatchObject({
      shareId,
      endReason: 'ended-by-sharer',
      grants: [],
    });
    await visitor.request('share:end-share', { shareId });
    const gone = { code: 'share-ended' };
    await expect(visitor.request('share:resume-share', { shareId })).rejects.toMatchObject(gone);
    await expect(visitor.request('share:change-scope', { shareId, scope: wholePage })).rejects.toMatchObject(gone);
    await expect(setGrant(visitor, { shareId, grant: 'scroll', isGranted: true })).rejects.toMatchObject(gone);
    await expect(requestGrant(agent, { shareId, grant: 'scroll' })).rejects.toMatchObject(gone);
    expect((await openAgain(server, visitor)).session.conversation?.shares).toEqual([]);
    expect((await readAudit(server, conversationId)).at(-1)).toMatchObject({ actor: 'visitor', what: 'share-ended' });
  });

  test('[B1] the agent may end what they see, and never more than end it', async () => {
    const { visitor, conversationId } = await talk();
    const { shareId } = await allowShare(visitor, conversationId, { scope: onePart });
    await agent.request('share:end-share', { shareId, reason: 'stopped-in-browser' });
    expect(await nextShare(visitor, 'ended')).toMatchObject({ endReason: 'ended-by-viewer' });
  });

  test('[SH14] a second tab and a second workspace show what is shared, and a snapshot does too', async () => {
    const { visitor, conversationId } = await talk();
    const share = await allowShare(visitor, conversationId);
    const tab = await openAgain(server, visitor);
    expect(tab.session.conversation?.shares).toEqual([share]);
    const desk = await openWorkspace(server, agent.account);
    const view = desk.session.conversations.find((each) => each.conversationId === conversationId);
    expect(view?.shares).toEqual([share]);
    await tab.request('share:pause-share', { shareId: share.shareId, reason: 'by-visitor' });
    await Promise.all([visitor, agent, desk].map((page) => nextShare(page, 'paused', conversationId)));
    desk.close();
  });

  test('[SH3] a page and a screen are shared side by side, and of two yeses at once one share comes', async () => {
    const { visitor, conversationId } = await talk();
    const tab = await openAgain(server, visitor);
    const [first, second] = await Promise.all([allowShare(visitor, conversationId), allowShare(tab, conversationId)]);
    expect(second.shareId).toBe(first.shareId);
    const { share } = await visitor.request('share:share-screen', { conversationId, surface: 'window' });
    expect(share).toMatchObject({ kind: 'screen', phase: 'allowed', grants: [], scope: { surface: 'window' } });
    expect((await openAgain(server, visitor)).session.conversation?.shares).toHaveLength(2);
  });

  test('[M11] a shared screen answers the agent’s question, changes its surface and ends with the browser’s own stop', async () => {
    const { visitor, conversationId } = await talk();
    const { shareId } = await requestShare(agent, conversationId, 'screen');
    const { share } = await visitor.request('share:share-screen', { conversationId, surface: 'monitor' });
    expect(share).toMatchObject({ shareId, phase: 'allowed', sharer: 'visitor' });
    const other = await visitor.request('share:share-screen', { conversationId, surface: 'browser' });
    expect(other.share).toMatchObject({ shareId, scopeNumber: 2, scope: { surface: 'browser' } });
    await expect(agent.request('share:share-screen', { conversationId, surface: 'window' })).rejects.toMatchObject({
      code: 'share-running',
    });
    await visitor.request('share:end-share', { shareId, reason: 'stopped-in-browser' });
    expect(await nextShare(agent, 'ended', conversationId)).toMatchObject({ endReason: 'stopped-in-browser' });
    await agent.nextEvent(
      'conversation:message-added',
      ({ message, ...about }) =>
        about.conversationId === conversationId &&
        message.body.kind === 'notice' &&
        message.body.notice === 'share-ended',
    );
    expect(noticesOf(await fetchLog(agent, conversationId))).toEqual(['agent-joined', 'share-asked', 'share-ended']);
  });

  test('[M11] an agent shares their own screen without a question, and the visitor may end it', async () => {
    const { visitor, conversationId } = await talk();
    const { share } = await agent.request('share:share-screen', { conversationId, surface: 'window' });
    expect(share).toMatchObject({ sharer: 'agent', askedBy: 'agent', phase: 'allowed', grants: [] });
    expect(await nextShare(visitor, 'allowed')).toEqual(share);
    const { shareId } = share;
    await expect(visitor.request('share:pause-share', { shareId, reason: 'by-visitor' })).rejects.toMatchObject({
      code: 'invalid-transition',
    });
    await expect(setGrant(visitor, { shareId, grant: 'point', isGranted: true })).rejects.toMatchObject({
      code: 'invalid-transition',
    });
    await visitor.request('share:end-share', { shareId });
    expect(await nextShare(agent, 'ended', conversationId)).toMatchObject({ endReason: 'ended-by-viewer' });
  });

  test('[SH13] what the site does not offer can neither be asked for nor offered', async () => {
    const there = await openReadyAgent(server, { siteKey: 'reserved', name: 'Rosa Reserved' });
    const { visitor, conversationId } = await answeredConversation(server, {
      agent: there,
      ask: { siteKey: 'reserved' },
    });
    expect(visitor.session.site.sharing).toMatchObject({ offersCoBrowse: false, offersScreen: false });
    const refused = { code: 'share-not-allowed' };
    await expect(requestShare(there, conversationId)).rejects.toMatchObject(refused);
    await expect(requestShare(there, conversationId, 'screen')).rejects.toMatchObject(refused);
    await expect(allowShare(visitor, conversationId)).rejects.toMatchObject(refused);
    for (const page of [visitor, there]) {
      const answer = await page.requestRaw('share:share-screen', { conversationId, surface: 'window' });
      expect(answer).toMatchObject({ ok: false, error: refused });
    }
  });

  test('[SH13] where the site lets nobody choose, it is the whole page, and pausing stays possible', async () => {
    const there = await openReadyAgent(server, { siteKey: 'whole', name: 'Willa Whole' });
    const { visitor, conversationId } = await answeredConversation(server, { agent: there, ask: { siteKey: 'whole' } });
    const refused = { code: 'share-not-allowed' };
    await expect(allowShare(visitor, conversationId, { scope: onePart })).rejects.toMatchObject(refused);
    const share = await allowShare(visitor, conversationId, { mayBeRecorded: true });
    expect(share).toMatchObject({ grants: [], isRecorded: true });
    const { shareId } = share;
    await expect(visitor.request('share:change-scope', { shareId, scope: onePart })).rejects.toMatchObject(refused);
    await expect(requestGrant(there, { shareId, grant: 'scroll' })).rejects.toMatchObject(refused);
    await expect(setGrant(visitor, { shareId, grant: 'scroll', isGranted: true })).rejects.toMatchObject(refused);
    await setGrant(visitor, { shareId, grant: 'point', isGranted: true });
    await visitor.request('share:pause-share', { shareId, reason: 'by-visitor' });
  });

  test('[SH13] where the site lets nobody choose, a shared screen of the visitor stays the one that was chosen', async () => {
    const there = await openReadyAgent(server, { siteKey: 'whole', name: 'Wim Whole' });
    const { visitor, conversationId } = await answeredConversation(server, { agent: there, ask: { siteKey: 'whole' } });
    const refused = { code: 'share-not-allowed' };
    const show = async (surface: 'window' | 'monitor', shareId: ShareId | null = null) =>
      (await visitor.request('share:share-screen', { conversationId, surface, shareId })).share;
    const { shareId } = await show('window');
    await expect(show('monitor', shareId)).rejects.toMatchObject(refused);
    await expect(show('monitor')).rejects.toMatchObject(refused);
    expect(await storedShare(server, shareId)).toMatchObject({ phase: 'allowed', scopeNumber: 1 });
    // A lost connection takes up the same one.
    expect(await show('window', shareId)).toMatchObject({ scope: { surface: 'window' }, scopeNumber: 1 });
    await there.request('share:end-share', { shareId });
    expect(await show('monitor')).toMatchObject({ scope: { surface: 'monitor' } });
  });

  test('[SH3] nothing is asked or shared before an agent is in the conversation', async () => {
    const { visitor, conversationId } = await waitingVisitor(server);
    await expect(allowShare(visitor, conversationId)).rejects.toMatchObject({ code: 'invalid-transition' });
    await visitor.request('routing:leave-queue', { conversationId });
    await expect(allowShare(visitor, conversationId)).rejects.toMatchObject({ code: 'conversation-ended' });
  });
});
