import type { Socket } from 'socket.io';
import * as z from 'zod';
import { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { SiteId } from '../../protocol/ids.ts';
import { visitorHandshake } from '../../protocol/visitors.ts';
import { agentHandshake } from '../../protocol/workspace.ts';
import type { SessionService } from '../accounts/session-service.ts';
import { AppError } from '../errors.ts';
import { readCookie, SESSION_COOKIE } from '../session-cookie.ts';
import type { VisitorService } from '../visitors/visitor-service.ts';
import type { AgentPage, VisitorPage } from './pages.ts';
import { isOriginAllowed } from '../origins.ts';

export interface HandshakeParts {
  publicUrl: string | null;
  sessions: SessionService;
  visitors: VisitorService;
  findSite(siteKey: string): { siteId: SiteId; allowedOrigins: readonly string[] } | undefined;
}

/** Who stands at the door of `/visitor`; every refusal has a code on which the widget can act. */
export async function admitVisitor(socket: Socket, parts: HandshakeParts): Promise<VisitorPage> {
  const auth = parseAuth(visitorHandshake, socket.handshake.auth);
  const site = parts.findSite(auth.siteKey);
  if (!site) throw new AppError('unknown-site', 'This site is not known here.', { details: { siteKey: auth.siteKey } });
  if (!isOriginAllowed(socket.handshake.headers, parts.publicUrl, site.allowedOrigins)) {
    throw new AppError('wrong-origin', 'This page may not connect here.');
  }
  const visitor = await parts.visitors.findByToken(site.siteId, auth.visitorToken);
  return {
    party: 'visitor',
    siteId: site.siteId,
    visitorId: visitor?.visitorId ?? null,
    userAgent: socket.handshake.headers['user-agent'],
  };
}

/** Who stands at the door of `/agent`: the session cookie says it, and only our own pages may bring it. */
export async function admitAgent(socket: Socket, parts: HandshakeParts): Promise<AgentPage> {
  parseAuth(agentHandshake, socket.handshake.auth);
  if (!isOriginAllowed(socket.handshake.headers, parts.publicUrl)) {
    throw new AppError('wrong-origin', 'This page may not connect here.');
  }
  const session = await parts.sessions.findSession(readCookie(socket.handshake.headers.cookie, SESSION_COOKIE));
  if (!session) throw new AppError('not-signed-in', 'Please sign in.');
  const { agent, tokenHash } = session;
  return { party: 'agent', agentId: agent.agentId, tenantId: agent.tenantId, role: agent.role, tokenHash };
}

function parseAuth<Schema extends z.ZodType<{ protocolVersion: number }>>(
  schema: Schema,
  auth: unknown,
): z.output<Schema> {
  // The version first: an old client may differ in everything else, and must learn that it is old.
  const version = z.object({ protocolVersion: z.int() }).safeParse(auth);
  if (version.success && version.data.protocolVersion < OLDEST_PROTOCOL_VERSION) {
    throw new AppError('client-too-old', 'This page is out of date. It reloads itself.');
  }
  if (version.success && version.data.protocolVersion > PROTOCOL_VERSION) {
    throw new AppError('client-too-new', 'This page is newer than the server. Please try again in a moment.');
  }
  const parsed = schema.safeParse(auth);
  if (!parsed.success) {
    throw new AppError('bad-input', 'The greeting of this page is not complete.', {
      details: { fields: parsed.error.issues.map((issue) => issue.path.join('.')) },
    });
  }
  return parsed.data;
}
