import type { DepartmentId } from '../../protocol/ids.ts';
import { AppError } from '../errors.ts';
import type { AgentContext, PartyContext } from '../handlers.ts';
import type { ConversationRow } from './conversation-store.ts';

/**
 * Who may see and who may act in a conversation (CV10). A foreign id answers like one that does not exist, so that
 * nobody learns which conversations there are.
 */
export function mayAct(caller: PartyContext, conversation: Pick<ConversationRow, 'visitorId' | 'agentId'>): boolean {
  return caller.party === 'visitor'
    ? conversation.visitorId === caller.visitorId
    : conversation.agentId === caller.agentId;
}

/** An agent may also look at requests that wait in one of their departments. */
export function mayLook(
  caller: PartyContext,
  conversation: ConversationRow,
  departmentIds: readonly DepartmentId[],
): boolean {
  if (mayAct(caller, conversation)) return true;
  return (
    caller.party === 'agent' && conversation.phase === 'waiting' && departmentIds.includes(conversation.departmentId)
  );
}

/**
 * Who may look back at what happened in it, also when it has ended: who leads or has led it, whoever answers for its
 * department, and admins of its tenant.
 */
export function mayReview(
  caller: AgentContext,
  conversation: Pick<ConversationRow, 'agentId' | 'departmentId'> & { tenantId: string },
  departmentIds: readonly DepartmentId[],
): boolean {
  if (conversation.tenantId !== caller.tenantId) return false;
  if (caller.role === 'admin' || conversation.agentId === caller.agentId) return true;
  return departmentIds.includes(conversation.departmentId);
}

export function unknownConversationError(): AppError {
  return new AppError('not-found', 'This conversation is not known here.');
}
