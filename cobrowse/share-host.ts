import type { EventOf, OutputOf, ParsedInputOf } from '../protocol/contract.ts';
import type { ConversationPhase } from '../protocol/conversations.ts';
import type { ConversationId, Party, ShareId } from '../protocol/ids.ts';
import type {
  agentShareEvents,
  agentShareRequests,
  agentShareStreamRequests,
  shareEvents,
  ShareGrantName,
  shareRequests,
  shareStreamRequests,
  visitorShareEvents,
  visitorShareRequests,
  visitorShareStreamRequests,
} from '../protocol/sharing.ts';
import type { ShareRecord } from './share-record.ts';

/** The part of pino that sharing uses. */
export interface ShareLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/**
 * Where shares are kept. Each implementation passes `describeShareStore` of share-store-contract.ts. What a change puts
 * on record is `audited`, and `line` what it says in the conversation's log: all are stored or none. A conversation that
 * has ended takes no line.
 */
export interface ShareStore {
  /** False when the conversation has an open share of this kind already: of two at once one wins. */
  insertShare(record: ShareRecord, audited: readonly ShareAuditEntry[], line?: ShareLine): Promise<boolean>;
  findShare(shareId: ShareId): Promise<ShareRecord | undefined>;
  /** Those of them that are there, ended ones included. */
  listShares(shareIds: readonly ShareId[]): Promise<ShareRecord[]>;
  listOpenSharesOf(conversationId: ConversationId): Promise<ShareRecord[]>;
  listOpenShares(): Promise<ShareRecord[]>;
  listDueShares(now: number): Promise<ShareRecord[]>;
  /** Writes only while the stored revision is `expectedRevision`; says whether it did. */
  saveShare(
    record: ShareRecord,
    expectedRevision: number,
    audited: readonly ShareAuditEntry[],
    line?: ShareLine,
  ): Promise<boolean>;
}

/** What a site lets its visitors and agents do with sharing. */
export interface ShareSettings {
  offersCoBrowse: boolean;
  offersScreen: boolean;
  mayChangeScope: boolean;
  /** Given together with "Allow". */
  defaultGrants: readonly ShareGrantName[];
  /** What may be asked for at all. */
  offeredGrants: readonly ShareGrantName[];
  /** How long a grant to act lasts. */
  grantMs: number;
  mayRecord: boolean;
  /** Origins besides the page's own that an agent may open at the visitor. */
  openableOrigins: readonly string[];
}

export interface ShareParticipants {
  phase: ConversationPhase;
  visitor: { personId: string; name: string };
  agent: { personId: string; name: string } | null;
  settings: ShareSettings;
}

/** A line that a share leaves in the conversation's log. */
export interface ShareLine {
  notice: 'share-asked' | 'share-started' | 'share-ended' | 'share-declined';
  data: Record<string, string | number | boolean>;
}

/** One line of the audit log (B12). `data` holds no page content, no text that was typed and no selector. */
export interface ShareAuditEntry {
  conversationId: ConversationId;
  shareId: ShareId;
  actor: Party | 'system';
  actorId: string | null;
  what:
    | 'share-asked'
    | 'share-allowed'
    | 'share-declined'
    | 'share-scope-changed'
    | 'share-paused'
    | 'share-resumed'
    | 'share-ended'
    | 'share-watched'
    | 'share-unwatched'
    | 'grant-asked'
    | 'grant-declined'
    | 'grant-given'
    | 'grant-taken-back'
    | 'grant-expired'
    | 'act-done'
    | 'act-refused';
  data: Record<string, string | number | boolean | null>;
}

export type VisitorShareEvents = typeof visitorShareEvents;
export type AgentShareEvents = typeof agentShareEvents;
export type VisitorShareEventName = keyof VisitorShareEvents;
export type AgentShareEventName = keyof AgentShareEvents;
export type SharedEvents = typeof shareEvents;

/** `volatile`: the next one replaces it, so it is dropped where the line is not free. */
export type ShareDelivery = 'volatile';

/** Everything the share part needs from the server around it. */
export interface ShareHost {
  now(): number;
  /** Stable over restarts of the same node. */
  nodeId: string;
  log: ShareLog;
  shares: ShareStore;
  findParticipants(conversationId: ConversationId): Promise<ShareParticipants | undefined>;
  /** Those of them whose agent has no page open at this moment, on any node. */
  findDeserted(conversationIds: readonly ConversationId[]): Promise<ReadonlySet<ConversationId>>;
  /** To every page of both sides. */
  tellConversation<Name extends keyof SharedEvents>(
    conversationId: ConversationId,
    name: Name,
    payload: EventOf<SharedEvents, Name>,
  ): void;
  tellVisitor<Name extends VisitorShareEventName>(
    conversationId: ConversationId,
    name: Name,
    payload: EventOf<VisitorShareEvents, Name>,
  ): void;
  tellVisitorPage<Name extends VisitorShareEventName>(
    socketId: string,
    name: Name,
    payload: EventOf<VisitorShareEvents, Name>,
    delivery?: ShareDelivery,
  ): void;
  tellAgentPage<Name extends AgentShareEventName>(
    socketId: string,
    name: Name,
    payload: EventOf<AgentShareEvents, Name>,
    delivery?: ShareDelivery,
  ): void;
  /** For what changes no state, such as watching and acting; a change of state brings its lines to the store. */
  audit(entry: ShareAuditEntry): Promise<void>;
}

/** Who sends a request: the gateway has checked who it is, the handlers check what it may touch. */
export interface ShareCaller {
  party: Party;
  /** The visitor's or the agent's id. */
  personId: string;
  socketId: string;
  mayUse(conversationId: ConversationId): Promise<boolean>;
}

export type ShareRequests = typeof shareRequests & typeof visitorShareRequests & typeof agentShareRequests;
type HandlerOf<Name extends keyof ShareRequests> = (
  input: ParsedInputOf<ShareRequests, Name>,
  caller: ShareCaller,
) => Promise<OutputOf<ShareRequests, Name>>;
/** One function per name; input is validated, errors carry a wire code. */
export type ShareHandlers<Name extends keyof ShareRequests = keyof ShareRequests> = {
  [Each in Name]: HandlerOf<Each>;
};

/** Names that are about the stream alone: `relay/`. The rest is about the state: `share-handlers.ts`. */
export type StreamRequestName = keyof (typeof shareStreamRequests &
  typeof visitorShareStreamRequests &
  typeof agentShareStreamRequests);
export type StreamHandlers = ShareHandlers<StreamRequestName>;
export type StateHandlers = ShareHandlers<Exclude<keyof ShareRequests, StreamRequestName>>;
