import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { answeredConversation, openAgain, openReadyAgent } from '../_support/story.ts';
import type { AgentPage, AnsweredConversation } from '../_support/story.ts';
import { refusalOf } from './hostile-world.ts';
import {
  allowShare,
  createClock,
  nextShare,
  onePart,
  openStream,
  readAudit,
  setGrant,
  storedShare,
} from './sharing-world.ts';

describe('a page that is shared live', () => {
  let server: TestServer;
  let agent: AgentPage;
  const clock = createClock();
  beforeAll(async () => {
    server = await startServer({
      overrides: { now: clock.now },
      timing: { visitorGraceMs: 3_600_000, agentGraceMs: 3_600_000 },
    });
    agent = await openReadyAgent(server, { chatCap: 100 });
  });
  afterAll(() => server.close());
  const talk = (): Promise<AnsweredConversation> => answeredConversation(server, { agent });

  async function watched() {
    const story = await talk();
    const { shareId } = await allowShare(story.visitor, story.conversationId);
    await agent.request('share:watch-stream', { shareId });
    const stream = await openStream(story.visitor, shareId);
    await stream.sendKey();
    await agent.nextEvent('share:frame-arrived', (event) => event.shareId === shareId);
    return { ...story, shareId, stream };
  }

  test('[B5] it is live with its first picture, which reaches the agent, and the visitor reads who looks', async () => {
    const { visitor, conversationId } = await talk();
    const { shareId } = await allowShare(visitor, conversationId);
    const { tabs } = await agent.request('share:watch-stream', { shareId });
    expect(tabs).toEqual([]);
    const seen = await nextShare(visitor, ({ watchers }) => watchers.length > 0);
    expect(seen).toMatchObject({ shareId, watchers: [agent.account.name] });
    const stream = await openStream(visitor, shareId);
    expect(stream).toMatchObject({ epoch: 1, scopeNumber: 1, isWanted: true });
    await stream.sendKey();
    const frame = await agent.nextEvent('share:frame-arrived', (event) => event.shareId === shareId);
    expect(frame).toMatchObject({ epoch: 1, scopeNumber: 1, seq: 0, isKey: true });
    expect((await nextShare(agent, 'live', conversationId)).liveAt).toEqual(expect.any(Number));
    await agent.request('share:unwatch-stream', { shareId });
    expect(await nextShare(visitor, ({ watchers }) => watchers.length === 0)).toMatchObject({ phase: 'live' });
    const audited = (await readAudit(server, conversationId)).map(({ what }) => what);
    expect(audited).toEqual(expect.arrayContaining(['share-watched', 'share-unwatched']));
  });

  test('[B3] from narrowing on nothing of the old scope is taken, and the agent is told to show nothing', async () => {
    const { visitor, shareId, stream } = await watched();
    await visitor.request('share:change-scope', { shareId, scope: onePart });
    const cleared = await agent.nextEvent('share:view-cleared', (event) => event.shareId === shareId);
    expect(cleared.scopeNumber).toBe(2);
    expect(await refusalOf(visitor, 'share:send-frame', { ...stream.frame, seq: 1 })).toBe('stale-stream');
    const again = await openStream(visitor, shareId, stream.place.tabId);
    expect(again).toMatchObject({ epoch: 2, scopeNumber: 2 });
    await again.sendKey();
    expect(await agent.nextEvent('share:frame-arrived', (event) => event.shareId === shareId)).toMatchObject({
      epoch: 2,
      scopeNumber: 2,
    });
  });

  test('[B2] after END no frame is taken, none arrives, and the agent is told to show nothing', async () => {
    const { visitor, shareId, stream } = await watched();
    await visitor.request('share:end-share', { shareId });
    await agent.nextEvent('share:view-cleared', (event) => event.shareId === shareId);
    expect(await refusalOf(visitor, 'share:send-frame', { ...stream.frame, seq: 1 })).toBe('share-ended');
    expect(await refusalOf(agent, 'share:watch-stream', { shareId })).toBe('share-ended');
    await agent.settle();
    const heard = agent.heardAll().filter(({ event }) => JSON.stringify(event).includes(shareId));
    const cleared = heard.findIndex(({ name }) => name === 'share:view-cleared');
    expect(heard.slice(cleared).filter(({ name }) => name === 'share:frame-arrived')).toEqual([]);
  });

  test('[B2] a frame on its way when END is pressed does not arrive after it', async () => {
    const { visitor, shareId, stream } = await watched();
    const end = visitor.request('share:end-share', { shareId });
    const late = Promise.all(
      Array.from({ length: 20 }, (_, seq) => refusalOf(visitor, 'share:send-frame', { ...stream.frame, seq: seq + 1 })),
    );
    await end;
    expect(new Set(await late)).not.toContain('ok');
    await agent.settle();
    const heard = agent.heardAll().filter(({ event }) => JSON.stringify(event).includes(shareId));
    expect(heard.filter(({ name }) => name === 'share:frame-arrived')).toHaveLength(1);
  });

  test('[SH7] while it is paused no page begins, and going on begins anew', async () => {
    const { visitor, shareId, stream } = await watched();
    await visitor.request('share:pause-share', { shareId, reason: 'private-page' });
    expect(await refusalOf(visitor, 'share:send-frame', { ...stream.frame, seq: 1 })).toBe('stale-stream');
    const { tabId } = stream.place;
    const page = { shareId, tabId, page: { url: 'https://shop.example.com/', title: '' }, isFront: true };
    expect(await refusalOf(visitor, 'share:open-stream', page)).toBe('stale-stream');
    // However long: nothing is missed while nothing is sent.
    clock.forward(120_000);
    const { share } = await visitor.request('share:resume-share', { shareId });
    expect(share).toMatchObject({ phase: 'live', scopeNumber: 3 });
    expect(await openStream(visitor, shareId, tabId)).toMatchObject({ scopeNumber: 3 });
  });

  test('[B8] the next page goes on within the grace, in the same tab or another one', async () => {
    const { visitor, shareId, stream } = await watched();
    visitor.close();
    await expect.poll(async () => (await storedShare(server, shareId)).sharerGraceUntil).not.toBeNull();
    const back = await openAgain(server, visitor);
    const next = await openStream(back, shareId, stream.place.tabId);
    expect(next.epoch).toBe(2);
    await next.sendKey();
    expect((await storedShare(server, shareId)).sharerGraceUntil).toBeNull();
    expect(back.session.conversation?.shares).toMatchObject([{ shareId, phase: 'live' }]);
    back.close();
    await expect.poll(async () => (await storedShare(server, shareId)).sharerGraceUntil).not.toBeNull();
    clock.forward(61_000);
    expect(await nextShare(agent, ({ shareId: id, phase }) => id === shareId && phase === 'ended')).toMatchObject({
      endReason: 'sharer-left',
    });
  });

  test('[B7] an act without a permission is refused and on record, with one it is asked of the page', async () => {
    const { visitor, conversationId, shareId, stream } = await watched();
    const act = { ...stream.place, act: { kind: 'scroll' as const, nodeId: null, left: 0, top: 100 } };
    const refused = await refusalOf(agent, 'share:ask-act', { ...act, actId: randomUUID() });
    expect(refused).toBe('share-not-allowed');
    await setGrant(visitor, { shareId, grant: 'scroll', isGranted: true });
    const actId = randomUUID();
    await agent.request('share:ask-act', { ...act, actId });
    expect(await visitor.nextEvent('share:act-asked')).toMatchObject({ actId, act: act.act });
    await visitor.request('share:report-act', { shareId, actId, refusal: null });
    expect(await agent.nextEvent('share:act-answered', (event) => event.shareId === shareId)).toMatchObject({ actId });
    await setGrant(visitor, { shareId, grant: 'scroll', isGranted: false });
    expect(await refusalOf(agent, 'share:ask-act', { ...act, actId: randomUUID() })).toBe('share-not-allowed');
    const audited = (await readAudit(server, conversationId)).map(({ what }) => what);
    expect(audited.filter((what) => what.startsWith('act-'))).toEqual(['act-refused', 'act-done', 'act-refused']);
  });

  test('[SH16] neither a stranger nor a colleague streams into a share or watches it', async () => {
    const { shareId, stream } = await watched();
    const { visitor: stranger } = await talk();
    const colleague = await openReadyAgent(server, { name: 'Ben Same' });
    expect(await refusalOf(colleague, 'share:watch-stream', { shareId })).toBe('not-found');
    expect(await refusalOf(stranger, 'share:send-frame', stream.frame)).toBe('not-found');
    const page = { url: 'https://evil.example/', title: 'Evil' };
    const opening = { shareId, tabId: randomUUID(), page, isFront: true };
    expect(await refusalOf(stranger, 'share:open-stream', opening)).toBe('not-found');
    expect((await storedShare(server, shareId)).lastEpoch).toBe(1);
    colleague.close();
  });
});
