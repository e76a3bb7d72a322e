import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CallId } from '../../protocol/ids.ts';
import { toCallView } from '../../media/call-record.ts';
import { createCallBrowser, type BrowserCall, type CallBrowser } from './support/call-browser.ts';
import { createCallWorld, type CallWorld } from './support/call-world.ts';

const TIMEOUT_MS = 120_000;
/** Long enough that every sender of the page would have sent many packets. */
const WAITING_PICTURES = 20;

let browser: CallBrowser;
const opened: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  browser = await createCallBrowser();
}, TIMEOUT_MS);
afterAll(() => browser.close());
afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each.close();
});

interface Waiting {
  world: CallWorld;
  visitor: BrowserCall;
  agent: BrowserCall;
  callId: CallId;
}

/** A visitor's page that is ready, and an agent's that has nothing to do with it yet. */
async function readyVisitor(): Promise<Waiting> {
  const world = await createCallWorld();
  opened.push(world);
  const pages = { visitor: world.page('visitor'), agent: world.page('agent') };
  world.startWaiting();
  await world.service.prepareCall(world.conversationId, 'video');
  const [record] = await world.store.listOpenCalls();
  if (!record) throw new Error('No call was prepared.');
  const visitor = await browser.openPage(world, pages.visitor);
  const agent = await browser.openPage(world, pages.agent);
  opened.push(visitor, agent);
  await visitor.run('start', record.callId, { isCameraOn: true, call: toCallView(record) });
  await visitor.run('connected');
  await asked(visitor, 'call:publish-track', 2);
  return { world, visitor, agent, callId: record.callId };
}

/** Fulfilled once the page has asked this so many times, and each time has been answered. */
async function asked(page: BrowserCall, wireName: string, times: number): Promise<void> {
  const count = () => page.asked.filter(({ name }) => name === wireName).length;
  await expect.poll(count, { timeout: TIMEOUT_MS }).toBe(times);
}

async function accept({ world, agent, callId }: Waiting): Promise<void> {
  world.answer();
  await world.service.handleConversationAccepted(world.conversationId, 'video');
  await agent.run('start', callId, { isCameraOn: true });
}

async function ring({ world, agent, callId }: Waiting): Promise<void> {
  await agent.run('prepare');
  world.rungAgentId = agent.personId;
  await agent.run('ring', callId);
}

describe('a visitor who waits for a video call', { timeout: TIMEOUT_MS }, () => {
  test('[CA24] is connected with camera and microphone on, and not one packet of them leaves the browser', async () => {
    const waiting = await readyVisitor();
    await waiting.visitor.run('ownFrames', WAITING_PICTURES);
    expect(await waiting.visitor.run('sent')).toEqual({ senders: 2, packets: 0, bytes: 0 });
    expect(waiting.visitor.asked.filter(({ code }) => code !== null)).toEqual([]);
  });

  test('[CA24] is seen and heard once an agent has accepted, over the connections that were waiting', async () => {
    const waiting = await readyVisitor();
    const { visitor, agent } = waiting;
    await accept(waiting);
    expect(await agent.run('frames', 3)).toBeGreaterThan(0);
    expect(await agent.run('sound')).toBeGreaterThan(0.02);
    expect(await visitor.run('frames', 3)).toBeGreaterThan(0);
    expect(visitor.asked.filter(({ name }) => name === 'call:join-call')).toHaveLength(1);
    expect((await visitor.run('sent')).packets).toBeGreaterThan(0);
  });

  test('[CA5] costs the agent one join and one negotiation to be seen and heard', async () => {
    const waiting = await readyVisitor();
    const { agent } = waiting;
    await agent.run('prepare');
    await accept(waiting);
    await agent.run('frames', 3);
    await agent.run('sound');
    expect(await agent.run('negotiations')).toEqual([1]);
    expect(agent.asked.map(({ name }) => name)).not.toContain('call:receive-tracks');
  });

  test('[CA28] sends nothing to the agent at whom it rings, whose page is connected and has built the tracks', async () => {
    const waiting = await readyVisitor();
    const { visitor, agent } = waiting;
    await ring(waiting);
    await visitor.run('ownFrames', WAITING_PICTURES);
    expect(await agent.run('received')).toEqual({ packets: 0, bytes: 0 });
    expect(await agent.run('sent')).toEqual({ senders: 2, packets: 0, bytes: 0 });
    expect(agent.asked.map(({ name }) => name)).not.toContain('call:publish-track');
    expect(await visitor.run('sent')).toEqual({ senders: 2, packets: 0, bytes: 0 });
    expect(agent.asked.map(({ name }) => name)).not.toContain('call:resume-consumers');
  });

  test('[CA28] is seen and heard over the connection that stood while it rang, without another negotiation', async () => {
    const waiting = await readyVisitor();
    const { agent } = waiting;
    await ring(waiting);
    await accept(waiting);
    expect(await agent.run('frames', 3)).toBeGreaterThan(0);
    expect(await agent.run('sound')).toBeGreaterThan(0.02);
    expect(await agent.run('negotiations')).toEqual([1]);
    expect(agent.asked.map(({ name }) => name)).not.toContain('call:resume-consumers');
    expect(agent.asked.filter(({ code }) => code !== null)).toEqual([]);
  });

  test('[CA28] is seen also where the media worker died between the ringing and the yes', async () => {
    const waiting = await readyVisitor();
    const { world, visitor, agent } = waiting;
    await ring(waiting);
    process.kill(world.workers.snapshot().workers[0]?.pid ?? 0, 'SIGKILL');
    await world.nextTold('call:media-restarted');
    await asked(visitor, 'call:publish-track', 4);
    await accept(waiting);
    expect(await agent.run('frames', 3)).toBeGreaterThan(0);
  });

  test('[M4] is neither seen nor heard in the call when camera and microphone were switched off before', async () => {
    const waiting = await readyVisitor();
    const { world, visitor, agent } = waiting;
    await visitor.run('setMuted', true);
    await visitor.run('setCameraOn', false);
    await asked(visitor, 'call:set-track-paused', 2);
    await accept(waiting);
    await visitor.run('frames', 5);
    expect(await visitor.run('sent')).toMatchObject({ packets: 0 });
    await agent.run('remoteCameraIs', false);
    const call = await world.service.viewOf(world.conversationId);
    expect(call?.seats.find(({ party }) => party === 'visitor')).toMatchObject({ isMuted: true, isCameraOn: false });
  });

  test('[CA22] is ready again by itself after the media worker died, and still withheld', async () => {
    const waiting = await readyVisitor();
    const { world, visitor, agent } = waiting;
    process.kill(world.workers.snapshot().workers[0]?.pid ?? 0, 'SIGKILL');
    await world.nextTold('call:media-restarted');
    await asked(visitor, 'call:publish-track', 4);
    await visitor.run('connected');
    await visitor.run('ownFrames', WAITING_PICTURES);
    expect(await visitor.run('sent')).toMatchObject({ packets: 0, bytes: 0 });
    await accept(waiting);
    expect(await agent.run('frames', 3)).toBeGreaterThan(0);
  });
});
