import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CallView } from '../../protocol/media.ts';
import { planListening } from '../../media/sfu/announced-address.ts';
import { createCallBrowser, type BrowserCall, type CallBrowser } from './support/call-browser.ts';
import { createCallWorld, type CallWorld, type CallWorldOptions } from './support/call-world.ts';
import { acceptedCall } from './support/call-steps.ts';

/** Generous: the browsers share the cores with whatever else runs. */
const TIMEOUT_MS = 120_000;

let browser: CallBrowser;
const opened: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  browser = await createCallBrowser();
}, TIMEOUT_MS);
afterAll(() => browser.close());

async function closeAll(): Promise<void> {
  for (const each of opened.splice(0).toReversed()) await each.close();
}

interface Both {
  world: CallWorld;
  visitor: BrowserCall;
  agent: BrowserCall;
  /** From the yes to pictures on both sides. */
  setUpMs: number;
}

/** Two real browsers in one call, both with microphone and camera, both seeing each other. */
async function callOfTwo(options: CallWorldOptions & { protocols?: string[] } = {}): Promise<Both> {
  const both = await startedCall(options);
  const [atVisitor, atAgent] = await Promise.all([both.visitor.run('frames', 1), both.agent.run('frames', 1)]);
  expect(Math.min(atVisitor, atAgent), 'pictures have a width').toBeGreaterThan(0);
  return { ...both, setUpMs: performance.now() - both.acceptedAt };
}

async function startedCall(
  options: CallWorldOptions & { protocols?: string[] },
): Promise<Omit<Both, 'setUpMs'> & { acceptedAt: number }> {
  const world = await createCallWorld(options);
  opened.push(world);
  const openPage = async (party: 'visitor' | 'agent') => {
    const page = await browser.openPage(world, world.page(party));
    opened.push(page);
    return page;
  };
  const [visitor, agent] = await Promise.all([openPage('visitor'), openPage('agent')]);
  const acceptedAt = performance.now();
  const { callId } = await acceptedCall(world, 'video');
  const start = { isCameraOn: true, ...(options.protocols ? { protocols: options.protocols } : {}) };
  await Promise.all([visitor.run('start', callId, start), agent.run('start', callId, start)]);
  return { world, visitor, agent, acceptedAt };
}

describe('one call between two browsers', { timeout: TIMEOUT_MS }, () => {
  let both: Both;
  beforeAll(async () => {
    both = await callOfTwo();
  }, TIMEOUT_MS);
  afterAll(closeAll);

  test('[M2] both see each other, and go on seeing each other', async () => {
    const { visitor, agent } = both;
    process.stdout.write(`      pictures on both sides ${Math.round(both.setUpMs)} ms after the yes\n`);
    await Promise.all([visitor.run('frames', 20), agent.run('frames', 20)]);
  });

  test('[CA5] each page joins once, and nothing that it asks is refused', () => {
    for (const { asked } of [both.visitor, both.agent]) {
      expect(asked.filter(({ name }) => name === 'call:join-call')).toHaveLength(1);
      expect(asked.filter(({ code }) => code !== null)).toEqual([]);
    }
  });

  test('[M1] both hear each other', async () => {
    const loudness = await Promise.all([both.visitor.run('sound'), both.agent.run('sound')]);
    for (const loudest of loudness) expect(loudest).toBeGreaterThan(0.02);
  });

  test('[M1] the handshake ends with AES-GCM, which costs the worker half of what SHA1 does', async () => {
    expect((await both.visitor.run('path')).cipher).toMatch(/GCM/);
  });

  test('[M2] a camera goes off and on in the call', async () => {
    const { visitor, agent } = both;
    await visitor.run('setCameraOn', false);
    await agent.run('remoteCameraIs', false);
    await visitor.run('setCameraOn', true);
    await agent.run('remoteCameraIs', true);
    await agent.run('frames', 5);
  });

  test('[C5] nothing is seen while the call is held, and everything again afterwards', async () => {
    const { world, visitor, agent } = both;
    await world.service.handleConversationHeld(world.conversationId, true);
    await Promise.all([visitor.run('stillness', 700), agent.run('stillness', 700)]);
    await world.service.handleConversationHeld(world.conversationId, false);
    await Promise.all([visitor.run('frames', 5), agent.run('frames', 5)]);
  });

  test('[M9] [CA22] after the media worker is killed both sides see and hear each other again', async () => {
    const { world, visitor, agent } = both;
    const pid = world.workers.snapshot().workers[0]?.pid ?? 0;
    const back = Promise.all([visitor.run('newFrames', 2), agent.run('newFrames', 2)]);
    const killedAt = performance.now();
    process.kill(pid, 'SIGKILL');
    await world.nextTold('call:media-restarted');
    const toldMs = performance.now() - killedAt;
    await back;
    const tookMs = performance.now() - killedAt;
    process.stdout.write(`      pages told after ${Math.round(toldMs)} ms, pictures after ${Math.round(tookMs)} ms\n`);
    await Promise.all([visitor.run('sound'), agent.run('sound')]);
    expect(await world.service.viewOf(world.conversationId)).toMatchObject({ phase: 'live' });
    expect(world.workers.snapshot().workers[0]?.pid).not.toBe(pid);
    expect(world.service.metrics()).toMatchObject({ workersDied: 1, roomsRestarted: 1, rooms: 1, seats: 2 });
  });

  test('[M5] hanging up on one side ends the call on the other and leaves nothing behind', async () => {
    const { world, visitor, agent } = both;
    await visitor.run('hangUp');
    await agent.page.waitForFunction(() => Reflect.get(window, 'foyerCall').state().phase === 'ended');
    expect(world.service.metrics()).toMatchObject({ rooms: 0, seats: 0, transports: 0 });
  });
});

describe('ways through the network', { timeout: TIMEOUT_MS }, () => {
  afterEach(closeAll);

  test('[M1] without a configured address browsers on this machine find the way by themselves', async () => {
    const listenPlan = planListening(undefined);
    const { visitor } = await callOfTwo({ workers: { listenPlan } });
    const [, address] = (await visitor.run('path')).way.split(' ');
    expect(listenPlan.announcedAddresses).toContain(address);
  });

  test('[M1] on a machine without any network the call goes over loopback', async () => {
    const { visitor } = await callOfTwo({ workers: { listenPlan: planListening(undefined, () => ({})) } });
    expect((await visitor.run('path')).way).toContain(' 127.0.0.1');
  });

  test('[M1] a configured address is the one that is used', async () => {
    const { visitor } = await callOfTwo({ workers: { listenPlan: planListening('127.0.0.1') } });
    expect((await visitor.run('path')).way).toContain(' 127.0.0.1');
  });

  test('[M1] where UDP is blocked the call goes over TCP', async () => {
    const { visitor } = await callOfTwo({ protocols: ['tcp'] });
    expect((await visitor.run('path')).way).toMatch(/^tcp /);
  });
});

describe('what the server reads of the media', { timeout: TIMEOUT_MS }, () => {
  afterEach(closeAll);

  test('[CA20] a seat that sends far more than allowed loses its tracks', async () => {
    const { world } = await startedCall({ limits: { maxIngressBitrate: 20_000, statsPollMs: 200 } });
    const isVisitorSeen = (isCameraOn: boolean) => (event: { payload: Record<string, unknown> }) =>
      (event.payload['call'] as CallView).seats.some(
        (seat) => seat.party === 'visitor' && seat.isCameraOn === isCameraOn,
      );
    await world.nextTold('call:changed', isVisitorSeen(true));
    await world.nextTold('call:changed', isVisitorSeen(false));
    expect(world.service.metrics().ingressLimited).toBeGreaterThan(0);
  });

  test('[M7] scores reach the pages and transport readings are kept', async () => {
    const limits = { statsPollMs: 200, statsKeepMs: 0, scoreGapMs: 50 };
    const { world, agent } = await callOfTwo({ limits });
    const scored = await world.nextTold('call:scores-changed', ({ payload }) => Number(payload['receiving']) > 0);
    expect(scored.to).not.toBe('conversation');
    await agent.run('frames', 10);
    const kept = world.store.qualitySamples.filter(({ source }) => source === 'server');
    expect(new Set(kept.map(({ direction }) => direction))).toEqual(new Set(['send', 'receive']));
    expect(Math.max(...kept.map(({ bitrate }) => bitrate))).toBeGreaterThan(10_000);
  });
});
