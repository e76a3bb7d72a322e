import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EventOf, VisitorEvents } from '../../protocol/contract.ts';
import { signIn, signOut } from '../_support/http-session.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { answeredConversation, becomeReady, openReadyAgent, openVisitor, openWorkspace } from '../_support/story.ts';
import type { VisitorPage } from '../_support/story.ts';

type Availability = EventOf<VisitorEvents, 'routing:availability-changed'>['availability'];

async function nextAvailability(visitor: VisitorPage, isAvailable: boolean): Promise<Availability> {
  const event = await visitor.nextEvent(
    'routing:availability-changed',
    ({ availability }) => availability.isAvailable === isAvailable,
  );
  return event.availability;
}

/** A page that opens in the moment of a change may hear of it only a moment later. */
async function seesAgents(visitor: VisitorPage, agentCount: number): Promise<Availability> {
  const { availability } = visitor.session;
  if (availability.agentCount === agentCount) return availability;
  const isWanted = (event: { availability: Availability }) => event.availability.agentCount === agentCount;
  return (await visitor.nextEvent('routing:availability-changed', isWanted)).availability;
}

function countDisappearances(visitor: VisitorPage): number {
  const told = [visitor.session, ...visitor.heard('routing:availability-changed')];
  const shown = told.map(({ availability }) => availability.isAvailable);
  return shown.filter((isShown, index) => !isShown && shown[index - 1] === true).length;
}

describe('whether "Click for Live Help" shows', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer({ timing: { agentGraceMs: 300, sweepEveryMs: 60_000 } });
  });
  afterEach(() => server.close());

  test('[PR6] it appears on open pages when "Live Help" is switched on and disappears when it is switched off', async () => {
    const visitor = await openVisitor(server);
    expect(visitor.session.availability).toMatchObject({ isAvailable: false, agentCount: 0, agentNames: [] });

    const agent = await openReadyAgent(server, { name: 'Ada Lind' });
    expect(await nextAvailability(visitor, true)).toMatchObject({ agentCount: 1, agentNames: ['Ada'] });
    await agent.request('agent:set-availability', { isAvailable: false });
    expect(await nextAvailability(visitor, false)).toMatchObject({ agentCount: 0, agentNames: [] });
  });

  test('[PR1] away keeps it, busy and offline take it away, online brings it back', async () => {
    const agent = await openReadyAgent(server);
    const visitor = await openVisitor(server);
    await seesAgents(visitor, 1);

    await agent.request('agent:set-status', { status: 'busy' });
    await nextAvailability(visitor, false);
    await agent.request('agent:set-status', { status: 'away' });
    await nextAvailability(visitor, true);
    await agent.request('agent:set-status', { status: 'offline' });
    await nextAvailability(visitor, false);
    await agent.request('agent:set-status', { status: 'online' });
    await nextAvailability(visitor, true);
  });

  test('[PR4] being away by itself is shown to the agent and changes nothing for visitors', async () => {
    const agent = await openReadyAgent(server);
    const visitor = await openVisitor(server);
    await seesAgents(visitor, 1);

    const idle = await agent.request('agent:report-activity', { isIdle: true });
    expect(idle.agent).toMatchObject({ status: 'online', isAutoAway: true, canTakeRequests: true });
    await seesAgents(await openVisitor(server), 1);

    await agent.request('agent:set-status', { status: 'busy' });
    await nextAvailability(visitor, false);
    expect(countDisappearances(visitor)).toBe(1);
  });

  test('[PR4] an agent who switched it off is never away by itself', async () => {
    const agent = await openReadyAgent(server);
    await agent.request('agent:set-auto-away', { minutes: null });
    const { agent: view } = await agent.request('agent:report-activity', { isIdle: true });
    expect(view).toMatchObject({ isAutoAway: false, autoAwayMinutes: null });
  });

  test('[PR1] an agent at the chat cap does not count until a conversation ends', async () => {
    const agent = await openReadyAgent(server, { chatCap: 1 });
    const watching = await openVisitor(server);
    const { visitor, conversationId } = await answeredConversation(server, { agent });
    await nextAvailability(watching, false);
    await agent.nextEvent('agent:changed', (event) => !event.agent.canTakeRequests);

    await visitor.request('conversation:end-conversation', { conversationId });
    await nextAvailability(watching, true);
    await agent.nextEvent('agent:changed', (event) => event.agent.canTakeRequests);
  });

  test('[PR1] the configured chat cap holds for every account from the next start on', async () => {
    const before = await openReadyAgent(server);
    expect(before.session.agent.chatCap).toBe(6);
    await server.close();
    const dataDir = await mkdtemp(join(tmpdir(), 'foyer-cap-'));
    try {
      server = await startServer({ dataDir });
      const account = await server.addAgent();
      await server.close();
      server = await startServer({ dataDir, environment: { FOYER_CHAT_CAP: '1' } });
      const agent = await openWorkspace(server, account);
      await becomeReady(agent);
      await answeredConversation(server, { agent });
      expect((await openVisitor(server)).session.availability.isAvailable).toBe(false);
    } finally {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  });

  test('[PR3] a closed workspace counts as signed off once its grace is over', async () => {
    const agent = await openReadyAgent(server);
    const visitor = await openVisitor(server);
    await seesAgents(visitor, 1);
    agent.close();
    await nextAvailability(visitor, false);
  });

  test('[PR2] a workspace that comes back within its grace never makes the button blink', async () => {
    await server.close();
    server = await startServer();
    const agent = await openReadyAgent(server);
    const visitor = await openVisitor(server);
    await seesAgents(visitor, 1);
    agent.close();
    await agent.disconnected;
    await seesAgents(await openVisitor(server), 1);
    const back = await openWorkspace(server, agent.account);
    expect(back.session.agent).toMatchObject({ isAvailable: true, canTakeRequests: true });

    await back.request('agent:set-status', { status: 'busy' });
    await nextAvailability(visitor, false);
    expect(countDisappearances(visitor)).toBe(1);
  });

  test('[PR5] an agent who signs out counts as signed off at once', async () => {
    await server.close();
    server = await startServer();
    const account = await server.addAgent();
    const { cookie } = await signIn(server, account);
    await becomeReady(await openWorkspace(server, account, cookie));
    const visitor = await openVisitor(server);
    await seesAgents(visitor, 1);
    await signOut(server, cookie);
    await nextAvailability(visitor, false);
  });

  test('[PR5] an agent whose page goes just before the sign-out counts as signed off at once', async () => {
    const patient = await startServer({ timing: { agentGraceMs: 3_600_000 } });
    try {
      const account = await patient.addAgent();
      const { cookie } = await signIn(patient, account);
      const page = await openWorkspace(patient, account, cookie);
      await becomeReady(page);
      const visitor = await openVisitor(patient);
      await seesAgents(visitor, 1);
      page.close();
      const readGrace = () => patient.read((db) => db.selectFrom('agents').select('graceUntil').execute());
      await expect.poll(readGrace).toContainEqual({ graceUntil: expect.any(Number) });
      await signOut(patient, cookie);
      await nextAvailability(visitor, false);
    } finally {
      await patient.close();
    }
  });

  test('[PR5] signing out gives no grace though the account is signed in elsewhere', async () => {
    const patient = await startServer({ timing: { agentGraceMs: 3_600_000 } });
    try {
      const account = await patient.addAgent();
      await signIn(patient, account);
      const { cookie } = await signIn(patient, account);
      await becomeReady(await openWorkspace(patient, account, cookie));
      const visitor = await openVisitor(patient);
      await seesAgents(visitor, 1);
      await signOut(patient, cookie);
      await nextAvailability(visitor, false);
    } finally {
      await patient.close();
    }
  });

  test('[PR4] who works at one page is not away because another one is idle', async () => {
    const account = await server.addAgent();
    const [office, laptop] = [await openWorkspace(server, account), await openWorkspace(server, account)];
    const report = async (page: typeof office, isIdle: boolean) =>
      (await page.request('agent:report-activity', { isIdle })).agent.isAutoAway;
    expect(await report(office, true)).toBe(false);
    expect(await report(laptop, true)).toBe(true);
    expect(await report(laptop, false)).toBe(false);
    expect(await report(office, true)).toBe(false);
    laptop.close();
    await office.nextEvent('agent:changed', ({ agent }) => agent.isAutoAway);
    const back = await openWorkspace(server, account);
    expect(back.session.agent.isAutoAway).toBe(false);
  });

  test('[PR6] the second of two agents leaving takes it away, the first does not', async () => {
    const [ada, ben] = [await openReadyAgent(server, { name: 'Ada' }), await openReadyAgent(server, { name: 'Ben' })];
    const visitor = await openVisitor(server);
    expect((await seesAgents(visitor, 2)).agentNames).toEqual(['Ada', 'Ben']);
    await ada.request('agent:set-availability', { isAvailable: false });
    expect(await seesAgents(visitor, 1)).toMatchObject({ isAvailable: true, agentNames: ['Ben'] });
    await ben.request('agent:set-availability', { isAvailable: false });
    await nextAvailability(visitor, false);
  });
});

describe('several sites and departments', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer({
      sites: [
        { key: 'shop', name: 'Shop', departments: ['Sales', 'Repairs'] },
        { key: 'bank', name: 'Bank' },
      ],
    });
  });
  afterEach(() => server.close());

  test('[PR6] an agent shows the button on the own site only, and names the open departments', async () => {
    const bank = await openVisitor(server, { siteKey: 'bank' });
    const shop = await openVisitor(server, { siteKey: 'shop' });
    await openReadyAgent(server, { siteKey: 'shop', departments: ['Repairs'] });
    const { departments } = await nextAvailability(shop, true);
    const openIds = departments.filter((department) => department.isAvailable).map(({ departmentId }) => departmentId);
    const names = shop.session.site.departments.flatMap(({ departmentId, name }) =>
      openIds.includes(departmentId) ? [name] : [],
    );
    expect(names).toEqual(['Repairs']);

    await openReadyAgent(server, { siteKey: 'bank' });
    expect(await nextAvailability(bank, true)).toMatchObject({ agentCount: 1 });
  });
});
