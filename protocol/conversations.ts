import * as z from 'zod';
import {
  agentId,
  conversationId,
  departmentId,
  messageId,
  modality,
  nothing,
  party,
  siteId,
  timestamp,
  visitorId,
} from './ids.ts';
import { callView } from './media.ts';
import { plainText } from './plain-text.ts';
import { shareView } from './sharing.ts';
import { departmentView, namesByLanguage, sharingOffer } from './sites.ts';

export const MAX_MESSAGE_LENGTH = 4_000;
export const MAX_FETCHED_MESSAGES = 200;

export const endReason = z.enum([
  'agent-ended',
  'visitor-ended',
  'visitor-left',
  'abandoned',
  'orphaned',
  'left-by-notice',
  'declined-agreement',
]);
export type EndReason = z.infer<typeof endReason>;

export const conversationPhase = z.enum(['waiting', 'active', 'held', 'ended']);
export type ConversationPhase = z.infer<typeof conversationPhase>;

/** Things that happened and that both sides read in the log; clients word them in the reader's language. */
export const noticeKind = z.enum([
  'agent-joined',
  'call-started',
  'call-ended',
  'call-declined',
  'call-missed',
  'share-asked',
  'share-started',
  'share-ended',
  'share-declined',
  'conversation-ended',
]);

export const messageView = z.object({
  messageId,
  /** Counts from 1 without gaps within the conversation. */
  seq: z.int().positive(),
  sentAt: timestamp,
  sender: z.object({ kind: z.enum(['visitor', 'agent', 'system']), name: z.string() }),
  body: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('text'), text: z.string() }),
    z.object({
      kind: z.literal('notice'),
      notice: noticeKind,
      data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
  ]),
  /** The sender's own key, so that the page that sent it can tell its own. */
  clientMessageId: z.uuid().nullable(),
});
export type MessageView = z.infer<typeof messageView>;

/** How far a side has received and read; both only grow. */
export const markView = z.object({ deliveredSeq: z.int(), readSeq: z.int() });
export type MarkView = z.infer<typeof markView>;

export const queueView = z.object({
  /** 1 is next. */
  position: z.int().positive(),
  estimatedWaitMs: z.int().nonnegative().nullable(),
  /** An agent has put the request aside for a moment (V11). */
  isAgentBusy: z.boolean(),
  /** When it was read, in an order that the answer of a request and an event share: what was read earlier is stale. */
  readAt: timestamp.optional(),
});
export type QueueView = z.infer<typeof queueView>;

export const conversationView = z.object({
  conversationId,
  /** Grows with every change; a view with a smaller one is stale and dropped. */
  revision: z.int(),
  phase: conversationPhase,
  modality,
  department: departmentView,
  queuedAt: timestamp,
  acceptedAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
  endReason: endReason.nullable(),
  agent: z.object({ agentId, name: z.string() }).nullable(),
  lastSeq: z.int(),
  queue: queueView.nullable(),
  call: callView.nullable(),
  /** The open ones: at most one of each kind. */
  shares: z.array(shareView),
  marks: z.object({ visitor: markView, agent: markView }),
});
export type ConversationView = z.infer<typeof conversationView>;

/** What an agent is told about a visitor (A4, A6). */
export const visitorFacts = z.object({
  visitorId,
  name: z.string(),
  email: z.string().nullable(),
  /** The page of an older server reads `label` alone. */
  fields: z.array(z.object({ label: z.string(), labels: namesByLanguage.optional(), value: z.string() })),
  siteId,
  siteName: z.string(),
  page: z.object({ url: z.string(), title: z.string() }).nullable(),
  referrer: z.string().nullable(),
  /** Such as "Chrome 141 on Windows"; null when the browser does not say. */
  browser: z.string().nullable(),
  language: z.string(),
  timeZone: z.string().nullable(),
  firstSeenAt: timestamp,
  /** Start of the present visit. */
  visitStartedAt: timestamp,
  isConnected: z.boolean(),
  consent: z.object({ agreedAt: timestamp, textVersion: z.string() }).nullable(),
});
export type VisitorFacts = z.infer<typeof visitorFacts>;

export const agentConversationView = conversationView.extend({
  visitor: visitorFacts,
  /** What of this visitor's site an agent may ask to see, and to do there. */
  sharing: sharingOffer.pick({ offersCoBrowse: true, offersScreen: true, offeredGrants: true }),
  lastMessage: z
    .object({ preview: z.string(), sentAt: timestamp, senderKind: z.enum(['visitor', 'agent', 'system']) })
    .nullable(),
  /** Visitor's messages after the agent's read mark. */
  unreadCount: z.int(),
  /** Since when the visitor waits for an answer: the first message after the agent's last one; null when answered. */
  waitingSinceAt: timestamp.nullable(),
});
export type AgentConversationView = z.infer<typeof agentConversationView>;

const text = plainText
  .max(MAX_MESSAGE_LENGTH)
  .refine((value) => value.trim().length > 0, 'A message needs at least one character.');

/** Requests of both sides. */
export const conversationRequests = {
  /** Adds one message. Safe to repeat: `clientMessageId` makes it idempotent. The ack means stored. */
  'conversation:send-message': {
    input: z.object({ conversationId, clientMessageId: z.uuid(), text }),
    output: z.object({ message: messageView }),
  },
  /** The messages after `afterSeq`, oldest first, at most `limit`; ask again until `lastSeq` is reached. */
  'conversation:fetch-messages': {
    input: z.object({
      conversationId,
      afterSeq: z.int().nonnegative(),
      limit: z.int().min(1).max(MAX_FETCHED_MESSAGES).default(MAX_FETCHED_MESSAGES),
    }),
    output: z.object({ messages: z.array(messageView), lastSeq: z.int() }),
  },
  'conversation:mark-messages': {
    input: z.object({ conversationId, deliveredSeq: z.int().nonnegative(), readSeq: z.int().nonnegative() }),
    output: nothing,
  },
  /** Lossy: sent volatile, at most every two seconds, and forgotten by the other side after six. */
  'conversation:set-typing': { input: z.object({ conversationId, isTyping: z.boolean() }), output: nothing },
  /** "End chat" and "End communication": ends text, calls and sharing together (C6). Harmless when repeated. */
  'conversation:end-conversation': { input: z.object({ conversationId }), output: nothing },
} as const;

export const visitorConversationRequests = {
  /** Asks for an agent. Safe to repeat: `clientRequestId` makes it idempotent. */
  'conversation:start-conversation': {
    input: z.object({
      clientRequestId: z.uuid(),
      modality,
      departmentId: departmentId.optional(),
      name: plainText.max(400),
      email: z.string().trim().max(254).optional(),
      fields: z.record(z.string().max(64), plainText.max(1_000)).default({}),
      /** V6: the version of the text that was ticked. */
      agreedTextVersion: z.string().max(64),
    }),
    output: z.object({ conversation: conversationView }),
  },
  /** "Leave a message" while nobody can take a request, or from the queue. */
  'conversation:leave-message': {
    input: z.object({
      clientRequestId: z.uuid(),
      name: plainText.max(400),
      email: z.email().max(254),
      text,
      agreedTextVersion: z.string().max(64),
    }),
    output: nothing,
  },
} as const;

/** A message somebody left while nobody was there. */
export const leftMessageView = z.object({
  leftMessageId: z.uuid(),
  name: z.string(),
  email: z.string(),
  text: z.string(),
  siteName: z.string(),
  leftAt: timestamp,
});
export type LeftMessageView = z.infer<typeof leftMessageView>;

export const agentConversationRequests = {
  'conversation:list-left-messages': { input: nothing, output: z.object({ leftMessages: z.array(leftMessageView) }) },
  'conversation:resolve-left-message': { input: z.object({ leftMessageId: z.uuid() }), output: nothing },
} as const;

const conversationEvents = {
  'conversation:message-added': z.object({ conversationId, message: messageView }),
  'conversation:marks-changed': z.object({ conversationId, party, mark: markView }),
  /** Lossy. */
  'conversation:typing-changed': z.object({ conversationId, party, isTyping: z.boolean() }),
} as const;

export const visitorConversationEvents = {
  ...conversationEvents,
  'conversation:changed': z.object({ conversation: conversationView }),
} as const;

export const agentConversationEvents = {
  ...conversationEvents,
  'conversation:changed': z.object({ conversation: agentConversationView }),
  'conversation:left-messages-changed': z.object({ openCount: z.int() }),
} as const;
