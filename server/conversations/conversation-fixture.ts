import { v7 as newId } from 'uuid';
import type { AgentId, ConversationId, DepartmentId, SiteId, VisitorId } from '../../protocol/ids.ts';
import { insertAgent } from '../accounts/account-store.ts';
import type { DirectSqlite } from '../db/direct-sqlite.ts';
import { openDatabase } from '../db/open.ts';
import type { Db } from '../db/open.ts';
import type { UnitOfWork } from '../db/transaction.ts';
import { demoSite } from '../sites/default-sites.ts';
import { createSiteService } from '../sites/site-service.ts';
import type { SiteService } from '../sites/site-service.ts';
import type { Site } from '../sites/site-store.ts';
import { insertVisitor } from '../visitors/visitor-store.ts';
import { insertConversation } from './conversation-store.ts';
import type { ConversationRow, NewConversation } from './conversation-store.ts';
import { appendMessage, listMessagesAfter } from './message-store.ts';
import type { NewNotice } from './message-store.ts';

/** A database in memory with a site, for tests of what stores conversations. Times are small numbers. */
export interface ConversationFixture {
  db: Db;
  direct: DirectSqlite;
  sites: SiteService;
  siteId: SiteId;
  departmentId: DepartmentId;
  newAgent(name?: string): Promise<AgentId>;
  newVisitor(): Promise<VisitorId>;
  /** Waiting; of a new visitor when none is named. */
  newConversation(fields?: Partial<NewConversation>): Promise<ConversationRow>;
  appendLine(unit: UnitOfWork, conversationId: ConversationId, line: Omit<NewNotice, 'kind'>): Promise<void>;
  listLines(conversationId: ConversationId): Promise<string[]>;
  close(): Promise<void>;
}

export async function createConversationFixture(): Promise<ConversationFixture> {
  const { db, direct, close } = await openDatabase(':memory:');
  if (!direct) throw new Error('A database in memory is SQLite.');
  const sites = await createSiteService(db, [demoSite], 1);
  const [site] = sites.all() as [Site];
  const departmentId = site.departments[0]?.departmentId as DepartmentId;

  async function newVisitor(): Promise<VisitorId> {
    const facts = {
      pageUrl: 'https://shop.example/',
      pageTitle: 'Shop',
      referrer: null,
      browser: null,
      language: 'en',
      timeZone: null,
    };
    return (await insertVisitor(db, site.siteId, newId(), facts, 1)).visitorId;
  }

  return {
    db,
    direct,
    sites,
    siteId: site.siteId,
    departmentId,
    newVisitor,
    newAgent: (name = 'Ben') =>
      insertAgent(
        db,
        {
          tenantId: sites.tenantId,
          email: `${newId()}@example.com`,
          name,
          passwordHash: 'x',
          role: 'agent',
          chatCap: 6,
        },
        1,
      ),
    appendLine: async (unit, conversationId, line) =>
      void (await appendMessage(unit.db, conversationId, { kind: 'notice', ...line }, 2_000)),
    async listLines(conversationId) {
      const rows = await listMessagesAfter(db, conversationId, 0, 10);
      return rows.map(({ body }) => (JSON.parse(body) as { notice: string }).notice);
    },
    newConversation: async (fields = {}) =>
      insertConversation(
        db,
        {
          conversationId: newId() as ConversationId,
          siteId: site.siteId,
          departmentId,
          visitorId: fields.visitorId ?? (await newVisitor()),
          clientRequestId: newId(),
          modality: 'text',
          ...fields,
        },
        1_000,
      ),
    close,
  };
}
