import type { Announcer } from '../announcer.ts';
import type { Db } from '../db/open.ts';
import type { DomainEventBus } from '../domain-events.ts';
import type { LeftMessageService } from './left-message-service.ts';

/** Keeps the count of left messages true on every desk that answers for the site. */
export function broadcastLeftMessages(parts: {
  db: Db;
  events: DomainEventBus;
  announcer: Announcer;
  leftMessages: LeftMessageService;
}): void {
  parts.events.on('left-message:changed', async ({ siteId }) => {
    const agents = await parts.db
      .selectFrom('agentDepartments')
      .innerJoin('departments', 'departments.departmentId', 'agentDepartments.departmentId')
      .select('agentDepartments.agentId')
      .distinct()
      .where('departments.siteId', '=', siteId)
      .execute();
    for (const { agentId } of agents) {
      const openCount = await parts.leftMessages.countOpen(agentId);
      parts.announcer.toAgent(agentId, 'conversation:left-messages-changed', { openCount });
    }
  });
}
