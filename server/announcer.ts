import type { AgentEvents, EventOf, VisitorEvents } from '../protocol/contract.ts';
import type { AgentId, ConversationId, Party, SiteId, VisitorId } from '../protocol/ids.ts';

/**
 * Says something to whoever must hear it. Addresses are rooms, never sockets held in memory, so that several nodes
 * reach each other's clients. Implemented by `realtime/rooms.ts`.
 */
export interface Announcer {
  toVisitorOf<Name extends keyof VisitorEvents & string>(
    conversationId: ConversationId,
    name: Name,
    payload: EventOf<VisitorEvents, Name>,
    /** A page of theirs that knows it already. */
    exceptSocketId?: string,
  ): void;
  toAgentsOf<Name extends keyof AgentEvents & string>(
    conversationId: ConversationId,
    name: Name,
    payload: EventOf<AgentEvents, Name>,
  ): void;
  toAgent<Name extends keyof AgentEvents & string>(
    agentId: AgentId,
    name: Name,
    payload: EventOf<AgentEvents, Name>,
  ): void;
  /** Everybody who has a page of this site open. */
  toVisitorsOf<Name extends keyof VisitorEvents & string>(
    siteId: SiteId,
    name: Name,
    payload: EventOf<VisitorEvents, Name>,
  ): void;
  /** One page, for what concerns the seat or the stream that it holds. `volatile` is dropped where the line is not free. */
  toPage(party: Party, socketId: string, name: string, payload: object, delivery?: 'volatile'): void;
  /** From now on all pages of this person hear the conversation. */
  admit(
    person: { party: 'visitor'; id: VisitorId } | { party: 'agent'; id: AgentId },
    conversationId: ConversationId,
  ): void;
  /** Nobody hears the conversation any more. */
  dismissAll(conversationId: ConversationId): void;
  /** Tells every page of a session that is over, then ends its connections. */
  endSession(tokenHash: string, reason: 'signed-out' | 'expired'): void;
}
