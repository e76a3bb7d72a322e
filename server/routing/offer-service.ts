import type { AgentConversationView } from '../../protocol/conversations.ts';
import type { AgentId, ConversationId, OfferId } from '../../protocol/ids.ts';
import { findAgent, listDepartmentIdsOf } from '../accounts/account-store.ts';
import type { AgentRow } from '../accounts/account-store.ts';
import type { Announcer } from '../announcer.ts';
import type { ConversationService } from '../conversations/conversation-service.ts';
import { countRunningOfAgent, findConversation } from '../conversations/conversation-store.ts';
import type { ConversationViews } from '../conversations/conversation-view.ts';
import type { Db } from '../db/open.ts';
import { inTransaction } from '../db/transaction.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { noteServed } from './desk-store.ts';
import { nextOfferPhase } from './offer-lifecycle.ts';
import { closeOffer, findOffer, findOpenOfferFor, listDueOffers, listOpenOffersOf } from './offer-store.ts';
import type { OfferRow } from './offer-store.ts';

export interface OfferSources {
  db: Db;
  now: () => number;
  log: Logger;
  announcer: Announcer;
  conversations: ConversationService;
  views: ConversationViews;
  /** An offer closed without an acceptance: somebody else may be rung. */
  onOfferClosed(offer: OfferRow): void;
}

export interface OfferService {
  accept(agentId: AgentId, offerId: OfferId): Promise<AgentConversationView>;
  putAside(agentId: AgentId, offerId: OfferId, answer: 'decline' | 'queue'): Promise<void>;
  take(agentId: AgentId, conversationId: ConversationId): Promise<AgentConversationView>;
  /** The request no longer waits: whoever is rung need not answer. */
  withdrawFor(conversationId: ConversationId): Promise<void>;
  /** An agent who went off duty while it rang hears it no longer, and somebody else does (QU5). */
  releaseOf(agentId: AgentId): Promise<void>;
  sweep(): Promise<void>;
}

export function createOfferService(parts: OfferSources): OfferService {
  const { db, now, announcer } = parts;

  async function requireOwnOffer(from: Db, agentId: AgentId, offerId: OfferId): Promise<OfferRow> {
    const offer = await findOffer(from, offerId);
    if (!offer || offer.agentId !== agentId) throw new AppError('not-found', 'This request is not known here.');
    return offer;
  }

  async function assign(
    agentId: AgentId,
    conversationId: ConversationId,
    offerId: OfferId | null,
    check: (from: Db, agent: AgentRow) => Promise<void> = async () => {},
  ): Promise<AgentConversationView> {
    const agent = await findAgent(db, agentId);
    if (!agent) throw new AppError('not-signed-in', 'This account no longer exists.');
    await inTransaction(db, async (unit) => {
      await check(unit.db, agent);
      await parts.conversations.acceptFor(unit, conversationId, agentId, agent.name);
      await noteServed(unit.db, agentId, now());
      if (offerId) await closeOffer(unit.db, offerId, 'accepted', now());
    });
    if (offerId) announcer.toAgent(agentId, 'routing:offer-closed', { offerId, outcome: 'accepted' });
    return parts.views.forAgent(conversationId);
  }

  async function take(agentId: AgentId, conversationId: ConversationId): Promise<AgentConversationView> {
    const conversation = await findConversation(db, conversationId);
    const departmentIds = await listDepartmentIdsOf(db, agentId);
    if (!conversation || !departmentIds.includes(conversation.departmentId)) {
      throw new AppError('not-found', 'This request is not known here.');
    }
    const open = await findOpenOfferFor(db, conversationId);
    const view = await assign(agentId, conversationId, open?.agentId === agentId ? open.offerId : null, (from, agent) =>
      requireRoom(from, conversationId, agent),
    );
    await withdrawWithoutRoom(agentId);
    return view;
  }

  /** What rang while there was room rings somewhere else once there is none. */
  async function withdrawWithoutRoom(agentId: AgentId): Promise<void> {
    const agent = await findAgent(db, agentId);
    if (!agent || (await countRunningOfAgent(db, agentId)) < agent.chatCap) return;
    for (const offer of await listOpenOffersOf(db, agentId)) await close(offer, 'withdrawn');
  }

  /** Whoever is rung has room. Taking a request is no way around the cap (QU12). */
  async function requireRoom(from: Db, conversationId: ConversationId, agent: AgentRow): Promise<void> {
    const conversation = await findConversation(from, conversationId);
    if (conversation?.phase !== 'waiting' || (await countRunningOfAgent(from, agent.agentId)) < agent.chatCap) return;
    throw new AppError('limit-reached', 'You have as many conversations as you may have at once. End one first.', {
      details: { chatCap: agent.chatCap },
    });
  }

  async function close(offer: OfferRow, phase: 'declined' | 'queued' | 'expired' | 'withdrawn'): Promise<void> {
    if (!(await closeOffer(db, offer.offerId, phase, now()))) return;
    announcer.toAgent(offer.agentId, 'routing:offer-closed', { offerId: offer.offerId, outcome: phase });
    parts.log.info({ offerId: offer.offerId, agentId: offer.agentId, outcome: phase }, 'offer closed');
    parts.onOfferClosed(offer);
  }

  return {
    async accept(agentId, offerId) {
      const offer = await requireOwnOffer(db, agentId, offerId);
      if (offer.phase !== 'accepted') {
        const conversation = await findConversation(db, offer.conversationId);
        if (conversation?.phase === 'ended') throw new AppError('visitor-left', 'The visitor has left.');
        if (conversation && conversation.phase !== 'waiting' && conversation.agentId !== agentId) {
          throw new AppError('request-taken', 'Another agent was faster.');
        }
        // The agent never said no: a click that comes a moment too late takes what still waits (QU3).
        if (offer.phase === 'expired' || offer.phase === 'withdrawn') return take(agentId, offer.conversationId);
        nextOfferPhase(offer.phase, 'accept');
      }
      return assign(agentId, offer.conversationId, offerId);
    },

    async putAside(agentId, offerId, answer) {
      const offer = await requireOwnOffer(db, agentId, offerId);
      const phase = nextOfferPhase(offer.phase, answer);
      if (phase === 'declined' || phase === 'queued') await close(offer, phase);
    },

    take,

    async withdrawFor(conversationId) {
      const open = await findOpenOfferFor(db, conversationId);
      if (open) await close(open, 'withdrawn');
    },

    async releaseOf(agentId) {
      for (const offer of await listOpenOffersOf(db, agentId)) await close(offer, 'withdrawn');
    },

    async sweep() {
      for (const offer of await listDueOffers(db, now())) await close(offer, 'expired');
    },
  };
}
