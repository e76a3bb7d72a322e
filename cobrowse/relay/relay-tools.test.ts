import { createHash, randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { deflateRawSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import type { ShareAct, ShareGrantName, ShareMark } from '../../protocol/sharing.ts';
import { createRelayStage, keyFrame, openPage, openViewer, readFrames, textAdded } from './relay-fixture.ts';
import type { RelayStage, TestPage } from './relay-fixture.ts';

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(100_000, 7)]);
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const CLICK: ShareAct = { kind: 'click', at: { nodeId: 5, x: 0.5, y: 0.5 } };
const TYPE: ShareAct = { kind: 'type', nodeId: 5, text: 'secret words' };
const allow = (...grants: ShareGrantName[]) => ({ grants: grants.map((grant) => ({ grant, expiresAt: null })) });

function ask(
  stage: RelayStage,
  page: TestPage,
  caller: TestPage['caller'],
  act: ShareAct,
  actId: string = randomUUID(),
) {
  const { shareId } = stage.record;
  return stage.relay.handlers['share:ask-act']({ shareId, tabId: page.tabId, epoch: page.epoch, actId, act }, caller);
}

async function watchedPage(options: Parameters<typeof createRelayStage>[0] = {}) {
  const stage = createRelayStage(options);
  const viewer = await openViewer(stage, 'desk-1');
  const page = await openPage(stage);
  await page.send(keyFrame(), true);
  return { stage, viewer, page, shareId: stage.record.shareId };
}

test('[B7] an act needs its own grant, reaches the one page, and its answer goes back to who asked', async () => {
  const { stage, viewer, page, shareId } = await watchedPage();
  await openPage(stage);
  await openViewer(stage, 'desk-2');
  await expect(ask(stage, page, viewer.caller, CLICK)).rejects.toMatchObject({ code: 'share-not-allowed' });
  stage.change(allow('scroll', 'navigate', 'point', 'draw'));
  await expect(ask(stage, page, viewer.caller, CLICK)).rejects.toMatchObject({ code: 'share-not-allowed' });
  stage.change(allow('click-and-type'));
  const actId = randomUUID();
  await ask(stage, page, viewer.caller, TYPE, actId);
  await ask(stage, page, viewer.caller, TYPE, actId);
  expect(stage.told.filter(({ name }) => name === 'share:act-asked')).toEqual([
    {
      socketId: page.caller.socketId,
      name: 'share:act-asked',
      payload: { shareId, tabId: page.tabId, epoch: page.epoch, actId, act: TYPE, agentName: 'Ada Keller' },
    },
  ]);
  await stage.relay.handlers['share:report-act']({ shareId, actId, refusal: null }, page.caller);
  await stage.relay.handlers['share:report-act']({ shareId, actId, refusal: 'gone' }, page.caller);
  expect(stage.toldTo('desk-1', 'share:act-answered')).toEqual([{ shareId, actId, refusal: null }]);
  expect(stage.toldTo('desk-2', 'share:act-answered')).toEqual([]);
});

test('[B12] each act is in the audit log by kind and node, and never with what was typed', async () => {
  const { stage, viewer, page, shareId } = await watchedPage({ record: allow('click-and-type') });
  const actId = randomUUID();
  await ask(stage, page, viewer.caller, TYPE, actId);
  await stage.relay.handlers['share:report-act']({ shareId, actId, refusal: 'private' }, page.caller);
  const opened: ShareAct = { kind: 'open', url: 'https://shop.example.com/?token=secret' };
  await expect(ask(stage, page, viewer.caller, opened)).rejects.toMatchObject({ code: 'share-not-allowed' });
  const acts = stage.audited.filter(({ what }) => what.startsWith('act-'));
  expect(acts.map(({ what, data }) => [what, data])).toEqual([
    ['act-refused', { kind: 'type', nodeId: 5, tabId: page.tabId, refusal: 'private' }],
    ['act-refused', { kind: 'open', nodeId: null, tabId: page.tabId, refusal: 'not-granted' }],
  ]);
  expect(JSON.stringify(stage.audited)).not.toContain('secret');
});

test('[B7] a page of another site is refused before the visitor is asked, unless the site has listed it', async () => {
  const { stage, viewer, page, shareId } = await watchedPage({ record: allow('navigate') });
  const open = (url: string, actId: string) => ask(stage, page, viewer.caller, { kind: 'open', url }, actId);
  const [far, own, listed] = [randomUUID(), randomUUID(), randomUUID()];
  await open('https://evil.example/?token=secret', far);
  await open('https://shop.example.com/help', own);
  await open('https://pay.example/now', listed);
  expect(stage.toldTo('desk-1', 'share:act-answered')).toEqual([{ shareId, actId: far, refusal: 'elsewhere' }]);
  const asked = stage.toldVisitor('share:act-asked') as { actId: string }[];
  expect(asked.map(({ actId }) => actId)).toEqual([own, listed]);
  const acts = stage.audited.filter(({ what }) => what === 'act-refused');
  expect(acts.map(({ data }) => data['refusal'])).toEqual(['elsewhere']);
  expect(JSON.stringify(acts)).not.toContain('secret');
});

test('[B7] no act while paused, for another epoch, by who does not watch, with a grant that has run out', async () => {
  const { stage, viewer, page } = await watchedPage({ record: allow('click-and-type') });
  const other = { ...viewer.caller, socketId: 'desk-9' };
  await expect(ask(stage, page, other, CLICK)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(ask(stage, { ...page, epoch: 9 }, viewer.caller, CLICK)).rejects.toMatchObject({ code: 'stale-stream' });
  await expect(ask(stage, page, page.caller, CLICK)).rejects.toMatchObject({ code: 'forbidden' });
  stage.change({ phase: 'paused' });
  await expect(ask(stage, page, viewer.caller, CLICK)).rejects.toMatchObject({ code: 'share-not-allowed' });
  stage.change({ phase: 'live', grants: [{ grant: 'click-and-type', expiresAt: stage.clock.now + 1_000 }] });
  await ask(stage, page, viewer.caller, CLICK);
  stage.clock.now += 1_001;
  await expect(ask(stage, page, viewer.caller, CLICK)).rejects.toMatchObject({ code: 'share-not-allowed' });
  stage.change({ phase: 'ended' });
  await expect(ask(stage, page, viewer.caller, CLICK)).rejects.toMatchObject({ code: 'share-ended' });
  const refused = stage.audited.filter(({ what }) => what === 'act-refused').map(({ data }) => data['refusal']);
  expect(refused).toEqual([
    'forbidden',
    'stale-stream',
    'forbidden',
    'not-granted',
    'not-granted',
    'unanswered',
    'share-ended',
  ]);
});

test('[B7] an act that is sent again is not done again, and too many at once are refused, not lost', async () => {
  const { stage, viewer, page, shareId } = await watchedPage({
    record: allow('click-and-type'),
    limits: { maxPendingActs: 2 },
  });
  const asked = () => stage.told.filter(({ name }) => name === 'share:act-asked').length;
  const actId = randomUUID();
  for (let count = 0; count < 3; count += 1) await ask(stage, page, viewer.caller, CLICK, actId);
  expect(asked()).toBe(1);
  await stage.relay.handlers['share:report-act']({ shareId, actId, refusal: null }, page.caller);
  await ask(stage, page, viewer.caller, CLICK, actId);
  expect(asked()).toBe(1);
  expect(stage.toldTo('desk-1', 'share:act-answered')).toEqual([{ shareId, actId, refusal: null }]);
  await ask(stage, page, viewer.caller, CLICK);
  await ask(stage, page, viewer.caller, CLICK);
  await expect(ask(stage, page, viewer.caller, CLICK)).rejects.toMatchObject({ code: 'rate-limited' });
  expect(stage.relay.readNumbers().acts).toEqual({ done: 1, 'rate-limited': 1 });
});

test('[B7] another page cannot answer an act, and one that nobody answers is refused in the end', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const { stage, viewer, page, shareId } = await watchedPage({ record: allow('click-and-type') });
    const other = await openPage(stage);
    const actId = randomUUID();
    await ask(stage, page, viewer.caller, CLICK, actId);
    await stage.relay.handlers['share:report-act']({ shareId, actId, refusal: null }, other.caller);
    expect(stage.toldTo('desk-1', 'share:act-answered')).toEqual([]);
    vi.advanceTimersByTime(60_000);
    expect(stage.toldTo('desk-1', 'share:act-answered')).toEqual([{ shareId, actId, refusal: 'not-possible' }]);
  } finally {
    vi.useRealTimers();
  }
});

test('[B6] agents point and draw only as they may, visitors as they like, and the sender does not hear it', async () => {
  const { stage, viewer, page, shareId } = await watchedPage();
  await openViewer(stage, 'desk-2', 'agent-2');
  const pointer: ShareMark = { kind: 'pointer', at: { nodeId: 5, x: 0.1, y: 0.2 } };
  const ink: ShareMark = { kind: 'ink', strokeId: 1, points: [{ nodeId: 5, x: 0, y: 0 }], isEnd: true };
  const place = { shareId, tabId: page.tabId, epoch: page.epoch };
  const mark = (caller: TestPage['caller'], ...marks: ShareMark[]) =>
    stage.relay.handlers['share:send-marks']({ ...place, marks }, caller);
  await expect(mark(viewer.caller, pointer)).rejects.toMatchObject({ code: 'share-not-allowed' });
  stage.change(allow('point'));
  await expect(mark(viewer.caller, pointer, ink)).rejects.toMatchObject({ code: 'share-not-allowed' });
  await mark(viewer.caller, pointer);
  await mark(page.caller, ink);
  const made = stage.told.filter(({ name }) => name === 'share:marks-made');
  expect(made.map(({ socketId }) => socketId)).toEqual(['desk-2', page.caller.socketId, 'desk-1', 'desk-2']);
  expect(made[0]?.payload).toEqual({ ...place, from: 'agent', name: 'Ada Keller', marks: [pointer] });
  expect(made[2]?.payload).toEqual({ ...place, from: 'visitor', name: 'Grace Hofer', marks: [ink] });
  for (let count = 0; count < 500; count += 1) await mark(viewer.caller, pointer);
  expect(stage.told.filter(({ name }) => name === 'share:marks-made').length).toBeLessThan(4 + 2 * 100);
});

test('[SH53] what the visitor draws on all pages together is counted apart from what agents draw, and goes on in time', async () => {
  const { stage, viewer, page, shareId } = await watchedPage({ record: allow('point') });
  const other = await openPage(stage);
  const pointer: ShareMark = { kind: 'pointer', at: { nodeId: 5, x: 0.1, y: 0.2 } };
  const mark = (caller: TestPage['caller'], { tabId, epoch }: TestPage) =>
    stage.relay.handlers['share:send-marks']({ shareId, tabId, epoch, marks: [pointer] }, caller);
  const countMade = (from: 'visitor' | 'agent') =>
    stage.told.filter(({ name, payload }) => name === 'share:marks-made' && (payload as { from: string }).from === from)
      .length;
  for (let count = 0; count < 100; count += 1) for (const each of [page, other]) await mark(each.caller, each);
  expect(countMade('visitor')).toBe(80);
  await mark(viewer.caller, page);
  expect(countMade('agent')).toBe(1);
  stage.clock.now += 1_000;
  for (let count = 0; count < 100; count += 1) await mark(page.caller, page);
  expect(countMade('visitor')).toBe(80 + 40);
});

test('[B5] a picture is sent once, in pieces, checked by hash and content, and waited for', async () => {
  const { stage, viewer, page, shareId } = await watchedPage();
  const token = viewer.assetPath.split('/')[2] ?? '';
  const place = { shareId, tabId: page.tabId, epoch: page.epoch };
  const send = (assetKey: number, bytes: Buffer, offset: number, data: Buffer | null, hash = hashOf(bytes)) =>
    stage.relay.handlers['share:send-asset'](
      { ...place, assetKey, hash, url: null, offset, totalBytes: bytes.length, data },
      page.caller,
    );
  const waiting = stage.relay.findAsset(token, page.epoch, page.tabId, 1);
  expect(await send(1, PNG, 0, null)).toEqual({ isKnown: false });
  await send(1, PNG, 0, PNG.subarray(0, 60_000));
  await send(1, PNG, 60_000, PNG.subarray(60_000));
  expect(await waiting).toEqual({ contentType: 'image/png', bytes: PNG });
  expect(await send(2, PNG, 0, null)).toEqual({ isKnown: true });
  expect(await stage.relay.findAsset(token, page.epoch, page.tabId, 2)).toMatchObject({ contentType: 'image/png' });

  const page2 = Buffer.from('<html><script>alert(1)</script></html>');
  await send(3, page2, 0, page2);
  expect(await stage.relay.findAsset(token, page.epoch, page.tabId, 3)).toBeUndefined();
  await send(4, PNG, 0, PNG.subarray(0, 60_000), 'a'.repeat(64));
  await send(4, PNG, 60_000, PNG.subarray(60_000), 'a'.repeat(64));
  expect(await stage.relay.findAsset(token, page.epoch, page.tabId, 4)).toBeUndefined();
  await send(5, PNG, 0, PNG.subarray(0, 1_000));
  await expect(send(5, PNG, 500, PNG.subarray(500, 1_000))).resolves.toBeDefined();

  expect(await stage.relay.findAsset('x'.repeat(43), page.epoch, page.tabId, 1)).toBeUndefined();
  expect(await stage.relay.findAsset(token, page.epoch + 1, page.tabId, 1)).toBeUndefined();
  stage.relay.shut(shareId, 2);
  expect(await stage.relay.findAsset(token, page.epoch, page.tabId, 1)).toBeUndefined();
  expect(stage.relay.readNumbers().assetBytes).toBe(0);
});

test('[O5] no more pictures are kept than a share may have', async () => {
  const { stage, page, shareId } = await watchedPage({ limits: { maxShareAssetBytes: 250_000, maxShareAssets: 5 } });
  const send = (assetKey: number, bytes: Buffer) =>
    stage.relay.handlers['share:send-asset'](
      {
        shareId,
        tabId: page.tabId,
        epoch: page.epoch,
        assetKey,
        hash: hashOf(bytes),
        url: null,
        offset: 0,
        totalBytes: bytes.length,
        data: bytes,
      },
      page.caller,
    );
  const variant = (byte: number): Buffer => Buffer.concat([PNG.subarray(0, 16), Buffer.alloc(59_000, byte)]);
  for (let key = 0; key < 4; key += 1) await send(key, variant(key));
  await expect(send(4, variant(4))).rejects.toMatchObject({ code: 'limit-reached' });
  await expect(send(5, variant(5))).rejects.toMatchObject({ code: 'limit-reached' });
  expect(stage.relay.readNumbers().assetBytes).toBeLessThanOrEqual(250_000);
});

test('[B3] a picture that is fetched while its scope is shut is not kept', async () => {
  let finish: (asset: { contentType: string; bytes: Uint8Array }) => void = () => undefined;
  const fetched = new Promise<{ contentType: string; bytes: Uint8Array }>((resolve) => (finish = resolve));
  const { stage, viewer, page, shareId } = await watchedPage({ assets: { fetchPublic: () => fetched } });
  const place = { shareId, tabId: page.tabId, epoch: page.epoch };
  await stage.relay.handlers['share:send-asset'](
    { ...place, assetKey: 1, hash: null, url: 'https://cdn.example/x.png', offset: 0, totalBytes: null, data: null },
    page.caller,
  );
  const waiting = stage.relay.findAsset(viewer.assetPath.split('/')[2] ?? '', page.epoch, page.tabId, 1);
  stage.relay.shut(shareId, 2);
  expect(await waiting).toBeUndefined();
  finish({ contentType: 'image/png', bytes: Buffer.from(PNG) });
  await nextTurn();
  expect(stage.relay.readNumbers().assetBytes).toBe(0);
});

test('[O5] what unpacks to far more than it claims ends the stream, and nothing else', async () => {
  const { stage, page } = await watchedPage({ limits: { maxKeyBytes: 3_000_000, maxDeltaBytes: 1_500_000 } });
  const other = await openPage(stage);
  const bomb = deflateRawSync(`[${'1,'.repeat(2_500_000)}1]`);
  const pieces: Buffer[] = [];
  for (let from = 0; from < bomb.length; from += 60_000) pieces.push(bomb.subarray(from, from + 60_000));
  await expect(page.sendPieces(pieces, true, page.nextSeq)).rejects.toMatchObject({ code: 'too-large' });
  await expect(page.send([textAdded(9, 'x')])).rejects.toMatchObject({ code: 'stale-stream' });
  await other.send(keyFrame(), true);
  await other.send([textAdded(9, 'goes on')]);
  expect((await readFrames(stage, 'desk-1', other.tabId)).at(-1)?.text).toContain('goes on');
  expect(stage.relay.readNumbers()).toMatchObject({ streams: 1, refused: { 'too-large': 1 } });
});

test('[O5] bytes that are no frame, an early end and a torn frame ask for a key frame and go on', async () => {
  const { stage, page } = await watchedPage();
  const good = () => page.send(keyFrame([{ type: 3, id: 6, textContent: 'whole again' }]), true);
  const wrongs: [string, Buffer[]][] = [
    ['noise', [Buffer.alloc(500, 0xa7)]],
    ['ended', [deflateRawSync('[]'), Buffer.from('more')]],
    ['torn', (await page.pack([textAdded(10, 'x'.repeat(500))])).map((piece) => piece.subarray(0, 20))],
  ];
  for (const [what, pieces] of wrongs) {
    stage.clock.now += 20_000;
    const asked = stage.toldVisitor('share:key-wanted').length;
    await page.sendPieces(pieces, what === 'ended', page.nextSeq);
    page.nextSeq += 1;
    if (what === 'ended') await page.sendPieces(pieces, false, page.nextSeq++);
    expect(stage.toldVisitor('share:key-wanted').length, what).toBe(asked + 1);
    await good();
  }
  expect((await readFrames(stage, 'desk-1', page.tabId)).at(-1)?.text).toContain('whole again');
});

test('[O5] a page that floods is cut off with a clear code', async () => {
  const { stage, page } = await watchedPage({ limits: { piecesAtOnce: 50, piecesPerSecond: 10 } });
  const flood = async (): Promise<void> => {
    for (let count = 0; count < 60; count += 1) await page.send([]);
  };
  await expect(flood()).rejects.toMatchObject({ code: 'rate-limited' });
  expect(stage.relay.readNumbers()).toMatchObject({ streams: 0, refused: { 'too-many': 1 } });
});

test('[B3] at whatever moment the scope is shut, nothing comes out after it', async () => {
  for (let turns = 0; turns < 40; turns += 1) {
    const { stage, page, shareId } = await watchedPage();
    const big = 'x'.repeat(20_000);
    const packed = [];
    for (let id = 10; id < 16; id += 1) packed.push(await page.pack([textAdded(id, `${big}${id}`)]));
    const sending = packed.map((pieces, index) => page.sendPieces(pieces, false, index + 1));
    for (let turn = 0; turn < turns; turn += 1) await (turn % 2 === 0 ? Promise.resolve() : nextTurn());
    stage.relay.shut(shareId, 2);
    const before = stage.toldTo('desk-1', 'share:frame-arrived').length;
    await Promise.allSettled(sending);
    await nextTurn();
    expect(stage.toldTo('desk-1', 'share:frame-arrived')).toHaveLength(before);
    stage.relay.close();
  }
});

test('[B5] a long tail asks for a fresh key frame, once in ten seconds', async () => {
  const { stage, page } = await watchedPage({ limits: { tailFrames: 5 } });
  const asked = () => stage.toldVisitor('share:key-wanted').length;
  for (let id = 10; id < 30; id += 1) await page.send([textAdded(id, 'x')]);
  expect(asked()).toBe(1);
  stage.clock.now += 10_001;
  await page.send([textAdded(40, 'x')]);
  expect(asked()).toBe(2);
});

test('[B8] the strip follows the pages: front, title, navigating, gone', async () => {
  const { stage, page, shareId } = await watchedPage();
  const second = await openPage(stage, { socketId: 'page-two', isFront: true });
  const tabs = () =>
    stage
      .toldTo('desk-1', 'share:tabs-changed')
      .at(-1)
      ?.tabs.map((tab) => [tab.tabId, tab.isFront, tab.state]);
  expect(tabs()).toEqual([
    [page.tabId, false, 'streaming'],
    [second.tabId, true, 'streaming'],
  ]);
  stage.relay.handleSocketGone('page-two');
  expect(tabs()?.[1]).toEqual([second.tabId, true, 'navigating']);
  expect(stage.presence).toEqual([true]);
  const again = await openPage(stage, { socketId: 'page-three', tabId: second.tabId });
  expect(again.epoch).toBeGreaterThan(second.epoch);
  await stage.relay.handlers['share:close-stream'](
    { shareId, tabId: second.tabId, epoch: again.epoch, because: 'stopped' },
    again.caller,
  );
  await stage.relay.handlers['share:close-stream'](
    { shareId, tabId: page.tabId, epoch: page.epoch, because: 'navigating' },
    page.caller,
  );
  expect(tabs()).toEqual([[page.tabId, false, 'navigating']]);
  expect(stage.presence).toEqual([true, false]);
});

test('[C9] who may no longer use the conversation stops seeing the page', async () => {
  const barred = new Set<string>();
  const { stage, page } = await watchedPage({ barred });
  await openViewer(stage, 'desk-2', 'agent-2');
  barred.add('agent-1');
  stage.change({});
  await nextTurn();
  expect(stage.toldTo('desk-1', 'share:view-cleared')).toHaveLength(1);
  await page.send([textAdded(9, 'for the other')]);
  expect(stage.toldTo('desk-1', 'share:frame-arrived')).toHaveLength(1);
  expect(stage.toldTo('desk-2', 'share:frame-arrived')).toHaveLength(2);
});
