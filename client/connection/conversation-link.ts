import type { ReadonlySignal } from '@preact/signals';
import type { EventOf, InputOf, OutputOf, VisitorRequests } from '../../protocol/contract.ts';
import type { AgentEvents, VisitorEvents } from '../../protocol/contract.ts';
import type { ConnectionState, RequestOptions } from './connection.ts';

type Input<Name extends keyof VisitorRequests> = InputOf<VisitorRequests, Name>;
type Output<Name extends keyof VisitorRequests> = Promise<OutputOf<VisitorRequests, Name>>;
type Heard<Name extends keyof VisitorEvents & keyof AgentEvents> = (
  event: EventOf<VisitorEvents, Name> | EventOf<AgentEvents, Name>,
) => void;

/** The part of a connection that a conversation needs; the connections of visitors and of agents both are one. */
export interface ConversationLink {
  readonly state: ReadonlySignal<ConnectionState>;
  request(
    name: 'conversation:send-message',
    input: Input<'conversation:send-message'>,
    options?: RequestOptions,
  ): Output<'conversation:send-message'>;
  request(
    name: 'conversation:fetch-messages',
    input: Input<'conversation:fetch-messages'>,
    options?: RequestOptions,
  ): Output<'conversation:fetch-messages'>;
  request(
    name: 'conversation:mark-messages',
    input: Input<'conversation:mark-messages'>,
    options?: RequestOptions,
  ): Output<'conversation:mark-messages'>;
  signal(name: 'conversation:set-typing', input: Input<'conversation:set-typing'>): void;
  on(name: 'conversation:message-added', handler: Heard<'conversation:message-added'>): () => void;
  on(name: 'conversation:marks-changed', handler: Heard<'conversation:marks-changed'>): () => void;
  on(name: 'conversation:typing-changed', handler: Heard<'conversation:typing-changed'>): () => void;
  on(name: 'conversation:changed', handler: Heard<'conversation:changed'>): () => void;
}
