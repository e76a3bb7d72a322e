import type { AgentId, SiteId, VisitorId } from '../../protocol/ids.ts';

/** One open page of a widget, kept on its socket. Nobody yet until `visitor:start-session`. */
export interface VisitorPage {
  party: 'visitor';
  siteId: SiteId;
  visitorId: VisitorId | null;
  userAgent: string | undefined;
}

/** One open page of a workspace. */
export interface AgentPage {
  party: 'agent';
  agentId: AgentId;
  tenantId: string;
  role: 'admin' | 'agent';
  tokenHash: string;
}

export type Page = VisitorPage | AgentPage;
