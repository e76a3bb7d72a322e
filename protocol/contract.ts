import type * as z from 'zod';
import { accountEvents, accountRequests } from './accounts.ts';
import {
  agentConversationEvents,
  agentConversationRequests,
  conversationRequests,
  visitorConversationEvents,
  visitorConversationRequests,
} from './conversations.ts';
import { callEvents, callRequests } from './media.ts';
import { agentRecordingRequests } from './recordings.ts';
import { agentRoutingEvents, agentRoutingRequests, visitorRoutingEvents, visitorRoutingRequests } from './routing.ts';
import {
  agentShareEvents,
  agentShareRequests,
  shareRequests,
  visitorShareEvents,
  visitorShareRequests,
} from './sharing.ts';
import { visitorRequests as visitorPartRequests } from './visitors.ts';
import { workspaceRequests } from './workspace.ts';

/** The schema pair of one request. */
export interface RequestSchema {
  input: z.ZodType;
  output: z.ZodType;
}

/** Everything a widget may ask on `/visitor`. */
export const visitorRequests = {
  ...visitorPartRequests,
  ...conversationRequests,
  ...visitorConversationRequests,
  ...visitorRoutingRequests,
  ...callRequests,
  ...shareRequests,
  ...visitorShareRequests,
} as const satisfies Record<string, RequestSchema>;

/** Everything a workspace may ask on `/agent`. */
export const agentRequests = {
  ...workspaceRequests,
  ...accountRequests,
  ...conversationRequests,
  ...agentConversationRequests,
  ...agentRoutingRequests,
  ...callRequests,
  ...shareRequests,
  ...agentShareRequests,
  ...agentRecordingRequests,
} as const satisfies Record<string, RequestSchema>;

/** Everything a widget may hear. */
export const visitorEvents = {
  ...visitorConversationEvents,
  ...visitorRoutingEvents,
  ...callEvents,
  ...visitorShareEvents,
} as const satisfies Record<string, z.ZodType>;

/** Everything a workspace may hear. */
export const agentEvents = {
  ...accountEvents,
  ...agentConversationEvents,
  ...agentRoutingEvents,
  ...callEvents,
  ...agentShareEvents,
} as const satisfies Record<string, z.ZodType>;

export type VisitorRequests = typeof visitorRequests;
export type AgentRequests = typeof agentRequests;
export type VisitorEvents = typeof visitorEvents;
export type AgentEvents = typeof agentEvents;

/** What a caller may write (defaults may be left out) … */
export type InputOf<Requests extends Record<string, RequestSchema>, Name extends keyof Requests> = z.input<
  Requests[Name]['input']
>;
/** … what a handler then reads … */
export type ParsedInputOf<Requests extends Record<string, RequestSchema>, Name extends keyof Requests> = z.output<
  Requests[Name]['input']
>;
/** … and what it answers. */
export type OutputOf<Requests extends Record<string, RequestSchema>, Name extends keyof Requests> = z.output<
  Requests[Name]['output']
>;
export type EventOf<Events extends Record<string, z.ZodType>, Name extends keyof Events> = z.output<Events[Name]>;
