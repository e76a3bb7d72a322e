import { createShareRelay } from '../cobrowse/relay/create-relay.ts';
import { createPublicAssetDoor } from '../cobrowse/relay/public-assets.ts';
import type { ShareGate, ShareRelay, StreamRecorder } from '../cobrowse/relay/relay.ts';
import { ShareError } from '../cobrowse/share-error.ts';
import type { ShareCaller, ShareHandlers, ShareHost } from '../cobrowse/share-host.ts';
import { noticeOfLastEnd } from '../cobrowse/share-lines.ts';
import type { ShareService } from '../cobrowse/share-service.ts';
import type { SharedScreens } from '../media/call-host.ts';
import type { CallId, ConversationId, ShareId } from '../protocol/ids.ts';
import { agentShareRequests, shareRequests, visitorShareRequests } from '../protocol/sharing.ts';
import { findAgent } from './accounts/account-store.ts';
import type { Announcer } from './announcer.ts';
import { mayAct } from './conversations/conversation-policy.ts';
import { findConversation, listDeserted } from './conversations/conversation-store.ts';
import type { MessageService } from './conversations/message-service.ts';
import type { NewNotice } from './conversations/message-store.ts';
import { createShareStore, listOpenSharesOf } from './conversations/share-store.ts';
import type { Db } from './db/open.ts';
import type { AgentHandlers, PartyContext, VisitorHandlers } from './handlers.ts';
import type { AuditService } from './insights/audit-service.ts';
import type { Logger } from './logger.ts';
import { toShareSettings } from './sites/co-browse-settings.ts';
import type { SiteService } from './sites/site-service.ts';
import { findVisitor } from './visitors/visitor-store.ts';

export interface ShareHostParts {
  db: Db;
  now: () => number;
  nodeId: string;
  log: Logger;
  announcer: Announcer;
  sites: SiteService;
  messages: MessageService;
  audit: AuditService;
}

/** Supplies the sharing part with what it asks for; the one place where shares meet conversations. */
export function createShareHost(parts: ShareHostParts): ShareHost {
  const { db, now, nodeId, log, announcer, audit } = parts;
  return {
    now,
    nodeId,
    log,
    shares: createShareStore(
      db,
      async (within, entries) => audit.appendWithin(within, entries.map(toAuditEntry)),
      (unit, conversationId, line) => parts.messages.addNotice(unit, conversationId, { kind: 'notice', ...line }),
      (shareId, error) => log.error({ shareId, err: error }, 'a stored share cannot be read'),
    ),
    async findParticipants(conversationId) {
      const row = await findConversation(db, conversationId);
      if (!row) return undefined;
      const visitor = await findVisitor(db, row.visitorId);
      const agent = row.agentId ? await findAgent(db, row.agentId) : undefined;
      return {
        phase: row.phase,
        visitor: { personId: row.visitorId, name: visitor?.name ?? '' },
        agent: agent ? { personId: agent.agentId, name: agent.name } : null,
        settings: toShareSettings(parts.sites.requireSite(row.siteId).settings.coBrowse),
      };
    },
    findDeserted: async (conversationIds) => new Set(await listDeserted(db, conversationIds)),
    tellConversation(conversationId, name, payload) {
      announcer.toVisitorOf(conversationId, name, payload);
      announcer.toAgentsOf(conversationId, name, payload);
    },
    tellVisitor: (conversationId, name, payload) => announcer.toVisitorOf(conversationId, name, payload),
    tellVisitorPage: (socketId, name, payload, delivery) =>
      announcer.toPage('visitor', socketId, name, payload, delivery),
    tellAgentPage: (socketId, name, payload, delivery) => announcer.toPage('agent', socketId, name, payload, delivery),
    audit: (entry) => audit.append(toAuditEntry(entry)),
  };
}

function toAuditEntry({ shareId, data, ...entry }: Parameters<ShareHost['audit']>[0]) {
  return { ...entry, data: { shareId, ...data } };
}

/** What the log says of shares that end with their conversation; read inside the transaction that ends it. */
export async function listLastShareLines(
  within: Db,
  conversationId: ConversationId,
  now: number,
): Promise<NewNotice[]> {
  const shares = await listOpenSharesOf(within, conversationId);
  const lines = shares.map((share) => noticeOfLastEnd(share, now));
  return lines.flatMap((line) => (line ? [{ kind: 'notice', ...line }] : []));
}

type VisitorShareName = keyof typeof shareRequests | keyof typeof visitorShareRequests;
type AgentShareName = keyof typeof shareRequests | keyof typeof agentShareRequests;

/** The sharing part's handlers as both gateways call them; each side has the names of its own contract alone. */
export function createShareHandlersFor(
  db: Db,
  handlers: ShareHandlers,
): { visitor: VisitorHandlers<VisitorShareName>; agent: AgentHandlers<AgentShareName> } {
  const toCaller = (context: PartyContext): ShareCaller => ({
    party: context.party,
    personId: context.party === 'visitor' ? context.visitorId : context.agentId,
    socketId: context.socketId,
    async mayUse(conversationId) {
      const row = await findConversation(db, conversationId);
      return row !== undefined && mayAct(context, row);
    },
  });
  const adapt = (names: readonly string[]) =>
    Object.fromEntries(
      names.map((name) => {
        const handler = handlers[name as keyof ShareHandlers] as (
          input: unknown,
          caller: ShareCaller,
        ) => Promise<unknown>;
        return [name, (input: unknown, context: PartyContext) => handler(input, toCaller(context))];
      }),
    ) as unknown;
  return {
    visitor: adapt([
      ...Object.keys(shareRequests),
      ...Object.keys(visitorShareRequests),
    ]) as VisitorHandlers<VisitorShareName>,
    agent: adapt([...Object.keys(shareRequests), ...Object.keys(agentShareRequests)]) as AgentHandlers<AgentShareName>,
  };
}

/** The relay of shared pages, with the door through which it fetches public pictures. */
export function toOpenRelay(host: ShareHost, recorder: StreamRecorder): (gate: ShareGate) => ShareRelay {
  return (gate) => createShareRelay({ host, gate, recorder, assets: createPublicAssetDoor() });
}

/** What carries a shared screen has its share's id. */
export function toCallId(shareId: ShareId): CallId {
  return shareId as string as CallId;
}

/** Shared screens as the media part asks for them; the service is made after it. */
export function toScreens(service: () => ShareService): SharedScreens {
  const toShareId = (callId: CallId) => callId as string as ShareId;
  return {
    find: (callId) => service().findScreen(toShareId(callId)),
    handleSeen: (callId) => service().handleScreenSeen(toShareId(callId)),
    handleWatched: (callId, names) => service().handleScreenWatched(toShareId(callId), names),
    handleFailed: (callId) => service().handleScreenFailed(toShareId(callId)),
  };
}

export function isShareError(error: unknown): error is ShareError {
  return error instanceof ShareError;
}
