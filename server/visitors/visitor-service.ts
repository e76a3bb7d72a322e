import type { SiteId, VisitorId } from '../../protocol/ids.ts';
import { countConnections } from '../db/connection-store.ts';
import type { Db } from '../db/open.ts';
import type { DomainEventBus } from '../domain-events.ts';
import { hashToken, makeToken } from '../secret-token.ts';
import type { VisitorRow, PageFacts, ReaderFacts } from './visitor-store.ts';
import { findVisitor, findVisitorByToken, insertVisitor, noteGone, notePage, noteVisit } from './visitor-store.ts';

export interface VisitorService {
  /** The visitor whom this token names on this site; a foreign or unknown token is nobody. */
  findByToken(siteId: SiteId, token: string | undefined): Promise<VisitorRow | undefined>;
  /** Notes the visit of a known visitor, or makes a new one with a token of their own. */
  beginVisit(
    siteId: SiteId,
    known: VisitorId | undefined,
    facts: PageFacts & ReaderFacts,
  ): Promise<{ visitor: VisitorRow; token?: string }>;
  reportPage(visitorId: VisitorId, siteId: SiteId, page: PageFacts): Promise<void>;
  /** A page has gone; says so to the others when it was the last. */
  handlePageGone(visitorId: VisitorId, siteId: SiteId): Promise<void>;
}

export function createVisitorService(parts: { db: Db; now: () => number; events: DomainEventBus }): VisitorService {
  const { db, now, events } = parts;
  return {
    async findByToken(siteId, token) {
      return token ? findVisitorByToken(db, siteId, hashToken(token)) : undefined;
    },

    async beginVisit(siteId, known, facts) {
      const visitor = known && (await findVisitor(db, known));
      if (visitor) {
        await noteVisit(db, visitor, facts, now());
        return { visitor };
      }
      const token = makeToken();
      return { visitor: await insertVisitor(db, siteId, hashToken(token), facts, now()), token };
    },

    async reportPage(visitorId, siteId, page) {
      await notePage(db, visitorId, page, now());
      events.publish('visitor:page-changed', { visitorId, siteId });
    },

    async handlePageGone(visitorId, siteId) {
      await noteGone(db, visitorId, now());
      if ((await countConnections(db, visitorId)) === 0) events.publish('visitor:gone', { visitorId, siteId });
    },
  };
}
