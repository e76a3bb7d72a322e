import type { Selectable } from 'kysely';
import { v7 as newId } from 'uuid';
import type { ConversationId, Modality, SiteId, VisitorId } from '../../protocol/ids.ts';
import type { Db } from '../db/open.ts';
import type { VisitorsTable } from '../db/schema.ts';

export type VisitorRow = Selectable<VisitorsTable>;

/** What a page says about itself and its reader. */
export interface PageFacts {
  pageUrl: string;
  pageTitle: string;
  referrer: string | null;
}

export interface ReaderFacts {
  browser: string | null;
  language: string;
  timeZone: string | null;
}

/** After this long without a page a visitor's return counts as a new visit. */
const VISIT_GAP_MS = 30 * 60_000;

export async function insertVisitor(
  db: Db,
  siteId: SiteId,
  tokenHash: string,
  facts: PageFacts & ReaderFacts,
  now: number,
): Promise<VisitorRow> {
  const visitor: VisitorRow = {
    visitorId: newId() as VisitorId,
    siteId,
    tokenHash,
    name: null,
    email: null,
    fieldsJson: '{}',
    ...facts,
    firstSeenAt: now,
    visitStartedAt: now,
    lastSeenAt: now,
  };
  await db.insertInto('visitors').values(visitor).execute();
  return visitor;
}

export async function findVisitorByToken(db: Db, siteId: SiteId, tokenHash: string): Promise<VisitorRow | undefined> {
  return db
    .selectFrom('visitors')
    .selectAll()
    .where('tokenHash', '=', tokenHash)
    .where('siteId', '=', siteId)
    .executeTakeFirst();
}

export async function findVisitor(db: Db, visitorId: VisitorId): Promise<VisitorRow | undefined> {
  return db.selectFrom('visitors').selectAll().where('visitorId', '=', visitorId).executeTakeFirst();
}

export async function noteVisit(
  db: Db,
  visitor: VisitorRow,
  facts: PageFacts & ReaderFacts,
  now: number,
): Promise<void> {
  const isNewVisit = now - visitor.lastSeenAt > VISIT_GAP_MS;
  await db
    .updateTable('visitors')
    .set({
      ...facts,
      // A page of the same visit was reached from our own site: where the visit came from is what matters.
      referrer: isNewVisit ? facts.referrer : (visitor.referrer ?? facts.referrer),
      visitStartedAt: isNewVisit ? now : visitor.visitStartedAt,
      lastSeenAt: now,
    })
    .where('visitorId', '=', visitor.visitorId)
    .execute();
}

export async function notePage(db: Db, visitorId: VisitorId, page: PageFacts, now: number): Promise<void> {
  await db
    .updateTable('visitors')
    .set({ pageUrl: page.pageUrl, pageTitle: page.pageTitle, lastSeenAt: now })
    .where('visitorId', '=', visitorId)
    .execute();
}

export async function noteGone(db: Db, visitorId: VisitorId, now: number): Promise<void> {
  await db.updateTable('visitors').set({ lastSeenAt: now }).where('visitorId', '=', visitorId).execute();
}

export async function saveProfile(
  db: Db,
  visitorId: VisitorId,
  profile: { name: string; email: string | null; fields: Record<string, string> },
): Promise<void> {
  await db
    .updateTable('visitors')
    .set({ name: profile.name, email: profile.email, fieldsJson: JSON.stringify(profile.fields) })
    .where('visitorId', '=', visitorId)
    .execute();
}

export interface NewConsent {
  visitorId: VisitorId;
  siteId: SiteId;
  conversationId: ConversationId | null;
  textVersion: string;
  modality: Modality | 'message';
}

/** V6: when, to which text and for what somebody agreed. Never changed afterwards. */
export async function insertConsent(db: Db, consent: NewConsent, now: number): Promise<void> {
  await db
    .insertInto('consents')
    .values({ consentId: newId(), ...consent, agreedAt: now })
    .execute();
}

export async function findLatestConsent(
  db: Db,
  visitorId: VisitorId,
): Promise<{ agreedAt: number; textVersion: string } | undefined> {
  return db
    .selectFrom('consents')
    .select(['agreedAt', 'textVersion'])
    .where('visitorId', '=', visitorId)
    .orderBy('agreedAt', 'desc')
    .executeTakeFirst();
}
