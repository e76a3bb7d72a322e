import type { agentRoutingRequests, visitorRoutingRequests } from '../../protocol/routing.ts';
import type { ConversationService } from '../conversations/conversation-service.ts';
import type { AgentHandlers, VisitorHandlers } from '../handlers.ts';
import type { OfferService } from './offer-service.ts';

export function createVisitorRoutingHandlers(
  conversations: ConversationService,
): VisitorHandlers<keyof typeof visitorRoutingRequests> {
  return {
    'routing:leave-queue': async ({ conversationId }, caller) => {
      await conversations.end(caller, conversationId);
      return {};
    },
  };
}

export function createAgentRoutingHandlers(offers: OfferService): AgentHandlers<keyof typeof agentRoutingRequests> {
  return {
    'routing:accept-offer': async ({ offerId }, { agentId }) => ({
      conversation: await offers.accept(agentId, offerId),
    }),
    'routing:decline-offer': async ({ offerId }, { agentId }) => {
      await offers.putAside(agentId, offerId, 'decline');
      return {};
    },
    'routing:queue-offer': async ({ offerId }, { agentId }) => {
      await offers.putAside(agentId, offerId, 'queue');
      return {};
    },
    'routing:take-request': async ({ conversationId }, { agentId }) => ({
      conversation: await offers.take(agentId, conversationId),
    }),
  };
}
