import type { EventOf, OutputOf, ParsedInputOf } from '../protocol/contract.ts';
import type { CallId, ConversationId, Modality, Party, SeatId } from '../protocol/ids.ts';
import type { ConversationPhase } from '../protocol/conversations.ts';
import type { callEvents, callRequests } from '../protocol/media.ts';
import type { CallRecord } from './call-record.ts';

export type CallRequests = typeof callRequests;
export type CallEvents = typeof callEvents;
export type CallEventName = keyof CallEvents;
export type CallEventPayload<Name extends CallEventName> = EventOf<CallEvents, Name>;

/** The part of pino that the call part uses. */
export interface CallLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Who talks in a conversation, as of now. `personId` is the visitor's or the agent's id. */
export interface CallParticipants {
  phase: ConversationPhase;
  visitor: { personId: string; name: string };
  agent: { personId: string; name: string } | null;
  /** What the site offers; a call of another kind is refused. */
  offeredModalities: readonly Modality[];
}

/** A line that a call leaves in the conversation's log. */
export interface CallLine {
  notice: 'call-started' | 'call-ended' | 'call-declined' | 'call-missed';
  data: Record<string, string | number | boolean>;
}

/** One measurement for the quality view. Rates are bit/s, times ms, losses 0 to 1, scores 0 to 10. */
export interface QualityRecord {
  callId: CallId;
  seatId: SeatId;
  sampledAt: number;
  source: 'browser' | 'server';
  /** As seen from the seat. */
  direction: 'send' | 'receive';
  /** `all` is a whole transport. */
  kind: 'audio' | 'video' | 'all';
  bitrate: number;
  packetLoss: number | null;
  jitterMs: number | null;
  roundTripMs: number | null;
  framesPerSecond: number | null;
  freezeCount: number | null;
  score: number | null;
}

/**
 * Where calls are kept. Each implementation passes `describeCallStore` of call-store-contract.ts. What a change says in
 * the conversation's log is its `line`: both are stored or neither. A conversation that has ended takes no line.
 */
export interface CallStore {
  /** False when the conversation has an open call already, or its screen has: of two at once one wins. */
  insertCall(record: CallRecord): Promise<boolean>;
  findCall(callId: CallId): Promise<CallRecord | undefined>;
  /** The call by voice or video; a shared screen is none. */
  findOpenCallOf(conversationId: ConversationId): Promise<CallRecord | undefined>;
  /** What carries the shared screen. */
  findOpenScreenOf(conversationId: ConversationId): Promise<CallRecord | undefined>;
  listOpenCalls(): Promise<CallRecord[]>;
  /** Open calls whose `dueAt` has come. */
  listDueCalls(now: number): Promise<CallRecord[]>;
  /** Writes only while the stored revision is `expectedRevision`; says whether it did. */
  saveCall(record: CallRecord, expectedRevision: number, line?: CallLine): Promise<boolean>;
  insertQualitySamples(samples: readonly QualityRecord[]): Promise<void>;
}

/** What is shared, as those who keep the shares tell it: nothing of a screen is carried without it. */
export interface SharedScreens {
  /** The share with this id while it is a screen and has its sharer's yes. */
  find(callId: CallId): Promise<{ conversationId: ConversationId; sharer: Party; isPaused: boolean } | undefined>;
  /** The first picture has arrived. */
  handleSeen(callId: CallId): Promise<void>;
  /** Who has its picture on screen by now, by name; told at each change. */
  handleWatched(callId: CallId, names: readonly string[]): void;
  /** There is no media worker for it. */
  handleFailed(callId: CallId): Promise<void>;
}

/** Everything the call part needs from the server around it. */
export interface CallHost {
  now(): number;
  /** Stable over restarts of the same node. */
  nodeId: string;
  log: CallLog;
  calls: CallStore;
  screens: SharedScreens;
  findParticipants(conversationId: ConversationId): Promise<CallParticipants | undefined>;
  /** A waiting request rings at this agent right now. */
  isRung(conversationId: ConversationId, agentId: string): Promise<boolean>;
  /** To every page of both sides. */
  tellConversation<Name extends CallEventName>(
    conversationId: ConversationId,
    name: Name,
    payload: CallEventPayload<Name>,
  ): void;
  /** To the one page that holds a seat. */
  tellSocket<Name extends CallEventName>(
    socketId: string,
    party: Party,
    name: Name,
    payload: CallEventPayload<Name>,
  ): void;
}

/** Who sends a request: the gateway has checked who it is, the handlers check what it may touch. */
export interface CallCaller {
  party: Party;
  /** The visitor's or the agent's id. */
  personId: string;
  socketId: string;
  mayUse(conversationId: ConversationId): Promise<boolean>;
}

/** One function per name of `callRequests`; input is validated, errors carry a wire code. */
export type CallHandlers = {
  [Name in keyof CallRequests]: (
    input: ParsedInputOf<CallRequests, Name>,
    caller: CallCaller,
  ) => Promise<OutputOf<CallRequests, Name>>;
};
