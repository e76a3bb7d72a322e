import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ShareAct } from '../../protocol/sharing.ts';
import { readMetrics } from '../_support/read-metrics.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { answeredConversation, openReadyAgent } from '../_support/story.ts';
import type { AgentPage } from '../_support/story.ts';
import { expectServing, refusalOf } from './hostile-world.ts';
import { allowShare, createClock, nextShare, onePart, openStream, readAudit, setGrant } from './sharing-world.ts';

const CLICK: ShareAct = { kind: 'click', at: { nodeId: 5, x: 0.5, y: 0.5 } };
const SECRET = 'what-was-typed';

/** A page that streams, with its first picture at the agent. */
async function watchedPage(server: TestServer, agent: AgentPage) {
  const story = await answeredConversation(server, { agent });
  const { shareId } = await allowShare(story.visitor, story.conversationId);
  await agent.request('share:watch-stream', { shareId });
  const stream = await openStream(story.visitor, shareId);
  await stream.sendKey();
  await agent.nextEvent('share:frame-arrived', (event) => event.shareId === shareId);
  return { ...story, shareId, stream };
}

describe('deciding while a page says much', () => {
  let server: TestServer;
  let agent: AgentPage;
  beforeAll(async () => {
    server = await startServer({ rateLimitFactor: 1 });
    agent = await openReadyAgent(server, { chatCap: 100 });
  });
  afterAll(() => server.close());

  test.each([
    ['END', 'share:end-share'],
    ['a pause', 'share:pause-share'],
    ['narrowing', 'share:change-scope'],
    ['taking back', 'share:set-grant'],
  ] as const)('[SH17] %s is taken at the first try, however much this page has said before', async (_what, name) => {
    const { visitor, conversationId, shareId, stream } = await watchedPage(server, agent);
    await setGrant(visitor, { shareId, grant: 'scroll', isGranted: true });
    const said = await Promise.all([
      ...Array.from({ length: 500 }, () =>
        refusalOf(visitor, 'share:report-act', { shareId, actId: randomUUID(), refusal: null }),
      ),
      ...Array.from({ length: 150 }, () =>
        refusalOf(visitor, 'conversation:fetch-messages', { conversationId, afterSeq: 0 }),
      ),
    ]);
    // Whatever counts what a page says by itself is used up.
    expect([said[499], said[649]]).toEqual(['rate-limited', 'rate-limited']);

    const decided = visitor.requestRaw(name, {
      shareId,
      reason: name === 'share:pause-share' ? 'by-visitor' : 'by-person',
      scope: onePart,
      grant: 'scroll',
      isGranted: false,
    });
    const late = refusalOf(visitor, 'share:send-frame', { ...stream.frame, seq: 1 });
    expect(await decided).toMatchObject({ ok: true });
    if (name === 'share:set-grant') {
      // In this order: given, and taken back.
      await nextShare(agent, ({ grants }) => grants.some(({ grant }) => grant === 'scroll'), conversationId);
      await nextShare(agent, ({ grants }) => !grants.some(({ grant }) => grant === 'scroll'), conversationId);
      return;
    }
    expect(await late).not.toBe('ok');
    await agent.settle();
    const heard = agent.heardAll().filter(({ event }) => (event as { shareId?: string }).shareId === shareId);
    const cleared = heard.findIndex((each) => each.name === 'share:view-cleared');
    expect(cleared).toBeGreaterThan(-1);
    expect(heard.slice(cleared).map((each) => each.name)).not.toContain('share:frame-arrived');
  });
});

describe('sharing with somebody hostile at one end', () => {
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

  const watched = () => watchedPage(server, agent);

  test('[B7] whatever an agent may not do is refused with its reason, never reaches the page, and is on record', async () => {
    const { visitor, conversationId, shareId, stream } = await watched();
    const colleague = await openReadyAgent(server, { name: 'Ben Same' });
    const ask = (page: AgentPage, act: ShareAct, place: object = {}) =>
      refusalOf(page, 'share:ask-act', { ...stream.place, actId: randomUUID(), act, ...place });
    const codes: string[] = [];
    const expectRefused = async (code: string, ...asked: Parameters<typeof ask>) => {
      expect(await ask(...asked)).toBe(code);
      codes.push(code === 'share-not-allowed' ? 'not-granted' : code);
    };
    // Nothing is permitted yet, and each permission is for its own acts.
    await expectRefused('share-not-allowed', agent, CLICK);
    await setGrant(visitor, { shareId, grant: 'scroll', isGranted: true });
    await expectRefused('share-not-allowed', agent, { kind: 'type', nodeId: 5, text: SECRET });
    await expectRefused('share-not-allowed', agent, { kind: 'open', url: `https://evil.example/?${SECRET}` });
    // Somebody else's share, the wrong page, a page that does not look.
    await expectRefused('not-found', colleague, CLICK);
    await setGrant(visitor, { shareId, grant: 'click-and-type', isGranted: true });
    await expectRefused('stale-stream', agent, CLICK, { epoch: stream.place.epoch + 1 });
    await expectRefused('stale-stream', agent, CLICK, { tabId: randomUUID() });
    await agent.request('share:unwatch-stream', { shareId });
    await expectRefused('forbidden', agent, CLICK);
    await agent.request('share:watch-stream', { shareId });
    // What is paused, what has run out, what has been taken back, what has ended.
    await visitor.request('share:pause-share', { shareId, reason: 'by-visitor' });
    await expectRefused('stale-stream', agent, CLICK);
    await visitor.request('share:resume-share', { shareId });
    const again = await openStream(visitor, shareId, stream.place.tabId);
    const { epoch } = again;
    clock.forward(11 * 60_000);
    await expectRefused('share-not-allowed', agent, CLICK, { epoch });
    await setGrant(visitor, { shareId, grant: 'click-and-type', isGranted: true });
    await setGrant(visitor, { shareId, grant: 'click-and-type', isGranted: false });
    await expectRefused('share-not-allowed', agent, CLICK, { epoch });
    await visitor.request('share:end-share', { shareId });
    await expectRefused('share-ended', agent, CLICK, { epoch });

    await visitor.settle();
    expect(visitor.heard('share:act-asked')).toEqual([]);
    const acts = (await readAudit(server, conversationId)).filter(({ what }) => what.startsWith('act-'));
    expect(acts.map(({ what, data }) => [what, data['refusal']])).toEqual(codes.map((code) => ['act-refused', code]));
    expect(new Set(acts.map(({ actorId }) => actorId))).toEqual(
      new Set([agent.account.agentId, colleague.account.agentId]),
    );
    expect(JSON.stringify(acts)).not.toContain(SECRET);
    colleague.close();
  });

  test('[B7] an act that is sent again, by whoever, is done once and answered once', async () => {
    const { visitor, conversationId, shareId, stream } = await watched();
    await setGrant(visitor, { shareId, grant: 'click-and-type', isGranted: true });
    const act = { ...stream.place, actId: randomUUID(), act: CLICK };
    await agent.request('share:ask-act', act);
    await visitor.nextEvent('share:act-asked');
    await agent.request('share:ask-act', act);
    await visitor.request('share:report-act', { shareId, actId: act.actId, refusal: null });
    await agent.nextEvent('share:act-answered', (event) => event.actId === act.actId);
    await agent.request('share:ask-act', act);
    // Nor does a made-up answer to it count.
    await visitor.request('share:report-act', { shareId, actId: act.actId, refusal: 'private' });
    await visitor.settle();
    await agent.settle();
    expect(visitor.heard('share:act-asked')).toHaveLength(1);
    expect(agent.heard('share:act-answered').filter(({ actId }) => actId === act.actId)).toHaveLength(1);
    const acts = (await readAudit(server, conversationId)).filter(({ what }) => what.startsWith('act-'));
    expect(acts.map(({ what }) => what)).toEqual(['act-done']);
  });

  test.each([
    ['END', 'share:end-share', 'share-ended'],
    ['a pause', 'share:pause-share', 'stale-stream'],
    ['narrowing', 'share:change-scope', 'stale-stream'],
  ] as const)(
    '[B2] after %s the relay takes no frame, keeps none and sends none, whatever the page goes on sending',
    async (_what, name, code) => {
      const { visitor, shareId, stream } = await watched();
      const before = await readMetrics(server);
      const [kept, frames, bytes] = [
        'foyer_share_kept_bytes{kind="frames"}',
        'foyer_share_frames_total{kind="key"}',
        'foyer_share_bytes_total{direction="out"}',
      ];
      expect(before(kept)).toBeGreaterThan(0);
      const send = (seq: number) => refusalOf(visitor, 'share:send-frame', { ...stream.frame, seq });
      const over = visitor.requestRaw(name, {
        shareId,
        reason: name === 'share:pause-share' ? 'by-visitor' : 'by-person',
        scope: onePart,
      });
      const underWay = Array.from({ length: 30 }, (_, index) => send(index + 1));
      expect((await over).ok).toBe(true);
      const later = await Promise.all(Array.from({ length: 30 }, (_, index) => send(index + 31)));
      const answers = [...(await Promise.all(underWay)), ...later];
      expect(new Set(answers)).not.toContain('ok');
      expect(new Set(later)).toEqual(new Set([code]));
      const after = await readMetrics(server);
      for (const line of [frames, 'foyer_share_frames_total{kind="change"}', bytes])
        expect(after(line)).toBe(before(line));
      const others = before(kept) - after(kept);
      expect(others).toBeGreaterThan(0);
      // Nothing of it is there for who comes now either.
      const watching = await agent.requestRaw('share:watch-stream', { shareId });
      if (watching.ok) expect(watching.data).toMatchObject({ tabs: [] });
      await agent.settle();
      expect((await readMetrics(server))(bytes)).toBe(before(bytes));
    },
  );

  test('[O5] frames that are torn, bloated, wrongly numbered or no frames at all are answered, and what is kept stays bounded', async () => {
    const { visitor, shareId, stream } = await watched();
    const send = (changes: object) => refusalOf(visitor, 'share:send-frame', { ...stream.frame, seq: 1, ...changes });
    const wrong: object[] = [-1, 0.5, Number.NaN, 2 ** 53, '1', null, [], {}].flatMap((value) =>
      ['seq', 'epoch', 'scopeNumber'].map((field) => ({ [field]: value })),
    );
    wrong.push(
      { data: Buffer.alloc(64_001) },
      { data: Buffer.alloc(0) },
      { data: 'x'.repeat(100) },
      { data: null },
      { isKey: 'yes' },
      { tabId: '__proto__' },
      { shareId: 'constructor' },
    );
    expect(new Set(await Promise.all(wrong.map(send)))).toEqual(new Set(['bad-input']));
    for (const changes of [{ epoch: 99 }, { scopeNumber: 99 }, { tabId: randomUUID() }])
      expect(await send(changes)).toBe('stale-stream');
    // The page is still there, and an honest frame passes.
    const heard = agent.heard('share:frame-arrived').length;
    expect(await send({})).toBe('ok');
    await agent.nextEvent('share:frame-arrived', (event) => event.shareId === shareId && event.seq === 1);
    expect(agent.heard('share:frame-arrived').length).toBe(heard + 1);
    await visitor.request('share:end-share', { shareId });
    await expectServing(server);
  });
});
