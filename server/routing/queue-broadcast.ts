import type { QueueView } from '../../protocol/conversations.ts';
import type { ConversationId, DepartmentId } from '../../protocol/ids.ts';
import type { Announcer } from '../announcer.ts';
import { createCoalescer } from '../coalesce.ts';
import type { Coalescer } from '../coalesce.ts';
import type { Db } from '../db/open.ts';
import type { Logger } from '../logger.ts';
import { listAgentIdsOf } from './desk-store.ts';
import type { QueueViews } from './queue-views.ts';

const TELL_AFTER_MS = 50;

/** Pushes position and estimate to everybody who waits (V10) and the Communication Queue to the desk, at each change. */
export function createQueueBroadcast(parts: {
  db: Db;
  log: Logger;
  announcer: Announcer;
  views: QueueViews;
}): Coalescer<DepartmentId> {
  /** What each waiting visitor was told last, per department: only news is sent. */
  const told = new Map<DepartmentId, Map<ConversationId, string>>();

  async function tell(departmentId: DepartmentId): Promise<void> {
    const before = told.get(departmentId);
    const after = new Map<ConversationId, string>();
    for (const { row, queue } of await parts.views.forDepartment(departmentId)) {
      const fingerprint = toFingerprint(queue);
      after.set(row.conversationId, fingerprint);
      if (before?.get(row.conversationId) === fingerprint) continue;
      parts.announcer.toVisitorOf(row.conversationId, 'routing:queue-changed', {
        conversationId: row.conversationId,
        queue,
      });
    }
    told.set(departmentId, after);
    for (const [agentId, queue] of await parts.views.forAgents(await listAgentIdsOf(parts.db, departmentId))) {
      parts.announcer.toAgent(agentId, 'routing:queue-updated', { queue });
    }
  }

  return createCoalescer(tell, {
    delayMs: TELL_AFTER_MS,
    onError: (error) => parts.log.error({ err: error }, 'the queue could not be told'),
  });
}

function toFingerprint({ readAt: _growsByItself, ...visible }: QueueView): string {
  return JSON.stringify(visible);
}
