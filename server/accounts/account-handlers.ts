import type { accountRequests } from '../../protocol/accounts.ts';
import type { AgentHandlers } from '../handlers.ts';
import type { PresenceService } from './presence-service.ts';
import type { SessionService } from './session-service.ts';

export function createAccountHandlers(
  presence: PresenceService,
  sessions: SessionService,
): AgentHandlers<keyof typeof accountRequests> {
  return {
    'agent:set-status': async ({ status }, page) => ({ agent: await presence.setStatus(page, status) }),
    'agent:set-availability': async ({ isAvailable }, { agentId }) => ({
      agent: await presence.setAvailability(agentId, isAvailable),
    }),
    'agent:report-activity': async ({ isIdle }, page) => {
      if (!isIdle) await sessions.keepAlive(page.tokenHash);
      return { agent: await presence.setIdle(page, isIdle) };
    },
    'agent:set-auto-away': async ({ minutes }, page) => ({
      agent: await presence.setAutoAway(page, minutes),
    }),
  };
}
