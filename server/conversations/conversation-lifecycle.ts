import type { EndReason } from '../../protocol/conversations.ts';
import type { AgentId } from '../../protocol/ids.ts';
import { AppError } from '../errors.ts';

/** The rules CV1 to CV6 of docs/spec.md. Times in milliseconds UTC. */
export type ConversationState =
  | { phase: 'waiting'; queuedAt: number }
  | { phase: 'active'; queuedAt: number; agentId: AgentId; acceptedAt: number }
  | { phase: 'held'; queuedAt: number; agentId: AgentId; acceptedAt: number; heldAt: number }
  | {
      phase: 'ended';
      queuedAt: number;
      agentId: AgentId | null;
      acceptedAt: number | null;
      endedAt: number;
      reason: EndReason;
    };

export type ConversationEvent =
  { type: 'accept'; agentId: AgentId } | { type: 'hold' } | { type: 'resume' } | { type: 'end'; reason: EndReason };

/** Reasons that presuppose an agent, and those that presuppose that there was none yet. */
const SERVED_REASONS: readonly EndReason[] = ['agent-ended'];
const UNSERVED_REASONS: readonly EndReason[] = ['abandoned', 'orphaned'];

/**
 * The next state. A repeated event returns the same state object, so callers see by identity that nothing changed.
 *
 * @throws `invalid-transition` when the event is forbidden in this state, `request-taken` and `conversation-ended`
 * where a person must read why
 */
export function nextConversationState(
  state: ConversationState,
  event: ConversationEvent,
  now: number,
): ConversationState {
  switch (event.type) {
    case 'accept':
      if (state.phase === 'waiting') {
        return { phase: 'active', queuedAt: state.queuedAt, agentId: event.agentId, acceptedAt: now };
      }
      if (state.phase === 'ended') throw endedError();
      if (state.agentId === event.agentId) return state;
      throw new AppError('request-taken', 'Another agent was faster.');
    case 'hold':
      if (state.phase === 'held') return state;
      if (state.phase === 'active') return { ...state, phase: 'held', heldAt: now };
      throw forbidden(state, event);
    case 'resume':
      if (state.phase === 'active') return state;
      if (state.phase === 'held') {
        return { phase: 'active', queuedAt: state.queuedAt, agentId: state.agentId, acceptedAt: state.acceptedAt };
      }
      throw forbidden(state, event);
    case 'end': {
      if (state.phase === 'ended') return state;
      const isServed = state.phase !== 'waiting';
      if ((isServed ? UNSERVED_REASONS : SERVED_REASONS).includes(event.reason)) throw forbidden(state, event);
      return {
        phase: 'ended',
        queuedAt: state.queuedAt,
        agentId: isServed ? state.agentId : null,
        acceptedAt: isServed ? state.acceptedAt : null,
        endedAt: now,
        reason: event.reason,
      };
    }
  }
}

export function endedError(): AppError {
  return new AppError('conversation-ended', 'This conversation has ended.');
}

function forbidden(state: ConversationState, event: ConversationEvent): AppError {
  return new AppError('invalid-transition', 'This is not possible at this moment.', {
    details: { phase: state.phase, event: event.type },
  });
}
