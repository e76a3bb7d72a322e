import { CallError } from '../media/call-error.ts';
import type { CallCaller, CallHost, SharedScreens } from '../media/call-host.ts';
import { noticeOfLastEnd } from '../media/call-notices.ts';
import type { CallService } from '../media/call-service.ts';
import type { AgentRequests, ParsedInputOf } from '../protocol/contract.ts';
import type { ConversationId } from '../protocol/ids.ts';
import type { callRequests } from '../protocol/media.ts';
import { findAgent } from './accounts/account-store.ts';
import type { Announcer } from './announcer.ts';
import { createCallStore, findOpenCallOf } from './conversations/call-store.ts';
import { mayAct } from './conversations/conversation-policy.ts';
import { findConversation } from './conversations/conversation-store.ts';
import type { MessageService } from './conversations/message-service.ts';
import type { NewNotice } from './conversations/message-store.ts';
import type { Db } from './db/open.ts';
import type { AgentHandlers, PartyContext, VisitorHandlers } from './handlers.ts';
import type { Logger } from './logger.ts';
import { findOpenOfferFor } from './routing/offer-store.ts';
import type { SiteService } from './sites/site-service.ts';
import { findVisitor } from './visitors/visitor-store.ts';

export interface CallHostParts {
  db: Db;
  now: () => number;
  nodeId: string;
  log: Logger;
  announcer: Announcer;
  sites: SiteService;
  messages: MessageService;
  screens: SharedScreens;
}

/** Supplies the media part with what it asks for; the one place where calls meet conversations. */
export function createCallHost(parts: CallHostParts): CallHost {
  const { db, now, nodeId, log, announcer } = parts;
  return {
    now,
    nodeId,
    log,
    calls: createCallStore(
      db,
      (unit, conversationId, line) => parts.messages.addNotice(unit, conversationId, { kind: 'notice', ...line }),
      (callId, error) => log.error({ callId, err: error }, 'a stored call cannot be read'),
    ),
    screens: parts.screens,
    async findParticipants(conversationId) {
      const row = await findConversation(db, conversationId);
      if (!row) return undefined;
      const visitor = await findVisitor(db, row.visitorId);
      const agent = row.agentId ? await findAgent(db, row.agentId) : undefined;
      return {
        phase: row.phase,
        visitor: { personId: row.visitorId, name: visitor?.name ?? '' },
        agent: agent ? { personId: agent.agentId, name: agent.name } : null,
        offeredModalities: parts.sites.requireSite(row.siteId).settings.modalities,
      };
    },
    isRung: async (conversationId, agentId) => (await findOpenOfferFor(db, conversationId))?.agentId === agentId,
    tellConversation(conversationId, name, payload) {
      announcer.toVisitorOf(conversationId, name, payload);
      announcer.toAgentsOf(conversationId, name, payload);
    },
    tellSocket: (socketId, party, name, payload) => announcer.toPage(party, socketId, name, payload),
  };
}

/** What the log says of a call that ends with its conversation; read inside the transaction that ends it. */
export async function listLastCallLines(within: Db, conversationId: ConversationId, now: number): Promise<NewNotice[]> {
  const call = await findOpenCallOf(within, conversationId);
  const line = call && noticeOfLastEnd(call, now);
  return line ? [{ kind: 'notice', ...line }] : [];
}

type CallRequestName = keyof typeof callRequests;

/** The media part's handlers as both gateways call them. */
export function createCallHandlersFor(
  db: Db,
  service: CallService,
): VisitorHandlers<CallRequestName> & AgentHandlers<CallRequestName> {
  const toCaller = (context: PartyContext): CallCaller => ({
    party: context.party,
    personId: context.party === 'visitor' ? context.visitorId : context.agentId,
    socketId: context.socketId,
    async mayUse(conversationId) {
      const row = await findConversation(db, conversationId);
      return row !== undefined && mayAct(context, row);
    },
  });
  const adapted = Object.fromEntries(
    Object.entries(service.handlers).map(([name, handler]) => [
      name,
      (input: ParsedInputOf<AgentRequests, CallRequestName>, context: PartyContext) =>
        (handler as (given: typeof input, caller: CallCaller) => Promise<unknown>)(input, toCaller(context)),
    ]),
  );
  return adapted as VisitorHandlers<CallRequestName> & AgentHandlers<CallRequestName>;
}

export function isCallError(error: unknown): error is CallError {
  return error instanceof CallError;
}
