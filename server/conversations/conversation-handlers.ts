import type {
  agentConversationRequests,
  conversationRequests,
  visitorConversationRequests,
} from '../../protocol/conversations.ts';
import type { AgentHandlers, PartyContext, VisitorHandlers } from '../handlers.ts';
import type { ConversationService } from './conversation-service.ts';
import type { LeftMessageService } from './left-message-service.ts';
import type { MessageService } from './message-service.ts';

interface Parts {
  conversations: ConversationService;
  messages: MessageService;
  leftMessages: LeftMessageService;
}

type SharedName = keyof typeof conversationRequests;

/** What both sides may ask; who they are decides inside. */
function createSharedHandlers({ conversations, messages }: Parts) {
  return {
    'conversation:send-message': ({ conversationId, clientMessageId, text }, caller: PartyContext) => {
      const sent = messages.send(caller, conversationId, clientMessageId, text);
      return sent instanceof Promise ? sent.then((message) => ({ message })) : { message: sent };
    },
    'conversation:fetch-messages': async ({ conversationId, afterSeq, limit }, caller: PartyContext) =>
      messages.fetch(caller, conversationId, afterSeq, limit),
    'conversation:mark-messages': async ({ conversationId, deliveredSeq, readSeq }, caller: PartyContext) => {
      await messages.mark(caller, conversationId, { deliveredSeq, readSeq });
      return {};
    },
    'conversation:set-typing': async ({ conversationId, isTyping }, caller: PartyContext) => {
      await messages.setTyping(caller, conversationId, isTyping);
      return {};
    },
    'conversation:end-conversation': async ({ conversationId }, caller: PartyContext) => {
      await conversations.end(caller, conversationId);
      return {};
    },
  } satisfies VisitorHandlers<SharedName> & AgentHandlers<SharedName>;
}

export function createVisitorConversationHandlers(
  parts: Parts,
): VisitorHandlers<SharedName | keyof typeof visitorConversationRequests> {
  return {
    ...createSharedHandlers(parts),
    'conversation:start-conversation': async (input, caller) => ({
      conversation: await parts.conversations.start(caller, {
        ...input,
        departmentId: input.departmentId,
        email: input.email,
      }),
    }),
    'conversation:leave-message': async (input, caller) => {
      await parts.leftMessages.leave(caller, input);
      return {};
    },
  };
}

export function createAgentConversationHandlers(
  parts: Parts,
): AgentHandlers<SharedName | keyof typeof agentConversationRequests> {
  return {
    ...createSharedHandlers(parts),
    'conversation:list-left-messages': async (_input, { agentId }) => ({
      leftMessages: await parts.leftMessages.list(agentId),
    }),
    'conversation:resolve-left-message': async ({ leftMessageId }, caller) => {
      await parts.leftMessages.resolve(caller, leftMessageId);
      return {};
    },
  };
}
