import * as z from 'zod';
import { agentView } from './accounts.ts';
import { agentConversationView } from './conversations.ts';
import { nothing, timestamp } from './ids.ts';
import { offerView, queuedRequestView } from './routing.ts';

/** What a workspace says when it connects; who it is says the session cookie. */
export const agentHandshake = z.object({ protocolVersion: z.int() });

export const workspaceRequests = {
  /** First request of every connection: everything the desk shows, as of now. */
  'agent:start-session': {
    input: nothing,
    output: z.object({
      serverTime: timestamp,
      agent: agentView,
      /** Running conversations of this agent and those that ended in the last hour. */
      conversations: z.array(agentConversationView),
      offers: z.array(offerView),
      queue: z.array(queuedRequestView),
      openLeftMessages: z.int(),
      /** The page that shows shared pages, to be framed: an address, or a path on this host. */
      viewerUrl: z.string(),
    }),
  },
} as const;
