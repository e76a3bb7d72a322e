import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { postSession, signIn, signOut } from '../_support/http-session.ts';
import { connectAgent, connectVisitor } from '../_support/page-connection.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import type { TestAgent } from '../_support/test-agents.ts';
import { openVisitor, openWorkspace } from '../_support/story.ts';

describe('signing in and out', () => {
  let server: TestServer;
  let clockMs: number;
  let account: TestAgent;
  beforeEach(async () => {
    clockMs = Date.now();
    server = await startServer({ overrides: { now: () => clockMs } });
    account = await server.addAgent({ email: 'Ada@Example.com' });
  });
  afterEach(() => server.close());

  test('[SE1] the cookie of a session is out of reach for scripts and for other sites', async () => {
    const { status, headers, body } = await postSession(server, account);
    expect([status, body.agent?.email]).toEqual([200, 'ada@example.com']);
    const [cookie, ...others] = headers.getSetCookie();
    expect(others).toEqual([]);
    const [pair, ...flags] = (cookie ?? '').split('; ');
    expect(pair).toMatch(/^foyer_session=[A-Za-z0-9_-]{32,}$/);
    expect(flags).toEqual(expect.arrayContaining(['HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=604800']));
    expect(flags).not.toContain('Secure');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('[SE1] behind https the cookie never travels without it', async () => {
    await server.close();
    server = await startServer({
      environment: { FOYER_PUBLIC_URL: 'https://support.example.com', FOYER_TRUSTED_PROXIES: '1' },
    });
    const { headers } = await postSession(server, server.admin, { 'x-forwarded-proto': 'https' });
    expect(headers.getSetCookie()[0]).toContain('; Secure');
  });

  test('[SE1] only a hash of the session is kept, and no password', async () => {
    const { cookie } = await signIn(server, account);
    const token = cookie.slice('foyer_session='.length);
    const kept = await server.read(async (db) => [
      await db.selectFrom('agentSessions').selectAll().execute(),
      await db.selectFrom('agents').selectAll().execute(),
    ]);
    expect(JSON.stringify(kept)).not.toContain(token);
    expect(JSON.stringify(kept)).not.toContain(account.password);
  });

  test('[SE1] without a session, with a forged or an expired one, nobody gets in', async () => {
    const { cookie } = await signIn(server, account);
    await expect(connectAgent(server, { cookie: '' })).rejects.toMatchObject({ code: 'not-signed-in' });
    await expect(connectAgent(server, { cookie: `${cookie}x` })).rejects.toMatchObject({ code: 'not-signed-in' });
    expect((await fetch(`${server.url}/api/v1/session`)).status).toBe(401);
    clockMs += 7 * 24 * 3_600_000 + 1;
    await expect(connectAgent(server, { cookie })).rejects.toMatchObject({ code: 'not-signed-in' });
    expect((await fetch(`${server.url}/api/v1/session`, { headers: { cookie } })).status).toBe(401);
  });

  test('[SE1] a page that was left open is told when its session expires, and let go', async () => {
    const page = await openWorkspace(server, account);
    clockMs += 7 * 24 * 3_600_000 + 1;
    expect(await page.nextEvent('agent:signed-out')).toEqual({ reason: 'expired' });
    await page.disconnected;
  });

  test('[SE1] work in an open page counts as use of its session', async () => {
    const { cookie } = await signIn(server, account);
    const atWork = await openWorkspace(server, account, cookie);
    const leftOpen = await openWorkspace(server, account);
    clockMs += 4 * 24 * 3_600_000;
    await atWork.request('agent:report-activity', { isIdle: true });
    await atWork.request('agent:report-activity', { isIdle: false });
    await leftOpen.request('agent:report-activity', { isIdle: true });
    clockMs += 4 * 24 * 3_600_000;
    await leftOpen.disconnected;
    await atWork.request('agent:set-status', { status: 'busy' });
    expect((await fetch(`${server.url}/api/v1/session`, { headers: { cookie } })).status).toBe(200);
  });

  test('[SE1] a session in use is renewed', async () => {
    const { cookie } = await signIn(server, account);
    for (let day = 0; day < 12; day += 4) {
      clockMs += 4 * 24 * 3_600_000;
      const page = await connectAgent(server, { cookie });
      page.close();
    }
  });

  test('[SE2] wrong passwords are answered alike, and after five of them the account is locked for a while', async () => {
    const wrong = { email: account.email, password: 'not this one' };
    const unknown = await postSession(server, { email: 'nobody@example.com', password: 'not this one' });
    for (let tries = 0; tries < 5; tries += 1) {
      const { status, body } = await postSession(server, wrong);
      expect([status, body]).toEqual([401, unknown.body]);
    }
    const locked = await postSession(server, account);
    expect(locked.status).toBe(429);
    expect(locked.body.error).toMatchObject({ code: 'locked-out', details: { retryAfterMs: 30_000 } });
    expect(locked.headers.get('retry-after')).toBe('30');
    expect(locked.headers.getSetCookie()).toEqual([]);

    clockMs += 30_000;
    expect((await postSession(server, account)).status).toBe(200);
  });

  test('[SE2] a restart does not open a locked account', async () => {
    for (let tries = 0; tries < 5; tries += 1) {
      await postSession(server, { email: account.email, password: 'not this one' });
    }
    await server.restart();
    expect((await postSession(server, account)).status).toBe(429);
  });

  test('[SE2] one account that is guessed at does not lock the others', async () => {
    for (let tries = 0; tries < 6; tries += 1) {
      await postSession(server, { email: account.email, password: 'not this one' });
    }
    expect((await postSession(server, server.admin)).status).toBe(200);
  });

  test('[SE3] signing out tells every page of the session and ends its connections, and only these', async () => {
    const { cookie } = await signIn(server, account);
    const tabs = [await openWorkspace(server, account, cookie), await openWorkspace(server, account, cookie)];
    const elsewhere = await openWorkspace(server, account);
    const answer = await signOut(server, cookie);
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^foyer_session=; Path=\/; Expires=Thu, 01 Jan 1970/);
    for (const tab of tabs) {
      expect(await tab.nextEvent('agent:signed-out')).toEqual({ reason: 'signed-out' });
      await tab.disconnected;
    }
    await expect(connectAgent(server, { cookie })).rejects.toMatchObject({ code: 'not-signed-in' });
    await elsewhere.request('agent:set-status', { status: 'busy' });
  });

  test('[SE3] signing out twice is harmless', async () => {
    const { cookie } = await signIn(server, account);
    await signOut(server, cookie);
    expect((await signOut(server, cookie)).status).toBe(204);
  });
});

describe('the version of a page', () => {
  test('[SE6] a page of another version is told so before anything else is asked of it', async () => {
    const server = await startServer();
    try {
      for (const [protocolVersion, code] of [
        [0, 'client-too-old'],
        [999, 'client-too-new'],
      ] as const) {
        await expect(connectVisitor(server, { protocolVersion, siteKey: 'no-such-site' })).rejects.toMatchObject({
          code,
        });
        await expect(connectAgent(server, { cookie: '' }, { protocolVersion })).rejects.toMatchObject({ code });
      }
    } finally {
      await server.close();
    }
  });
});

describe('who a visitor is', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer({ sites: [{ key: 'bank', name: 'Bank' }] });
  });
  afterEach(() => server.close());

  test('[SE5] a forged token, or one of another site, is a new visitor with a token of their own', async () => {
    const visitor = await openVisitor(server);
    for (const [token, siteKey] of [
      ['forged', 'demo'],
      [visitor.token, 'bank'],
    ] as const) {
      const other = await openVisitor(server, { token, siteKey });
      expect(other.visitorId).not.toBe(visitor.visitorId);
      expect(other.session.visitorToken).toEqual(expect.any(String));
      expect(other.session.visitorToken).not.toBe(token);
    }
  });

  test('[SE5] only a hash of the token is kept', async () => {
    const visitor = await openVisitor(server);
    const rows = await server.read((db) => db.selectFrom('visitors').selectAll().execute());
    expect(JSON.stringify(rows)).not.toContain(visitor.token);
  });

  test('[SE5] before its first request a page without a token is nobody and may ask nothing else', async () => {
    const page = await connectVisitor(server);
    await expect(
      page.request('conversation:fetch-messages', { conversationId: crypto.randomUUID() as never, afterSeq: 0 }),
    ).rejects.toMatchObject({ code: 'not-signed-in' });
  });
});
