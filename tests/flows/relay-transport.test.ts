import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPacker, keyFrame, textAdded, unpackFrames } from '../../cobrowse/relay/relay-fixture.ts';
import type { ShareId } from '../../protocol/ids.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { answeredConversation, openReadyAgent, openWorkspace } from '../_support/story.ts';
import type { AgentPage, VisitorPage } from '../_support/story.ts';
import { allowShare } from './sharing-world.ts';

const FIVE_MINUTES = 300_000;

/** A page of the visitor that streams, whose frames a test can lose, double and swap. */
async function openStream(visitor: VisitorPage, shareId: ShareId) {
  const tabId = randomUUID();
  const page = { url: 'https://shop.example.com/cart', title: 'Cart' };
  const { epoch, scopeNumber } = await visitor.request('share:open-stream', { shareId, tabId, page, isFront: true });
  const place = { shareId, tabId, epoch };
  const pack = createPacker();
  let seq = 0;
  const make = async (events: readonly object[], isKey = false) => {
    const frame = { ...place, scopeNumber, seq, isKey };
    seq += 1;
    const pieces = await pack(events, isKey);
    return pieces.map((data, index) => ({ ...frame, data, isLast: index === pieces.length - 1 }));
  };
  type Frame = Awaited<ReturnType<typeof make>>;
  const send = (frame: Frame) => Promise.all(frame.map((piece) => visitor.request('share:send-frame', piece)));
  return { ...place, make, send };
}

const text = (id: number): object[] => [textAdded(id, `line ${id}`)];

describe('frames of a shared page on a bad way', () => {
  let server: TestServer;
  let agent: AgentPage;
  beforeAll(async () => {
    server = await startServer({ timing: { visitorGraceMs: 3_600_000, agentGraceMs: 3_600_000 } });
    agent = await openReadyAgent(server, { chatCap: 100 });
  });
  afterAll(() => server.close());

  async function watched() {
    const { visitor, conversationId } = await answeredConversation(server, { agent });
    const { shareId } = await allowShare(visitor, conversationId);
    const { assetPath } = await agent.request('share:watch-stream', { shareId });
    const stream = await openStream(visitor, shareId);
    await stream.send(await stream.make(keyFrame(), true));
    return { visitor, shareId, assetPath, stream };
  }
  const framesAt = (page: AgentPage, shareId: ShareId) =>
    page.heard('share:frame-arrived').filter((frame) => frame.shareId === shareId);
  const arrived = (page: AgentPage, shareId: ShareId, seq: number) =>
    page.nextEvent('share:frame-arrived', (frame) => frame.shareId === shareId && frame.seq === seq && frame.isLast);

  test.each(['lost', 'doubled', 'swapped'])(
    '[B5] a %s frame is noticed and repaired with one key frame at most',
    async (fault) => {
      const { visitor, shareId, stream } = await watched();
      const [one, two, three] = [await stream.make(text(10)), await stream.make(text(11)), await stream.make(text(12))];
      const order = { lost: [one, three], doubled: [one, two, two, three], swapped: [two, one, three] }[fault] ?? [];
      for (const frame of order) await stream.send(frame);
      if (fault !== 'doubled') {
        await visitor.nextEvent('share:key-wanted', (event) => event.shareId === shareId);
        await stream.send(await stream.make(keyFrame([{ type: 3, id: 9, textContent: 'whole again' }]), true));
      }
      await stream.send(await stream.make(text(20)));
      await arrived(agent, shareId, fault === 'doubled' ? 4 : 5);
      const read = await unpackFrames(framesAt(agent, shareId));
      expect(read.at(-1)?.text).toContain('line 20');
      expect(read.at(-2)?.text).toContain(fault === 'doubled' ? 'line 12' : 'whole again');
      await visitor.settle();
      const wanted = visitor.heard('share:key-wanted').filter((event) => event.shareId === shareId);
      expect(wanted.length).toBeLessThanOrEqual(fault === 'doubled' ? 0 : 1);
    },
  );

  test('[B5] a page whose clock is five minutes off is passed on like any other', async () => {
    const { shareId, stream } = await watched();
    for (const [index, skew] of [-FIVE_MINUTES, FIVE_MINUTES].entries()) {
      const [event] = text(10 + index);
      await stream.send(await stream.make([{ ...event, timestamp: Date.now() + skew }]));
    }
    await arrived(agent, shareId, 2);
    expect((await unpackFrames(framesAt(agent, shareId))).map(({ seq }) => seq)).toEqual([0, 1, 2]);
  });

  test('[B5] a workspace that opens later is sent the very same bytes, and then what happens', async () => {
    const { shareId, stream } = await watched();
    for (let id = 10; id < 30; id += 1) await stream.send(await stream.make(text(id)));
    const late = await openWorkspace(server, agent.account);
    await late.request('share:watch-stream', { shareId });
    await stream.send(await stream.make(text(40)));
    await Promise.all([arrived(agent, shareId, 21), arrived(late, shareId, 21)]);
    const [early, later] = [framesAt(agent, shareId), framesAt(late, shareId)];
    expect(later.map(({ seq, data }) => [seq, Buffer.from(data).toString('hex')])).toEqual(
      early.map(({ seq, data }) => [seq, Buffer.from(data).toString('hex')]),
    );
    late.close();
  });

  test('[B5] a picture of the page is served to who watches, under a path that ends with the share', async () => {
    const { visitor, shareId, assetPath, stream } = await watched();
    const png = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(900, 3)]);
    const url = `${server.url}${assetPath}${stream.epoch}/${stream.tabId}/7`;
    // Asked for before it is there: the frame that names it may be faster.
    const asked = fetch(url);
    await visitor.request('share:send-asset', {
      shareId,
      tabId: stream.tabId,
      epoch: stream.epoch,
      assetKey: 7,
      hash: createHash('sha256').update(png).digest('hex'),
      url: null,
      totalBytes: png.length,
      data: png,
    });
    const answer = await asked;
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(png);
    await visitor.request('share:end-share', { shareId });
    expect((await fetch(url)).status).toBe(404);
  });

  test('[B11] what a forged page sends is cleaned before an agent sees it', async () => {
    const { shareId, stream } = await watched();
    const image = {
      type: 2,
      id: 10,
      tagName: 'img',
      attributes: { src: '/api/logout', onerror: 'x()' },
      childNodes: [],
    };
    const script = { type: 2, id: 11, tagName: 'script', attributes: { src: 'https://evil.example' }, childNodes: [] };
    const adds = [image, script].map((node) => ({ parentId: 5, nextId: null, node }));
    const data = { source: 0, texts: [], attributes: [], removes: [], adds };
    await stream.send(await stream.make([{ type: 3, data, timestamp: 1 }]));
    await arrived(agent, shareId, 1);
    const read = await unpackFrames(framesAt(agent, shareId));
    expect(read.at(-1)?.text).not.toMatch(/logout|onerror|evil|"script"/);
    expect(read.at(-1)?.text).toContain('"tagName":"img"');
  });
});
