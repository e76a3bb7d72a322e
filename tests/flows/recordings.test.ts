import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPacker, keyFrame, textAdded } from '../../cobrowse/relay/relay-fixture.ts';
import type { ShareId } from '../../protocol/ids.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { readStored } from '../_support/stored-recording.ts';
import { answeredConversation, openReadyAgent, openWorkspace } from '../_support/story.ts';
import type { AgentPage, VisitorPage } from '../_support/story.ts';
import { refusalOf } from './hostile-world.ts';
import { openRecording, readRecording } from './recording-world.ts';
import { allowShare, createClock, nextShare, onePart, readAudit } from './sharing-world.ts';

const DAY_MS = 86_400_000;
const RECORDING_TABLES = ['recordings', 'recordingChunks', 'recordingMarks', 'recordingAssets'] as const;
/** The smallest picture there is. */
const GIF = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=', 'base64');

/** A page of the visitor that streams whatever it is told to. */
async function openStream(visitor: VisitorPage, shareId: ShareId, tabId: string = randomUUID()) {
  const page = { url: 'https://shop.example.com/cart', title: 'Cart' };
  const opened = await visitor.request('share:open-stream', { shareId, tabId, page, isFront: true });
  const place = { shareId, tabId, epoch: opened.epoch };
  const pack = createPacker();
  let seq = 0;
  const send = async (events: readonly object[], isKey = false): Promise<void> => {
    const [data] = await pack(events, isKey);
    if (!data) throw new Error('Nothing to send.');
    const { scopeNumber } = opened;
    await visitor.request('share:send-frame', { ...place, scopeNumber, seq: seq++, isKey, isLast: true, data });
  };
  return {
    ...place,
    sendKey: (text: string) => send(keyFrame([{ type: 3, id: 6, textContent: text }]), true),
    sendText: (text: string) => send([textAdded(100 + seq, text)]),
  };
}

describe('what is kept of a shared page', () => {
  let server: TestServer;
  let agent: AgentPage;
  const clock = createClock();
  beforeAll(async () => {
    const lamps = { key: 'lamps', name: 'Lamps', coBrowse: { recording: 'ask' as const, recordingDays: 7 } };
    server = await startServer({
      sites: [lamps, { key: 'silent', name: 'Silent' }],
      overrides: { now: clock.now },
      timing: { visitorGraceMs: 3_600_000, agentGraceMs: 3_600_000 },
    });
    agent = await openReadyAgent(server, { chatCap: 100, siteKey: 'lamps' });
  });
  afterAll(() => server.close());

  /** A page that is shared and watched. */
  async function shared({ mayBeRecorded = true, siteKey = 'lamps', by = agent } = {}) {
    const story = await answeredConversation(server, { agent: by, ask: { siteKey } });
    const { shareId } = await allowShare(story.visitor, story.conversationId, { mayBeRecorded });
    await by.request('share:watch-stream', { shareId });
    const stream = await openStream(story.visitor, shareId);
    await stream.sendKey('two lamps');
    return { ...story, shareId, stream };
  }
  const endShare = async (visitor: VisitorPage, shareId: ShareId): Promise<void> => {
    await visitor.request('share:end-share', { shareId });
  };
  const storedOf = (shareId: ShareId) =>
    server.read(async (db) =>
      Promise.all(
        RECORDING_TABLES.map(async (table) => {
          const rows = await db.selectFrom(table).select('shareId').where('shareId', '=', shareId).execute();
          return rows.length;
        }),
      ),
    );
  const isStored = async (shareId: ShareId, words = 'two lamps'): Promise<void> => {
    await expect.poll(() => server.read((db) => readStored(db, shareId))).toContain(words);
  };

  test('[B10] what the agent saw is kept and comes back, frame by frame, with the pages it was', async () => {
    const { visitor, shareId, stream, conversationId } = await shared();
    await stream.sendText('three lamps');
    await endShare(visitor, shareId);
    await isStored(shareId, 'three lamps');
    const { recordings } = await agent.request('recording:list-recordings', { conversationId });
    expect(recordings).toMatchObject([{ shareId, isRunning: false }]);
    const recording = await readRecording(agent, shareId);
    expect(recording.frames.map(({ seq, isKey }) => [seq, isKey])).toEqual([
      [0, true],
      [1, false],
    ]);
    expect(recording.text).toContain('two lamps');
    expect(recording.text).toContain('three lamps');
    const tabs = recording.marks.flatMap((mark) => (mark.kind === 'tabs' ? [mark.tabs] : []));
    expect(tabs.flat()).toContainEqual(expect.objectContaining({ title: 'Cart', isFront: true, epoch: 1 }));
    expect(tabs.at(-1), 'after END there is no page').toEqual([]);
  });

  test('[SH20] without the visitor’s tick, or on a site that does not record, nothing is kept', async () => {
    const unticked = await shared({ mayBeRecorded: false });
    const other = await openReadyAgent(server, { chatCap: 10, siteKey: 'silent' });
    const silent = await shared({ siteKey: 'silent', by: other });
    const ticked = await shared();
    for (const { visitor, shareId, stream } of [unticked, silent, ticked]) {
      await stream.sendText('a line');
      await endShare(visitor, shareId);
    }
    await isStored(ticked.shareId);
    for (const { shareId, conversationId } of [unticked, silent]) {
      expect(await storedOf(shareId)).toEqual([0, 0, 0, 0]);
      const by = shareId === silent.shareId ? other : agent;
      expect(await by.request('recording:list-recordings', { conversationId })).toEqual({ recordings: [] });
      expect(await refusalOf(by, 'recording:open-recording', { shareId })).toBe('not-found');
    }
    other.close();
  });

  test('[SH21] while nobody looks nothing is sent, so nothing is kept, and the recording says so', async () => {
    const { visitor, shareId, stream } = await shared();
    await agent.request('share:unwatch-stream', { shareId });
    await stream.sendText('unseen words');
    await agent.request('share:watch-stream', { shareId });
    await stream.sendKey('seen again');
    await endShare(visitor, shareId);
    await isStored(shareId, 'seen again');
    const recording = await readRecording(agent, shareId);
    expect(recording.text).not.toContain('unseen words');
    expect(recording.text).toContain('seen again');
    expect(recording.marks.map(({ kind }) => kind)).toContain('unwatched');
  });

  test('[SH26] what was kept before narrowing stays, and of what is narrowed away nothing comes in', async () => {
    const { visitor, shareId, stream } = await shared();
    await stream.sendText('before narrowing');
    const late = Array.from({ length: 10 }, (_, index) =>
      stream.sendText(`late words ${index}`).catch(() => 'refused'),
    );
    await Promise.all([visitor.request('share:change-scope', { shareId, scope: onePart }), ...late]);
    const text = await stream.sendText('after narrowing').catch(({ code }: { code: string }) => code);
    expect(text).toBe('stale-stream');
    const part = await openStream(visitor, shareId, stream.tabId);
    await part.sendKey('the part alone');
    await endShare(visitor, shareId);
    await isStored(shareId, 'the part alone');
    const recording = await readRecording(agent, shareId);
    expect(recording.text).toContain('before narrowing');
    expect(recording.text).toContain('the part alone');
    expect(recording.text).not.toContain('after narrowing');
    const scopes = recording.frames.map(({ scopeNumber }) => scopeNumber);
    expect(
      scopes.toSorted((one, other) => one - other),
      'once it is narrower it stays so',
    ).toEqual(scopes);
  });

  test('[SH27] pictures are kept with it, and shown to who plays it, for as long as it is open', async () => {
    const { visitor, shareId, stream } = await shared();
    const hash = createHash('sha256').update(GIF).digest('hex');
    const { tabId, epoch } = stream;
    const asset = { shareId, tabId, epoch, assetKey: 7, hash, url: null, offset: 0, totalBytes: GIF.length, data: GIF };
    await visitor.request('share:send-asset', asset);
    await endShare(visitor, shareId);
    await isStored(shareId);
    const opened = await agent.request('recording:open-recording', { shareId });
    const address = `${server.url}${opened.assetPath}${epoch}/${tabId}/7`;
    const answer = await fetch(address);
    expect(answer.headers.get('content-type')).toBe('image/gif');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(GIF);
    expect((await fetch(`${server.url}${opened.assetPath}${epoch}/${tabId}/8`)).status).toBe(404);
    await agent.request('recording:close-recording', { playbackId: opened.playbackId });
    expect((await fetch(address)).status).toBe(404);
  });

  test('[SH29] colleagues of the department and admins may look, strangers to it may not, and each look is on record', async () => {
    const { visitor, shareId, conversationId } = await shared();
    await endShare(visitor, shareId);
    await isStored(shareId);
    const colleague = await openReadyAgent(server, { name: 'Ben Same', siteKey: 'lamps' });
    const stranger = await openReadyAgent(server, { name: 'Eve Other', siteKey: 'silent' });
    const admin = await openWorkspace(server, { ...server.admin, agentId: agent.agentId, name: 'Admin' });
    for (const [name, input] of [
      ['recording:open-recording', { shareId }],
      ['recording:list-recordings', { conversationId }],
      ['recording:list-history', { conversationId }],
    ] as const) {
      expect(await refusalOf(stranger, name, input)).toBe('not-found');
    }
    const { playbackId } = await colleague.request('recording:open-recording', { shareId });
    await admin.request('recording:open-recording', { shareId });
    // What one page has opened is of no use to another one, nor is what was made up.
    for (const thief of [stranger, agent]) {
      expect(await refusalOf(thief, 'recording:list-chunks', { playbackId })).toBe('not-found');
    }
    expect(await refusalOf(colleague, 'recording:list-chunks', { playbackId: 'x'.repeat(43) })).toBe('not-found');
    const { entries } = await agent.request('recording:list-history', { conversationId });
    const watched = entries.filter(({ what }) => what === 'recording-watched');
    expect(watched.map(({ actorName }) => actorName)).toEqual(['Ben Same', expect.any(String)]);
    for (const page of [colleague, stranger, admin]) page.close();
  });

  test('[SH29] forged places are refused and give nothing of another recording', async () => {
    const [mine, other] = [await shared(), await shared()];
    for (const { visitor, shareId } of [mine, other]) {
      await endShare(visitor, shareId);
      await isStored(shareId);
    }
    const { playbackId } = await agent.request('recording:open-recording', { shareId: mine.shareId });
    const theirs = await openRecording(agent, other.shareId);
    const chunkId = theirs.chunks[0]?.chunkId ?? '';
    const ask = (input: object) => refusalOf(agent, 'recording:fetch-chunk', { playbackId, chunkId, ...input });
    expect(await ask({})).toBe('not-found');
    expect(await ask({ chunkId: randomUUID() })).toBe('not-found');
    for (const offset of [-1, 0.5, 2 ** 40, '0', null]) expect(await ask({ offset })).toBe('bad-input');
    expect(await ask({ chunkId: "' or 1=1" })).toBe('bad-input');
    expect(await ask({ playbackId: '../'.repeat(14) })).toBe('bad-input');
    const own = (await openRecording(agent, mine.shareId)).chunks[0];
    const piece = await agent.request('recording:fetch-chunk', {
      playbackId,
      chunkId: own?.chunkId ?? '',
      offset: 0x7fff_ffff,
    });
    expect(piece.data.byteLength).toBe(0);
  });

  test('[B12] the history says in order who asked, allowed, looked and ended, also without a recording', async () => {
    const { visitor, shareId, conversationId } = await shared({ mayBeRecorded: false });
    await visitor.request('share:set-grant', { shareId, grant: 'scroll', isGranted: true });
    await endShare(visitor, shareId);
    await nextShare(agent, ({ shareId: id, phase }) => id === shareId && phase === 'ended');
    const { entries } = await agent.request('recording:list-history', { conversationId });
    expect(entries.every((entry) => entry.shareId === shareId && !('shareId' in entry.data))).toBe(true);
    const told = entries.map(({ what, actor, actorName }) => `${what} ${actor} ${actorName}`);
    expect(told).toEqual(
      expect.arrayContaining([
        'share-allowed visitor Grace Hofer',
        `share-watched agent ${agent.account.name}`,
        'grant-given visitor Grace Hofer',
        'share-ended visitor Grace Hofer',
      ]),
    );
    expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).toSorted((one, other) => one - other));
  });

  test('[SH28] after the days that the site keeps it a recording is erased, and the log says so', async () => {
    const { visitor, shareId, conversationId } = await shared();
    await endShare(visitor, shareId);
    await isStored(shareId);
    clock.forward(6 * DAY_MS);
    const young = await shared();
    await endShare(young.visitor, young.shareId);
    await isStored(young.shareId);
    clock.forward(2 * DAY_MS);
    // Her session has run out as well.
    agent = await openReadyAgent(server, { chatCap: 100, siteKey: 'lamps' });
    await expect.poll(() => storedOf(shareId)).toEqual([0, 0, 0, 0]);
    expect((await storedOf(young.shareId))[0]).toBe(1);
    await expect
      .poll(async () => (await readAudit(server, conversationId)).map(({ what }) => what))
      .toContain('recording-erased');
    expect(await agent.request('recording:list-recordings', { conversationId })).toEqual({ recordings: [] });
  });
});
