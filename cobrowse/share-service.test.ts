import { v7 as uuid } from 'uuid';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ConversationId, ShareId } from '../protocol/ids.ts';
import { shareGrantName, type ShareScope } from '../protocol/sharing.ts';
import type { ShareGate, ShareRelay } from './relay/relay.ts';
import type { ShareCaller, ShareHost } from './share-host.ts';
import { createShareService, type ShareService } from './share-service.ts';
import { createMemoryShareStore } from './share-store-memory.ts';

const conversationId = uuid() as ConversationId;
const page: ShareScope = { kind: 'page', hiddenParts: 0 };
const part: ShareScope = { kind: 'part', hiddenParts: 0 };

const callerOf = (party: 'visitor' | 'agent', fields: Partial<ShareCaller> = {}): ShareCaller => ({
  party,
  personId: `the ${party}`,
  socketId: `page of the ${party}`,
  mayUse: async (id) => id === conversationId,
  ...fields,
});
const visitor = callerOf('visitor');
const agent = callerOf('agent');
const stranger = callerOf('visitor', { personId: 'a stranger', mayUse: async () => false });

describe('what is shut, and when', () => {
  /** What happened, in order: `shut`, and each question to the database. */
  let steps: string[];
  let service: ShareService;
  let gate: ShareGate;
  let told: string[];
  let notices: string[];
  let clock: number;
  let store: ReturnType<typeof createMemoryShareStore>;
  let isAgentThere: boolean;

  function start(): ShareService {
    const relay = {
      handlers: {} as ShareRelay['handlers'],
      shut: (_shareId: ShareId, scopeNumber: number) => void steps.push(`shut ${scopeNumber}`),
      handleChanged: ({ phase }) => void steps.push(`relay hears ${phase}`),
      watcherNamesOf: () => ['Mira'],
      handleSocketGone: (socketId) => void steps.push(`relay loses ${socketId}`),
      findAsset: async () => undefined,
      readNumbers: () => {
        throw new Error('Nobody counts here.');
      },
      close() {},
    } satisfies ShareRelay;
    const host: ShareHost = {
      now: () => clock,
      nodeId: 'node-1',
      log: { debug() {}, info() {}, warn() {}, error: (_fields, message) => void steps.push(`error: ${message}`) },
      shares: {
        ...store,
        async findShare(shareId) {
          steps.push('reads');
          return store.findShare(shareId);
        },
        async saveShare(...given) {
          steps.push('writes');
          return store.saveShare(...given);
        },
      },
      findDeserted: async (ids) => new Set(isAgentThere ? [] : ids),
      findParticipants: async () => ({
        phase: 'active',
        visitor: { personId: visitor.personId, name: 'Grace' },
        agent: { personId: agent.personId, name: 'Mira' },
        settings: {
          offersCoBrowse: true,
          offersScreen: true,
          mayChangeScope: true,
          defaultGrants: ['point'],
          offeredGrants: shareGrantName.options,
          grantMs: 600_000,
          mayRecord: true,
          openableOrigins: [],
        },
      }),
      tellConversation: (_id, name, payload) => void told.push(`${name} ${JSON.stringify(payload)}`),
      tellVisitor() {},
      tellVisitorPage() {},
      tellAgentPage() {},
      addNotice: async (_id, notice) => void notices.push(notice),
      audit: async () => {},
    };
    return createShareService({
      host,
      shutScreen: () => void steps.push('screen shut'),
      openRelay(given) {
        gate = given;
        return relay;
      },
    });
  }

  async function shared(): Promise<ShareId> {
    const { share } = await service.handlers['share:allow-share'](
      { conversationId, shareId: null, scope: page, mayBeRecorded: false },
      visitor,
    );
    await gate.requireShare(share.shareId, visitor);
    await gate.requireShare(share.shareId, agent);
    steps = [];
    return share.shareId;
  }

  beforeEach(() => {
    [steps, told, notices, clock] = [[], [], [], 1_000_000];
    isAgentThere = true;
    store = createMemoryShareStore();
    service = start();
  });

  const narrowings: [string, (shareId: ShareId) => Promise<unknown>, string][] = [
    [
      'narrowing',
      (shareId) => service.handlers['share:change-scope']({ shareId, scope: part }, visitor),
      'relay hears allowed',
    ],
    [
      'pausing',
      (shareId) => service.handlers['share:pause-share']({ shareId, reason: 'by-visitor' }, visitor),
      'relay hears paused',
    ],
    [
      'END',
      (shareId) => service.handlers['share:end-share']({ shareId, reason: 'by-person' }, visitor),
      'relay hears ended',
    ],
    [
      'the agent’s end',
      (shareId) => service.handlers['share:end-share']({ shareId, reason: 'by-person' }, agent),
      'relay hears ended',
    ],
    ['the end of the conversation', () => service.handleConversationEnded(conversationId), 'relay hears ended'],
  ];
  test.each(narrowings)('[SH17] %s shuts the stream in the same turn, before the database is asked', async (...row) => {
    const [, narrow, heard] = row;
    const shareId = await shared();
    const done = narrow(shareId);
    expect(steps[0]).toBe('shut 2');
    await done;
    expect(steps.indexOf('writes')).toBeGreaterThan(0);
    expect(steps.at(-1)).toBe(heard);
  });

  test('[SH17] after a restart it is shut before it is written, as soon as it is known whose it is', async () => {
    const shareId = await shared();
    service = start();
    steps = [];
    await service.handlers['share:end-share']({ shareId, reason: 'by-person' }, visitor);
    expect(steps.indexOf('shut 2')).toBeGreaterThanOrEqual(0);
    expect(steps.indexOf('shut 2')).toBeLessThan(steps.indexOf('writes'));
  });

  test('[SH16] a stranger shuts nothing, and somebody who has handed it over neither', async () => {
    const shareId = await shared();
    await expect(service.handlers['share:end-share']({ shareId, reason: 'by-person' }, stranger)).rejects.toMatchObject(
      {
        code: 'not-found',
      },
    );
    service.handleConversationAccepted(conversationId);
    const former = callerOf('agent', { mayUse: async () => false });
    await expect(service.handlers['share:end-share']({ shareId, reason: 'by-person' }, former)).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(gate.requireShare(shareId, former)).rejects.toMatchObject({ code: 'not-found' });
    expect(steps.filter((step) => step.startsWith('shut'))).toEqual([]);
  });

  test('[SH6] what is forbidden shuts nothing', async () => {
    const shareId = await shared();
    await expect(service.handlers['share:pause-share']({ shareId, reason: 'by-visitor' }, agent)).rejects.toMatchObject(
      { code: 'invalid-transition' },
    );
    expect(steps.filter((step) => step.startsWith('shut'))).toEqual([]);
  });

  test('[SH17] two changes at once are shut one after the other, each with its own number', async () => {
    const shareId = await shared();
    await Promise.all([
      service.handlers['share:change-scope']({ shareId, scope: part }, visitor),
      service.handlers['share:end-share']({ shareId, reason: 'by-person' }, visitor),
    ]);
    const shuts = steps.filter((step) => step.startsWith('shut'));
    expect(shuts.slice(0, 2)).toEqual(['shut 2', 'shut 2']);
    expect(shuts.at(-1)).toBe('shut 3');
    expect(steps.lastIndexOf('shut 3')).toBeLessThan(steps.lastIndexOf('writes'));
  });

  test('[SH18] each page that begins gets a number of its own, also after a restart, and nobody hears of it', async () => {
    const shareId = await shared();
    const heard = told.length;
    expect((await gate.takeEpoch(shareId, visitor)).epoch).toBe(1);
    const [second, third] = await Promise.all([gate.takeEpoch(shareId, visitor), gate.takeEpoch(shareId, visitor)]);
    expect([second.epoch, third.epoch].toSorted()).toEqual([2, 3]);
    service = start();
    expect((await gate.takeEpoch(shareId, visitor)).epoch).toBe(4);
    expect(told.length).toBe(heard);
  });

  test('[SH18] no page begins while nothing may be sent', async () => {
    const shareId = await shared();
    await service.handlers['share:pause-share']({ shareId, reason: 'by-visitor' }, visitor);
    await expect(gate.takeEpoch(shareId, visitor)).rejects.toMatchObject({ code: 'stale-stream' });
    await service.handlers['share:end-share']({ shareId, reason: 'by-person' }, visitor);
    await expect(gate.takeEpoch(shareId, visitor)).rejects.toMatchObject({ code: 'share-ended' });
    const { share } = await service.handlers['share:share-screen'](
      { conversationId, shareId: null, surface: 'window' },
      visitor,
    );
    await expect(gate.takeEpoch(share.shareId, visitor)).rejects.toMatchObject({ code: 'stale-stream' });
  });

  test('[SH5] the first picture makes it live, once', async () => {
    const shareId = await shared();
    await gate.handleFirstFrame(shareId);
    await gate.handleFirstFrame(shareId);
    expect(steps.filter((step) => step === 'relay hears live')).toHaveLength(1);
    expect(notices).toEqual(['share-started']);
  });

  test('[B2] who watches is told with the share as it stands', async () => {
    const shareId = await shared();
    told = [];
    gate.handleWatchersChanged(shareId);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('"watchers":["Mira"]');
  });

  test('[SH10] a sharer who is gone is waited for, from a page that streams on nothing runs', async () => {
    const shareId = await shared();
    await gate.takeEpoch(shareId, visitor);
    expect((await store.findShare(shareId))?.sharerGraceUntil).toBeNull();
    await gate.handleSharerPresence(shareId, false);
    expect((await store.findShare(shareId))?.sharerGraceUntil).toBe(clock + 60_000);
    await gate.handleSharerPresence(shareId, true);
    expect((await store.findShare(shareId))?.dueAt).toBeNull();
    await gate.handleSharerPresence(shareId, false);
    clock += 60_000;
    await service.sweep(clock);
    expect(await store.findShare(shareId)).toMatchObject({ phase: 'ended', endReason: 'sharer-left' });
  });

  test('[SH41] an agent who is gone is waited for, and found back also where nobody has said so', async () => {
    const shareId = await shared();
    await gate.takeEpoch(shareId, visitor);
    isAgentThere = false;
    told = [];
    await service.sweep(clock);
    await expect.poll(async () => (await store.findShare(shareId))?.viewerGraceUntil).toBe(clock + 60_000);
    expect(told).toEqual([]);
    isAgentThere = true;
    clock += 60_000;
    await service.sweep(clock);
    expect(await store.findShare(shareId)).toMatchObject({ phase: 'allowed', viewerGraceUntil: null, dueAt: null });
    isAgentThere = false;
    await service.sweep(clock);
    clock += 60_000;
    await service.sweep(clock);
    expect(await store.findShare(shareId)).toMatchObject({ phase: 'ended', endReason: 'viewer-left' });
    expect(told).toHaveLength(1);
  });

  test('[SH41] a question and an agent’s own screen are not for who looks to end', async () => {
    isAgentThere = false;
    await service.handlers['share:request-share']({ conversationId, kind: 'co-browse' }, agent);
    await service.handlers['share:share-screen']({ conversationId, shareId: null, surface: 'window' }, agent);
    await service.sweep(clock);
    for (const record of await store.listOpenShares()) expect(record).toMatchObject({ revision: 1 });
    expect(steps.filter((step) => step === 'writes')).toEqual([]);
  });

  test('[SH32] a share whose stream is given up ends as failed, once, and both sides hear it', async () => {
    const shareId = await shared();
    told = [];
    await gate.handleHopeless(shareId);
    expect(await store.findShare(shareId)).toMatchObject({ phase: 'ended', endReason: 'failed' });
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('"endReason":"failed"');
    await gate.handleHopeless(shareId);
    expect(told).toHaveLength(1);
  });

  test('[SH5] a screen is live from its first picture on, and known only while it may be shown', async () => {
    const { share } = await service.handlers['share:share-screen'](
      { conversationId, shareId: null, surface: 'window' },
      visitor,
    );
    expect(share).toMatchObject({ phase: 'allowed', liveAt: null });
    expect(await service.findScreen(share.shareId)).toEqual({
      conversationId,
      sharer: 'visitor',
      isPaused: false,
    });
    await service.handleScreenSeen(share.shareId);
    expect(await store.findShare(share.shareId)).toMatchObject({ phase: 'live', liveAt: clock });
    await service.handlers['share:end-share']({ shareId: share.shareId, reason: 'by-person' }, agent);
    expect(await service.findScreen(share.shareId)).toBeUndefined();
    const page = await shared();
    expect(await service.findScreen(page)).toBeUndefined();
  });

  test('[B2] who looks at a screen is told by name, each change once', async () => {
    const { share } = await service.handlers['share:share-screen'](
      { conversationId, shareId: null, surface: 'window' },
      visitor,
    );
    expect(share.watchers).toEqual([]);
    told = [];
    service.handleScreenWatched(share.shareId, ['Mira', 'Ben']);
    service.handleScreenWatched(share.shareId, ['Mira', 'Ben']);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('"watchers":["Mira","Ben"]');
    service.handleScreenWatched(share.shareId, []);
    expect(told.at(-1)).toContain('"watchers":[]');
    await service.handlers['share:end-share']({ shareId: share.shareId, reason: 'by-person' }, visitor);
    told = [];
    service.handleScreenWatched(share.shareId, ['Mira']);
    expect(told).toEqual([]);
  });

  test('[SH17] the picture of a screen is cut off before its end is stored', async () => {
    const { share } = await service.handlers['share:share-screen'](
      { conversationId, shareId: null, surface: 'window' },
      agent,
    );
    steps = [];
    await service.handlers['share:end-share']({ shareId: share.shareId, reason: 'by-person' }, visitor);
    expect(steps).toContain('screen shut');
    expect(steps.indexOf('screen shut')).toBeLessThan(steps.indexOf('writes'));
  });

  test('[SH15] what another node has ended is shut here with the next sweep', async () => {
    const shareId = await shared();
    const record = await store.findShare(shareId);
    if (!record) throw new Error('The share is not stored.');
    const over = { phase: 'ended', endedAt: clock, endReason: 'ended-by-viewer', scopeNumber: 2 } as const;
    await store.saveShare({ ...record, ...over, revision: 2, dueAt: null }, 1, []);
    await service.sweep(clock);
    expect(steps).toEqual(expect.arrayContaining(['shut 2', 'relay hears ended']));
  });

  test('[M11] the end of a shared screen is told to whoever carries its picture, and its picture’s end ends it', async () => {
    const ended: string[] = [];
    service.onShareEnded(({ kind, endReason }) => void ended.push(`${kind} ${endReason}`));
    const first = await service.handlers['share:share-screen'](
      { conversationId, shareId: null, surface: 'window' },
      agent,
    );
    await service.handlers['share:end-share']({ shareId: first.share.shareId, reason: 'by-person' }, visitor);
    const second = await service.handlers['share:share-screen'](
      { conversationId, shareId: null, surface: 'window' },
      agent,
    );
    await service.handleScreenFailed(second.share.shareId);
    expect(ended).toEqual(['screen ended-by-viewer', 'screen failed']);
  });
});
