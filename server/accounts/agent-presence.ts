import type { AgentStatus } from '../../protocol/accounts.ts';

/** Whether an agent's workspace is connected; `grace` is a connection lost a moment ago. */
export type AgentConnection = 'online' | 'grace' | 'offline';

export interface AgentPresence {
  status: AgentStatus;
  /** The "Live Help" switch. */
  isAvailable: boolean;
  connection: AgentConnection;
  openConversations: number;
  chatCap: number;
  isDisabled: boolean;
}

/**
 * The one rule of who can be asked (PR1): online or away, switched to available, connected (or lost a moment ago, so
 * that a reload does not make the button blink) and below the cap. Being away by itself never counts.
 */
export function canTakeRequests(presence: AgentPresence): boolean {
  return (
    !presence.isDisabled &&
    (presence.status === 'online' || presence.status === 'away') &&
    presence.isAvailable &&
    presence.connection !== 'offline' &&
    presence.openConversations < presence.chatCap
  );
}

/** Ringing needs somebody who can hear it: who is in grace keeps the button shown but is not rung (PR2). */
export function canBeRung(presence: AgentPresence): boolean {
  return canTakeRequests(presence) && presence.connection === 'online';
}

/** What a lost or present connection means at this moment (PR3). */
export function toAgentConnection(connectionCount: number, graceUntil: number | null, now: number): AgentConnection {
  if (connectionCount > 0) return 'online';
  return graceUntil !== null && graceUntil > now ? 'grace' : 'offline';
}
