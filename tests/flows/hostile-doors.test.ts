import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import { agentRequests, visitorRequests } from '../../protocol/contract.ts';
import { signIn } from '../_support/http-session.ts';
import { connectAgent, connectVisitor, openSocket } from '../_support/page-connection.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { openReadyAgent, openVisitor, askForHelp } from '../_support/story.ts';
import type { AgentPage } from '../_support/story.ts';
import { expectServing, refusalOf, startInput } from './hostile-world.ts';

const SHOP_ORIGIN = 'https://www.shop.example';
const sites = [{ key: 'shop', name: 'Shop', allowedOrigins: [SHOP_ORIGIN] }];

let server: TestServer;
let agent: AgentPage;
beforeAll(async () => {
  server = await startServer({ sites });
  agent = await openReadyAgent(server);
});
afterAll(() => server.close());

describe('the door of visitors', () => {
  const greet = (auth: object, headers: Record<string, string> = {}) =>
    openSocket(`${server.url}/visitor`, auth, headers);
  const good = { protocolVersion: PROTOCOL_VERSION, siteKey: 'demo' };

  test.each([
    ['of yesterday', PROTOCOL_VERSION - 1, 'client-too-old'],
    ['below zero', -7, 'client-too-old'],
    ['of tomorrow', PROTOCOL_VERSION + 1, 'client-too-new'],
    ['beyond counting', Number.MAX_SAFE_INTEGER, 'client-too-new'],
    ['that is half a number', 1.5, 'bad-input'],
    ['in words', '1', 'bad-input'],
    ['that is nothing', null, 'bad-input'],
    ['that is a list', [1], 'bad-input'],
  ])('[O5] a page %s is told by its code', async (_what, protocolVersion, code) => {
    await expect(greet({ ...good, protocolVersion })).rejects.toMatchObject({ code });
    const { cookie } = await signIn(server, agent.account);
    await expect(openSocket(`${server.url}/agent`, { protocolVersion }, { cookie })).rejects.toMatchObject({ code });
  });

  test('[O5] an old page learns that it is old, whatever else it says wrongly', async () => {
    const auth = { protocolVersion: 0, site: 7, siteKey: ['x'], visitorToken: {} };
    await expect(greet(auth)).rejects.toMatchObject({ code: 'client-too-old' });
  });

  test.each([
    [{}],
    [{ protocolVersion: PROTOCOL_VERSION }],
    [{ ...good, siteKey: '' }],
    [{ ...good, siteKey: 'x'.repeat(65) }],
    [{ ...good, siteKey: { $ne: '' } }],
    [{ ...good, visitorToken: 7 }],
    [{ ...good, visitorToken: 'x'.repeat(257) }],
    [{ ...good, visitorToken: { token: 'x' } }],
  ])('[O5] the greeting %j is refused as input', async (auth) => {
    await expect(greet(auth)).rejects.toMatchObject({ code: 'bad-input' });
  });

  test.each(['unknown', 'DEMO', 'demo ', '__proto__', 'constructor', "demo' OR 1=1 --", 'demo\u0000'])(
    '[O5] the site %j is unknown',
    async (siteKey) => {
      await expect(connectVisitor(server, { siteKey })).rejects.toMatchObject({ code: 'unknown-site' });
    },
  );

  test.each([
    'https://evil.example',
    'https://www.shop.example.evil.example',
    'http://www.shop.example',
    'https://www.shop.example:8443',
    'null',
    'nonsense',
  ])('[SE4] a page of %s may not connect to a site that did not allow it', async (origin) => {
    await expect(connectVisitor(server, { siteKey: 'shop', origin })).rejects.toMatchObject({ code: 'wrong-origin' });
    await expect(connectAgent(server, agent.account, { origin })).rejects.toMatchObject({ code: 'wrong-origin' });
  });

  test("[SE4] an allowed origin opens its own site's door only, and never the agents'", async () => {
    const page = await connectVisitor(server, { siteKey: 'shop', origin: SHOP_ORIGIN });
    page.close();
    await expect(connectVisitor(server, { siteKey: 'demo', origin: SHOP_ORIGIN })).rejects.toMatchObject({
      code: 'wrong-origin',
    });
    await expect(connectAgent(server, agent.account, { origin: SHOP_ORIGIN })).rejects.toMatchObject({
      code: 'wrong-origin',
    });
  });

  test.each(['', 'x', 'x'.repeat(43), "' OR 1=1 --", '__proto__', '../../etc/passwd', '\u0000'])(
    '[V5] the token %j is nobody: a new visitor with a token of their own comes of it',
    async (token) => {
      const page = await openVisitor(server, { token });
      expect(page.session.visitorToken).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(page.session.profile).toBeNull();
      page.close();
    },
  );

  test('[V5] a token of another site is nobody here: neither profile nor conversation comes along', async () => {
    const known = await openVisitor(server);
    await askForHelp(known, { name: 'Grace Hofer' });
    const elsewhere = await openVisitor(server, { siteKey: 'shop', token: known.token });
    expect(elsewhere.visitorId).not.toBe(known.visitorId);
    expect(elsewhere.session.visitorToken).not.toBe(known.token);
    expect([elsewhere.session.profile, elsewhere.session.conversation]).toEqual([null, null]);
    known.close();
    elsewhere.close();
  });

  test('[V5] what the database holds is no token', async () => {
    const page = await openVisitor(server);
    const row = await server.read((db) =>
      db.selectFrom('visitors').select('tokenHash').where('visitorId', '=', page.visitorId).executeTakeFirstOrThrow(),
    );
    expect(row.tokenHash).not.toBe(page.token);
    const thief = await openVisitor(server, { token: row.tokenHash });
    expect(thief.visitorId).not.toBe(page.visitorId);
    page.close();
    thief.close();
  });
});

describe('the doors and the names behind them', () => {
  const visitorNames = Object.keys(visitorRequests);
  const agentNames = Object.keys(agentRequests);

  test('[O5] before it has said hello a page may ask for nothing', async () => {
    const page = await connectVisitor(server);
    for (const name of visitorNames.filter((each) => each !== 'visitor:start-session')) {
      expect([name, await refusalOf(page, name, {})]).toEqual([name, 'not-signed-in']);
    }
    page.close();
  });

  test("[O5] what only agents may ask is unknown at the visitors' door, and the other way round", async () => {
    const visitor = await openVisitor(server);
    for (const name of agentNames.filter((each) => !visitorNames.includes(each))) {
      expect([name, await refusalOf(visitor, name, { offerId: randomUUID() })]).toEqual([name, 'unknown-name']);
    }
    for (const name of visitorNames.filter((each) => !agentNames.includes(each))) {
      expect([name, await refusalOf(agent, name, startInput())]).toEqual([name, 'unknown-name']);
    }
    visitor.close();
  });

  test('[O5] names that every object has, and names that sockets use themselves, are unknown and harm nothing', async () => {
    const visitor = await openVisitor(server);
    const names = [
      'constructor',
      '__proto__',
      'toString',
      'hasOwnProperty',
      '',
      ' ',
      'error',
      'ping',
      'message',
      'close',
    ];
    for (const name of names) expect([name, await refusalOf(visitor, name, {})]).toEqual([name, 'unknown-name']);
    expect(visitor.isConnected()).toBe(true);
    visitor.close();
    await expectServing(server);
  });

  test("[SE4] an agent's cookie opens nothing at the visitors' door, and a visitor's token nothing at the agents'", async () => {
    const visitor = await openVisitor(server);
    const auth = { protocolVersion: PROTOCOL_VERSION, visitorToken: visitor.token, agentId: agent.agentId };
    await expect(openSocket(`${server.url}/agent`, auth)).rejects.toMatchObject({ code: 'not-signed-in' });
    await expect(
      openSocket(`${server.url}/agent`, auth, { cookie: `foyer_session=${visitor.token}` }),
    ).rejects.toMatchObject({ code: 'not-signed-in' });
    visitor.close();
  });

  test.each(['/', '/admin', '/visitor/', '/agent/../visitor', '/__proto__'])(
    '[O5] there is no door %s',
    async (namespace) => {
      const socket = io(`${server.url}${namespace}`, {
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
      });
      const outcome = await new Promise<string>((resolve) => {
        socket.once('connect', () => resolve('open'));
        socket.once('connect_error', (error) => resolve(error.message));
      });
      expect(['Invalid namespace', 'There is nothing at this address.']).toContain(outcome);
      socket.disconnect();
    },
  );
});
