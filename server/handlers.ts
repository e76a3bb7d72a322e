import type { AgentRequests, OutputOf, ParsedInputOf, RequestSchema, VisitorRequests } from '../protocol/contract.ts';
import type { AgentId, SiteId, VisitorId } from '../protocol/ids.ts';

/** Who asks, on `/visitor`. Before `visitor:start-session` a browser may be nobody yet. */
export interface VisitorContext {
  party: 'visitor';
  visitorId: VisitorId;
  siteId: SiteId;
  socketId: string;
}

/** The first request of a page, and "Not you?": they may make the page another visitor's. */
export interface VisitorPageContext extends Omit<VisitorContext, 'visitorId'> {
  visitorId: VisitorId | null;
  userAgent: string | undefined;
  /** From now on this page hears what this visitor hears. */
  attach(visitorId: VisitorId): Promise<void>;
}

/** Who asks, on `/agent`. */
export interface AgentContext {
  party: 'agent';
  agentId: AgentId;
  tenantId: string;
  role: 'admin' | 'agent';
  tokenHash: string;
  socketId: string;
}

export type PartyContext = VisitorContext | AgentContext;

/** Plain maps from wire name to function: they know no socket, so a test calls them like anybody else. */
export type HandlersFor<Requests extends Record<string, RequestSchema>, Name extends keyof Requests, Context> = {
  [Key in Name]: (
    input: ParsedInputOf<Requests, Key>,
    context: Context,
  ) => OutputOf<Requests, Key> | Promise<OutputOf<Requests, Key>>;
};
/** Names that a page may ask before it is anybody's. */
export type PageRequestName = 'visitor:start-session';
export type VisitorHandlers<Name extends keyof VisitorRequests = keyof VisitorRequests> = HandlersFor<
  VisitorRequests,
  Exclude<Name, PageRequestName>,
  VisitorContext & Pick<VisitorPageContext, 'attach' | 'userAgent'>
> &
  HandlersFor<VisitorRequests, Extract<Name, PageRequestName>, VisitorPageContext>;
export type AgentHandlers<Name extends keyof AgentRequests = keyof AgentRequests> = HandlersFor<
  AgentRequests,
  Name,
  AgentContext
>;
