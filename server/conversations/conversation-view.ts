import type { AgentConversationView, ConversationView, QueueView, VisitorFacts } from '../../protocol/conversations.ts';
import type { ConversationId, Party } from '../../protocol/ids.ts';
import type { CallView } from '../../protocol/media.ts';
import type { ShareView } from '../../protocol/sharing.ts';
import { findAgent } from '../accounts/account-store.ts';
import { countConnections } from '../db/connection-store.ts';
import type { Db } from '../db/open.ts';
import { toAgentOffer } from '../sites/co-browse-settings.ts';
import type { SiteService } from '../sites/site-service.ts';
import { findLatestConsent, findVisitor } from '../visitors/visitor-store.ts';
import { unknownConversationError } from './conversation-policy.ts';
import { findConversation } from './conversation-store.ts';
import type { ConversationRow } from './conversation-store.ts';
import { countUnread, findLastSeq, findLastText } from './message-store.ts';

const PREVIEW_LENGTH = 140;

export interface ViewSources {
  db: Db;
  sites: SiteService;
  /** Supplied by the parts that know: routing and media stand below conversations. */
  findQueue(row: ConversationRow): Promise<QueueView | null>;
  findCall(conversationId: ConversationId): Promise<CallView | null>;
  findShares(conversationId: ConversationId): Promise<ShareView[]>;
}

export interface ConversationViews {
  forVisitor(conversationId: ConversationId): Promise<ConversationView>;
  forAgent(conversationId: ConversationId): Promise<AgentConversationView>;
  factsOf(row: ConversationRow): Promise<VisitorFacts>;
}

export function createConversationViews(sources: ViewSources): ConversationViews {
  const { db, sites } = sources;

  async function requireRow(conversationId: ConversationId): Promise<ConversationRow> {
    const row = await findConversation(db, conversationId);
    if (!row) throw unknownConversationError();
    return row;
  }

  /** Who waits may see the call that is prepared for them; to agents a waiting request is only a request. */
  async function findCall(row: ConversationRow, party: Party): Promise<CallView | null> {
    const isPrepared = row.phase === 'waiting' && row.modality !== 'text' && party === 'visitor';
    return isRunning(row) || isPrepared ? sources.findCall(row.conversationId) : null;
  }

  async function toView(row: ConversationRow, party: Party): Promise<ConversationView> {
    const { departmentId, name, names } = sites.requireDepartment(row.departmentId);
    const agent = row.agentId && (await findAgent(db, row.agentId));
    return {
      conversationId: row.conversationId,
      revision: row.revision,
      phase: row.phase,
      modality: row.modality,
      department: { departmentId, name, names },
      queuedAt: row.queuedAt,
      acceptedAt: row.acceptedAt,
      endedAt: row.endedAt,
      endReason: row.endReason,
      agent: agent ? { agentId: agent.agentId, name: agent.name } : null,
      lastSeq: await findLastSeq(db, row.conversationId),
      queue: row.phase === 'waiting' ? await sources.findQueue(row) : null,
      call: await findCall(row, party),
      shares: isRunning(row) ? await sources.findShares(row.conversationId) : [],
      marks: {
        visitor: { deliveredSeq: row.visitorDeliveredSeq, readSeq: row.visitorReadSeq },
        agent: { deliveredSeq: row.agentDeliveredSeq, readSeq: row.agentReadSeq },
      },
    };
  }

  async function factsOf(row: ConversationRow): Promise<VisitorFacts> {
    const visitor = await findVisitor(db, row.visitorId);
    if (!visitor) throw unknownConversationError();
    const { settings } = sites.requireSite(row.siteId);
    const values = JSON.parse(visitor.fieldsJson) as Record<string, string>;
    return {
      visitorId: visitor.visitorId,
      name: visitor.name ?? '',
      email: visitor.email,
      fields: settings.form.fields.flatMap((field) => {
        const value = values[field.key];
        return value === undefined ? [] : [{ label: field.label.en, labels: field.label, value }];
      }),
      siteId: row.siteId,
      siteName: settings.name,
      page: visitor.pageUrl === null ? null : { url: visitor.pageUrl, title: visitor.pageTitle ?? '' },
      referrer: visitor.referrer,
      browser: visitor.browser,
      language: visitor.language,
      timeZone: visitor.timeZone,
      firstSeenAt: visitor.firstSeenAt,
      visitStartedAt: visitor.visitStartedAt,
      isConnected: (await countConnections(db, visitor.visitorId)) > 0,
      consent: (await findLatestConsent(db, visitor.visitorId)) ?? null,
    };
  }

  return {
    forVisitor: async (conversationId) => toView(await requireRow(conversationId), 'visitor'),
    async forAgent(conversationId) {
      const row = await requireRow(conversationId);
      const last = await findLastText(db, conversationId);
      return {
        ...(await toView(row, 'agent')),
        visitor: await factsOf(row),
        sharing: toAgentOffer(sites.requireSite(row.siteId).settings.coBrowse),
        lastMessage: last ? { preview: toPreview(last.body), sentAt: last.sentAt, senderKind: last.senderKind } : null,
        unreadCount: await countUnread(db, conversationId, row.agentReadSeq),
        waitingSinceAt: row.phase === 'ended' ? null : row.waitingSinceAt,
      };
    },
    factsOf,
  };
}

function isRunning({ phase }: ConversationRow): boolean {
  return phase === 'active' || phase === 'held';
}

function toPreview(text: string): string {
  const oneLine = text.replace(/\s+/g, ' ').trim();
  return oneLine.length > PREVIEW_LENGTH ? `${oneLine.slice(0, PREVIEW_LENGTH - 1)}…` : oneLine;
}
