import type { EventOf, VisitorEvents } from '../../../protocol/contract.ts';
import type { MarkView, MessageView } from '../../../protocol/conversations.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { ConversationId, MessageId, Party } from '../../../protocol/ids.ts';
import type { Clock } from '../clock.ts';
import { RequestError } from '../request-error.ts';

export type ModelEvent =
  | { name: 'conversation:message-added'; event: EventOf<VisitorEvents, 'conversation:message-added'> }
  | { name: 'conversation:marks-changed'; event: EventOf<VisitorEvents, 'conversation:marks-changed'> }
  | { name: 'conversation:typing-changed'; event: EventOf<VisitorEvents, 'conversation:typing-changed'> };

export const MODEL_CONVERSATION_ID = '0199a000-0000-7000-8000-000000000001' as ConversationId;

/** One conversation as the contract describes it: numbered, idempotent, marks that only grow. */
export interface ModelServer {
  readonly messages: readonly MessageView[];
  readonly marks: Record<Party, MarkView>;
  /** Thrown by the next requests of that name, one each. */
  refuseNext(name: string, ...codes: ErrorCode[]): void;
  handle(party: Party, name: string, input: unknown): unknown;
  /** Stores a text as if its sender had done so elsewhere. */
  addText(party: Party, text: string): MessageView;
  addNotice(): void;
  onEvent(listener: (event: ModelEvent) => void): () => void;
}

export function createModelServer(clock: Pick<Clock, 'now'>): ModelServer {
  const conversationId = MODEL_CONVERSATION_ID;
  const messages: MessageView[] = [];
  const marks: Record<Party, MarkView> = {
    visitor: { deliveredSeq: 0, readSeq: 0 },
    agent: { deliveredSeq: 0, readSeq: 0 },
  };
  const refusals = new Map<string, ErrorCode[]>();
  const listeners = new Set<(event: ModelEvent) => void>();

  function publish(event: ModelEvent): void {
    for (const listener of listeners) listener(event);
  }

  function append(sender: MessageView['sender'], body: MessageView['body'], key: string | null): MessageView {
    const seq = messages.length + 1;
    const messageId = `0199b000-0000-7000-8000-${String(seq).padStart(12, '0')}` as MessageId;
    const message: MessageView = { messageId, seq, sentAt: clock.now(), sender, body, clientMessageId: key };
    messages.push(message);
    publish({ name: 'conversation:message-added', event: { conversationId, message } });
    return message;
  }

  function addText(party: Party, text: string, key: string | null = null): MessageView {
    return append({ kind: party, name: party }, { kind: 'text', text }, key);
  }

  function mark(party: Party, { deliveredSeq, readSeq }: MarkView): void {
    const grown = {
      deliveredSeq: Math.max(marks[party].deliveredSeq, deliveredSeq),
      readSeq: Math.max(marks[party].readSeq, readSeq),
    };
    marks[party] = grown;
    publish({ name: 'conversation:marks-changed', event: { conversationId, party, mark: grown } });
  }

  return {
    messages,
    marks,
    addText: (party, text) => addText(party, text),
    addNotice() {
      append({ kind: 'system', name: '' }, { kind: 'notice', notice: 'agent-joined', data: { name: 'Mira' } }, null);
    },
    refuseNext(name, ...codes) {
      refusals.set(name, [...(refusals.get(name) ?? []), ...codes]);
    },
    handle(party, name, input) {
      const refusal = refusals.get(name)?.shift();
      if (refusal !== undefined) throw new RequestError({ code: refusal, message: `Refused: ${refusal}` });
      const asked = input as Record<string, unknown>;
      switch (name) {
        case 'conversation:send-message': {
          const key = String(asked['clientMessageId']);
          const stored = messages.find(({ clientMessageId }) => clientMessageId === key);
          return { message: stored ?? addText(party, String(asked['text']), key) };
        }
        case 'conversation:fetch-messages': {
          const afterSeq = Number(asked['afterSeq']);
          return {
            messages: messages.slice(afterSeq, afterSeq + Number(asked['limit'] ?? 200)),
            lastSeq: messages.length,
          };
        }
        case 'conversation:mark-messages':
          mark(party, { deliveredSeq: Number(asked['deliveredSeq']), readSeq: Number(asked['readSeq']) });
          return {};
        case 'conversation:set-typing':
          publish({
            name: 'conversation:typing-changed',
            event: { conversationId, party, isTyping: asked['isTyping'] === true },
          });
          return {};
        default:
          throw new RequestError({ code: 'unknown-name', message: name });
      }
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
