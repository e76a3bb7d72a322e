import type { accountRequests } from '../../protocol/accounts.ts';
import type { AgentHandlers } from '../handlers.ts';
import type { PresenceService } from './presence-service.ts';
import type { SessionService } from './session-service.ts';

export function createAccountHandlers(
  presence: PresenceService,
  sessions: SessionService,
): AgentHandlers<keyof typeof accountRequests> {
  return {
    'agent:set-status': async ({ status }, { agentId }) => ({ agent: await presence.setStatus(agentId, status) }),
    'agent:set-availability': async ({ isAvailable }, { agentId }) => ({
      agent: await presence.setAvailability(agentId, isAvailable),
    }),
    'agent:report-activity': async ({ isIdle }, { agentId, tokenHash }) => {
      if (!isIdle) await sessions.keepAlive(tokenHash);
      return { agent: await presence.setIdle(agentId, isIdle) };
    },
    'agent:set-auto-away': async ({ minutes }, { agentId }) => ({
      agent: await presence.setAutoAway(agentId, minutes),
    }),
  };
}
