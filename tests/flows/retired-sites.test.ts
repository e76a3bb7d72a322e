import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startServer } from '../_support/start-server.ts';
import type { TestServer, TestServerOptions, TestSite } from '../_support/start-server.ts';
import {
  answeredConversation,
  becomeReady,
  nextOffer,
  openReadyAgent,
  openVisitor,
  openWorkspace,
  waitingVisitor,
  write,
} from '../_support/story.ts';

const SHOP_PAGE = 'https://shop.example.com';
const shop: TestSite = { key: 'shop', name: 'Shop', allowedOrigins: [SHOP_PAGE], departments: ['Orders'] };
const clinic: TestSite = { key: 'clinic', name: 'Clinic', departments: ['Desk'] };

describe('a site that is taken out of the configuration', () => {
  let dataDir: string;
  let server: TestServer;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'foyer-sites-'));
  });
  afterEach(async () => {
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const open = async (sites: TestSite[], options: TestServerOptions = {}): Promise<void> => {
    server = await startServer({ dataDir, sites, ...options });
  };
  const policyOf = async (siteKey: string) => {
    const { status, headers } = await fetch(`${server.url}/widget/?site=${siteKey}`);
    return { status, ancestors: headers.get('content-security-policy')?.match(/frame-ancestors ([^;]*)/)?.[1] };
  };

  test('[SE4] its pages carry no widget and do not connect any more, and what was said there is kept', async () => {
    await open([shop, clinic]);
    expect(await policyOf('shop')).toMatchObject({ ancestors: `'self' ${SHOP_PAGE}` });
    const agent = await openReadyAgent(server, { siteKey: 'shop' });
    const { visitor, conversationId } = await answeredConversation(server, { agent, ask: { siteKey: 'shop' } });
    await write(visitor, conversationId, 'Where is my lamp?');
    await agent.request('conversation:end-conversation', { conversationId });
    await server.close();

    await open([clinic]);
    expect(await policyOf('shop')).toEqual({ status: 404, ancestors: "'none'" });
    await expect(openVisitor(server, { siteKey: 'shop' })).rejects.toMatchObject({ code: 'unknown-site' });
    await openVisitor(server, { siteKey: 'clinic' });
    const desk = await openWorkspace(server, agent.account);
    expect(desk.session.agent.departments).toEqual([]);
    expect(desk.session.conversations).toEqual([expect.objectContaining({ conversationId, phase: 'ended' })]);
    await server.close();

    await open([shop, clinic]);
    const back = await openVisitor(server, { siteKey: 'shop', token: visitor.token });
    expect(back.visitorId).toBe(visitor.visitorId);
    const deskBack = await openWorkspace(server, agent.account);
    expect(deskBack.session.agent.departments.map(({ name }) => name)).toEqual(['Orders']);
  });

  test('[RS7] a request whose department is gone waits for another one of the site, and is answered there', async () => {
    const visitorGrace = { timing: { visitorGraceMs: 3_600_000 } };
    await open([{ ...shop, departments: ['Orders', 'Returns'] }], visitorGrace);
    const returns = await openReadyAgent(server, { siteKey: 'shop', departments: ['Returns'] });
    const orders = await server.addAgent({ siteKey: 'shop', departments: ['Orders'] });
    const { visitor, conversationId } = await waitingVisitor(server, { siteKey: 'shop' });
    const { offerId } = await nextOffer(returns, conversationId);
    await returns.request('routing:decline-offer', { offerId });
    await server.close();

    await open([shop], visitorGrace);
    const back = await openVisitor(server, { siteKey: 'shop', token: visitor.token });
    expect(back.session.conversation).toMatchObject({ conversationId, phase: 'waiting', queue: { position: 1 } });
    const desk = await openWorkspace(server, orders);
    await becomeReady(desk);
    const offer = await nextOffer(desk, conversationId);
    expect(offer.request.department.name).toBe('Orders');
    await desk.request('routing:accept-offer', { offerId: offer.offerId });
    await back.nextEvent('conversation:changed', (event) => event.conversation.phase === 'active');
  });

  test('[RS7] a request on a site that is gone ends as orphaned', async () => {
    await open([shop, clinic]);
    const agent = await openReadyAgent(server, { siteKey: 'shop' });
    const { conversationId } = await waitingVisitor(server, { siteKey: 'shop' });
    await nextOffer(agent, conversationId);
    await server.close();

    await open([clinic]);
    const [ended] = await server.read((db) => db.selectFrom('conversations').selectAll().execute());
    expect(ended).toMatchObject({ conversationId, phase: 'ended', endReason: 'orphaned' });
  });

  test('[D1] the demo shop and its site are there unless they are switched off', async () => {
    await open([clinic]);
    await openVisitor(server);
    expect((await fetch(`${server.url}/`, { redirect: 'manual' })).headers.get('location')).toBe('/demo/');
    await server.close();

    await open([clinic], { environment: { FOYER_DEMO: 'off' } });
    await expect(openVisitor(server)).rejects.toMatchObject({ code: 'unknown-site' });
    expect((await fetch(`${server.url}/demo/`)).status).toBe(404);
    expect((await fetch(`${server.url}/`, { redirect: 'manual' })).headers.get('location')).toBe('/workspace/');
  });
});
