import type { AgentId } from '../../protocol/ids.ts';
import { canBeRung } from '../accounts/agent-presence.ts';
import type { AgentPresence } from '../accounts/agent-presence.ts';

export interface Candidate extends AgentPresence {
  agentId: AgentId;
  /** When they last took or ended a conversation; null if never. */
  lastServedAt: number | null;
  /** Said "Decline" or "Queue" to this request and that still holds. */
  hasPutAside: boolean;
  /** How often this request has rung here in vain. */
  expiredOffers: number;
  /** Another request is ringing at this agent now. */
  isRinging: boolean;
}

/**
 * Whom to ring for a request (QU4): who has let it ring least often, then the least busy, then the longest idle. Only
 * agents who can be rung, hear nothing else ring and have not put this request aside.
 */
export function chooseAgent(candidates: readonly Candidate[]): Candidate | undefined {
  return candidates
    .filter((candidate) => canBeRung(candidate) && !candidate.hasPutAside && !candidate.isRinging)
    .sort(
      (a, b) =>
        a.expiredOffers - b.expiredOffers ||
        a.openConversations - b.openConversations ||
        (a.lastServedAt ?? 0) - (b.lastServedAt ?? 0) ||
        a.agentId.localeCompare(b.agentId),
    )[0];
}
