import type { AgentView } from '../../protocol/accounts.ts';
import type { AgentRequests, OutputOf } from '../../protocol/contract.ts';
import type { AgentConversationView, MessageView } from '../../protocol/conversations.ts';
import type {
  AgentId,
  CallId,
  ConversationId,
  DepartmentId,
  MessageId,
  OfferId,
  ShareId,
  SiteId,
  VisitorId,
} from '../../protocol/ids.ts';
import type { CallView } from '../../protocol/media.ts';
import type { OfferView } from '../../protocol/routing.ts';
import type { ShareView } from '../../protocol/sharing.ts';

/** People and conversations that the workspace's own tests speak of. */
export const NINE_OCLOCK = Date.UTC(2026, 4, 12, 9, 0, 0);
export const MINUTE_MS = 60_000;

export function idOf<Id extends string>(kind: number, count: number): Id {
  return `00000000-0000-7000-8${String(kind).padStart(3, '0')}-${String(count).padStart(12, '0')}` as Id;
}

export const adaId = idOf<AgentId>(1, 1);

export function agentAda(changes: Partial<AgentView> = {}): AgentView {
  return {
    agentId: adaId,
    name: 'Ada Lind',
    email: 'ada@example.com',
    role: 'agent',
    departments: [{ departmentId: idOf<DepartmentId>(2, 1), name: 'Orders', siteName: 'Shop', closed: null }],
    status: 'online',
    isAutoAway: false,
    isAvailable: true,
    canTakeRequests: true,
    autoAwayMinutes: 5,
    chatCap: 4,
    ...changes,
  };
}

export function conversationOf(count: number, changes: Partial<AgentConversationView> = {}): AgentConversationView {
  return {
    conversationId: idOf<ConversationId>(3, count),
    revision: 1,
    phase: 'active',
    modality: 'text',
    department: { departmentId: idOf<DepartmentId>(2, 1), name: 'Orders' },
    queuedAt: NINE_OCLOCK,
    acceptedAt: NINE_OCLOCK,
    endedAt: null,
    endReason: null,
    agent: { agentId: adaId, name: 'Ada Lind' },
    lastSeq: 0,
    queue: null,
    call: null,
    shares: [],
    marks: { visitor: { deliveredSeq: 0, readSeq: 0 }, agent: { deliveredSeq: 0, readSeq: 0 } },
    visitor: visitorOf(count),
    sharing: {
      offersCoBrowse: true,
      offersScreen: true,
      offeredGrants: ['point', 'draw', 'scroll'],
    },
    lastMessage: null,
    unreadCount: 0,
    waitingSinceAt: null,
    ...changes,
  };
}

export function visitorOf(count: number): AgentConversationView['visitor'] {
  return {
    visitorId: idOf<VisitorId>(4, count),
    name: `Guest ${count}`,
    email: null,
    fields: [],
    siteId: idOf<SiteId>(5, 1),
    siteName: 'Shop',
    page: { url: 'https://shop.example/basket', title: 'Basket' },
    referrer: null,
    browser: 'Firefox 153 on Windows',
    language: 'de',
    timeZone: 'Europe/Vienna',
    firstSeenAt: NINE_OCLOCK,
    visitStartedAt: NINE_OCLOCK,
    isConnected: true,
    consent: { agreedAt: NINE_OCLOCK, textVersion: '3' },
  };
}

export function messageOf(seq: number, changes: Partial<MessageView> & { text?: string } = {}): MessageView {
  const { text = `Message ${seq}`, ...rest } = changes;
  return {
    messageId: idOf<MessageId>(6, seq),
    seq,
    sentAt: NINE_OCLOCK + seq * MINUTE_MS,
    sender: { kind: 'visitor', name: 'Guest 1' },
    body: { kind: 'text', text },
    clientMessageId: null,
    ...rest,
  };
}

export function callOf(conversationId: ConversationId, changes: Partial<CallView> = {}): CallView {
  return {
    callId: idOf<CallId>(7, 1),
    conversationId,
    revision: 1,
    phase: 'proposed',
    modality: 'voice',
    proposedBy: 'visitor',
    proposedAt: NINE_OCLOCK,
    liveAt: null,
    endedAt: null,
    endReason: null,
    seats: [],
    ...changes,
  };
}

export function shareOf(conversationId: ConversationId, changes: Partial<ShareView> = {}): ShareView {
  return {
    shareId: idOf<ShareId>(9, 1),
    conversationId,
    revision: 1,
    kind: 'co-browse',
    sharer: 'visitor',
    askedBy: 'agent',
    phase: 'asked',
    scopeNumber: 0,
    scope: null,
    pausedBecause: null,
    grants: [],
    askedGrant: null,
    watchers: [],
    isRecorded: false,
    askedAt: NINE_OCLOCK,
    allowedAt: null,
    liveAt: null,
    endedAt: null,
    endReason: null,
    ...changes,
  };
}

export function offerOf(count: number, changes: Partial<OfferView> = {}): OfferView {
  return {
    offerId: idOf<OfferId>(8, count),
    request: {
      conversationId: idOf<ConversationId>(3, count),
      modality: 'text',
      department: { departmentId: idOf<DepartmentId>(2, 1), name: 'Orders' },
      visitor: visitorOf(count),
      queuedAt: NINE_OCLOCK,
      isRinging: true,
      isPutAside: false,
    },
    offeredAt: NINE_OCLOCK,
    expiresAt: NINE_OCLOCK + 20_000,
    callId: null,
    ...changes,
  };
}

export function sessionOf(
  changes: Partial<OutputOf<AgentRequests, 'agent:start-session'>> = {},
): OutputOf<AgentRequests, 'agent:start-session'> {
  return {
    serverTime: NINE_OCLOCK,
    agent: agentAda(),
    conversations: [],
    offers: [],
    queue: [],
    openLeftMessages: 0,
    viewerUrl: '/viewer/',
    ...changes,
  };
}
