import { sql } from 'kysely';
import { v7 as newId } from 'uuid';
import type { LeftMessageView } from '../../protocol/conversations.ts';
import type { AgentId, SiteId } from '../../protocol/ids.ts';
import { listDepartmentIdsOf } from '../accounts/account-store.ts';
import type { Db } from '../db/open.ts';
import { inTransaction } from '../db/transaction.ts';
import type { DomainEventBus } from '../domain-events.ts';
import { AppError } from '../errors.ts';
import type { AgentContext, VisitorContext } from '../handlers.ts';
import type { SiteService } from '../sites/site-service.ts';
import { checkForm } from '../visitors/visitor-form.ts';
import { insertConsent } from '../visitors/visitor-store.ts';

const MAX_LISTED = 200;

export interface LeftMessage {
  clientRequestId: string;
  name: string;
  email: string;
  text: string;
  agreedTextVersion: string;
}

/** "Leave a message" while nobody can take a request. */
export interface LeftMessageService {
  leave(caller: VisitorContext, message: LeftMessage): Promise<void>;
  /** Only of sites for which the agent answers. */
  list(agentId: AgentId): Promise<LeftMessageView[]>;
  countOpen(agentId: AgentId): Promise<number>;
  resolve(caller: AgentContext, leftMessageId: string): Promise<void>;
}

export function createLeftMessageService(parts: {
  db: Db;
  now: () => number;
  events: DomainEventBus;
  sites: SiteService;
}): LeftMessageService {
  const { db, now, events, sites } = parts;

  async function siteIdsOf(agentId: AgentId): Promise<SiteId[]> {
    const departmentIds = await listDepartmentIdsOf(db, agentId);
    return [...new Set(departmentIds.map((departmentId) => sites.requireDepartment(departmentId).site.siteId))];
  }

  return {
    async leave(caller, message) {
      const site = sites.requireSite(caller.siteId);
      // Custom fields belong to conversations; a message needs a name and a way to answer.
      const settings = { ...site.settings, form: { ...site.settings.form, email: 'required' as const, fields: [] } };
      const profile = checkForm({ ...message, fields: {} }, settings);
      await inTransaction(db, async (unit) => {
        const stored = await unit.db
          .insertInto('leftMessages')
          .values({
            leftMessageId: newId(),
            siteId: caller.siteId,
            visitorId: caller.visitorId,
            clientRequestId: message.clientRequestId,
            name: profile.name,
            email: profile.email ?? message.email,
            text: message.text,
            leftAt: now(),
            resolvedAt: null,
            resolvedBy: null,
          })
          .onConflict((conflict) => conflict.doNothing())
          .returning('leftMessageId')
          .executeTakeFirst();
        if (!stored) return;
        await insertConsent(
          unit.db,
          {
            visitorId: caller.visitorId,
            siteId: caller.siteId,
            conversationId: null,
            textVersion: message.agreedTextVersion,
            modality: 'message',
          },
          now(),
        );
        unit.afterCommit(() => events.publish('left-message:changed', { siteId: caller.siteId }));
      });
    },

    async list(agentId) {
      const siteIds = await siteIdsOf(agentId);
      // An empty list in SQL is a fault on PostgreSQL.
      if (siteIds.length === 0) return [];
      const rows = await db
        .selectFrom('leftMessages')
        .select(['leftMessageId', 'siteId', 'name', 'email', 'text', 'leftAt'])
        .where('resolvedAt', 'is', null)
        .where('siteId', 'in', siteIds)
        .orderBy('leftAt')
        .limit(MAX_LISTED)
        .execute();
      return rows.map(({ siteId, ...row }) => ({ ...row, siteName: siteNameOf(sites, siteId) }));
    },

    async countOpen(agentId) {
      const siteIds = await siteIdsOf(agentId);
      if (siteIds.length === 0) return 0;
      const row = await db
        .selectFrom('leftMessages')
        .select(sql<number>`count(*)`.as('count'))
        .where('resolvedAt', 'is', null)
        .where('siteId', 'in', siteIds)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },

    async resolve(caller, leftMessageId) {
      const siteIds = await siteIdsOf(caller.agentId);
      if (siteIds.length === 0) throw unknownMessageError();
      const resolved = await db
        .updateTable('leftMessages')
        .set({ resolvedAt: now(), resolvedBy: caller.agentId })
        .where('leftMessageId', '=', leftMessageId)
        .where('siteId', 'in', siteIds)
        .where('resolvedAt', 'is', null)
        .returning('siteId')
        .executeTakeFirst();
      if (resolved) return events.publish('left-message:changed', { siteId: resolved.siteId });
      const known = await db
        .selectFrom('leftMessages')
        .select('siteId')
        .where('leftMessageId', '=', leftMessageId)
        .where('siteId', 'in', siteIds)
        .executeTakeFirst();
      if (!known) throw unknownMessageError();
    },
  };
}

function unknownMessageError(): AppError {
  return new AppError('not-found', 'This message is not known here.');
}

function siteNameOf(sites: SiteService, siteId: SiteId): string {
  return sites.requireSite(siteId).settings.name;
}
