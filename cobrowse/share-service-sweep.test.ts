import { v7 as uuid } from 'uuid';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ConversationId, ShareId } from '../protocol/ids.ts';
import {
  agent,
  conversationId,
  createShareServiceStage,
  visitor,
  type ShareServiceStage,
} from './share-service-fixture.ts';

describe('what a node finds out by itself', () => {
  let stage: ShareServiceStage;
  beforeEach(() => {
    stage = createShareServiceStage();
  });

  test('[SH10] a sharer who is gone is waited for, from a page that streams on nothing runs', async () => {
    const shareId = await stage.shared();
    await stage.gate.takeEpoch(shareId, visitor);
    expect((await stage.store.findShare(shareId))?.sharerGraceUntil).toBeNull();
    await stage.gate.handleSharerPresence(shareId, false);
    expect((await stage.store.findShare(shareId))?.sharerGraceUntil).toBe(stage.clock + 60_000);
    await stage.gate.handleSharerPresence(shareId, true);
    expect((await stage.store.findShare(shareId))?.dueAt).toBeNull();
    await stage.gate.handleSharerPresence(shareId, false);
    stage.clock += 60_000;
    await stage.service.sweep(stage.clock);
    expect(await stage.store.findShare(shareId)).toMatchObject({ phase: 'ended', endReason: 'sharer-left' });
  });

  test('[SH41] an agent who is gone is waited for, and found back also where nobody has said so', async () => {
    const shareId = await stage.shared();
    await stage.gate.takeEpoch(shareId, visitor);
    stage.isAgentThere = false;
    stage.told = [];
    await stage.service.sweep(stage.clock);
    await expect.poll(async () => (await stage.store.findShare(shareId))?.viewerGraceUntil).toBe(stage.clock + 60_000);
    expect(stage.told).toEqual([]);
    stage.isAgentThere = true;
    stage.clock += 60_000;
    await stage.service.sweep(stage.clock);
    expect(await stage.store.findShare(shareId)).toMatchObject({
      phase: 'allowed',
      viewerGraceUntil: null,
      dueAt: null,
    });
    stage.isAgentThere = false;
    await stage.service.sweep(stage.clock);
    stage.clock += 60_000;
    await stage.service.sweep(stage.clock);
    expect(await stage.store.findShare(shareId)).toMatchObject({ phase: 'ended', endReason: 'viewer-left' });
    expect(stage.told).toHaveLength(1);
  });

  test('[SH41] a question and an agent’s own screen are not for who looks to end', async () => {
    stage.isAgentThere = false;
    await stage.service.handlers['share:request-share']({ conversationId, kind: 'co-browse' }, agent);
    await stage.service.handlers['share:share-screen']({ conversationId, shareId: null, surface: 'window' }, agent);
    stage.steps = [];
    await stage.service.sweep(stage.clock);
    await stage.service.close();
    for (const record of await stage.store.listOpenShares()) expect(record).toMatchObject({ revision: 1 });
    // Not even tried, and refused by the life cycle: it would be tried again with every sweep.
    expect(stage.steps).toEqual([]);
  });

  test('[SH15] what another node has ended is shut here at this node’s next turn', async () => {
    const shareId = await stage.shared();
    await stage.endElsewhere(shareId);
    await stage.service.follow();
    expect(stage.steps).toEqual(expect.arrayContaining(['shut 2', 'relay hears ended']));
  });

  test('[SH52] a share that cannot be moved on holds up no other, neither in a sweep nor at a start', async () => {
    const shareId = await stage.shared();
    const damaged = { ...(await stage.store.findShare(shareId))!, shareId: uuid() as ShareId };
    const conversation = { conversationId: uuid() as ConversationId };
    await stage.store.insertShare({ ...damaged, ...conversation, phase: 'paused', pausedBecause: null }, []);
    await stage.gate.takeEpoch(shareId, visitor);
    stage.restart();
    await stage.service.recover();
    expect((await stage.store.findShare(shareId))?.sharerGraceUntil).toBe(stage.clock + 60_000);
    stage.clock += 60_000;
    await stage.service.sweep(stage.clock);
    expect(await stage.store.findShare(shareId)).toMatchObject({ phase: 'ended', endReason: 'sharer-left' });
    expect(await stage.store.findShare(damaged.shareId)).toMatchObject({ phase: 'paused' });
    expect(stage.steps.filter((step) => step.startsWith('error'))).toEqual(Array(2).fill('error: share work failed'));
  });

  test('[SH52] a share that cannot be moved on does not keep another one from ending with the conversation', async () => {
    const shareId = await stage.shared();
    const screen = { ...(await stage.store.findShare(shareId))!, shareId: uuid() as ShareId, kind: 'screen' as const };
    await stage.store.saveShare(
      { ...(await stage.store.findShare(shareId))!, phase: 'paused', pausedBecause: null },
      1,
      [],
    );
    await stage.store.insertShare(screen, []);
    await stage.service.handleConversationEnded(conversationId);
    expect(await stage.store.findShare(screen.shareId)).toMatchObject({
      phase: 'ended',
      endReason: 'conversation-ended',
    });
  });

  test('[SH15] a screen that another node has paused stops here, and goes on once it is resumed there', async () => {
    const { share } = await stage.service.handlers['share:share-screen'](
      { conversationId, shareId: null, surface: 'window' },
      visitor,
    );
    const record = await stage.store.findShare(share.shareId);
    stage.steps = [];
    const paused = { ...record!, phase: 'paused', pausedBecause: 'by-visitor', scopeNumber: 2, revision: 2 } as const;
    await stage.store.saveShare(paused, 1, []);
    await stage.service.follow();
    expect(stage.steps).toContain('screen paused');
    await stage.store.saveShare({ ...record!, scopeNumber: 3, revision: 3 }, 2, []);
    await stage.service.follow();
    expect(stage.steps.at(-1)).toBe('screen goes on');
  });

  test('[SH52] a share that cannot be read keeps nobody from following what another node has done with others', async () => {
    stage.unreadable = await stage.shared();
    const { share } = await stage.service.handlers['share:share-screen'](
      { conversationId, shareId: null, surface: 'window' },
      visitor,
    );
    await stage.endElsewhere(share.shareId);
    await stage.service.follow();
    expect(stage.steps).toEqual(expect.arrayContaining(['shut 2', 'relay hears ended']));
    // Whoever keeps it tells of it, once; this is asked every second.
    expect(stage.steps).not.toContain('error: share work failed');
  });
});
