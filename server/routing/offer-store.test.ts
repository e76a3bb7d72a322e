import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentId, ConversationId } from '../../protocol/ids.ts';
import { createConversationFixture } from '../conversations/conversation-fixture.ts';
import type { ConversationFixture } from '../conversations/conversation-fixture.ts';
import { findConversation, saveState } from '../conversations/conversation-store.ts';
import { closeOffer, findOpenOfferFor, insertOffer, liftQueuedOffers, listDueOffers } from './offer-store.ts';

describe('offers as they are kept', () => {
  let fixture: ConversationFixture;
  let ada: AgentId;
  let ben: AgentId;
  let conversationId: ConversationId;
  beforeEach(async () => {
    fixture = await createConversationFixture();
    ada = await fixture.newAgent('Ada');
    ben = await fixture.newAgent('Ben');
    ({ conversationId } = await fixture.newConversation());
  });
  afterEach(() => fixture.close());

  const ring = (agentId: AgentId, wanted = conversationId) =>
    insertOffer(fixture.db, { conversationId: wanted, agentId, offeredAt: 10, expiresAt: 40 });

  test('[QU1] an offer is open until it is closed, once', async () => {
    const offer = await ring(ada);
    expect(offer).toMatchObject({ conversationId, agentId: ada, phase: 'open', offeredAt: 10, expiresAt: 40 });
    expect(await findOpenOfferFor(fixture.db, conversationId)).toEqual(offer);
    expect(await closeOffer(fixture.db, offer!.offerId, 'declined', 20)).toBe(true);
    expect(await closeOffer(fixture.db, offer!.offerId, 'expired', 40)).toBe(false);
    expect(await findOpenOfferFor(fixture.db, conversationId)).toBeUndefined();
  });

  test('[QU5] a request rings at one agent at a time', async () => {
    const [first, second] = await Promise.all([ring(ada), ring(ben)]);
    expect([first, second].filter((offer) => offer !== undefined)).toHaveLength(1);
  });

  test('[QU5] an agent hears one request ring at a time', async () => {
    const other = await fixture.newConversation();
    await ring(ada);
    expect(await ring(ada, other.conversationId)).toBeUndefined();
    expect(await ring(ben, other.conversationId)).toBeDefined();
  });

  test.each([
    ['taken', { phase: 'active', queuedAt: 1, agentId: 'ben' as AgentId, acceptedAt: 5 }],
    ['abandoned', { phase: 'ended', queuedAt: 1, agentId: null, acceptedAt: null, endedAt: 5, reason: 'abandoned' }],
  ] as const)('[QU5] a request that was %s in the last moment rings at nobody', async (_what, state) => {
    const row = await findConversation(fixture.db, conversationId);
    await saveState(fixture.db, row!, state.phase === 'active' ? { ...state, agentId: ben } : state);
    expect(await ring(ada)).toBeUndefined();
    expect(await findOpenOfferFor(fixture.db, conversationId)).toBeUndefined();
  });

  test('[QU5] what nobody answered is due when its time is over', async () => {
    const offer = await ring(ada);
    expect(await listDueOffers(fixture.db, 39)).toEqual([]);
    expect(await listDueOffers(fixture.db, 40)).toEqual([offer]);
  });

  test('[QU9] "Queue" holds until the agent has room, "Decline" holds for good', async () => {
    const queued = await ring(ada);
    await closeOffer(fixture.db, queued!.offerId, 'queued', 20);
    const declined = await ring(ada);
    await closeOffer(fixture.db, declined!.offerId, 'declined', 20);
    await liftQueuedOffers(fixture.db, ada);
    const rows = await fixture.db.selectFrom('offers').select(['phase', 'isLifted']).orderBy('phase').execute();
    expect(rows).toEqual([
      { phase: 'declined', isLifted: 0 },
      { phase: 'queued', isLifted: 1 },
    ]);
  });
});
