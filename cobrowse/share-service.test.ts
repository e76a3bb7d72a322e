import { beforeEach, describe, expect, test } from 'vitest';
import type { ShareId } from '../protocol/ids.ts';
import type { ShareScope } from '../protocol/sharing.ts';
import {
  agent,
  callerOf,
  conversationId,
  createShareServiceStage,
  visitor,
  type ShareServiceStage,
} from './share-service-fixture.ts';

const part: ShareScope = { kind: 'part', hiddenParts: 0 };
const stranger = callerOf('visitor', { personId: 'a stranger', mayUse: async () => false });

describe('what is shut, and when', () => {
  let stage: ShareServiceStage;
  beforeEach(() => {
    stage = createShareServiceStage();
  });

  const narrowings: [string, (shareId: ShareId) => Promise<unknown>, string][] = [
    [
      'narrowing',
      (shareId) => stage.service.handlers['share:change-scope']({ shareId, scope: part }, visitor),
      'relay hears allowed',
    ],
    [
      'pausing',
      (shareId) => stage.service.handlers['share:pause-share']({ shareId, reason: 'by-visitor' }, visitor),
      'relay hears paused',
    ],
    [
      'END',
      (shareId) => stage.service.handlers['share:end-share']({ shareId, reason: 'by-person' }, visitor),
      'relay hears ended',
    ],
    [
      'the agent’s end',
      (shareId) => stage.service.handlers['share:end-share']({ shareId, reason: 'by-person' }, agent),
      'relay hears ended',
    ],
    ['the end of the conversation', () => stage.service.handleConversationEnded(conversationId), 'relay hears ended'],
  ];
  test.each(narrowings)('[SH17] %s shuts the stream in the same turn, before the database is asked', async (...row) => {
    const [, narrow, heard] = row;
    const shareId = await stage.shared();
    const done = narrow(shareId);
    expect(stage.steps[0]).toBe('shut 2');
    await done;
    expect(stage.steps.indexOf('writes')).toBeGreaterThan(0);
    expect(stage.steps.at(-1)).toBe(heard);
  });

  test('[SH17] after a restart it is shut before it is written, as soon as it is known whose it is', async () => {
    const shareId = await stage.shared();
    stage.restart();
    stage.steps = [];
    await stage.service.handlers['share:end-share']({ shareId, reason: 'by-person' }, visitor);
    expect(stage.steps.indexOf('shut 2')).toBeGreaterThanOrEqual(0);
    expect(stage.steps.indexOf('shut 2')).toBeLessThan(stage.steps.indexOf('writes'));
  });

  test('[SH16] a stranger shuts nothing, and somebody who has handed it over neither', async () => {
    const shareId = await stage.shared();
    await expect(
      stage.service.handlers['share:end-share']({ shareId, reason: 'by-person' }, stranger),
    ).rejects.toMatchObject({
      code: 'not-found',
    });
    stage.service.handleConversationAccepted(conversationId);
    const former = callerOf('agent', { mayUse: async () => false });
    await expect(
      stage.service.handlers['share:end-share']({ shareId, reason: 'by-person' }, former),
    ).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(stage.gate.requireShare(shareId, former)).rejects.toMatchObject({ code: 'not-found' });
    expect(stage.steps.filter((step) => step.startsWith('shut'))).toEqual([]);
  });

  test('[SH6] what is forbidden shuts nothing', async () => {
    const shareId = await stage.shared();
    await expect(
      stage.service.handlers['share:pause-share']({ shareId, reason: 'by-visitor' }, agent),
    ).rejects.toMatchObject({ code: 'invalid-transition' });
    expect(stage.steps.filter((step) => step.startsWith('shut'))).toEqual([]);
  });

  test('[SH17] two changes at once are shut one after the other, each with its own number', async () => {
    const shareId = await stage.shared();
    await Promise.all([
      stage.service.handlers['share:change-scope']({ shareId, scope: part }, visitor),
      stage.service.handlers['share:end-share']({ shareId, reason: 'by-person' }, visitor),
    ]);
    const shuts = stage.steps.filter((step) => step.startsWith('shut'));
    expect(shuts.slice(0, 2)).toEqual(['shut 2', 'shut 2']);
    expect(shuts.at(-1)).toBe('shut 3');
    expect(stage.steps.lastIndexOf('shut 3')).toBeLessThan(stage.steps.lastIndexOf('writes'));
  });

  test('[SH18] each page that begins gets a number of its own, also after a restart, and nobody hears of it', async () => {
    const shareId = await stage.shared();
    const heard = stage.told.length;
    expect((await stage.gate.takeEpoch(shareId, visitor)).epoch).toBe(1);
    const [second, third] = await Promise.all([
      stage.gate.takeEpoch(shareId, visitor),
      stage.gate.takeEpoch(shareId, visitor),
    ]);
    expect([second.epoch, third.epoch].toSorted()).toEqual([2, 3]);
    stage.restart();
    expect((await stage.gate.takeEpoch(shareId, visitor)).epoch).toBe(4);
    expect(stage.told.length).toBe(heard);
  });

  test('[SH18] no page begins while nothing may be sent', async () => {
    const shareId = await stage.shared();
    await stage.service.handlers['share:pause-share']({ shareId, reason: 'by-visitor' }, visitor);
    await expect(stage.gate.takeEpoch(shareId, visitor)).rejects.toMatchObject({ code: 'stale-stream' });
    await stage.service.handlers['share:end-share']({ shareId, reason: 'by-person' }, visitor);
    await expect(stage.gate.takeEpoch(shareId, visitor)).rejects.toMatchObject({ code: 'share-ended' });
    const { share } = await stage.service.handlers['share:share-screen'](
      { conversationId, shareId: null, surface: 'window' },
      visitor,
    );
    await expect(stage.gate.takeEpoch(share.shareId, visitor)).rejects.toMatchObject({ code: 'stale-stream' });
  });

  test('[SH5] the first picture makes it live, once', async () => {
    const shareId = await stage.shared();
    await stage.gate.handleFirstFrame(shareId);
    await stage.gate.handleFirstFrame(shareId);
    expect(stage.steps.filter((step) => step === 'relay hears live')).toHaveLength(1);
    expect(stage.store.lines.map(({ notice }) => notice)).toEqual(['share-started']);
  });

  test('[B2] who watches is told with the share as it stands', async () => {
    const shareId = await stage.shared();
    stage.told = [];
    stage.gate.handleWatchersChanged(shareId);
    expect(stage.told).toHaveLength(1);
    expect(stage.told[0]).toContain('"watchers":["Mira"]');
  });

  test('[SH32] a share whose stream is given up ends as failed, once, and both sides hear it', async () => {
    const shareId = await stage.shared();
    stage.told = [];
    await stage.gate.handleHopeless(shareId);
    expect(await stage.store.findShare(shareId)).toMatchObject({ phase: 'ended', endReason: 'failed' });
    expect(stage.told).toHaveLength(1);
    expect(stage.told[0]).toContain('"endReason":"failed"');
    await stage.gate.handleHopeless(shareId);
    expect(stage.told).toHaveLength(1);
  });

  test('[SH5] a screen is live from its first picture on, and known only while it may be shown', async () => {
    const { share } = await stage.service.handlers['share:share-screen'](
      { conversationId, shareId: null, surface: 'window' },
      visitor,
    );
    expect(share).toMatchObject({ phase: 'allowed', liveAt: null });
    expect(await stage.service.findScreen(share.shareId)).toEqual({
      conversationId,
      sharer: 'visitor',
      isPaused: false,
    });
    await stage.service.handleScreenSeen(share.shareId);
    expect(await stage.store.findShare(share.shareId)).toMatchObject({ phase: 'live', liveAt: stage.clock });
    await stage.service.handlers['share:end-share']({ shareId: share.shareId, reason: 'by-person' }, agent);
    expect(await stage.service.findScreen(share.shareId)).toBeUndefined();
    const page = await stage.shared();
    expect(await stage.service.findScreen(page)).toBeUndefined();
  });

  test('[B2] who looks at a screen is told by name, each change once', async () => {
    const { share } = await stage.service.handlers['share:share-screen'](
      { conversationId, shareId: null, surface: 'window' },
      visitor,
    );
    expect(share.watchers).toEqual([]);
    stage.told = [];
    stage.service.handleScreenWatched(share.shareId, ['Mira', 'Ben']);
    stage.service.handleScreenWatched(share.shareId, ['Mira', 'Ben']);
    expect(stage.told).toHaveLength(1);
    expect(stage.told[0]).toContain('"watchers":["Mira","Ben"]');
    stage.service.handleScreenWatched(share.shareId, []);
    expect(stage.told.at(-1)).toContain('"watchers":[]');
    await stage.service.handlers['share:end-share']({ shareId: share.shareId, reason: 'by-person' }, visitor);
    stage.told = [];
    stage.service.handleScreenWatched(share.shareId, ['Mira']);
    expect(stage.told).toEqual([]);
  });

  test('[SH17] the picture of a screen is cut off before its end is stored', async () => {
    const { share } = await stage.service.handlers['share:share-screen'](
      { conversationId, shareId: null, surface: 'window' },
      agent,
    );
    stage.steps = [];
    await stage.service.handlers['share:end-share']({ shareId: share.shareId, reason: 'by-person' }, visitor);
    expect(stage.steps).toContain('screen shut');
    expect(stage.steps.indexOf('screen shut')).toBeLessThan(stage.steps.indexOf('writes'));
  });

  test('[M11] the end of a shared screen is told to whoever carries its picture, and its picture’s end ends it', async () => {
    const ended: string[] = [];
    stage.service.onShareEnded(({ kind, endReason }) => void ended.push(`${kind} ${endReason}`));
    const first = await stage.service.handlers['share:share-screen'](
      { conversationId, shareId: null, surface: 'window' },
      agent,
    );
    await stage.service.handlers['share:end-share']({ shareId: first.share.shareId, reason: 'by-person' }, visitor);
    const second = await stage.service.handlers['share:share-screen'](
      { conversationId, shareId: null, surface: 'window' },
      agent,
    );
    await stage.service.handleScreenFailed(second.share.shareId);
    expect(ended).toEqual(['screen ended-by-viewer', 'screen failed']);
  });
});
