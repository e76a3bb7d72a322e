import express, { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { signInInput } from '../../protocol/accounts.ts';
import type { AgentView } from '../../protocol/accounts.ts';
import type { AgentId } from '../../protocol/ids.ts';
import { SESSION_MS } from '../accounts/session-service.ts';
import type { SessionService } from '../accounts/session-service.ts';
import type { Announcer } from '../announcer.ts';
import { toClientAddress } from '../client-address.ts';
import { AppError } from '../errors.ts';
import { isOriginAllowed } from '../origins.ts';
import { hashToken } from '../secret-token.ts';
import { readCookie, SESSION_COOKIE } from '../session-cookie.ts';

export interface SessionRouteParts {
  publicUrl: string | null;
  trustedProxies: number;
  sessions: SessionService;
  announcer: Announcer;
  viewOf(agentId: AgentId): Promise<AgentView>;
  onSignedOut(agentId: AgentId): Promise<void>;
}

const MAX_BODY_BYTES = 4_096;

/** `/api/v1/session`: sign in, ask who is signed in, sign out. */
export function createSessionRoutes(parts: SessionRouteParts): Router {
  const { publicUrl, sessions, announcer, viewOf } = parts;
  const routes = Router();

  /** A page of another origin cannot change anything here, whatever cookies the browser would send along. */
  const sameOriginOnly: RequestHandler = (request, _response, next) => {
    if (isOriginAllowed(request.headers, publicUrl)) return next();
    throw new AppError('wrong-origin', 'This page may not do that here.');
  };

  function setSessionCookie(request: Request, response: Response, token: string): void {
    response.cookie(SESSION_COOKIE, token, {
      httpOnly: true,
      sameSite: 'strict',
      // Also behind a proxy that was not declared: browsers reach this server by https or not at all.
      secure: request.secure || (publicUrl?.startsWith('https:') ?? false),
      path: '/',
      maxAge: SESSION_MS,
    });
  }

  routes.get('/session', async (request, response) => {
    const token = tokenOf(request);
    const session = await sessions.findSession(token);
    if (!token || !session) throw new AppError('not-signed-in', 'Please sign in.');
    // The session was renewed, so the browser must keep its cookie as long.
    setSessionCookie(request, response, token);
    response.json({ agent: await viewOf(session.agent.agentId) });
  });

  routes.post('/session', sameOriginOnly, express.json({ limit: MAX_BODY_BYTES }), async (request, response) => {
    const input = signInInput.safeParse(request.body);
    if (!input.success) {
      throw new AppError('bad-input', 'Please enter e-mail and password.', {
        details: { fields: input.error.issues.map((issue) => issue.path.join('.')) },
      });
    }
    const address = toClientAddress(request, parts.trustedProxies);
    const { token, agent } = await sessions.signIn(input.data.email, input.data.password, address);
    setSessionCookie(request, response, token);
    response.json({ agent: await viewOf(agent.agentId) });
  });

  routes.delete('/session', sameOriginOnly, async (request, response) => {
    const token = tokenOf(request);
    if (token) {
      const agentId = await sessions.signOut(token);
      announcer.endSession(hashToken(token), 'signed-out');
      if (agentId) await parts.onSignedOut(agentId);
    }
    response.clearCookie(SESSION_COOKIE, { path: '/' });
    response.status(204).end();
  });
  return routes;
}

function tokenOf(request: Request): string | undefined {
  return readCookie(request.headers.cookie, SESSION_COOKIE);
}
