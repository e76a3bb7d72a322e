import { afterEach, describe, expect, test } from 'vitest';
import type { EventOf, VisitorEvents } from '../../protocol/contract.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer, TestSite } from '../_support/start-server.ts';
import { acceptNext, askForHelp, nextOffer, openAgain, openReadyAgent, openVisitor } from '../_support/story.ts';
import { waitingVisitor } from '../_support/story.ts';
import type { VisitorPage } from '../_support/story.ts';

type Availability = EventOf<VisitorEvents, 'routing:availability-changed'>['availability'];

const at = (time: string): number => Date.parse(time);
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const;
const weekdays = (from: string, to: string) => Object.fromEntries(WEEKDAYS.map((day) => [day, [{ from, to }]]));
/** Monday to Friday, nine to five. */
const office = { timeZone: 'Europe/Berlin', weekly: weekdays('09:00', '17:00') };
/** Longer than any test: nothing but a reminder makes such a server look. */
const NEVER_MS = 3_600_000;

let server: TestServer;
let clockMs: number;
afterEach(() => server.close());

async function openAt(time: string, site: Partial<TestSite> = {}, sweepEveryMs?: number): Promise<void> {
  clockMs = at(time);
  server = await startServer({
    sites: [{ key: 'shop', name: 'Shop', hours: office, ...site }],
    overrides: { now: () => clockMs },
    ...(sweepEveryMs !== undefined && { timing: { sweepEveryMs } }),
  });
}

const openShop = (): Promise<VisitorPage> => openVisitor(server, { siteKey: 'shop' });

/** What the page knows, once it is as wanted. */
async function seesAvailability(
  page: VisitorPage,
  isWanted: (availability: Availability) => boolean,
): Promise<Availability> {
  if (isWanted(page.session.availability)) return page.session.availability;
  const { availability } = await page.nextEvent('routing:availability-changed', (event) =>
    isWanted(event.availability),
  );
  return availability;
}
const isShown = ({ isAvailable }: Availability): boolean => isAvailable;
const isGone = ({ isAvailable }: Availability): boolean => !isAvailable;

function departmentIdOf(page: VisitorPage, name: string) {
  const department = page.session.site.departments.find((known) => known.name === name);
  if (!department) throw new Error(`The site has no department "${name}".`);
  return department.departmentId;
}

describe('a site with business hours', () => {
  test('[PR9] an agent on duty is told when the hours of a department turn, and what visitors see meanwhile', async () => {
    await openAt('2026-11-23T15:59:59Z');
    const ada = await openReadyAgent(server, { name: 'Ada Lind', siteKey: 'shop' });
    clockMs = at('2026-11-23T16:00:01Z');
    const closed = await ada.nextEvent('agent:changed', ({ agent }) => agent.departments[0]?.closed != null);
    expect(closed.agent.departments[0]?.closed).toEqual({
      opensAt: at('2026-11-24T08:00:00Z'),
      whenUnavailable: 'leave-message',
    });
    clockMs = at('2026-11-24T08:00:01Z');
    await ada.nextEvent('agent:changed', ({ agent }) => agent.departments[0]?.closed === null);
  });

  test('[PR9] the button disappears on open pages when it closes and comes back when it opens', async () => {
    await openAt('2026-11-23T15:59:59Z');
    await openReadyAgent(server, { name: 'Ada Lind', siteKey: 'shop' });
    const page = await openShop();
    expect(await seesAvailability(page, isShown)).toMatchObject({ agentNames: ['Ada'], reopening: null });

    clockMs = at('2026-11-23T16:00:00Z');
    expect(await seesAvailability(page, ({ reopening }) => reopening !== null)).toEqual({
      isAvailable: false,
      departments: [{ departmentId: departmentIdOf(page, 'Customer care'), isAvailable: false }],
      agentCount: 0,
      agentNames: [],
      typicalAnswerMs: null,
      reopening: { at: at('2026-11-24T08:00:00Z'), timeZone: 'Europe/Berlin', occasion: null },
    });
    expect((await openShop()).session.availability.isAvailable).toBe(false);

    clockMs = at('2026-11-24T08:00:00Z');
    expect(await page.nextEvent('routing:availability-changed', (event) => isShown(event.availability))).toMatchObject({
      availability: { agentNames: ['Ada'], reopening: null },
    });
  });

  test('[PR9] the change comes by itself at its moment, not at the next turn of the sweeper', async () => {
    const almost = at('2026-11-23T15:59:59.800Z');
    let runsSince: number | undefined;
    server = await startServer({
      sites: [{ key: 'shop', name: 'Shop', hours: office }],
      timing: { sweepEveryMs: NEVER_MS },
      overrides: {
        now: () => (runsSince === undefined ? almost : Math.round(almost + performance.now() - runsSince)),
      },
    });
    const page = await openShop();
    expect(page.session.availability.reopening).toBeNull();
    runsSince = performance.now();
    await seesAvailability(page, ({ reopening }) => reopening?.at === at('2026-11-24T08:00:00Z'));
  });

  test('[PR9] a clock that slept over a whole day, or is set back, is caught up with', async () => {
    await openAt('2026-11-23T12:00:00Z');
    await openReadyAgent(server, { siteKey: 'shop' });
    const page = await openShop();
    await seesAvailability(page, isShown);
    clockMs = at('2026-11-25T03:00:00Z');
    await page.nextEvent('routing:availability-changed', ({ availability }) => isGone(availability));
    clockMs = at('2026-11-24T09:00:00Z');
    await page.nextEvent('routing:availability-changed', ({ availability }) => isShown(availability));
  });

  test('[PR7] who is on duty outside the hours shows no button, and a request is refused as when nobody is there', async () => {
    await openAt('2026-11-22T12:00:00Z');
    await openReadyAgent(server, { siteKey: 'shop' });
    const page = await openShop();
    expect(page.session.availability.isAvailable).toBe(false);
    await expect(askForHelp(page)).rejects.toMatchObject({ code: 'nobody-available' });
  });

  test('[PR7] a page that has not heard of the end yet, or does not care, is refused all the same', async () => {
    await openAt('2026-11-23T15:59:00Z', {}, NEVER_MS);
    await openReadyAgent(server, { siteKey: 'shop' });
    const page = await openShop();
    await seesAvailability(page, isShown);
    clockMs = at('2026-11-23T16:00:00Z');
    await expect(askForHelp(page)).rejects.toMatchObject({ code: 'nobody-available' });
    await expect(
      askForHelp(page, { departmentId: departmentIdOf(page, 'Customer care'), modality: 'video' }),
    ).rejects.toMatchObject({ code: 'nobody-available' });
    await page.request('conversation:leave-message', {
      clientRequestId: crypto.randomUUID(),
      name: 'Grace Hofer',
      email: 'grace@example.com',
      text: 'Then in writing.',
      agreedTextVersion: page.session.site.disclaimer.version,
    });
  });

  test('[PR10] who waits at closing time keeps place and ringing, over a reload too, and is answered', async () => {
    await openAt('2026-11-23T15:59:45Z');
    const agent = await openReadyAgent(server, { siteKey: 'shop', chatCap: 1 });
    await seesAvailability(await openShop(), isShown);
    const first = await waitingVisitor(server, { siteKey: 'shop' });
    await nextOffer(agent, first.conversationId);
    const second = await waitingVisitor(server, { siteKey: 'shop', name: 'Linus Berg' });
    expect(second.conversation.queue?.position).toBe(2);

    clockMs = at('2026-11-23T16:00:00Z');
    await seesAvailability(second.visitor, ({ reopening }) => reopening !== null);
    const { conversation } = (await openAgain(server, second.visitor, { siteKey: 'shop' })).session;
    expect(conversation).toMatchObject({ phase: 'waiting', queue: { position: 2 } });

    // Nobody is rung twice for it: the first goes on ringing, and the second rings once there is room.
    expect(agent.heard('routing:offer-closed')).toEqual([]);
    const answered = agent.heard('routing:offer-made')[0]?.offer.offerId;
    if (answered === undefined) throw new Error('Nothing rings.');
    await agent.request('routing:accept-offer', { offerId: answered });
    await first.visitor.nextEvent('conversation:changed', (event) => event.conversation.phase === 'active');
    await agent.request('conversation:end-conversation', { conversationId: first.conversationId });
    await acceptNext(agent, second.conversationId);
    await second.visitor.nextEvent('conversation:changed', (event) => event.conversation.phase === 'active');
    await expect(askForHelp(first.visitor)).rejects.toMatchObject({ code: 'nobody-available' });
  });

  test('[PR10] a conversation goes on over closing time', async () => {
    await openAt('2026-11-23T15:59:00Z');
    const agent = await openReadyAgent(server, { siteKey: 'shop' });
    await seesAvailability(await openShop(), isShown);
    const { visitor, conversationId } = await waitingVisitor(server, { siteKey: 'shop' });
    await acceptNext(agent, conversationId);
    clockMs = at('2026-11-23T16:00:00Z');
    await seesAvailability(visitor, ({ reopening }) => reopening !== null);
    await visitor.request('conversation:send-message', {
      conversationId,
      clientMessageId: crypto.randomUUID(),
      text: 'One more thing',
    });
    await agent.nextEvent('conversation:message-added', ({ message }) => message.body.kind === 'text');
  });

  test('[PR11] a holiday is told by its name until its day is over', async () => {
    const name = { en: 'Christmas Day', de: 'Weihnachten' };
    await openAt('2026-12-25T12:00:00Z', { hours: { ...office, exceptions: [{ date: '2026-12-25', name }] } });
    const page = await openShop();
    expect(page.session.availability.reopening).toEqual({
      at: at('2026-12-28T08:00:00Z'),
      timeZone: 'Europe/Berlin',
      occasion: name,
    });
    clockMs = at('2026-12-25T23:00:00Z');
    await seesAvailability(page, ({ reopening }) => reopening !== null && reopening.occasion === null);
  });

  test('[PR9] a server that starts outside the hours says so from the first page on', async () => {
    await openAt('2026-11-23T12:00:00Z');
    await openReadyAgent(server, { siteKey: 'shop' });
    await seesAvailability(await openShop(), isShown);
    await server.stop();
    clockMs = at('2026-11-23T20:00:00Z');
    await server.restart();
    expect((await openShop()).session.availability).toMatchObject({
      isAvailable: false,
      reopening: { at: at('2026-11-24T08:00:00Z') },
    });
  });
});

describe('departments with hours of their own', () => {
  test('[PR7] a closed department does not count though another one of the site is open', async () => {
    await openAt('2026-11-23T12:00:00Z', {
      departments: ['Orders', { name: 'Repairs', hours: { ...office, weekly: weekdays('06:00', '12:00') } }],
    });
    await openReadyAgent(server, { name: 'Rita Repair', siteKey: 'shop', departments: ['Repairs'] });
    const page = await openShop();
    expect(page.session.availability).toMatchObject({ isAvailable: false, agentNames: [], reopening: null });

    const ada = await openReadyAgent(server, { name: 'Ada Lind', siteKey: 'shop', departments: ['Orders', 'Repairs'] });
    const availability = await seesAvailability(page, isShown);
    expect(availability.agentNames).toEqual(['Ada']);
    expect(availability.departments).toEqual([
      { departmentId: departmentIdOf(page, 'Orders'), isAvailable: true },
      { departmentId: departmentIdOf(page, 'Repairs'), isAvailable: false },
    ]);
    await expect(askForHelp(page, { departmentId: departmentIdOf(page, 'Repairs') })).rejects.toMatchObject({
      code: 'nobody-available',
    });
    const { conversationId, department } = await askForHelp(page);
    expect(department.name).toBe('Orders');
    await acceptNext(ada, conversationId);
  });

  test('[PR7] a department that is always open answers while its site is closed', async () => {
    await openAt('2026-11-22T12:00:00Z', { departments: ['Orders', { name: 'Emergencies', hours: null }] });
    await openReadyAgent(server, { siteKey: 'shop', departments: ['Orders', 'Emergencies'] });
    const page = await openShop();
    const { reopening } = await seesAvailability(page, isShown);
    expect(reopening).toBeNull();
    expect((await askForHelp(page)).department.name).toBe('Emergencies');
  });
});
