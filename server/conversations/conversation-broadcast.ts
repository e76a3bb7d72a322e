import type { ConversationId, Modality } from '../../protocol/ids.ts';
import type { Announcer } from '../announcer.ts';
import type { DomainEventBus } from '../domain-events.ts';
import type { ConversationViews } from './conversation-view.ts';

/** Tells both sides what happened in their conversation; hears it through domain events, after the commit. */
export function broadcastConversations(parts: {
  events: DomainEventBus;
  announcer: Announcer;
  views: ConversationViews;
  /** A call that was asked for begins with its conversation. */
  beginCall(conversationId: ConversationId, modality: Modality): Promise<unknown>;
  /** A running call and what is shared end with their conversation (C6), while its pages still hear of it. */
  endCall(conversationId: ConversationId): Promise<void>;
  endShares(conversationId: ConversationId): Promise<void>;
}): void {
  const { events, announcer, views } = parts;

  async function announceChange(conversationId: ConversationId): Promise<void> {
    announcer.toVisitorOf(conversationId, 'conversation:changed', {
      conversation: await views.forVisitor(conversationId),
    });
    announcer.toAgentsOf(conversationId, 'conversation:changed', {
      conversation: await views.forAgent(conversationId),
    });
  }

  events.on('message:added', ({ answeredPage, ...added }) => {
    // The other side first: the page that wrote it hears it from its answer.
    const isVisitors = added.message.sender.kind === 'visitor';
    if (isVisitors) announcer.toAgentsOf(added.conversationId, 'conversation:message-added', added);
    announcer.toVisitorOf(added.conversationId, 'conversation:message-added', added, answeredPage);
    if (!isVisitors) announcer.toAgentsOf(added.conversationId, 'conversation:message-added', added);
  });
  events.on('conversation:touched', ({ conversationId }) => announceChange(conversationId));
  // Every tab of the visitor follows the queue, not only the one that asked.
  events.on('conversation:queued', async ({ conversationId, visitorId }) => {
    announcer.admit({ party: 'visitor', id: visitorId }, conversationId);
    await announceChange(conversationId);
  });
  events.on('conversation:accepted', async ({ conversationId, agentId, visitorId, modality }) => {
    announcer.admit({ party: 'visitor', id: visitorId }, conversationId);
    announcer.admit({ party: 'agent', id: agentId }, conversationId);
    try {
      // The call first: the page that waited starts sending on its word, and draws the conversation meanwhile.
      if (modality !== 'text') await parts.beginCall(conversationId, modality);
    } finally {
      await announceChange(conversationId);
    }
  });
  events.on('conversation:ended', async ({ conversationId }) => {
    // In this order: what they say last belongs into the conversation, and after the dismissal nobody listens.
    await Promise.all([parts.endShares(conversationId), parts.endCall(conversationId)])
      .finally(() => announceChange(conversationId))
      .finally(() => announcer.dismissAll(conversationId));
  });
}
