import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../server/db/open.ts';
import { createLogger } from '../../server/logger.ts';
import { hashToken } from '../../server/secret-token.ts';
import { postSession, signIn, signOut } from '../_support/http-session.ts';
import { connectAgent } from '../_support/page-connection.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import type { TestAgent } from '../_support/test-agents.ts';
import { expectServing } from './hostile-world.ts';

let now = Date.now();
let server: TestServer;
let agent: TestAgent;
beforeAll(async () => {
  server = await startServer({
    environment: { FOYER_TRUSTED_PROXIES: '1' },
    overrides: { now: () => now },
  });
});
beforeEach(async () => {
  agent = await server.addAgent();
});
afterAll(() => server.close());

/** Each test comes from an address of its own, so that none inherits the failures of another. */
let addresses = 0;
const newAddress = (): Record<string, string> => ({ 'x-forwarded-for': `203.0.113.${(addresses += 1)}` });
const cookieOf = (headers: Headers): string => headers.getSetCookie()[0] ?? '';
const ask = (cookie: string) => fetch(`${server.url}/api/v1/session`, { headers: { cookie } });

describe('the cookie of an agent', () => {
  test('[A1] it is out of reach for scripts and other sites, and lasts a week', async () => {
    const { headers } = await postSession(server, agent, newAddress());
    const attributes = cookieOf(headers)
      .split('; ')
      .slice(1)
      .map((attribute) => attribute.toLowerCase());
    expect(attributes).toEqual(expect.arrayContaining(['httponly', 'samesite=strict', 'path=/', 'max-age=604800']));
    expect(attributes).not.toContain('secure');
    expect(attributes.some((attribute) => attribute.startsWith('domain'))).toBe(false);
  });

  test('[A1] behind a trusted proxy that speaks https it travels by https only', async () => {
    const { headers } = await postSession(server, agent, { ...newAddress(), 'x-forwarded-proto': 'https' });
    expect(cookieOf(headers)).toContain('; Secure');
  });

  test('[A1] with a public https address it does so behind an undeclared proxy as well', async () => {
    const secure = await startServer({ environment: { FOYER_PUBLIC_URL: 'https://support.example.com' } });
    try {
      const { headers } = await postSession(secure, secure.admin);
      expect(cookieOf(headers)).toContain('; Secure');
    } finally {
      await secure.close();
    }
  });

  test('[A1] the database holds nothing with which somebody could sign in', async () => {
    const { cookie } = await signIn(server, agent);
    const token = cookie.split('=')[1] ?? '';
    const rows = await server.read((db) => db.selectFrom('agentSessions').select('tokenHash').execute());
    expect(rows.map(({ tokenHash }) => tokenHash)).toContain(hashToken(token));
    expect(JSON.stringify(rows)).not.toContain(token);
    expect((await ask(`foyer_session=${hashToken(token)}`)).status).toBe(401);
  });

  test('[A1] a cookie planted before the sign-in is worth nothing after it', async () => {
    const planted = `foyer_session=${'a'.repeat(43)}`;
    const { headers } = await postSession(server, agent, { ...newAddress(), cookie: planted });
    const given = cookieOf(headers).split(';')[0] ?? '';
    expect(given).not.toBe(planted);
    expect((await ask(planted)).status).toBe(401);
    expect((await ask(given)).status).toBe(200);
  });

  test('[A1] every sign-in gives another token', async () => {
    const cookies = [await signIn(server, agent), await signIn(server, agent)].map(({ cookie }) => cookie);
    expect(new Set(cookies).size).toBe(2);
  });

  test.each([
    ['none', ''],
    ['of another program', 'session=1; other=2'],
    ['empty', 'foyer_session='],
    ['made up', `foyer_session=${'x'.repeat(43)}`],
    ['far too long', `foyer_session=${'x'.repeat(5_000)}`],
    ['with SQL in it', "foyer_session=' OR 1=1 --"],
    ['with a broken escape', 'foyer_session=%E0%A4%A'],
    ['named like the prototype', '__proto__=1; constructor=2'],
  ])('[A1] a cookie that is %s signs nobody in, here and on the socket', async (_what, cookie) => {
    const answer = await ask(cookie);
    expect([answer.status, await answer.json()]).toMatchObject([401, { error: { code: 'not-signed-in' } }]);
    await expect(connectAgent(server, { cookie })).rejects.toMatchObject({ code: 'not-signed-in' });
  });

  test('[A1] a session ends a week after its last use, and use renews it together with the cookie', async () => {
    const { cookie } = await signIn(server, agent);
    const day = 24 * 60 * 60_000;
    now += 5 * day;
    const used = await ask(cookie);
    expect(used.status).toBe(200);
    expect(cookieOf(used.headers)).toMatch(new RegExp(`^${cookie};.*Max-Age=604800`));
    now += 5 * day;
    expect((await ask(cookie)).status).toBe(200);
    now += 8 * day;
    expect((await ask(cookie)).status).toBe(401);
    await expect(connectAgent(server, { cookie })).rejects.toMatchObject({ code: 'not-signed-in' });
  });

  test('[A1] signing out ends the session everywhere: cookie, open pages, new pages', async () => {
    const { cookie } = await signIn(server, agent);
    const other = await signIn(server, agent);
    const page = await connectAgent(server, { cookie });
    const otherPage = await connectAgent(server, { cookie: other.cookie });
    const out = await signOut(server, cookie);
    expect(out.status).toBe(204);
    expect(cookieOf(out.headers)).toMatch(/^foyer_session=;.*Expires=Thu, 01 Jan 1970/);
    await page.nextEvent('agent:signed-out', ({ reason }) => reason === 'signed-out');
    await page.disconnected;
    expect((await ask(cookie)).status).toBe(401);
    await expect(connectAgent(server, { cookie })).rejects.toMatchObject({ code: 'not-signed-in' });
    await otherPage.settle();
    expect((await ask(other.cookie)).status).toBe(200);
    expect((await signOut(server, cookie)).status).toBe(204);
  });

  test('[A1] an account that was disabled is signed out with its next request', async () => {
    const { cookie } = await signIn(server, agent);
    const { db, close } = await openDatabase(server.databasePath);
    await db.updateTable('agents').set({ disabledAt: now }).where('agentId', '=', agent.agentId).execute();
    await close();
    expect((await ask(cookie)).status).toBe(401);
    expect((await postSession(server, agent, newAddress())).body.error?.code).toBe('wrong-credentials');
    await expect(connectAgent(server, { cookie })).rejects.toMatchObject({ code: 'not-signed-in' });
  });
});

describe('signing in with what nobody should send', () => {
  test.each([
    [{}],
    [null],
    [[]],
    ['text'],
    [{ email: 'a@example.com' }],
    [{ email: '', password: 'x' }],
    [{ email: ['a@example.com'], password: 'x' }],
    [{ email: { toString: 'a' }, password: 'x' }],
    [{ email: 'a@example.com', password: { $ne: null } }],
    [{ email: 'a@example.com', password: '' }],
    [{ email: `${'a'.repeat(300)}@example.com`, password: 'x' }],
    [{ email: 'a@example.com', password: 'x'.repeat(257) }],
  ])('[O5] %j is refused as input', async (body: unknown) => {
    const answer = await postSession(server, body, newAddress());
    expect([answer.status, answer.body.error?.code]).toEqual([400, 'bad-input']);
  });

  test.each([
    ['malformed JSON', '{"email": "a@example.com", "password": secret-4711', 'application/json', 400, 'bad-input'],
    ['nothing at all', '', 'application/json', 400, 'bad-input'],
    ['a form', 'email=a@example.com&password=x', 'application/x-www-form-urlencoded', 400, 'bad-input'],
    ['JSON that calls itself text', '{"email":"a@example.com","password":"x"}', 'text/plain', 400, 'bad-input'],
    [
      'a strange encoding',
      '{"email":"a@example.com","password":"x"}',
      'application/json; charset=klingon',
      400,
      'bad-input',
    ],
    [
      'five kilobytes',
      JSON.stringify({ email: 'a@example.com', password: 'x'.repeat(5_000) }),
      'application/json',
      413,
      'too-large',
    ],
    ['a deep nest', `${'['.repeat(2_000)}${']'.repeat(2_000)}`, 'application/json', 400, 'bad-input'],
  ])('[O5] %s is refused with a code and nothing of it comes back', async (_what, body, contentType, status, code) => {
    const answer = await fetch(`${server.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': contentType, ...newAddress() },
      body,
    });
    const text = await answer.text();
    expect([answer.status, JSON.parse(text).error.code]).toEqual([status, code]);
    expect(text).not.toMatch(/4711|node_modules|at position/);
  });

  test('[O5] a body that unfolds to a thousand times its size is refused', async () => {
    const answer = await fetch(`${server.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', ...newAddress() },
      body: gzipSync(JSON.stringify({ email: 'a@example.com', password: 'x'.repeat(3_000_000) })),
    });
    expect(answer.status).toBe(413);
    await expectServing(server);
  });

  test.each(['https://evil.example', 'null', 'http://localhost.evil.example', 'nonsense'])(
    '[SE4] a page of %s can neither sign in nor out',
    async (origin) => {
      const { cookie } = await signIn(server, agent);
      const refused = await postSession(server, agent, { origin, ...newAddress() });
      expect([refused.status, refused.body.error?.code]).toEqual([403, 'wrong-origin']);
      expect(cookieOf(refused.headers)).toBe('');
      const out = await fetch(`${server.url}/api/v1/session`, { method: 'DELETE', headers: { cookie, origin } });
      expect(out.status).toBe(403);
      expect((await ask(cookie)).status).toBe(200);
    },
  );

  test('[SE4] no answer of the API is readable for pages of other origins', async () => {
    const { cookie } = await signIn(server, agent);
    const answer = await fetch(`${server.url}/api/v1/session`, { headers: { cookie, origin: 'https://evil.example' } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test('[A1] an e-mail is found however it is written, and a password only as it is', async () => {
    const upper = await postSession(server, { ...agent, email: `  ${agent.email.toUpperCase()} ` }, newAddress());
    expect(upper.status).toBe(200);
    const padded = await postSession(server, { ...agent, password: ` ${agent.password}` }, newAddress());
    expect(padded.body.error?.code).toBe('wrong-credentials');
  });

  test('[SE2] an unknown e-mail is answered in the words of a wrong password', async () => {
    const answerTo = async (email: string): Promise<string> => {
      const { body } = await postSession(server, { email, password: 'not the password' }, newAddress());
      return JSON.stringify(body);
    };
    expect(await answerTo(`${randomUUID()}@example.com`)).toBe(await answerTo(agent.email));
  });
});

describe('guessing passwords', () => {
  const wrong = (email: string, headers: Record<string, string>) =>
    postSession(server, { email, password: 'not the password' }, headers);

  test('[SE2] after five wrong passwords the account is locked from every address, and later open again', async () => {
    for (let tries = 0; tries < 5; tries += 1) {
      expect((await wrong(agent.email, newAddress())).body.error?.code).toBe('wrong-credentials');
    }
    const locked = await postSession(server, agent, newAddress());
    expect([locked.status, locked.body.error?.code]).toEqual([429, 'locked-out']);
    expect(locked.body.error?.details?.['retryAfterMs']).toBe(30_000);
    expect(locked.headers.get('retry-after')).toBe('30');
    now += 30_000;
    expect((await postSession(server, agent, newAddress())).status).toBe(200);
  });

  test('[SE2] forty guesses sent at once are not forty guesses', async () => {
    const codes = await Promise.all(
      Array.from({ length: 40 }, async () => (await wrong(agent.email, newAddress())).body.error?.code),
    );
    expect(codes.filter((code) => code === 'wrong-credentials')).toHaveLength(5);
    expect(codes.filter((code) => code === 'locked-out')).toHaveLength(35);
  });

  test('[SE2] an address that tries one password on many accounts is locked, and others sign in as ever', async () => {
    const guesser = newAddress();
    const codes = await Promise.all(
      Array.from({ length: 32 }, async () => (await wrong(`${randomUUID()}@example.com`, guesser)).body.error?.code),
    );
    expect(codes.filter((code) => code === 'locked-out')).toHaveLength(2);
    expect((await postSession(server, agent, guesser)).status).toBe(429);
    expect((await postSession(server, agent, newAddress())).status).toBe(200);
  });

  test('[SE2] nobody escapes the lock by making up addresses further left', async () => {
    const guesser = '198.51.100.77';
    for (let tries = 0; tries < 30; tries += 1) {
      await wrong(`${randomUUID()}@example.com`, { 'x-forwarded-for': `10.0.0.${tries}, ${guesser}` });
    }
    const next = await wrong(`${randomUUID()}@example.com`, { 'x-forwarded-for': `192.0.2.1, ${guesser}` });
    expect(next.status).toBe(429);
  });
});

describe('a proxy in front that was not declared', () => {
  test.each([
    ['0', 1],
    ['1', 0],
  ])('[SE2] with %s declared proxies a forwarded address is warned of %i times', async (declared, times) => {
    const lines: string[] = [];
    const other = await startServer({
      environment: { FOYER_TRUSTED_PROXIES: declared },
      overrides: { log: createLogger({ level: 'warn', destination: { write: (line) => lines.push(line) } }) },
    });
    try {
      await fetch(`${other.url}/healthz`);
      expect(lines).toEqual([]);
      for (const headers of [newAddress(), newAddress()]) await fetch(`${other.url}/healthz`, { headers });
      expect(lines.filter((line) => line.includes('FOYER_TRUSTED_PROXIES'))).toHaveLength(times);
    } finally {
      await other.close();
    }
  });

  test('[SE2] addresses of one IPv6 network share their tries, those of another have their own', async () => {
    const from = (host: number, network = 7) => ({ 'x-forwarded-for': `2001:db8:0:${network}::${host.toString(16)}` });
    const codes = await Promise.all(
      Array.from({ length: 32 }, async (_, index) => {
        const unknown = { email: `${randomUUID()}@example.com`, password: 'not the password' };
        return (await postSession(server, unknown, from(index + 1))).body.error?.code;
      }),
    );
    expect(codes.filter((code) => code === 'locked-out')).toHaveLength(2);
    expect((await postSession(server, agent, from(99))).status).toBe(429);
    expect((await postSession(server, agent, from(99, 8))).status).toBe(200);
  });
});
