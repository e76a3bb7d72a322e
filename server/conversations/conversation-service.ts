import { v7 as newId } from 'uuid';
import type { ConversationView, EndReason } from '../../protocol/conversations.ts';
import type { AgentId, ConversationId, DepartmentId, Modality, VisitorId } from '../../protocol/ids.ts';
import type { Db } from '../db/open.ts';
import { inTransaction, isUniqueViolation } from '../db/transaction.ts';
import type { UnitOfWork } from '../db/transaction.ts';
import type { DomainEventBus } from '../domain-events.ts';
import { AppError } from '../errors.ts';
import type { PartyContext, VisitorContext } from '../handlers.ts';
import type { Logger } from '../logger.ts';
import type { SiteService } from '../sites/site-service.ts';
import type { Site } from '../sites/site-store.ts';
import { checkForm } from '../visitors/visitor-form.ts';
import type { TypedForm } from '../visitors/visitor-form.ts';
import { insertConsent, saveProfile } from '../visitors/visitor-store.ts';
import { nextConversationState } from './conversation-lifecycle.ts';
import type { ConversationEvent } from './conversation-lifecycle.ts';
import { mayAct, unknownConversationError } from './conversation-policy.ts';
import {
  findByRequest,
  findConversation,
  findRunningOf,
  insertConversation,
  listDueGraces,
  listStranded,
  moveToDepartment,
  saveState,
  setVisitorGrace,
  startGraceOfUnconnected,
  toState,
  touch,
} from './conversation-store.ts';
import type { ConversationRow } from './conversation-store.ts';
import type { ConversationViews } from './conversation-view.ts';
import { appendMessage, toMessageView } from './message-store.ts';
import type { MessageRow, NewNotice } from './message-store.ts';

export interface ConversationRequest extends TypedForm {
  clientRequestId: string;
  modality: Modality;
  departmentId: DepartmentId | undefined;
}

export interface ConversationSources {
  db: Db;
  now: () => number;
  log: Logger;
  events: DomainEventBus;
  sites: SiteService;
  views: ConversationViews;
  visitorGraceMs: number;
  /** A department of the site that can take a request now; asked of routing. */
  findOpenDepartment(site: Site, wanted: DepartmentId | undefined): Promise<DepartmentId | undefined>;
  /** What the log says of the call and the shares that end with it; asked inside the transaction that ends it. */
  listLastLines(within: Db, conversationId: ConversationId): Promise<NewNotice[]>;
  /** Supplied by media: who asked for voice or video gets ready while waiting. */
  prepareCall(conversationId: ConversationId, modality: Modality): Promise<void>;
}

export interface ConversationService {
  start(caller: VisitorContext, request: ConversationRequest): Promise<ConversationView>;
  end(caller: PartyContext, conversationId: ConversationId): Promise<void>;
  /**
   * Hands the conversation to an agent inside the caller's transaction; exactly one caller wins.
   *
   * @throws `request-taken`, `visitor-left` or `conversation-ended`
   */
  acceptFor(
    unit: UnitOfWork,
    conversationId: ConversationId,
    agentId: AgentId,
    agentName: string,
  ): Promise<ConversationRow>;
  handleVisitorGone(visitorId: VisitorId): Promise<number | null>;
  handleVisitorSeen(visitorId: VisitorId): Promise<void>;
  /** Ends conversations whose visitors did not come back. */
  sweep(): Promise<void>;
  /** Gives everybody who was connected before a restart the time to come back. */
  recover(): Promise<void>;
  /** Finds another department for requests whose own is no longer configured; where there is none they end (RS7). */
  rehouse(): Promise<void>;
}

export function createConversationService(parts: ConversationSources): ConversationService {
  const { db, now, events, sites } = parts;

  async function move(
    unit: UnitOfWork,
    row: ConversationRow,
    event: ConversationEvent,
  ): Promise<{ row: ConversationRow; isChanged: boolean }> {
    const state = toState(row);
    const next = nextConversationState(state, event, now());
    if (next === state) return { row, isChanged: false };
    const saved = await saveState(unit.db, row, next);
    if (saved) return { row: saved, isChanged: true };
    const fresh = await findConversation(unit.db, row.conversationId);
    if (!fresh) throw unknownConversationError();
    return move(unit, fresh, event);
  }

  /** @param toReason asked inside the transaction, because it depends on what others decide meanwhile; null: not at all */
  async function endWith(
    conversationId: ConversationId,
    toReason: (row: ConversationRow) => EndReason | null,
  ): Promise<void> {
    await inTransaction(db, async (unit) => {
      const known = await findConversation(unit.db, conversationId);
      const reason = known && toReason(known);
      if (!known || !reason) return;
      const { row, isChanged } = await move(unit, known, { type: 'end', reason });
      if (!isChanged) return;
      const lines: NewNotice[] = [
        ...(await parts.listLastLines(unit.db, conversationId)),
        { kind: 'notice', notice: 'conversation-ended', data: { reason } },
      ];
      const stored: MessageRow[] = [];
      for (const line of lines) {
        const stays = await appendMessage(unit.db, conversationId, line, now());
        if (stays) stored.push(stays);
      }
      unit.afterCommit(() => {
        parts.log.info({ conversationId, reason, lastedMs: now() - row.queuedAt }, 'conversation ended');
        for (const line of stored) {
          events.publish('message:added', { conversationId, message: toMessageView(line) });
        }
        events.publish('conversation:ended', {
          conversationId,
          departmentId: row.departmentId,
          siteId: row.siteId,
          agentId: row.agentId,
          visitorId: row.visitorId,
          reason,
        });
      });
    });
  }

  /** A request waits just as well without: the call then begins when an agent accepts. */
  async function prepareCall(conversationId: ConversationId, modality: Modality): Promise<void> {
    if (modality === 'text') return;
    await parts.prepareCall(conversationId, modality).catch((error: unknown) => {
      parts.log.error({ err: error, conversationId }, 'a call could not be prepared');
    });
  }

  return {
    async start(caller, request) {
      const site = sites.requireSite(caller.siteId);
      const repeated = await findByRequest(db, caller.visitorId, request.clientRequestId);
      // Asking twice, in a second tab or after a lost ack, leads to the conversation that already runs.
      const running = repeated ?? (await findRunningOf(db, caller.visitorId));
      if (running) return parts.views.forVisitor(running.conversationId);

      const profile = checkForm(request, site.settings);
      if (!site.settings.modalities.includes(request.modality)) {
        throw new AppError('modality-not-offered', 'This kind of conversation is not offered here.', {
          details: { offered: site.settings.modalities },
        });
      }
      const departmentId = await parts.findOpenDepartment(site, request.departmentId);
      if (!departmentId) {
        throw new AppError('nobody-available', 'Nobody can take your request at this moment. You can leave a message.');
      }
      const conversationId = newId() as ConversationId;
      const insert = async (unit: UnitOfWork): Promise<void> => {
        await saveProfile(unit.db, caller.visitorId, profile);
        await insertConversation(
          unit.db,
          {
            conversationId,
            siteId: caller.siteId,
            departmentId,
            visitorId: caller.visitorId,
            clientRequestId: request.clientRequestId,
            modality: request.modality,
          },
          now(),
        );
        await insertConsent(
          unit.db,
          {
            visitorId: caller.visitorId,
            siteId: caller.siteId,
            conversationId,
            textVersion: request.agreedTextVersion,
            modality: request.modality,
          },
          now(),
        );
        unit.afterCommit(() => {
          parts.log.info({ conversationId, siteId: caller.siteId, modality: request.modality }, 'conversation queued');
          events.publish('conversation:queued', {
            conversationId,
            departmentId,
            siteId: caller.siteId,
            visitorId: caller.visitorId,
          });
        });
      };
      try {
        await inTransaction(db, insert);
        await prepareCall(conversationId, request.modality);
        return await parts.views.forVisitor(conversationId);
      } catch (error) {
        const other = isUniqueViolation(error) ? await findRunningOf(db, caller.visitorId) : undefined;
        if (other) return parts.views.forVisitor(other.conversationId);
        throw error;
      }
    },

    async end(caller, conversationId) {
      const conversation = await findConversation(db, conversationId);
      if (!conversation || !mayAct(caller, conversation)) throw unknownConversationError();
      if (caller.party === 'agent') return endWith(conversationId, () => 'agent-ended');
      return endWith(conversationId, ({ phase }) => (phase === 'waiting' ? 'abandoned' : 'visitor-ended'));
    },

    async acceptFor(unit, conversationId, agentId, agentName) {
      const known = await findConversation(unit.db, conversationId);
      if (!known) throw unknownConversationError();
      if (known.phase === 'ended') throw new AppError('visitor-left', 'The visitor has left.');
      const { row, isChanged } = await move(unit, known, { type: 'accept', agentId });
      if (!isChanged) return row;
      const notice = await appendMessage(
        unit.db,
        conversationId,
        { kind: 'notice', notice: 'agent-joined', data: { name: agentName } },
        now(),
      );
      unit.afterCommit(() => {
        parts.log.info({ conversationId, agentId, waitedMs: now() - row.queuedAt }, 'conversation accepted');
        events.publish('conversation:accepted', {
          conversationId,
          departmentId: row.departmentId,
          siteId: row.siteId,
          agentId,
          visitorId: row.visitorId,
          modality: row.modality,
        });
        if (notice) events.publish('message:added', { conversationId, message: toMessageView(notice) });
      });
      return row;
    },

    async handleVisitorGone(visitorId) {
      const graceUntil = now() + parts.visitorGraceMs;
      const changed = await setVisitorGrace(db, visitorId, graceUntil);
      for (const conversationId of changed) events.publish('conversation:touched', { conversationId });
      return changed.length > 0 ? graceUntil : null;
    },

    async handleVisitorSeen(visitorId) {
      const changed = await setVisitorGrace(db, visitorId, null);
      for (const conversationId of changed) events.publish('conversation:touched', { conversationId });
      if (changed.length > 0) return;
      const running = await findRunningOf(db, visitorId);
      if (!running) return;
      await touch(db, running.conversationId);
      events.publish('conversation:touched', { conversationId: running.conversationId });
    },

    async sweep() {
      for (const { conversationId } of await listDueGraces(db, now())) {
        await endWith(conversationId, ({ phase, visitorGraceUntil }) => {
          if (visitorGraceUntil === null || visitorGraceUntil > now()) return null;
          return phase === 'waiting' ? 'abandoned' : 'visitor-left';
        });
      }
    },

    async rehouse() {
      for (const { conversationId, siteId, visitorId } of await listStranded(db)) {
        const [department] = sites.requireSite(siteId).departments;
        if (!department) {
          await endWith(conversationId, ({ phase }) => (phase === 'waiting' ? 'orphaned' : null));
          continue;
        }
        const { departmentId } = department;
        if (!(await moveToDepartment(db, conversationId, departmentId))) continue;
        parts.log.warn({ conversationId, departmentId }, 'request moved: its department is no longer configured');
        events.publish('conversation:queued', { conversationId, departmentId, siteId, visitorId });
      }
    },

    recover: () => startGraceOfUnconnected(db, now() + parts.visitorGraceMs),
  };
}
