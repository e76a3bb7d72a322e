import * as z from 'zod';
import { agentId, timestamp } from './ids.ts';
import { departmentView } from './sites.ts';

export const agentStatus = z.enum(['online', 'away', 'busy', 'offline']);
export type AgentStatus = z.infer<typeof agentStatus>;

export const MAX_PASSWORD_LENGTH = 256;
/** Body of `POST /api/v1/session`. */
export const signInInput = z.object({
  email: z.string().trim().min(1).max(254),
  password: z.string().min(1).max(MAX_PASSWORD_LENGTH),
});

/** The signed-in agent as the own workspace sees them. */
export const agentView = z.object({
  agentId,
  name: z.string(),
  email: z.string(),
  role: z.enum(['admin', 'agent']),
  departments: z.array(
    departmentView.extend({
      siteName: z.string(),
      /** Outside its business hours: when it opens again, if ever, and what visitors see until then (V2). */
      closed: z
        .object({ opensAt: timestamp.nullable(), whenUnavailable: z.enum(['hide', 'leave-message']) })
        .nullable(),
    }),
  ),
  /** The chosen status; `isAutoAway` says that others see "away" because nothing was typed or moved for a while. */
  status: agentStatus,
  isAutoAway: z.boolean(),
  /** The "Live Help" switch. */
  isAvailable: z.boolean(),
  /** Derived: status, switch, connection and chat cap together. */
  canTakeRequests: z.boolean(),
  /** Minutes without input until away; null is off. */
  autoAwayMinutes: z.int().nullable(),
  chatCap: z.int(),
});
export type AgentView = z.infer<typeof agentView>;

export const accountRequests = {
  'agent:set-status': { input: z.object({ status: agentStatus }), output: z.object({ agent: agentView }) },
  'agent:set-availability': { input: z.object({ isAvailable: z.boolean() }), output: z.object({ agent: agentView }) },
  /** The workspace saw input (or none for the agent's own limit): drives "away by itself" only. */
  'agent:report-activity': { input: z.object({ isIdle: z.boolean() }), output: z.object({ agent: agentView }) },
  'agent:set-auto-away': {
    input: z.object({ minutes: z.int().min(1).max(480).nullable() }),
    output: z.object({ agent: agentView }),
  },
} as const;

export const accountEvents = {
  'agent:changed': z.object({ agent: agentView }),
  /** Signed out elsewhere or by an admin: the workspace returns to the sign-in page. */
  'agent:signed-out': z.object({ reason: z.enum(['signed-out', 'expired', 'disabled']) }),
} as const;
