import { afterEach, describe, expect, test } from 'vitest';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import {
  answeredConversation,
  fetchLog,
  noticesOf,
  openAgain,
  openReadyAgent,
  openVisitor,
  openWorkspace,
} from '../_support/story.ts';
import { refusalOf } from './hostile-world.ts';
import {
  allowShare,
  createClock,
  nextShare,
  onePart,
  openStream,
  readAudit,
  requestShare,
  storedShare,
  wholePage,
} from './sharing-world.ts';

let server: TestServer;
afterEach(() => server.close());

describe('what ends a share', () => {
  test('[C6] the end of the conversation ends everything that is shared or asked for, on both sides', async () => {
    server = await startServer();
    const { agent, visitor, conversationId } = await answeredConversation(server);
    const { shareId } = await allowShare(visitor, conversationId);
    await requestShare(agent, conversationId, 'screen');
    await agent.request('conversation:end-conversation', { conversationId });
    for (const page of [visitor, agent]) {
      const first = await nextShare(page, 'ended');
      const second = await nextShare(page, 'ended');
      expect([first, second].map(({ kind }) => kind).toSorted()).toEqual(['co-browse', 'screen']);
      expect([first.endReason, second.endReason]).toEqual(['conversation-ended', 'conversation-ended']);
      // In time: whoever has heard that the conversation is over has heard of its shares before.
      const names = page.heardAll().map(({ name, event }) => `${name} ${JSON.stringify(event)}`);
      const lastShare = names.findLastIndex((line) => line.startsWith('share:changed'));
      const end = names.findIndex(
        (line) => line.startsWith('conversation:changed') && line.includes('"phase":"ended"'),
      );
      expect(lastShare).toBeLessThan(end);
    }
    await expect(visitor.request('share:resume-share', { shareId })).rejects.toMatchObject({ code: 'share-ended' });
    await expect(allowShare(visitor, conversationId)).rejects.toMatchObject({ code: 'conversation-ended' });
    const ends = (await readAudit(server, conversationId)).filter(({ what }) => what === 'share-ended');
    expect(ends).toHaveLength(2);
    const lines = ['agent-joined', 'share-asked', 'share-ended', 'conversation-ended'];
    expect(noticesOf(await fetchLog(visitor, conversationId))).toEqual(lines);
  });

  test('[SH15] what another node has ended is not carried on by a node that only others sweep for', async () => {
    server = await startServer();
    const south = await startServer({ dataDir: server.dataDir, environment: { FOYER_NODE_ID: 'south' } });
    try {
      const { agent, visitor, conversationId } = await answeredConversation(south);
      const { shareId } = await allowShare(visitor, conversationId);
      const stream = await openStream(visitor, shareId);
      await agent.request('share:watch-stream', { shareId });
      await stream.sendKey();
      await agent.nextEvent('share:frame-arrived');
      const elsewhere = await openWorkspace(server, agent.account);
      await elsewhere.request('share:end-share', { shareId, reason: 'by-person' });
      await agent.nextEvent('share:view-cleared');
      await expect(visitor.request('share:send-frame', { ...stream.frame, seq: 1 })).rejects.toMatchObject({
        code: 'share-ended',
      });
    } finally {
      await south.close();
    }
  });

  test('[SH10] a page that never streams is waited for and then given up', async () => {
    const clock = createClock();
    server = await startServer({ overrides: { now: clock.now }, timing: { visitorGraceMs: 3_600_000 } });
    const { agent, visitor, conversationId } = await answeredConversation(server);
    await allowShare(visitor, conversationId);
    clock.forward(59_000);
    expect((await openAgain(server, visitor)).session.conversation?.shares).toHaveLength(1);
    clock.forward(2_000);
    expect(await nextShare(agent, 'ended')).toMatchObject({ endReason: 'sharer-left', liveAt: null });
    const { shares } = (await openAgain(server, visitor)).session.conversation ?? { shares: null };
    expect(shares).toEqual([]);
  });

  test('[SH10] a shared screen waits for its page, which takes it up again, and ends when none does', async () => {
    const clock = createClock();
    server = await startServer({ overrides: { now: clock.now }, timing: { visitorGraceMs: 3_600_000 } });
    const { agent, visitor, conversationId } = await answeredConversation(server);
    const { share } = await visitor.request('share:share-screen', { conversationId, surface: 'window' });
    visitor.close();
    await expect.poll(async () => (await storedShare(server, share.shareId)).sharerGraceUntil).not.toBeNull();
    const back = await openAgain(server, visitor);
    const again = await back.request('share:share-screen', { conversationId, surface: 'window' });
    expect(again.share).toMatchObject({ shareId: share.shareId, scopeNumber: share.scopeNumber, phase: 'allowed' });
    expect((await storedShare(server, share.shareId)).sharerGraceUntil).toBeNull();
    back.close();
    await expect.poll(async () => (await storedShare(server, share.shareId)).sharerGraceUntil).not.toBeNull();
    clock.forward(61_000);
    expect(await nextShare(agent, 'ended')).toMatchObject({ endReason: 'sharer-left' });
  });

  test('[SH15] a server that starts again finds what was shared, asked for and permitted, and waits for the pages', async () => {
    const clock = createClock();
    server = await startServer({
      overrides: { now: clock.now },
      timing: { visitorGraceMs: 3_600_000, agentGraceMs: 3_600_000 },
    });
    const { agent, visitor, conversationId } = await answeredConversation(server);
    const shared = await allowShare(visitor, conversationId, { scope: onePart });
    await visitor.request('share:set-grant', { shareId: shared.shareId, grant: 'scroll', isGranted: true });
    const { share: paused } = await visitor.request('share:pause-share', {
      shareId: shared.shareId,
      reason: 'by-visitor',
    });
    const asked = await requestShare(agent, conversationId, 'screen');

    await server.restart();
    const back = await openAgain(server, visitor);
    // The agent is not back yet, which the row says and nobody else.
    const found = [{ ...paused, revision: expect.any(Number) as number }, asked];
    expect(back.session.conversation?.shares).toEqual(found);
    const desk = await openWorkspace(server, agent.account);
    expect(desk.session.conversations[0]?.shares).toEqual(found);
    // The question still runs out, although nobody has touched it since.
    clock.forward(61_000);
    expect(await nextShare(back, 'ended')).toMatchObject({ shareId: asked.shareId, endReason: 'unanswered' });
    const { share } = await back.request('share:resume-share', { shareId: shared.shareId });
    expect(share).toMatchObject({ scope: onePart, scopeNumber: paused.scopeNumber + 1 });
    clock.forward(61_000);
    expect(
      await nextShare(desk, ({ shareId, phase }) => shareId === shared.shareId && phase === 'ended'),
    ).toMatchObject({
      endReason: 'sharer-left',
    });
    expect(noticesOf(await fetchLog(back, conversationId))).toContain('share-declined');
  });
});

describe('the shares of somebody else', () => {
  test('[SH16] strangers, other visitors and other agents find no share, and nothing changes', async () => {
    server = await startServer();
    const theirs = await answeredConversation(server);
    const { shareId } = await allowShare(theirs.visitor, theirs.conversationId);
    const asked = await requestShare(theirs.agent, theirs.conversationId, 'screen');
    const before = [await storedShare(server, shareId), await storedShare(server, asked.shareId)];
    const audited = await readAudit(server, theirs.conversationId);

    const stranger = await openVisitor(server);
    const colleague = await openReadyAgent(server, { name: 'Ben Same' });
    const scope = wholePage;
    for (const id of [shareId, asked.shareId]) {
      const share = { shareId: id };
      for (const page of [stranger, colleague])
        expect(await refusalOf(page, 'share:end-share', share)).toBe('not-found');
      const asVisitor: [string, object][] = [
        ['share:decline-share', share],
        ['share:change-scope', { ...share, scope }],
        ['share:pause-share', { ...share, reason: 'by-visitor' }],
        ['share:resume-share', share],
        ['share:set-grant', { ...share, grant: 'navigate', isGranted: true }],
      ];
      for (const [name, input] of asVisitor) expect(await refusalOf(stranger, name, input), name).toBe('not-found');
      expect(await refusalOf(colleague, 'share:request-grant', { ...share, grant: 'scroll' })).toBe('not-found');
    }
    expect([await storedShare(server, shareId), await storedShare(server, asked.shareId)]).toEqual(before);
    expect(await readAudit(server, theirs.conversationId)).toEqual(audited);
    for (const page of [stranger, colleague]) {
      await page.settle();
      expect(page.heardAll().filter(({ name }) => name.startsWith('share:'))).toEqual([]);
    }
  });

  test('[SH16] a visitor answers no question of another conversation, whatever the id says', async () => {
    server = await startServer();
    const theirs = await answeredConversation(server);
    const { shareId } = await requestShare(theirs.agent, theirs.conversationId);
    const own = await answeredConversation(server, { agent: theirs.agent });
    await expect(allowShare(own.visitor, own.conversationId, { shareId })).rejects.toMatchObject({ code: 'not-found' });
    const [{ shareId: ownShare }, second] = [
      await allowShare(own.visitor, own.conversationId),
      await openAgain(server, theirs.visitor),
    ];
    expect(
      await refusalOf(second, 'share:allow-share', {
        conversationId: theirs.conversationId,
        shareId: ownShare,
        scope: wholePage,
      }),
    ).toBe('not-found');
    expect(await storedShare(server, shareId)).toMatchObject({ phase: 'asked' });
  });

  test('[SH4] an agent has no words for allowing, widening, resuming or permitting', async () => {
    server = await startServer();
    const { agent, visitor, conversationId } = await answeredConversation(server);
    const { shareId } = await allowShare(visitor, conversationId, { scope: onePart });
    const attempts: [string, object][] = [
      ['share:allow-share', { conversationId, shareId, scope: wholePage }],
      ['share:change-scope', { shareId, scope: wholePage }],
      ['share:resume-share', { shareId }],
      ['share:set-grant', { shareId, grant: 'click-and-type', isGranted: true }],
      ['share:decline-share', { shareId }],
    ];
    for (const [name, input] of attempts) expect(await refusalOf(agent, name, input), name).toBe('unknown-name');
    expect(await storedShare(server, shareId)).toMatchObject({ revision: 1, phase: 'allowed' });
  });
});
