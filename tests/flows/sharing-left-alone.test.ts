import { afterEach, describe, expect, test } from 'vitest';
import type { ShareId } from '../../protocol/ids.ts';
import type { AppOverrides } from '../../server/app.ts';
import { openDatabase } from '../../server/db/open.ts';
import { createLogger } from '../../server/logger.ts';
import { signIn, signOut } from '../_support/http-session.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { answeredConversation, fetchLog, openReadyAgent, openWorkspace } from '../_support/story.ts';
import type { VisitorPage } from '../_support/story.ts';
import {
  allowShare,
  createClock,
  nextShare,
  openStream,
  readAudit,
  requestShare,
  storedShare,
} from './sharing-world.ts';

let server: TestServer;
let clock: ReturnType<typeof createClock>;
afterEach(() => server.close());

async function startWithClock(overrides: AppOverrides = {}): Promise<void> {
  clock = createClock();
  server = await startServer({ overrides: { now: clock.now, ...overrides }, timing: { visitorGraceMs: 3_600_000 } });
}

/** Somebody else’s share is missed meanwhile, so that the server has looked. */
async function untilLooked(): Promise<{ shareId: ShareId; visitor: VisitorPage }> {
  const agent = await openReadyAgent(server, { name: 'Ben Same' });
  const { visitor, conversationId } = await answeredConversation(server, { agent });
  const { shareId } = await allowShare(visitor, conversationId);
  agent.close();
  await waitUntilMissed(shareId);
  return { shareId, visitor };
}

const graceOf = async (shareId: ShareId) => (await storedShare(server, shareId)).viewerGraceUntil;
const waitUntilMissed = (shareId: ShareId) => expect.poll(() => graceOf(shareId)).not.toBeNull();
const waitUntilBack = (shareId: ShareId) => expect.poll(() => graceOf(shareId)).toBeNull();

describe('what is shared with an agent who is gone', () => {
  test('[SH41] a page and a screen, one of them paused, end by themselves, and both sides read why', async () => {
    await startWithClock();
    const { agent, visitor, conversationId } = await answeredConversation(server);
    const { shareId } = await allowShare(visitor, conversationId);
    const stream = await openStream(visitor, shareId);
    await agent.request('share:watch-stream', { shareId });
    await stream.sendKey();
    const { share: screen } = await visitor.request('share:share-screen', { conversationId, surface: 'window' });
    await visitor.request('share:pause-share', { shareId: screen.shareId, reason: 'by-visitor' });
    agent.close();
    for (const each of [shareId, screen.shareId]) await waitUntilMissed(each);
    clock.forward(61_000);
    for (const each of [shareId, screen.shareId]) {
      const isOver = (share: { shareId: ShareId; phase: string }) => share.shareId === each && share.phase === 'ended';
      expect(await nextShare(visitor, isOver)).toMatchObject({ endReason: 'viewer-left', grants: [] });
    }
    await expect(visitor.request('share:send-frame', { ...stream.frame, seq: 1 })).rejects.toMatchObject({
      code: 'share-ended',
    });

    const back = await openWorkspace(server, agent.account);
    expect(back.session.conversations[0]?.shares).toEqual([]);
    for (const page of [visitor, back]) {
      const log = await fetchLog(page, conversationId);
      const reasons = log.flatMap(({ body }) =>
        body.kind === 'notice' && body.notice === 'share-ended' ? [body.data['reason']] : [],
      );
      expect(reasons).toEqual(['viewer-left', 'viewer-left']);
    }
    const ends = (await readAudit(server, conversationId)).filter(({ what }) => what === 'share-ended');
    expect(ends.map(({ actor, data }) => ({ actor, reason: data['reason'] }))).toEqual([
      { actor: 'system', reason: 'viewer-left' },
      { actor: 'system', reason: 'viewer-left' },
    ]);
  });

  test('[SH41] an agent with another page open is not missed, and one who comes back in time keeps the share', async () => {
    await startWithClock();
    const { agent, visitor, conversationId } = await answeredConversation(server);
    const { shareId } = await allowShare(visitor, conversationId);
    await openStream(visitor, shareId);
    const second = await openWorkspace(server, agent.account);
    agent.close();
    const other = await untilLooked();
    expect(await graceOf(shareId)).toBeNull();

    second.close();
    await waitUntilMissed(shareId);
    clock.forward(59_000);
    const back = await openWorkspace(server, agent.account);
    await waitUntilBack(shareId);
    clock.forward(61_000);
    await nextShare(other.visitor, 'ended');
    expect(await storedShare(server, shareId)).toMatchObject({ phase: 'allowed', dueAt: null });
    await back.request('share:watch-stream', { shareId });
  });

  test('[SH41] who signs out is gone', async () => {
    await startWithClock();
    const account = await server.addAgent();
    const { cookie } = await signIn(server, account);
    const agent = await openWorkspace(server, account, cookie);
    await agent.request('agent:set-status', { status: 'online' });
    await agent.request('agent:set-availability', { isAvailable: true });
    const { visitor, conversationId } = await answeredConversation(server, { agent });
    const { shareId } = await allowShare(visitor, conversationId);
    await openStream(visitor, shareId);
    await signOut(server, cookie);
    await waitUntilMissed(shareId);
    clock.forward(61_000);
    expect(await nextShare(visitor, 'ended')).toMatchObject({ endReason: 'viewer-left' });
  });

  test('[SH41] a question keeps its own time, and a yes that finds nobody begins the wait', async () => {
    const lines: string[] = [];
    await startWithClock({
      log: createLogger({ level: 'debug', destination: { write: (line) => void lines.push(line) } }),
    });
    const { agent, visitor, conversationId } = await answeredConversation(server);
    const { shareId } = await requestShare(agent, conversationId);
    agent.close();
    await untilLooked();
    // Nothing was tried with it, over and over.
    expect(lines.filter((line) => line.includes('share work') && line.includes(shareId))).toEqual([]);
    clock.forward(50_000);
    expect(await storedShare(server, shareId)).toMatchObject({ phase: 'asked', viewerGraceUntil: null });
    await allowShare(visitor, conversationId, { shareId });
    await openStream(visitor, shareId);
    await waitUntilMissed(shareId);
    clock.forward(61_000);
    expect(await nextShare(visitor, 'ended')).toMatchObject({ endReason: 'viewer-left' });
  });

  test('[SH52] a share whose row is damaged holds up no other, also at a start', async () => {
    await startWithClock();
    const left = await answeredConversation(server);
    const damaged = await allowShare(left.visitor, left.conversationId);
    const other = await answeredConversation(server, { agent: await openReadyAgent(server, { name: 'Ben Same' }) });
    const { shareId } = await allowShare(other.visitor, other.conversationId);
    await openStream(other.visitor, shareId);
    const { db, close } = await openDatabase(server.databasePath);
    await db.updateTable('shares').set({ grantsJson: '[{' }).where('shareId', '=', damaged.shareId).execute();
    await close();
    await server.restart();
    await waitUntilMissed(shareId);
    clock.forward(61_000);
    await expect.poll(async () => (await storedShare(server, shareId)).phase).toBe('ended');
  });

  test('[SH41] a server that starts again waits anew: while it was down nobody could come back', async () => {
    await startWithClock();
    const { agent, visitor, conversationId } = await answeredConversation(server);
    const { shareId } = await allowShare(visitor, conversationId);
    await visitor.request('share:pause-share', { shareId, reason: 'by-visitor' });
    agent.close();
    await waitUntilMissed(shareId);
    const graceUntil = await graceOf(shareId);
    clock.forward(59_000);
    await server.restart();
    await expect.poll(() => graceOf(shareId)).toBeGreaterThan(graceUntil ?? Infinity);
    clock.forward(2_000);
    expect(await storedShare(server, shareId)).toMatchObject({ phase: 'paused' });
    clock.forward(59_000);
    await expect.poll(async () => (await storedShare(server, shareId)).endReason).toBe('viewer-left');
  });

  test('[SH41] a page on another node counts like any other, for coming back and for having gone', async () => {
    await startWithClock();
    const { agent, visitor, conversationId } = await answeredConversation(server);
    const { shareId } = await allowShare(visitor, conversationId);
    await openStream(visitor, shareId);
    const south = await startServer({
      dataDir: server.dataDir,
      environment: { FOYER_NODE_ID: 'south' },
      overrides: { now: clock.now },
    });
    try {
      agent.close();
      await waitUntilMissed(shareId);
      const back = await openWorkspace(south, agent.account);
      await waitUntilBack(shareId);
      back.close();
      await waitUntilMissed(shareId);
      clock.forward(61_000);
      await expect.poll(async () => (await storedShare(server, shareId)).endReason).toBe('viewer-left');
    } finally {
      await south.close();
    }
  });
});
