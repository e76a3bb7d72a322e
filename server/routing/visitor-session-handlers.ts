import type { ConversationId, VisitorId } from '../../protocol/ids.ts';
import type { visitorRequests } from '../../protocol/visitors.ts';
import {
  QUIET_END_REASONS,
  findConversation,
  findLastEndedOf,
  findRunningOf,
} from '../conversations/conversation-store.ts';
import type { ConversationViews } from '../conversations/conversation-view.ts';
import type { Db } from '../db/open.ts';
import { AppError } from '../errors.ts';
import type { VisitorHandlers } from '../handlers.ts';
import { toSiteView, toWidgetLanguage } from '../sites/site-service.ts';
import type { SiteService } from '../sites/site-service.ts';
import type { SiteSettings } from '../sites/site-settings.ts';
import { toBrowserName } from '../visitors/browser-name.ts';
import type { VisitorService } from '../visitors/visitor-service.ts';
import { findVisitor } from '../visitors/visitor-store.ts';
import type { PageFacts, VisitorRow } from '../visitors/visitor-store.ts';
import type { AvailabilityService } from './availability-service.ts';

/** A visitor who comes back this soon still sees how the conversation ended. */
const SHOW_ENDED_FOR_MS = 10 * 60_000;

/** Opens the session of a page: it stands here because the snapshot needs every part above, queue included. */
export function createVisitorSessionHandlers(parts: {
  db: Db;
  now: () => number;
  sites: SiteService;
  visitors: VisitorService;
  availability: AvailabilityService;
  views: ConversationViews;
}): VisitorHandlers<keyof typeof visitorRequests> {
  const { db, now, sites, visitors } = parts;

  async function findOwn(visitorId: VisitorId, shown: ConversationId | undefined): Promise<ConversationId | undefined> {
    const row = shown && (await findConversation(db, shown));
    return row?.visitorId === visitorId ? row.conversationId : undefined;
  }

  /** How it ended is news to whoever did not end it. */
  async function findToldAgain(visitorId: VisitorId): Promise<ConversationId | undefined> {
    const row = await findLastEndedOf(db, visitorId, now() - SHOW_ENDED_FOR_MS);
    return row?.endReason === 'visitor-ended' || isQuiet(row?.endReason) ? undefined : row?.conversationId;
  }

  return {
    'visitor:start-session': async ({ page, language, timeZone, shownConversationId }, caller) => {
      const { visitor, token } = await visitors.beginVisit(caller.siteId, caller.visitorId ?? undefined, {
        ...toPageFacts(page),
        browser: toBrowserName(caller.userAgent),
        language,
        timeZone: timeZone ?? null,
      });
      await caller.attach(visitor.visitorId);
      const conversationId =
        (await findRunningOf(db, visitor.visitorId))?.conversationId ??
        (await findOwn(visitor.visitorId, shownConversationId)) ??
        (await findToldAgain(visitor.visitorId));
      const view = conversationId ? await parts.views.forVisitor(conversationId) : null;
      // Read last: a change of it that comes meanwhile is then told after this answer and never before.
      const availability = await parts.availability.viewOf(caller.siteId);
      return {
        visitorId: visitor.visitorId,
        ...(token !== undefined && { visitorToken: token }),
        serverTime: now(),
        site: toSiteView(sites.requireSite(caller.siteId), toWidgetLanguage(language)),
        availability,
        profile: toProfile(visitor, sites.requireSite(caller.siteId).settings),
        conversation: view,
      };
    },

    'visitor:report-page': async ({ page }, caller) => {
      await visitors.reportPage(caller.visitorId, caller.siteId, toPageFacts(page));
      return {};
    },

    'visitor:forget-me': async (_input, caller) => {
      if (await findRunningOf(db, caller.visitorId)) {
        throw new AppError('conversation-running', 'Please end the running conversation first.');
      }
      const known = await findVisitor(db, caller.visitorId);
      const { visitor, token } = await visitors.beginVisit(caller.siteId, undefined, {
        pageUrl: known?.pageUrl ?? '',
        pageTitle: known?.pageTitle ?? '',
        referrer: known?.referrer ?? null,
        browser: toBrowserName(caller.userAgent),
        language: known?.language ?? 'en',
        timeZone: known?.timeZone ?? null,
      });
      if (token === undefined) throw new Error('A new visitor came without a token.');
      await caller.attach(visitor.visitorId);
      return { visitorId: visitor.visitorId, visitorToken: token };
    },
  };
}

function toProfile({ name, email, fieldsJson }: VisitorRow, { form }: SiteSettings) {
  if (name === null) return null;
  const entered = new Map(Object.entries(JSON.parse(fieldsJson) as Record<string, string>));
  const fields = form.fields.flatMap(({ key }) => {
    const value = entered.get(key);
    return value === undefined ? [] : [[key, value] as const];
  });
  return { name, email, fields: Object.fromEntries(fields) };
}

function isQuiet(reason: string | null | undefined): boolean {
  return QUIET_END_REASONS.some((quiet) => quiet === reason);
}

function toPageFacts(page: { url: string; title: string; referrer?: string | undefined }): PageFacts {
  return { pageUrl: page.url, pageTitle: page.title, referrer: page.referrer || null };
}
