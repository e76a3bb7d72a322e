import type { AgentId, DepartmentId, SiteId } from '../../protocol/ids.ts';
import { listDepartmentIdsOf } from '../accounts/account-store.ts';
import type { Coalescer } from '../coalesce.ts';
import { findConversation } from '../conversations/conversation-store.ts';
import type { Db } from '../db/open.ts';
import type { DomainEventBus } from '../domain-events.ts';
import type { SiteService } from '../sites/site-service.ts';
import type { AvailabilityService } from './availability-service.ts';
import { listDesk, noteServed } from './desk-store.ts';
import type { OfferService } from './offer-service.ts';
import { liftQueuedOffers } from './offer-store.ts';
import type { OfferRow } from './offer-store.ts';

export interface RoutingParts {
  db: Db;
  now: () => number;
  events: DomainEventBus;
  sites: SiteService;
  availability: AvailabilityService;
  offers: OfferService;
  dispatcher: Coalescer<DepartmentId>;
  queue: Coalescer<DepartmentId>;
  /** Whether what rings at the agent may go on ringing. */
  isOnDuty(agentId: AgentId): Promise<boolean>;
  /** The agent's own view (chat cap reached or not) may have changed. */
  announceAgent(agentId: AgentId): Promise<void>;
}

/** What routing does when something happens elsewhere: one table of causes, so that no cause is forgotten. */
export function connectRouting(parts: RoutingParts): { handleOfferClosed(offer: OfferRow): Promise<void> } {
  const { db, events, sites, availability, offers, dispatcher, queue } = parts;

  function reconsider(departmentId: DepartmentId, siteId: SiteId): void {
    dispatcher.ask(departmentId);
    queue.ask(departmentId);
    availability.reconsider(siteId);
  }

  async function reconsiderAgent(agentId: AgentId): Promise<void> {
    for (const departmentId of await listDepartmentIdsOf(db, agentId)) {
      reconsider(departmentId, sites.requireDepartment(departmentId).site.siteId);
    }
  }

  // What waits goes on waiting and ringing: whoever asked in time was promised an answer (PR10).
  events.on('site:hours-turned', async ({ siteId }) => {
    availability.reconsider(siteId);
    const desks = await Promise.all(
      sites.requireSite(siteId).departments.map(({ departmentId }) => listDesk(db, departmentId, parts.now())),
    );
    for (const agentId of new Set(desks.flat().map((agent) => agent.agentId))) await parts.announceAgent(agentId);
  });
  events.on('conversation:queued', ({ departmentId, siteId }) => reconsider(departmentId, siteId));
  events.on('agent:presence-changed', async ({ agentId }) => {
    if (!(await parts.isOnDuty(agentId))) {
      await offers.releaseOf(agentId);
      // "Not now" was said for this spell at the desk: whoever comes back to it hears the request again (QU9).
      await liftQueuedOffers(db, agentId);
    }
    await reconsiderAgent(agentId);
  });
  events.on('conversation:accepted', async ({ conversationId, agentId }) => {
    await offers.withdrawFor(conversationId);
    await parts.announceAgent(agentId);
    await reconsiderAgent(agentId);
  });
  events.on('conversation:ended', async ({ conversationId, agentId, departmentId, siteId }) => {
    await offers.withdrawFor(conversationId);
    if (agentId) {
      await noteServed(db, agentId, parts.now());
      await liftQueuedOffers(db, agentId);
      await parts.announceAgent(agentId);
      await reconsiderAgent(agentId);
    }
    reconsider(departmentId, siteId);
  });
  events.on('conversation:touched', async ({ conversationId }) => {
    const conversation = await findConversation(db, conversationId);
    if (conversation?.phase === 'waiting') queue.ask(conversation.departmentId);
  });

  return {
    async handleOfferClosed(offer) {
      const conversation = await findConversation(db, offer.conversationId);
      if (conversation) reconsider(conversation.departmentId, conversation.siteId);
      // The agent hears the next request of any of their departments.
      await reconsiderAgent(offer.agentId);
    },
  };
}
