import * as z from 'zod';
import { conversationView } from './conversations.ts';
import { conversationId, nothing, timestamp, visitorId } from './ids.ts';
import { plainText } from './plain-text.ts';
import { availabilityView, siteView } from './sites.ts';

/** What a widget says when it connects. The token comes from its own storage, never from a URL. */
export const visitorHandshake = z.object({
  protocolVersion: z.int(),
  siteKey: z.string().min(1).max(64),
  visitorToken: z.string().max(256).optional(),
});

const pageFacts = z.object({
  url: plainText.max(2_048),
  title: plainText.max(300),
  referrer: plainText.max(2_048).optional(),
});

export const visitorRequests = {
  /** First request of every connection: who am I, what does this site offer, what is running. */
  'visitor:start-session': {
    input: z.object({
      page: pageFacts,
      language: plainText.max(35),
      timeZone: plainText.max(64).optional(),
      /** The conversation that this page still shows: without a running one, the answer tells how that one ended. */
      shownConversationId: conversationId.optional(),
    }),
    output: z.object({
      visitorId,
      /** Set when the server made a new visitor (no token, an unknown or a foreign one): keep it. */
      visitorToken: z.string().optional(),
      serverTime: timestamp,
      site: siteView,
      availability: availabilityView,
      /** What the visitor entered earlier in this browser (V5). */
      profile: z
        .object({
          name: z.string(),
          email: z.string().nullable(),
          /** By key, of those that the site's form still has. */
          fields: z.record(z.string(), z.string()).optional(),
        })
        .nullable(),
      conversation: conversationView.nullable(),
    }),
  },
  /** The visitor went to another page without a reload. */
  'visitor:report-page': { input: z.object({ page: pageFacts }), output: nothing },
  /** "Not you?": the browser forgets the person; refused while a conversation runs. */
  'visitor:forget-me': { input: nothing, output: z.object({ visitorId, visitorToken: z.string() }) },
} as const;
