import * as z from 'zod';
import { agentConversationView, queueView, visitorFacts } from './conversations.ts';
import { callId, conversationId, modality, nothing, offerId, timestamp } from './ids.ts';
import { availabilityView, departmentView } from './sites.ts';

/** A request as the desk sees it: who, where, how, since when (A4). */
export const queuedRequestView = z.object({
  conversationId,
  modality,
  department: departmentView,
  visitor: visitorFacts,
  queuedAt: timestamp,
  /** Whether it is ringing at somebody right now. */
  isRinging: z.boolean(),
  /** Whether this agent has declined it or put it aside. */
  isPutAside: z.boolean(),
});
export type QueuedRequestView = z.infer<typeof queuedRequestView>;

/** "Incoming chat request": one agent is rung until `expiresAt`. */
export const offerView = z.object({
  offerId,
  request: queuedRequestView,
  offeredAt: timestamp,
  expiresAt: timestamp,
  /** The call that is prepared for this request; nobody joins it before having accepted. */
  callId: callId.nullable(),
});
export type OfferView = z.infer<typeof offerView>;

export const visitorRoutingRequests = {
  'routing:leave-queue': { input: z.object({ conversationId }), output: nothing },
} as const;

export const agentRoutingRequests = {
  /** Only one agent can win; the others get `offer-gone`, `request-taken` or `visitor-left`. */
  'routing:accept-offer': { input: z.object({ offerId }), output: z.object({ conversation: agentConversationView }) },
  'routing:decline-offer': { input: z.object({ offerId }), output: nothing },
  /** "Queue": not now; it waits in the Communication Queue and rings here again once this agent has room. */
  'routing:queue-offer': { input: z.object({ offerId }), output: nothing },
  /** Takes a request straight from the Communication Queue. */
  'routing:take-request': {
    input: z.object({ conversationId }),
    output: z.object({ conversation: agentConversationView }),
  },
} as const;

export const visitorRoutingEvents = {
  'routing:availability-changed': z.object({ availability: availabilityView }),
  'routing:queue-changed': z.object({ conversationId, queue: queueView }),
} as const;

export const agentRoutingEvents = {
  'routing:offer-made': z.object({ offer: offerView }),
  'routing:offer-closed': z.object({
    offerId,
    outcome: z.enum(['accepted', 'declined', 'queued', 'expired', 'withdrawn']),
  }),
  /** The whole Communication Queue of this agent's departments, longest wait first. */
  'routing:queue-updated': z.object({ queue: z.array(queuedRequestView) }),
} as const;
