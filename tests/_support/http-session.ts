import type { AgentView } from '../../protocol/accounts.ts';
import type { WireError } from '../../protocol/errors.ts';

export interface SignInAnswer {
  status: number;
  headers: Headers;
  body: { agent?: AgentView; error?: WireError };
}

/** A kept connection would be one to the server before its restart. */
const ONE_CONNECTION = { connection: 'close' };

/** Posts to the sign-in route and gives the answer, whatever it is. */
export async function postSession(
  server: { url: string },
  body: unknown,
  headers: Record<string, string> = {},
): Promise<SignInAnswer> {
  const response = await fetch(`${server.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...ONE_CONNECTION, ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as SignInAnswer['body'] };
}

/** Signs in as a browser does and gives the cookie to send along. */
export async function signIn(
  server: { url: string },
  who: { email: string; password: string },
): Promise<{ cookie: string; agent: AgentView }> {
  const { status, headers, body } = await postSession(server, { email: who.email, password: who.password });
  const cookie = headers.getSetCookie()[0]?.split(';')[0];
  if (status !== 200 || cookie === undefined || body.agent === undefined) {
    throw new Error(`Signing in as ${who.email} was refused: ${status} ${JSON.stringify(body)}`);
  }
  return { cookie, agent: body.agent };
}

export async function signOut(server: { url: string }, cookie: string): Promise<Response> {
  return fetch(`${server.url}/api/v1/session`, { method: 'DELETE', headers: { cookie, ...ONE_CONNECTION } });
}
