import type { ConversationView } from '../../protocol/conversations.ts';
import type { AgentId, CallId, ConversationId, DepartmentId, ShareId, SiteId } from '../../protocol/ids.ts';
import type { CallView } from '../../protocol/media.ts';
import type { ShareView } from '../../protocol/sharing.ts';
import type { AvailabilityView, SiteView } from '../../protocol/sites.ts';

/** Views as the server sends them, for tests of this folder. */
const id = (number: number) => `018f0000-0000-7000-8000-${String(number).padStart(12, '0')}`;
export const conversationIdOf = (number: number) => id(number) as ConversationId;

export function makeSite(changes: Partial<SiteView> = {}): SiteView {
  return {
    siteId: id(1) as SiteId,
    name: 'Tondo',
    accent: null,
    language: 'en',
    modalities: ['text', 'voice', 'video'],
    whenUnavailable: 'hide',
    departments: [{ departmentId: id(2) as DepartmentId, name: 'Customer care' }],
    greeting: null,
    hoursText: null,
    form: { refusedNameCharacters: '<>"!@$%^&*()+=?,.`', email: 'optional', fields: [] },
    sharing: {
      offersCoBrowse: true,
      offersScreen: true,
      mayChangeScope: true,
      mayRecord: false,
      offeredGrants: ['point', 'draw', 'scroll', 'click-and-type', 'navigate'],
      defaultGrants: ['point', 'draw'],
      hasWatermark: true,
      openableOrigins: [],
      rules: { deny: [], allow: [], isPrivateByDefault: false, readOnly: [], privatePaths: [] },
    },
    disclaimer: { text: 'We keep what you write.', linkLabel: 'How we handle it', linkUrl: '/privacy', version: '1' },
    ...changes,
  };
}

export function makeAvailability(changes: Partial<AvailabilityView> = {}): AvailabilityView {
  return {
    isAvailable: true,
    departments: [{ departmentId: id(2) as DepartmentId, isAvailable: true }],
    agentCount: 2,
    agentNames: ['Mira', 'Jonas'],
    typicalAnswerMs: 40_000,
    reopening: null,
    ...changes,
  };
}

export function makeConversation(changes: Partial<ConversationView> = {}): ConversationView {
  return {
    conversationId: conversationIdOf(10),
    revision: 1,
    phase: 'waiting',
    modality: 'text',
    department: { departmentId: id(2) as DepartmentId, name: 'Customer care' },
    queuedAt: 1_000,
    acceptedAt: null,
    endedAt: null,
    endReason: null,
    agent: null,
    lastSeq: 0,
    queue: { position: 2, estimatedWaitMs: 120_000, isAgentBusy: false },
    call: null,
    shares: [],
    marks: { visitor: { deliveredSeq: 0, readSeq: 0 }, agent: { deliveredSeq: 0, readSeq: 0 } },
    ...changes,
  };
}

export function makeActiveConversation(changes: Partial<ConversationView> = {}): ConversationView {
  return makeConversation({
    revision: 2,
    phase: 'active',
    acceptedAt: 2_000,
    queue: null,
    agent: { agentId: id(3) as AgentId, name: 'Mira Kowalski' },
    ...changes,
  });
}

export function makeCall(changes: Partial<CallView> = {}): CallView {
  return {
    callId: id(20) as CallId,
    conversationId: conversationIdOf(10),
    revision: 1,
    phase: 'proposed',
    modality: 'voice',
    proposedBy: 'agent',
    proposedAt: 3_000,
    liveAt: null,
    endedAt: null,
    endReason: null,
    seats: [],
    ...changes,
  };
}

export function makeShare(changes: Partial<ShareView> = {}): ShareView {
  return {
    shareId: id(30) as ShareId,
    conversationId: conversationIdOf(10),
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
    askedAt: 4_000,
    allowedAt: null,
    liveAt: null,
    endedAt: null,
    endReason: null,
    ...changes,
  };
}

/** Allowed, with the whole page in sight. */
export function makeLiveShare(changes: Partial<ShareView> = {}): ShareView {
  return makeShare({
    revision: 3,
    phase: 'live',
    scopeNumber: 1,
    scope: { kind: 'page', hiddenParts: 0 },
    grants: [
      { grant: 'point', expiresAt: null },
      { grant: 'draw', expiresAt: null },
    ],
    watchers: ['Mira Kowalski'],
    allowedAt: 5_000,
    liveAt: 5_500,
    ...changes,
  });
}
