import type { DepartmentId } from '../../protocol/ids.ts';
import { canBeRung } from '../accounts/agent-presence.ts';
import type { Announcer } from '../announcer.ts';
import { createCoalescer } from '../coalesce.ts';
import type { Coalescer } from '../coalesce.ts';
import type { Db } from '../db/open.ts';
import type { Logger } from '../logger.ts';
import { chooseAgent } from './agent-ranking.ts';
import { listAnswers, listDesk, listWaiting } from './desk-store.ts';
import { findOffer, findOpenOfferFor, insertOffer } from './offer-store.ts';
import type { QueueViews } from './queue-views.ts';

export interface DispatcherSources {
  db: Db;
  now: () => number;
  log: Logger;
  announcer: Pick<Announcer, 'toAgent'>;
  views: Pick<QueueViews, 'toOfferView'>;
  offerMs: number;
  /** A timer in memory makes the expiry prompt; the due time in the database makes it sure. */
  remindAt(dueAt: number): void;
}

/**
 * Rings agents for the requests that wait in a department: each request at one agent at a time, each agent by one
 * request at a time, longest wait first (QU4, QU5). Asked again after everything that may have changed the answer.
 */
export function createDispatcher(parts: DispatcherSources): Coalescer<DepartmentId> {
  const { db, now } = parts;

  async function dispatch(departmentId: DepartmentId): Promise<void> {
    const desk = await listDesk(db, departmentId, now());
    const ringing = new Set(desk.filter((agent) => agent.isRinging).map((agent) => agent.agentId));
    for (const row of await listWaiting(db, departmentId)) {
      if (!desk.some((agent) => canBeRung(agent) && !ringing.has(agent.agentId))) return;
      if (await findOpenOfferFor(db, row.conversationId)) continue;
      const answers = await listAnswers(db, row.conversationId);
      const chosen = chooseAgent(
        desk.map((agent) => ({
          ...agent,
          isRinging: ringing.has(agent.agentId),
          hasPutAside: answers.get(agent.agentId)?.hasPutAside ?? false,
          expiredOffers: answers.get(agent.agentId)?.expiredOffers ?? 0,
        })),
      );
      if (!chosen) continue;
      const offeredAt = now();
      const offer = await insertOffer(db, {
        conversationId: row.conversationId,
        agentId: chosen.agentId,
        offeredAt,
        expiresAt: offeredAt + parts.offerMs,
      });
      if (!offer) continue;
      ringing.add(chosen.agentId);
      const view = await parts.views.toOfferView(offer);
      // It may be over by now. The database answers in turn: who closes it after this answer is heard after it.
      if ((await findOffer(db, offer.offerId))?.phase !== 'open') continue;
      if (view) parts.announcer.toAgent(chosen.agentId, 'routing:offer-made', { offer: view });
      parts.log.info(
        { conversationId: row.conversationId, agentId: chosen.agentId, offerId: offer.offerId },
        'offer made',
      );
      parts.remindAt(offer.expiresAt);
    }
  }

  return createCoalescer(dispatch, {
    delayMs: 0,
    onError: (error) => parts.log.error({ err: error }, 'dispatching failed'),
  });
}
