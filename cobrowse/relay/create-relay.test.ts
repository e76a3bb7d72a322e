import { expect, test, vi } from 'vitest';
import { callerOf, createRelayStage, keyFrame, openPage, openViewer, readFrames, textAdded } from './relay-fixture.ts';

test('[B5] frames reach who watches in order, and a late viewer gets the very same bytes', async () => {
  const stage = createRelayStage();
  const first = await openViewer(stage, 'desk-1');
  const page = await openPage(stage);
  expect(first.tabs).toEqual([]);
  await page.send(keyFrame([{ type: 3, id: 6, textContent: 'hello' }]), true);
  for (let id = 10; id < 30; id += 1) await page.send([textAdded(id, `line ${id}`)]);

  await openViewer(stage, 'desk-2');
  await page.send([textAdded(40, 'live')]);
  const [early, late] = [stage.toldTo('desk-1', 'share:frame-arrived'), stage.toldTo('desk-2', 'share:frame-arrived')];
  expect(early.map(({ seq }) => seq)).toEqual(Array.from({ length: 22 }, (_, seq) => seq));
  expect(late).toEqual(early);
  const read = await readFrames(stage, 'desk-2', page.tabId);
  expect(read[0]?.text).toContain('hello');
  expect(read.at(-1)?.text).toContain('live');
  expect(stage.firstFrames).toBe(1);
});

test('[B5] frames sent without waiting for answers keep their order', async () => {
  const stage = createRelayStage();
  await openViewer(stage, 'desk-1');
  const page = await openPage(stage);
  const big = 'x'.repeat(300_000);
  const packed = [await page.pack(keyFrame([{ type: 3, id: 6, textContent: big }]), true)];
  for (let id = 10; id < 40; id += 1) packed.push(await page.pack([textAdded(id, id % 3 === 0 ? big : `line ${id}`)]));
  await Promise.all(packed.map((pieces, seq) => page.sendPieces(pieces, seq === 0, seq)));
  const read = await readFrames(stage, 'desk-1', page.tabId);
  expect(read.map(({ seq }) => seq)).toEqual(packed.map((_, seq) => seq));
  expect(read.at(-2)?.text).toContain('line 38');
});

test('[B5] after a gap nothing is passed on until the key frame that is asked for', async () => {
  const stage = createRelayStage();
  await openViewer(stage, 'desk-1');
  const page = await openPage(stage);
  await page.send(keyFrame(), true);
  page.nextSeq += 1;
  await page.send([textAdded(10, 'after the gap')]);
  await page.send([textAdded(11, 'and on')]);
  expect(stage.toldTo('desk-1', 'share:frame-arrived').map(({ seq }) => seq)).toEqual([0]);
  expect(stage.toldVisitor('share:key-wanted')).toHaveLength(1);
  await page.send(keyFrame([{ type: 3, id: 12, textContent: 'whole again' }]), true);
  await page.send([textAdded(13, 'goes on')]);
  expect(stage.toldTo('desk-1', 'share:frame-arrived').map(({ seq }) => seq)).toEqual([0, 4, 5]);
});

test('[SH45] a viewer that differs soon after a key frame gets another as soon as the page may be asked for one', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const stage = createRelayStage();
  const viewer = await openViewer(stage, 'desk-1');
  const page = await openPage(stage);
  const asked = (): number => stage.toldVisitor('share:key-wanted').length;
  const pass = (ms: number): void => {
    stage.clock.now += ms;
    vi.advanceTimersByTime(ms);
  };
  const complain = () =>
    stage.relay.handlers['share:resync-stream'](
      { shareId: stage.record.shareId, tabId: page.tabId, epoch: page.epoch, because: 'differs' },
      viewer.caller,
    );
  try {
    await page.send(keyFrame(), true);
    await complain();
    expect(asked()).toBe(1);
    await page.send(keyFrame(), true);
    pass(5_000);
    await complain();
    await complain();
    expect(asked(), 'the page is spared').toBe(1);
    pass(5_000);
    expect(asked(), 'and then asked, though nothing else has happened').toBe(2);
    await page.send(keyFrame(), true);

    pass(5_000);
    await complain();
    page.nextSeq += 1;
    await page.send([textAdded(10, 'after a gap')]);
    expect(asked(), 'what is missing does not wait for that').toBe(3);
    await page.send(keyFrame(), true);
    pass(60_000);
    expect(asked(), 'what has come since is new for every viewer').toBe(3);
  } finally {
    vi.useRealTimers();
  }
});

test('[B5] a doubled frame changes nothing', async () => {
  const stage = createRelayStage();
  await openViewer(stage, 'desk-1');
  const page = await openPage(stage);
  await page.send(keyFrame(), true);
  const pieces = await page.pack([textAdded(10, 'once')]);
  await page.sendPieces(pieces, false, 1);
  await page.sendPieces(pieces, false, 1);
  page.nextSeq = 2;
  await page.send([textAdded(11, 'next')]);
  expect(stage.toldTo('desk-1', 'share:frame-arrived').map(({ seq }) => seq)).toEqual([0, 1, 2]);
  expect(stage.toldVisitor('share:key-wanted')).toEqual([]);
});

test('[B3] what was shared before a narrower scope is gone at once, also what is being unpacked', async () => {
  const stage = createRelayStage();
  await openViewer(stage, 'desk-1');
  const page = await openPage(stage);
  await page.send(keyFrame([{ type: 3, id: 6, textContent: 'secret' }]), true);
  const packed = [];
  for (let id = 10; id < 20; id += 1) packed.push(await page.pack([textAdded(id, `secret ${id}`)]));
  const sending = packed.map((pieces, index) => page.sendPieces(pieces, false, index + 1));
  const before = stage.toldTo('desk-1', 'share:frame-arrived').length;

  stage.relay.shut(stage.record.shareId, 2);
  expect(stage.toldTo('desk-1', 'share:view-cleared')).toEqual([{ shareId: stage.record.shareId, scopeNumber: 2 }]);
  await Promise.allSettled(sending);
  expect(stage.toldTo('desk-1', 'share:frame-arrived')).toHaveLength(before);
  for (const { data } of stage.toldTo('desk-1', 'share:frame-arrived'))
    expect(data.every((byte) => byte === 0)).toBe(true);
  await expect(page.send([textAdded(30, 'later')])).rejects.toMatchObject({ code: 'stale-stream' });
  await openViewer(stage, 'desk-2');
  expect(stage.toldTo('desk-2', 'share:frame-arrived')).toEqual([]);
  expect(stage.relay.readNumbers()).toMatchObject({ streams: 0, keptBytes: 0 });
});

test('[B2] after the end nobody sends, watches or finds anything', async () => {
  const stage = createRelayStage();
  const viewer = await openViewer(stage, 'desk-1');
  const page = await openPage(stage);
  await page.send(keyFrame(), true);
  stage.relay.shut(stage.record.shareId, 2);
  stage.change({ phase: 'ended', scopeNumber: 2 });
  const count = stage.told.length;
  await expect(page.send([textAdded(9, 'late')])).rejects.toMatchObject({ code: 'share-ended' });
  const again = stage.relay.handlers['share:watch-stream']({ shareId: stage.record.shareId }, viewer.caller);
  await expect(again).rejects.toMatchObject({ code: 'share-ended' });
  expect(stage.told).toHaveLength(count);
  expect(stage.relay.readNumbers()).toMatchObject({ shares: 0, streams: 0, viewers: 0 });
});

test('[B5] wrong epoch, scope, tab or page is refused', async () => {
  const stage = createRelayStage();
  await openViewer(stage, 'desk-1');
  const page = await openPage(stage);
  const other = await openPage(stage);
  const [data = Buffer.alloc(1)] = await page.pack(keyFrame(), true);
  const frame = {
    shareId: stage.record.shareId,
    tabId: page.tabId,
    epoch: page.epoch,
    scopeNumber: page.scopeNumber,
    seq: 0,
    isKey: true,
    isLast: true,
    data,
  };
  const send = (change: Partial<typeof frame>, caller = page.caller) =>
    stage.relay.handlers['share:send-frame']({ ...frame, ...change }, caller);
  for (const change of [{ epoch: page.epoch + 1 }, { scopeNumber: 0 }, { scopeNumber: 9 }, { tabId: other.tabId }]) {
    await expect(send(change)).rejects.toMatchObject({ code: 'stale-stream' });
  }
  await expect(send({}, other.caller)).rejects.toMatchObject({ code: 'stale-stream' });
  await expect(send({}, callerOf('agent', 'desk-1'))).rejects.toMatchObject({ code: 'stale-stream' });
  await expect(send({})).resolves.toEqual({});
  expect(stage.relay.readNumbers().refused.stale).toBe(6);
});

test('[B5] a viewer that does not keep up is skipped ahead, and nobody waits for it', async () => {
  const stage = createRelayStage({ limits: { viewerWindowBytes: 2_000 } });
  const slow = await openViewer(stage, 'slow');
  const fast = await openViewer(stage, 'fast', 'agent-2');
  const page = await openPage(stage);
  const confirm = (caller: typeof slow.caller, seq: number) =>
    stage.relay.handlers['share:confirm-frames'](
      { shareId: stage.record.shareId, tabId: page.tabId, epoch: page.epoch, seq },
      caller,
    );
  await page.send(keyFrame(), true);
  for (let seq = 1; seq <= 200; seq += 1) {
    if (seq === 150) await page.send(keyFrame(), true);
    else await page.send([textAdded(100 + seq, `line ${Math.sin(seq)}`)]);
    await confirm(fast.caller, seq);
  }
  const sentTo = (socketId: string) => stage.toldTo(socketId, 'share:frame-arrived').map(({ seq }) => seq);
  expect(sentTo('fast')).toHaveLength(201);
  const stuckAt = sentTo('slow').length;
  expect(stuckAt).toBeLessThan(150);
  await confirm(slow.caller, stuckAt - 1);
  expect(sentTo('slow')[stuckAt]).toBe(150);
  await confirm(slow.caller, 200);
  await confirm(slow.caller, 200);
  expect(sentTo('slow').at(-1)).toBe(200);
  expect((await readFrames(stage, 'slow', page.tabId)).at(-1)?.text).toContain('line');
});

test('[B5] a page that nobody looks at is told so, and told again when somebody comes', async () => {
  const stage = createRelayStage();
  const page = await openPage(stage);
  expect(page.isWanted).toBe(false);
  const viewer = await openViewer(stage, 'desk-1');
  await openViewer(stage, 'desk-2');
  expect(stage.relay.watcherNamesOf(stage.record.shareId)).toEqual(['Ada Keller']);
  await page.send(keyFrame(), true);
  await stage.relay.handlers['share:unwatch-stream']({ shareId: stage.record.shareId }, viewer.caller);
  stage.relay.handleSocketGone('desk-2');
  const { shareId } = stage.record;
  expect(stage.toldVisitor('share:stream-wanted')).toEqual([
    { shareId, isWanted: true },
    { shareId, isWanted: false },
  ]);
  await page.send([textAdded(9, 'unseen')]);
  expect(stage.relay.readNumbers()).toMatchObject({ keptBytes: 0, viewers: 0, refused: { unwanted: 1 } });
  expect(stage.audited.map(({ what }) => what)).toEqual(['share-watched', 'share-unwatched']);
  await openViewer(stage, 'desk-3');
  expect(stage.toldVisitor('share:key-wanted').length).toBeGreaterThan(0);
});
