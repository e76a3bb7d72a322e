import type { ColumnType } from 'kysely';
import type { AgentStatus } from '../../protocol/accounts.ts';
import type { ConversationPhase, EndReason } from '../../protocol/conversations.ts';
import type {
  AgentId,
  CallId,
  ConversationId,
  DepartmentId,
  MessageId,
  Modality,
  OfferId,
  Party,
  SeatId,
  ShareId,
  SiteId,
  VisitorId,
} from '../../protocol/ids.ts';
import type { CallEndReason } from '../../protocol/media.ts';
import type {
  ShareEndReason,
  ShareGrantName,
  ShareKind,
  SharePauseReason,
  SharePhase,
} from '../../protocol/sharing.ts';

/**
 * Times are integer milliseconds UTC, booleans 0 or 1 and JSON is text, so that SQLite and PostgreSQL hold the same.
 * A column whose name ends in `Json` is parsed by the part that owns the table and nowhere else.
 */
export type Flag = 0 | 1;
/** Written once, never updated. */
type Fixed<T> = ColumnType<T, T, never>;

export interface TenantsTable {
  tenantId: Fixed<string>;
  name: string;
  createdAt: Fixed<number>;
}

export interface SitesTable {
  siteId: Fixed<SiteId>;
  tenantId: Fixed<string>;
  /** What the script tag names: public, stable. */
  siteKey: Fixed<string>;
  settingsJson: string;
  createdAt: Fixed<number>;
}

export interface DepartmentsTable {
  departmentId: Fixed<DepartmentId>;
  siteId: Fixed<SiteId>;
  name: string;
  sortOrder: number;
  /** Set when the configuration no longer names it; its conversations stay. */
  retiredAt: number | null;
}

export interface AgentsTable {
  agentId: Fixed<AgentId>;
  tenantId: Fixed<string>;
  email: string;
  name: string;
  passwordHash: string;
  role: 'admin' | 'agent';
  status: AgentStatus;
  isAvailable: Flag;
  isIdle: Flag;
  autoAwayMinutes: number | null;
  chatCap: number;
  /** While set and in the future, a lost connection still counts as being here. */
  graceUntil: number | null;
  /** When the last conversation was taken or ended: the longest idle agent is rung first. */
  lastServedAt: number | null;
  disabledAt: number | null;
  createdAt: Fixed<number>;
}

export interface AgentDepartmentsTable {
  agentId: Fixed<AgentId>;
  departmentId: Fixed<DepartmentId>;
}

export interface AgentSessionsTable {
  tokenHash: Fixed<string>;
  agentId: Fixed<AgentId>;
  createdAt: Fixed<number>;
  expiresAt: number;
}

export interface SignInFailuresTable {
  /** `account:<e-mail>` or `address:<ip>`. */
  subject: Fixed<string>;
  failureCount: number;
  lastFailureAt: number;
  lockedUntil: number | null;
}

export interface VisitorsTable {
  visitorId: Fixed<VisitorId>;
  siteId: Fixed<SiteId>;
  tokenHash: string;
  name: string | null;
  email: string | null;
  fieldsJson: string;
  pageUrl: string | null;
  pageTitle: string | null;
  referrer: string | null;
  browser: string | null;
  language: string;
  timeZone: string | null;
  firstSeenAt: Fixed<number>;
  visitStartedAt: number;
  lastSeenAt: number;
}

export interface ConsentsTable {
  consentId: Fixed<string>;
  visitorId: Fixed<VisitorId>;
  siteId: Fixed<SiteId>;
  conversationId: Fixed<ConversationId | null>;
  textVersion: Fixed<string>;
  modality: Fixed<Modality | 'message'>;
  agreedAt: Fixed<number>;
}

export interface ConnectionsTable {
  socketId: Fixed<string>;
  nodeId: Fixed<string>;
  party: Fixed<Party>;
  personId: Fixed<string>;
  connectedAt: Fixed<number>;
}

export interface LeasesTable {
  name: Fixed<string>;
  holder: string;
  expiresAt: number;
}

export interface ConversationsTable {
  conversationId: Fixed<ConversationId>;
  siteId: Fixed<SiteId>;
  departmentId: DepartmentId;
  visitorId: Fixed<VisitorId>;
  clientRequestId: Fixed<string>;
  modality: Fixed<Modality>;
  revision: number;
  phase: ConversationPhase;
  agentId: AgentId | null;
  queuedAt: number;
  acceptedAt: number | null;
  heldAt: number | null;
  endedAt: number | null;
  endReason: EndReason | null;
  visitorDeliveredSeq: number;
  visitorReadSeq: number;
  agentDeliveredSeq: number;
  agentReadSeq: number;
  /** First visitor's message since the agent's last one. */
  waitingSinceAt: number | null;
  /** While set, the visitor has no page open; the conversation ends at this time unless they return. */
  visitorGraceUntil: number | null;
}

export interface MessagesTable {
  messageId: Fixed<MessageId>;
  conversationId: Fixed<ConversationId>;
  seq: Fixed<number>;
  senderKind: Fixed<'visitor' | 'agent' | 'system'>;
  senderId: Fixed<string | null>;
  senderName: Fixed<string>;
  clientMessageId: Fixed<string | null>;
  kind: Fixed<'text' | 'notice'>;
  /** The text, or the notice's kind and data as JSON. */
  body: Fixed<string>;
  sentAt: Fixed<number>;
}

export type OfferPhase = 'open' | 'accepted' | 'declined' | 'queued' | 'expired' | 'withdrawn';

export interface OffersTable {
  offerId: Fixed<OfferId>;
  conversationId: Fixed<ConversationId>;
  agentId: Fixed<AgentId>;
  phase: OfferPhase;
  offeredAt: Fixed<number>;
  expiresAt: Fixed<number>;
  closedAt: number | null;
  /** A "not now" that no longer holds, because the agent has room again. */
  isLifted: Flag;
}

export interface LeftMessagesTable {
  leftMessageId: Fixed<string>;
  siteId: Fixed<SiteId>;
  visitorId: Fixed<VisitorId>;
  clientRequestId: Fixed<string>;
  name: Fixed<string>;
  email: Fixed<string>;
  text: Fixed<string>;
  leftAt: Fixed<number>;
  resolvedAt: number | null;
  resolvedBy: AgentId | null;
}

/** One call; the columns are the fields of the media part's `CallRecord`, the seats as JSON. */
export interface CallsTable {
  callId: Fixed<CallId>;
  conversationId: Fixed<ConversationId>;
  revision: number;
  homeNodeId: string;
  generation: number;
  modality: 'voice' | 'video' | 'screen';
  proposedBy: Fixed<Party>;
  proposedAt: Fixed<number>;
  phase: 'prepared' | 'proposed' | 'connecting' | 'live' | 'held' | 'ended';
  stepUntil: number | null;
  dueAt: number | null;
  liveAt: number | null;
  heldAt: number | null;
  endedAt: number | null;
  endReason: CallEndReason | null;
  seatsJson: string;
}

/** Rates in bit/s, times in ms, losses 0 to 1, scores 0 to 10. */
export interface CallQualityTable {
  sampleId: Fixed<string>;
  callId: Fixed<CallId>;
  seatId: Fixed<SeatId>;
  sampledAt: Fixed<number>;
  source: Fixed<'browser' | 'server'>;
  direction: Fixed<'send' | 'receive'>;
  kind: Fixed<'audio' | 'video' | 'all'>;
  bitrate: Fixed<number>;
  packetLoss: Fixed<number | null>;
  jitterMs: Fixed<number | null>;
  roundTripMs: Fixed<number | null>;
  framesPerSecond: Fixed<number | null>;
  freezeCount: Fixed<number | null>;
  score: Fixed<number | null>;
}

/** One share; the columns are the fields of the sharing part's `ShareRecord`, scope and grants as JSON. */
export interface SharesTable {
  shareId: Fixed<ShareId>;
  conversationId: Fixed<ConversationId>;
  revision: number;
  kind: Fixed<ShareKind>;
  sharer: Fixed<Party>;
  askedBy: Fixed<Party>;
  phase: SharePhase;
  scopeNumber: number;
  scopeJson: string | null;
  pausedBecause: SharePauseReason | null;
  grantsJson: string;
  askedGrant: ShareGrantName | null;
  askedGrantUntil: number | null;
  homeNodeId: string;
  lastEpoch: number;
  isRecorded: Flag;
  askedAt: Fixed<number>;
  allowedAt: number | null;
  liveAt: number | null;
  endedAt: number | null;
  endReason: ShareEndReason | null;
  dueAt: number | null;
  sharerGraceUntil: number | null;
  viewerGraceUntil: number | null;
}

/** Who did what and when. Written once; holds no message, no page content and nothing that was typed. */
export interface AuditEntriesTable {
  auditEntryId: Fixed<string>;
  siteId: Fixed<SiteId>;
  conversationId: Fixed<ConversationId | null>;
  actor: Fixed<Party | 'system'>;
  /** The visitor's or the agent's id; null for the system. */
  actorId: Fixed<string | null>;
  /** Such as `share-allowed`. */
  what: Fixed<string>;
  at: Fixed<number>;
  dataJson: Fixed<string>;
}

/** What is kept of one share. It grows while the share goes on. */
export interface RecordingsTable {
  shareId: Fixed<ShareId>;
  conversationId: Fixed<ConversationId>;
  siteId: Fixed<SiteId>;
  startedAt: Fixed<number>;
  lastAt: number;
  bytes: number;
}

/** Frames of one page in a row; `data` is the sharing part's, see `chunk-format.ts`. */
export interface RecordingChunksTable {
  /** Sorts by when it was written. */
  chunkId: Fixed<string>;
  shareId: Fixed<ShareId>;
  tabId: Fixed<string>;
  epoch: Fixed<number>;
  firstSeq: Fixed<number>;
  scopeNumber: Fixed<number>;
  isKey: Fixed<Flag>;
  firstAt: Fixed<number>;
  lastAt: Fixed<number>;
  activeFrom: Fixed<number | null>;
  activeTo: Fixed<number | null>;
  bytes: Fixed<number>;
  data: Fixed<Uint8Array>;
}

export interface RecordingMarksTable {
  markId: Fixed<string>;
  shareId: Fixed<ShareId>;
  at: Fixed<number>;
  markJson: Fixed<string>;
}

export interface RecordingAssetsTable {
  shareId: Fixed<ShareId>;
  /** SHA-256 of the content. */
  hash: Fixed<string>;
  contentType: Fixed<string>;
  data: Fixed<Uint8Array>;
}

export interface RecordingAssetKeysTable {
  shareId: Fixed<ShareId>;
  epoch: Fixed<number>;
  tabId: Fixed<string>;
  assetKey: Fixed<number>;
  hash: Fixed<string>;
}

export interface Database {
  tenants: TenantsTable;
  sites: SitesTable;
  departments: DepartmentsTable;
  agents: AgentsTable;
  agentDepartments: AgentDepartmentsTable;
  agentSessions: AgentSessionsTable;
  signInFailures: SignInFailuresTable;
  visitors: VisitorsTable;
  consents: ConsentsTable;
  connections: ConnectionsTable;
  leases: LeasesTable;
  conversations: ConversationsTable;
  messages: MessagesTable;
  offers: OffersTable;
  leftMessages: LeftMessagesTable;
  calls: CallsTable;
  callQuality: CallQualityTable;
  shares: SharesTable;
  auditEntries: AuditEntriesTable;
  recordings: RecordingsTable;
  recordingChunks: RecordingChunksTable;
  recordingMarks: RecordingMarksTable;
  recordingAssets: RecordingAssetsTable;
  recordingAssetKeys: RecordingAssetKeysTable;
}
