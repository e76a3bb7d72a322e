import type { AgentView } from '../../protocol/accounts.ts';
import type { ErrorCode } from '../../protocol/errors.ts';

const SESSION_URL = '/api/v1/session';
const SIGN_IN_TIMEOUT_MS = 15_000;

/** Why nobody is signed in: the agent can do something about each of them. */
export type SignInFault =
  | { fault: 'wrong-credentials' }
  | { fault: 'locked-out'; retryAfterMs: number }
  | { fault: 'unreachable' }
  | { fault: 'refused'; code: ErrorCode | 'unknown' };

export type SessionAnswer = { isSignedIn: true; agent: AgentView } | { isSignedIn: false; fault: SignInFault };

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The cookie itself is HttpOnly: only the server knows whether it is good. */
export function fetchSession(fetchFromServer: Fetch = fetch): Promise<SessionAnswer> {
  return ask(fetchFromServer, 'GET');
}

export function signIn(email: string, password: string, fetchFromServer: Fetch = fetch): Promise<SessionAnswer> {
  return ask(fetchFromServer, 'POST', { email, password });
}

/** Ends the session on the server; false when it could not be reached and the cookie is still good. */
export async function signOut(fetchFromServer: Fetch = fetch): Promise<boolean> {
  try {
    const response = await fetchFromServer(SESSION_URL, requestOf('DELETE'));
    return response.ok || response.status === 401;
  } catch {
    return false;
  }
}

async function ask(fetchFromServer: Fetch, method: 'GET' | 'POST', body?: object): Promise<SessionAnswer> {
  let response: Response;
  let answer: unknown;
  try {
    response = await fetchFromServer(SESSION_URL, requestOf(method, body));
    answer = await response.json();
  } catch {
    // No answer, or one that is not ours (a proxy's error page): the server is not there.
    return { isSignedIn: false, fault: { fault: 'unreachable' } };
  }
  if (response.ok && hasAgent(answer)) return { isSignedIn: true, agent: answer.agent };
  return { isSignedIn: false, fault: toFault(response.status, answer) };
}

function requestOf(method: string, body?: object): RequestInit {
  const request: RequestInit = {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    signal: AbortSignal.timeout(SIGN_IN_TIMEOUT_MS),
  };
  if (body === undefined) return request;
  return { ...request, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function toFault(status: number, answer: unknown): SignInFault {
  const error = errorOf(answer);
  if (error.code === 'locked-out' || status === 429 || status === 423) {
    return { fault: 'locked-out', retryAfterMs: error.retryAfterMs };
  }
  // A form that was sent half empty is, for the person in front of it, the same as a wrong password.
  if (error.code === 'wrong-credentials' || error.code === 'bad-input') return { fault: 'wrong-credentials' };
  if (status >= 500) return { fault: 'unreachable' };
  return { fault: 'refused', code: error.code };
}

/** Reads only what the page acts on; everything else in an error's body is for people who read logs. */
function errorOf(answer: unknown): { code: ErrorCode | 'unknown'; retryAfterMs: number } {
  const error = propertyOf(answer, 'error');
  const code = propertyOf(error, 'code');
  const retryAfterMs = propertyOf(propertyOf(error, 'details'), 'retryAfterMs');
  return {
    code: typeof code === 'string' ? (code as ErrorCode) : 'unknown',
    retryAfterMs: typeof retryAfterMs === 'number' && retryAfterMs > 0 ? retryAfterMs : 60_000,
  };
}

function hasAgent(answer: unknown): answer is { agent: AgentView } {
  return typeof propertyOf(propertyOf(answer, 'agent'), 'agentId') === 'string';
}

function propertyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
