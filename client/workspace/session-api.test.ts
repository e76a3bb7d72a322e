import { expect, test } from 'vitest';
import { agentAda } from './desk-fixtures.ts';
import { fetchSession, signIn, signOut } from './session-api.ts';

const answering = (status: number, body: unknown) => async () => Response.json(body, { status });
const refusing = (status: number, code: string, details: object = {}) =>
  answering(status, { error: { code, message: 'No.', details } });

test('[A1] the right password signs in', async () => {
  const answer = await signIn('ada@example.com', 'secret', answering(200, { agent: agentAda() }));
  expect(answer).toMatchObject({ isSignedIn: true, agent: { name: 'Ada Lind' } });
});

test('[A1] e-mail and password travel in the body, never in the address', async () => {
  const sent: { url: string; init: RequestInit }[] = [];
  await signIn('ada@example.com', 'secret', async (url, init) => {
    sent.push({ url, init });
    return Response.json({ agent: agentAda() });
  });
  expect(sent[0]?.url).toBe('/api/v1/session');
  expect(sent[0]?.init).toMatchObject({ method: 'POST', body: '{"email":"ada@example.com","password":"secret"}' });
});

test('[A1] a wrong password is told apart from a locked account', async () => {
  expect(await signIn('a', 'b', refusing(401, 'wrong-credentials'))).toEqual({
    isSignedIn: false,
    fault: { fault: 'wrong-credentials' },
  });
  expect(await signIn('a', 'b', refusing(429, 'locked-out', { retryAfterMs: 90_000 }))).toEqual({
    isSignedIn: false,
    fault: { fault: 'locked-out', retryAfterMs: 90_000 },
  });
});

test('[A1] a lock without a time asks to wait a minute', async () => {
  expect(await signIn('a', 'b', answering(429, 'slow down'))).toEqual({
    isSignedIn: false,
    fault: { fault: 'locked-out', retryAfterMs: 60_000 },
  });
});

test('[A1] a server that is away, broken or hidden behind an error page is unreachable', async () => {
  const unreachable = { isSignedIn: false, fault: { fault: 'unreachable' } };
  expect(await signIn('a', 'b', async () => Promise.reject(new TypeError('Failed to fetch')))).toEqual(unreachable);
  expect(await signIn('a', 'b', refusing(503, 'shutting-down'))).toEqual(unreachable);
  expect(await fetchSession(async () => new Response('<h1>Bad gateway</h1>', { status: 502 }))).toEqual(unreachable);
});

test('[A1] without a session the sign-in page shows', async () => {
  expect(await fetchSession(refusing(401, 'not-signed-in'))).toEqual({
    isSignedIn: false,
    fault: { fault: 'refused', code: 'not-signed-in' },
  });
});

test('[A1] an answer without an agent signs nobody in', async () => {
  expect(await fetchSession(answering(200, {}))).toMatchObject({ isSignedIn: false });
});

test('[A1] signing out is done when the server has no session any more', async () => {
  expect(await signOut(async () => new Response(null, { status: 204 }))).toBe(true);
  expect(await signOut(refusing(401, 'not-signed-in'))).toBe(true);
  expect(await signOut(async () => Promise.reject(new TypeError('Failed to fetch')))).toBe(false);
});
