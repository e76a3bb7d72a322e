import type { OfferView } from '../../protocol/routing.ts';
import type { workspaceRequests } from '../../protocol/workspace.ts';
import type { PresenceService } from '../accounts/presence-service.ts';
import { listOfAgent } from '../conversations/conversation-store.ts';
import type { ConversationViews } from '../conversations/conversation-view.ts';
import type { LeftMessageService } from '../conversations/left-message-service.ts';
import type { Db } from '../db/open.ts';
import type { AgentHandlers } from '../handlers.ts';
import { listOpenOffersOf } from './offer-store.ts';
import type { QueueViews } from './queue-views.ts';

/** Ended conversations stay in the list this long, so that the last word can be read in peace. */
const SHOW_ENDED_FOR_MS = 60 * 60_000;

/** Everything the desk shows, as of now. */
export function createDeskSessionHandlers(parts: {
  db: Db;
  now: () => number;
  presence: PresenceService;
  views: ConversationViews;
  queueViews: QueueViews;
  leftMessages: LeftMessageService;
  viewerUrl: string;
}): AgentHandlers<keyof typeof workspaceRequests> {
  const { db, now, presence, views, queueViews } = parts;
  return {
    'agent:start-session': async (_input, { agentId }) => {
      const rows = await listOfAgent(db, agentId, now() - SHOW_ENDED_FOR_MS);
      const conversations = await Promise.all(rows.map((row) => views.forAgent(row.conversationId)));
      const offers = await Promise.all((await listOpenOffersOf(db, agentId)).map(queueViews.toOfferView));
      return {
        serverTime: now(),
        agent: await presence.viewOf(agentId),
        conversations,
        offers: offers.filter((offer): offer is OfferView => offer !== undefined),
        queue: await queueViews.forAgent(agentId),
        openLeftMessages: await parts.leftMessages.countOpen(agentId),
        viewerUrl: parts.viewerUrl,
      };
    },
  };
}
