import { sql } from 'kysely';
import type { Expression, ExpressionBuilder, Selectable, SqlBool } from 'kysely';
import { v7 as newId } from 'uuid';
import type { AgentId, ConversationId, OfferId } from '../../protocol/ids.ts';
import type { Db } from '../db/open.ts';
import { isUniqueViolation } from '../db/transaction.ts';
import type { Database, Flag, OfferPhase, OffersTable } from '../db/schema.ts';

export type OfferRow = Selectable<OffersTable>;

/**
 * Rings the agent if at this moment the request still waits, the agent can be rung and nothing else rings there; the
 * write decides.
 *
 * @returns undefined when somebody was faster: the request is taken, has ended or rings elsewhere, or the agent is rung
 * or has left duty
 */
export async function insertOffer(
  db: Db,
  offer: { conversationId: ConversationId; agentId: AgentId; offeredAt: number; expiresAt: number },
): Promise<OfferRow | undefined> {
  const offerId = newId() as OfferId;
  const { conversationId, agentId, offeredAt, expiresAt } = offer;
  try {
    return await db
      .insertInto('offers')
      .columns(['offerId', 'conversationId', 'agentId', 'phase', 'offeredAt', 'expiresAt', 'isLifted'])
      .expression((query) =>
        query
          .selectFrom('conversations')
          .select(({ cast, val }) => [
            cast<OfferId>(val(offerId), 'text').as('offerId'),
            'conversationId',
            cast<AgentId>(val(agentId), 'text').as('agentId'),
            cast<OfferPhase>(val('open'), 'text').as('phase'),
            cast<number>(val(offeredAt), 'bigint').as('offeredAt'),
            cast<number>(val(expiresAt), 'bigint').as('expiresAt'),
            cast<Flag>(val(0), 'integer').as('isLifted'),
          ])
          .where('conversationId', '=', conversationId)
          .where('phase', '=', 'waiting')
          .where((where) => canBeRungNow(where, agentId))
          .where(({ exists, not, selectFrom }) =>
            not(
              exists(
                selectFrom('offers')
                  .select('offers.offerId')
                  .where('offers.agentId', '=', agentId)
                  .where('offers.phase', '=', 'open'),
              ),
            ),
          ),
      )
      .returningAll()
      .executeTakeFirst();
  } catch (error) {
    if (isUniqueViolation(error)) return undefined;
    throw error;
  }
}

/** `canBeRung` of `agent-presence.ts`, asked of the rows: the desk was read a moment ago, and may have changed. */
function canBeRungNow(
  { exists, selectFrom }: ExpressionBuilder<Database, 'conversations'>,
  agentId: AgentId,
): Expression<SqlBool> {
  const running = selectFrom('conversations as running')
    .select(sql<number>`count(*)`.as('count'))
    .where('running.agentId', '=', agentId)
    .where('running.phase', '!=', 'ended');
  return exists(
    selectFrom('agents')
      .innerJoin('connections', (join) =>
        join.on('connections.personId', '=', agentId).on('connections.party', '=', 'agent'),
      )
      .select('agents.agentId')
      .where('agents.agentId', '=', agentId)
      .where('agents.status', 'in', ['online', 'away'])
      .where('agents.isAvailable', '=', 1)
      .where('agents.disabledAt', 'is', null)
      .where('agents.chatCap', '>', running),
  );
}

export async function findOffer(db: Db, offerId: OfferId): Promise<OfferRow | undefined> {
  return db.selectFrom('offers').selectAll().where('offerId', '=', offerId).executeTakeFirst();
}

export async function findOpenOfferFor(db: Db, conversationId: ConversationId): Promise<OfferRow | undefined> {
  return db
    .selectFrom('offers')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .where('phase', '=', 'open')
    .executeTakeFirst();
}

export async function listOpenOffersOf(db: Db, agentId: AgentId): Promise<OfferRow[]> {
  return db
    .selectFrom('offers')
    .selectAll()
    .where('agentId', '=', agentId)
    .where('phase', '=', 'open')
    .orderBy('offeredAt')
    .execute();
}

/** Closes an offer that is still open; false when it was closed meanwhile. The write decides, not the reader. */
export async function closeOffer(
  db: Db,
  offerId: OfferId,
  phase: Exclude<OfferPhase, 'open'>,
  now: number,
): Promise<boolean> {
  const result = await db
    .updateTable('offers')
    .set({ phase, closedAt: now })
    .where('offerId', '=', offerId)
    .where('phase', '=', 'open')
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function listDueOffers(db: Db, now: number): Promise<OfferRow[]> {
  return db.selectFrom('offers').selectAll().where('phase', '=', 'open').where('expiresAt', '<=', now).execute();
}

/** "Queue" meant "not now": once the agent has room again, the request may ring here again. */
export async function liftQueuedOffers(db: Db, agentId: AgentId): Promise<void> {
  await db
    .updateTable('offers')
    .set({ isLifted: 1 })
    .where('agentId', '=', agentId)
    .where('phase', '=', 'queued')
    .where('isLifted', '=', 0)
    .execute();
}
