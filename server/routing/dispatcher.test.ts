import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentId, ConversationId, OfferId } from '../../protocol/ids.ts';
import type { OfferView } from '../../protocol/routing.ts';
import { addToDepartments, updatePresence } from '../accounts/account-store.ts';
import { createConversationFixture } from '../conversations/conversation-fixture.ts';
import type { ConversationFixture } from '../conversations/conversation-fixture.ts';
import { insertConnection } from '../db/connection-store.ts';
import { createLogger } from '../logger.ts';
import { createDispatcher } from './dispatcher.ts';
import { closeOffer } from './offer-store.ts';
import type { OfferRow } from './offer-store.ts';

describe('ringing agents', () => {
  let fixture: ConversationFixture;
  beforeEach(async () => {
    fixture = await createConversationFixture();
  });
  afterEach(() => fixture.close());

  async function newReadyAgent(name: string): Promise<AgentId> {
    const agentId = await fixture.newAgent(name);
    await addToDepartments(fixture.db, agentId, [fixture.departmentId]);
    await updatePresence(fixture.db, agentId, { isAvailable: 1 });
    await insertConnection(fixture.db, { socketId: name, nodeId: 'n', party: 'agent', personId: agentId }, 1);
    return agentId;
  }

  /** Dispatches until something has been announced, while `describe` tells what happens as the offer is described. */
  async function dispatchUntilTold(describeOffer: (offer: OfferRow) => Promise<void>): Promise<OfferId[]> {
    const told: OfferId[] = [];
    await new Promise<void>((resolve, reject) => {
      const dispatcher = createDispatcher({
        db: fixture.db,
        now: () => 2_000,
        log: createLogger({ level: 'error', destination: { write: (line) => reject(new Error(line)) } }),
        offerMs: 30_000,
        remindAt: () => {},
        views: {
          async toOfferView(offer) {
            await describeOffer(offer);
            return toView(offer);
          },
        },
        announcer: {
          toAgent(_agentId, name, payload) {
            if (name !== 'routing:offer-made' || !('offer' in payload)) return;
            told.push(payload.offer.offerId);
            resolve();
          },
        },
      });
      dispatcher.ask(fixture.departmentId);
    });
    return told;
  }

  test('[QU5] an offer that closes while it is described is not announced, the next one is', async () => {
    await newReadyAgent('Ada');
    await newReadyAgent('Ben');
    const first = await fixture.newConversation();
    const second = await fixture.newConversation();
    const described: ConversationId[] = [];
    const told = await dispatchUntilTold(async ({ offerId, conversationId }) => {
      described.push(conversationId);
      if (described.length === 1) await closeOffer(fixture.db, offerId, 'withdrawn', 2_001);
    });
    expect(described.toSorted()).toEqual([first.conversationId, second.conversationId].toSorted());
    const offers = await fixture.db.selectFrom('offers').select(['offerId', 'phase']).execute();
    expect(offers.map(({ phase }) => phase).toSorted()).toEqual(['open', 'withdrawn']);
    expect(told).toEqual(offers.flatMap(({ offerId, phase }) => (phase === 'open' ? [offerId] : [])));
  });
});

function toView({ offerId, conversationId, offeredAt, expiresAt }: OfferRow): OfferView {
  return {
    offerId,
    offeredAt,
    expiresAt,
    callId: null,
    request: {
      conversationId,
      modality: 'text',
      department: { departmentId: '' as OfferView['request']['department']['departmentId'], name: 'Customer care' },
      visitor: {
        visitorId: '' as OfferView['request']['visitor']['visitorId'],
        name: 'Grace Hofer',
      } as OfferView['request']['visitor'],
      queuedAt: 1_000,
      isRinging: true,
      isPutAside: false,
    },
  };
}
