import type { AgentView } from '../../protocol/accounts.ts';
import type { AgentEvents, AgentRequests, EventOf, OutputOf } from '../../protocol/contract.ts';
import type { AgentConversationView } from '../../protocol/conversations.ts';
import type { ConversationId, OfferId } from '../../protocol/ids.ts';
import type { CallView } from '../../protocol/media.ts';
import type { OfferView, QueuedRequestView } from '../../protocol/routing.ts';
import type { ShareView } from '../../protocol/sharing.ts';
import { applyCall, applyMark, applyMessage, applyShare, mergeConversation } from './desk-conversation.ts';

/** Everything the desk shows, as of the last thing the server said. */
export type DeskState =
  | { phase: 'loading' }
  | {
      phase: 'ready';
      agent: AgentView;
      conversations: ReadonlyMap<ConversationId, AgentConversationView>;
      /** What rings here: card, sound, badge and notes follow it alike. */
      offers: readonly OfferView[];
      queue: readonly QueuedRequestView[];
      openLeftMessages: number;
      /** Where the page that shows shared pages is. */
      viewerUrl: string;
      /** Server's clock minus this one's: waiting times stay right on a computer whose clock is wrong. */
      clockOffsetMs: number;
    };

export type ReadyDesk = Extract<DeskState, { phase: 'ready' }>;

type Told<Name extends keyof AgentEvents> = EventOf<AgentEvents, Name>;

export type DeskEvent =
  | { kind: 'session-started'; session: OutputOf<AgentRequests, 'agent:start-session'>; receivedAt: number }
  | { kind: 'agent-changed'; agent: AgentView }
  | { kind: 'conversation-changed'; conversation: AgentConversationView }
  | ({ kind: 'message-added' } & Told<'conversation:message-added'>)
  | ({ kind: 'marks-changed' } & Told<'conversation:marks-changed'>)
  | ({ kind: 'call-changed' } & Told<'call:changed'>)
  | ({ kind: 'share-changed' } & Told<'share:changed'>)
  | { kind: 'offer-made'; offer: OfferView }
  | { kind: 'offer-closed'; offerId: OfferId }
  | { kind: 'time-passed'; serverNow: number }
  | { kind: 'queue-updated'; queue: readonly QueuedRequestView[] }
  | { kind: 'left-messages-changed'; openCount: number };

export const emptyDesk: DeskState = { phase: 'loading' };

/** What the desk is after one thing was heard. Old news leaves it as it is. */
export function nextDesk(desk: DeskState, event: DeskEvent): DeskState {
  if (event.kind === 'session-started') return startDesk(desk, event.session, event.receivedAt);
  // Nothing that is heard before the first snapshot can be placed; the caller tells it again after the snapshot.
  if (desk.phase === 'loading') return desk;
  switch (event.kind) {
    case 'agent-changed':
      return { ...desk, agent: event.agent };
    case 'conversation-changed':
      return withConversation(desk, event.conversation);
    case 'message-added':
      return changeConversation(desk, event.conversationId, (known) => applyMessage(known, event.message));
    case 'marks-changed':
      return changeConversation(desk, event.conversationId, (known) => applyMark(known, event.party, event.mark));
    case 'call-changed':
      return changeConversation(desk, event.call.conversationId, (known) => applyCall(known, event.call));
    case 'share-changed':
      return changeConversation(desk, event.share.conversationId, (known) => applyShare(known, event.share));
    case 'offer-made':
      return { ...desk, offers: [...withoutOffer(desk.offers, event.offer.offerId), event.offer] };
    case 'offer-closed':
      return { ...desk, offers: withoutOffer(desk.offers, event.offerId) };
    case 'time-passed':
      return withoutOverdueOffers(desk, event.serverNow);
    case 'queue-updated':
      return { ...desk, queue: event.queue };
    case 'left-messages-changed':
      return { ...desk, openLeftMessages: event.openCount };
  }
}

/** The list in the order of who needs the agent: longest wait, then latest activity, then what has ended. */
export function listConversations(desk: ReadyDesk): AgentConversationView[] {
  return [...desk.conversations.values()].toSorted(byNeed);
}

/** Since when a visitor is without an answer; who is on the phone with the agent has one. */
export function findWaitingSince({ phase, waitingSinceAt, call }: AgentConversationView): number | null {
  const isTalking = call?.phase === 'live' || call?.phase === 'connecting';
  return phase === 'ended' || isTalking ? null : waitingSinceAt;
}

export function countUnread(desk: ReadyDesk): number {
  let unread = 0;
  for (const conversation of desk.conversations.values()) {
    if (conversation.phase !== 'ended') unread += conversation.unreadCount;
  }
  return unread;
}

/** Calls that visitors propose and nobody has answered yet. */
export function listRingingCalls(desk: ReadyDesk): CallView[] {
  return listProposedCalls(desk, 'visitor');
}

/** Calls that this agent has proposed and the visitor has not answered. */
export function listOutgoingCalls(desk: ReadyDesk): CallView[] {
  return listProposedCalls(desk, 'agent');
}

function listProposedCalls(desk: ReadyDesk, proposedBy: CallView['proposedBy']): CallView[] {
  return [...desk.conversations.values()].flatMap(({ call, phase }) =>
    call?.phase === 'proposed' && call.proposedBy === proposedBy && phase !== 'ended' ? [call] : [],
  );
}

export function countRunning(desk: ReadyDesk): number {
  return [...desk.conversations.values()].filter((conversation) => conversation.phase !== 'ended').length;
}

/** Why no request will ring here, for the words under the "Live Help" switch. */
export type NoRequestsReason = 'switched-off' | 'offline' | 'busy' | 'chat-cap' | 'no-department' | 'unknown' | null;

export function whyNoRequests(desk: ReadyDesk): NoRequestsReason {
  const { agent } = desk;
  if (!agent.isAvailable) return 'switched-off';
  if (agent.status === 'offline') return 'offline';
  if (agent.status === 'busy') return 'busy';
  if (agent.canTakeRequests) return null;
  if (agent.departments.length === 0) return 'no-department';
  if (countRunning(desk) >= agent.chatCap) return 'chat-cap';
  return 'unknown';
}

/** The closing of an offer is an event like any other; a little late is normal, longer means it was lost. */
const LOST_CLOSING_GRACE_MS = 3_000;

function startDesk(
  before: DeskState,
  session: OutputOf<AgentRequests, 'agent:start-session'>,
  receivedAt: number,
): ReadyDesk {
  const known = before.phase === 'ready' ? before.conversations : undefined;
  // A change may overtake the snapshot: whichever revision is newer stays. A call or a share that has ended while nobody
  // listened is not in the snapshot, and nothing of it may stay on the screen.
  const conversations = session.conversations
    .filter((conversation) => belongsTo(conversation, session.agent))
    .map((conversation) => {
      const merged = mergeConversation(known?.get(conversation.conversationId), conversation);
      const isTold = ({ shareId }: ShareView): boolean => conversation.shares.some((told) => told.shareId === shareId);
      return {
        ...merged,
        call: conversation.call === null ? null : merged.call,
        shares: merged.shares.filter((share) => share.phase === 'ended' || isTold(share)),
      };
    });
  return {
    phase: 'ready',
    agent: session.agent,
    conversations: new Map(conversations.map((conversation) => [conversation.conversationId, conversation])),
    offers: session.offers,
    queue: session.queue,
    openLeftMessages: session.openLeftMessages,
    viewerUrl: session.viewerUrl,
    clockOffsetMs: session.serverTime - receivedAt,
  };
}

function withConversation(desk: ReadyDesk, heard: AgentConversationView): ReadyDesk {
  const known = desk.conversations.get(heard.conversationId);
  const merged = mergeConversation(known, heard);
  if (merged === known) return desk;
  const conversations = new Map(desk.conversations);
  if (belongsTo(merged, desk.agent)) conversations.set(merged.conversationId, merged);
  else conversations.delete(merged.conversationId);
  return { ...desk, conversations };
}

function changeConversation(
  desk: ReadyDesk,
  conversationId: ConversationId,
  change: (known: AgentConversationView) => AgentConversationView,
): ReadyDesk {
  const known = desk.conversations.get(conversationId);
  if (!known) return desk;
  const changed = change(known);
  if (changed === known) return desk;
  return { ...desk, conversations: new Map(desk.conversations).set(conversationId, changed) };
}

/** Waiting requests stand in the queue, not in the list; another agent's conversation stands in theirs. */
function belongsTo(conversation: AgentConversationView, agent: AgentView): boolean {
  return conversation.agent?.agentId === agent.agentId && conversation.phase !== 'waiting';
}

function withoutOffer(offers: readonly OfferView[], offerId: OfferId): OfferView[] {
  return offers.filter((offer) => offer.offerId !== offerId);
}

/** One whose closing was lost on the way stops ringing by itself. */
function withoutOverdueOffers(desk: ReadyDesk, serverNow: number): ReadyDesk {
  const offers = desk.offers.filter((offer) => offer.expiresAt + LOST_CLOSING_GRACE_MS > serverNow);
  return offers.length === desk.offers.length ? desk : { ...desk, offers };
}

function byNeed(one: AgentConversationView, other: AgentConversationView): number {
  return rankOf(one) - rankOf(other) || urgencyOf(one) - urgencyOf(other);
}

function rankOf(conversation: AgentConversationView): 0 | 1 | 2 {
  if (conversation.phase === 'ended') return 2;
  return findWaitingSince(conversation) === null ? 1 : 0;
}

/** Smaller stands higher: the oldest wait, else the latest activity. */
function urgencyOf(conversation: AgentConversationView): number {
  if (conversation.phase === 'ended') return -(conversation.endedAt ?? 0);
  const waitingSinceAt = findWaitingSince(conversation);
  if (waitingSinceAt !== null) return waitingSinceAt;
  return -Math.max(conversation.lastMessage?.sentAt ?? 0, conversation.acceptedAt ?? 0);
}
