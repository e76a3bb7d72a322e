import type { QueueView } from '../../protocol/conversations.ts';
import type { AgentId, CallId, ConversationId, DepartmentId } from '../../protocol/ids.ts';
import type { OfferView, QueuedRequestView } from '../../protocol/routing.ts';
import { canTakeRequests } from '../accounts/agent-presence.ts';
import { listDepartmentIdsOf } from '../accounts/account-store.ts';
import { findConversation, listRecentServices } from '../conversations/conversation-store.ts';
import type { ConversationRow } from '../conversations/conversation-store.ts';
import type { ConversationViews } from '../conversations/conversation-view.ts';
import type { Db } from '../db/open.ts';
import type { SiteService } from '../sites/site-service.ts';
import { countWaitingBefore, listAnswers, listDesk, listWaiting } from './desk-store.ts';
import { findOpenOfferFor } from './offer-store.ts';
import type { OfferRow } from './offer-store.ts';
import { estimateWaitMs } from './wait-estimate.ts';

/** Recent conversations that the estimate looks at: enough to be steady, few enough to notice a change of shift. */
const RECENT_SERVICES = 20;

export interface QueueViews {
  /** What a waiting visitor sees; null when the conversation does not wait. */
  forVisitor(row: ConversationRow): Promise<QueueView | null>;
  /** The same for a whole department with the desk read once, longest wait first. */
  forDepartment(departmentId: DepartmentId): Promise<{ row: ConversationRow; queue: QueueView }[]>;
  forAgent(agentId: AgentId): Promise<QueuedRequestView[]>;
  /** The Communication Queue of each, with every request read once however many agents answer for it. */
  forAgents(agentIds: readonly AgentId[]): Promise<Map<AgentId, QueuedRequestView[]>>;
  toOfferView(offer: OfferRow): Promise<OfferView | undefined>;
}

export interface QueueViewSources {
  db: Db;
  now: () => number;
  sites: SiteService;
  factsOf: ConversationViews['factsOf'];
  /** Supplied by media: the call that is prepared for a request. */
  findCallId(conversationId: ConversationId): Promise<CallId | null>;
}

export function createQueueViews({ db, now, sites, factsOf, findCallId }: QueueViewSources): QueueViews {
  async function readPace(departmentId: DepartmentId) {
    const desk = await listDesk(db, departmentId, now());
    const serving = desk.filter((agent) => agent.connection !== 'offline' && !agent.isDisabled);
    const free = serving.filter(canTakeRequests);
    return {
      freeAgents: free.length,
      freeSlots: free.reduce((sum, agent) => sum + agent.chatCap - agent.openConversations, 0),
      busySlots: serving.reduce((sum, agent) => sum + agent.openConversations, 0),
      recent: await listRecentServices(db, departmentId, RECENT_SERVICES),
    };
  }

  let lastReadAt = 0;
  /** Taken before anything is read, and never twice: whatever changes afterwards is told with a later one. */
  function nextReadAt(): number {
    lastReadAt = Math.max(now(), lastReadAt + 1);
    return lastReadAt;
  }

  async function isAgentBusy(row: ConversationRow): Promise<boolean> {
    if (await findOpenOfferFor(db, row.conversationId)) return false;
    return [...(await listAnswers(db, row.conversationId)).values()].some((answer) => answer.hasQueued);
  }

  /** What all agents read of a request, and what each has answered to it. */
  async function readRequest(row: ConversationRow) {
    const { departmentId, name, names } = sites.requireDepartment(row.departmentId);
    const answers = await listAnswers(db, row.conversationId);
    const shared = {
      conversationId: row.conversationId,
      modality: row.modality,
      department: { departmentId, name, names },
      visitor: await factsOf(row),
      queuedAt: row.queuedAt,
      isRinging: (await findOpenOfferFor(db, row.conversationId)) !== undefined,
    };
    return {
      departmentId: row.departmentId,
      viewFor: (agentId: AgentId): QueuedRequestView => ({
        ...shared,
        isPutAside: answers.get(agentId)?.hasPutAside ?? false,
      }),
    };
  }

  async function forAgents(agentIds: readonly AgentId[]): Promise<Map<AgentId, QueuedRequestView[]>> {
    const departmentsOf = new Map<AgentId, DepartmentId[]>();
    for (const agentId of agentIds) departmentsOf.set(agentId, await listDepartmentIdsOf(db, agentId));
    const requests: Awaited<ReturnType<typeof readRequest>>[] = [];
    for (const departmentId of new Set([...departmentsOf.values()].flat())) {
      for (const row of await listWaiting(db, departmentId)) requests.push(await readRequest(row));
    }
    const queues = [...departmentsOf].map(([agentId, departmentIds]) => {
      const own = requests.filter(({ departmentId }) => departmentIds.includes(departmentId));
      const queue = own.map(({ viewFor }) => viewFor(agentId)).sort((a, b) => a.queuedAt - b.queuedAt);
      return [agentId, queue] as const;
    });
    return new Map(queues);
  }

  return {
    async forVisitor(row) {
      if (row.phase !== 'waiting') return null;
      const readAt = nextReadAt();
      const position = (await countWaitingBefore(db, row)) + 1;
      return {
        position,
        estimatedWaitMs: estimateWaitMs({ position, ...(await readPace(row.departmentId)) }),
        isAgentBusy: await isAgentBusy(row),
        readAt,
      };
    },

    async forDepartment(departmentId) {
      const readAt = nextReadAt();
      const rows = await listWaiting(db, departmentId);
      if (rows.length === 0) return [];
      const pace = await readPace(departmentId);
      const views = [];
      for (const [index, row] of rows.entries()) {
        const position = index + 1;
        views.push({
          row,
          queue: {
            position,
            estimatedWaitMs: estimateWaitMs({ position, ...pace }),
            isAgentBusy: await isAgentBusy(row),
            readAt,
          },
        });
      }
      return views;
    },

    forAgents,
    forAgent: async (agentId) => (await forAgents([agentId])).get(agentId) ?? [],

    async toOfferView(offer) {
      const row = await findConversation(db, offer.conversationId);
      if (!row || row.phase !== 'waiting') return undefined;
      return {
        offerId: offer.offerId,
        request: (await readRequest(row)).viewFor(offer.agentId),
        offeredAt: offer.offeredAt,
        expiresAt: offer.expiresAt,
        callId: row.modality === 'text' ? null : await findCallId(row.conversationId),
      };
    },
  };
}
