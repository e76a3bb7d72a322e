import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentId, ConversationId } from '../../protocol/ids.ts';
import { updatePresence } from '../accounts/account-store.ts';
import { deleteConnection, insertConnection } from '../db/connection-store.ts';
import type { Db } from '../db/open.ts';
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
    ada = await newReadyAgent('Ada');
    ben = await newReadyAgent('Ben');
    ({ conversationId } = await fixture.newConversation());
  });
  afterEach(() => fixture.close());

  async function newReadyAgent(name: string): Promise<AgentId> {
    const agentId = await fixture.newAgent(name);
    await updatePresence(fixture.db, agentId, { isAvailable: 1 });
    await insertConnection(fixture.db, { socketId: name, nodeId: 'n', party: 'agent', personId: agentId }, 1);
    return agentId;
  }

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

  test.each<[string, (db: Db) => Promise<unknown>]>([
    ['busy', (db) => updatePresence(db, ada, { status: 'busy' })],
    ['offline', (db) => updatePresence(db, ada, { status: 'offline' })],
    ['unavailable', (db) => updatePresence(db, ada, { isAvailable: 0 })],
    ['disabled', (db) => db.updateTable('agents').set({ disabledAt: 5 }).execute()],
    ['signed off', (db) => deleteConnection(db, 'Ada')],
    ['at the cap', (db) => db.updateTable('agents').set({ chatCap: 0 }).execute()],
  ])('[QU5] an agent who became %s in the last moment is not rung', async (_what, change) => {
    await change(fixture.db);
    expect(await ring(ada)).toBeUndefined();
    expect(await findOpenOfferFor(fixture.db, conversationId)).toBeUndefined();
  });

  test('[QU5] who is away, or has room for one more, is rung', async () => {
    await updatePresence(fixture.db, ada, { status: 'away' });
    const { conversationId: held } = await fixture.newConversation();
    await fixture.db
      .updateTable('conversations')
      .set({ phase: 'active', agentId: ada })
      .where('conversationId', '=', held)
      .execute();
    await fixture.db.updateTable('agents').set({ chatCap: 2 }).execute();
    expect(await ring(ada)).toBeDefined();
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
