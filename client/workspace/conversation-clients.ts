import { effect, signal, untracked } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { MessageView } from '../../protocol/conversations.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { createConversationClient } from '../connection/conversation-client.ts';
import type { ConversationClient } from '../connection/conversation-client.ts';
import type { ConversationLink } from '../connection/conversation-link.ts';
import type { KeyValueStorage } from '../connection/safe-storage.ts';
import type { DeskState } from './desk-state.ts';

export interface ConversationClients {
  readonly open: ReadonlySignal<ReadonlyMap<ConversationId, ConversationClient>>;
  /** For an ended conversation that somebody wants to read again. */
  ensure(conversationId: ConversationId): void;
  close(): void;
}

export interface ConversationClientsOptions {
  connection: ConversationLink;
  desk: ReadonlySignal<DeskState>;
  storage: KeyValueStorage;
  /** A visitor's text arrived, in whichever conversation. */
  onMessageReceived: (conversationId: ConversationId, message: MessageView) => void;
}

/**
 * One conversation client per conversation on the desk, whether it is looked at or not: unsent messages go out and
 * marks are reported for all of them. Ended ones get theirs only when they are opened.
 */
export function createConversationClients(options: ConversationClientsOptions): ConversationClients {
  const open = signal<ReadonlyMap<ConversationId, ConversationClient>>(new Map());

  const openClient = (conversationId: ConversationId): ConversationClient => {
    const desk = options.desk.peek();
    const conversation = desk.phase === 'ready' ? desk.conversations.get(conversationId) : undefined;
    const client = createConversationClient({
      connection: options.connection,
      conversationId,
      party: 'agent',
      storage: options.storage,
      ...(conversation ? { conversation } : {}),
    });
    client.onMessageReceived((message) => options.onMessageReceived(conversationId, message));
    return client;
  };

  const stopFollowing = effect(() => {
    const desk = options.desk.value;
    if (desk.phase !== 'ready') return;
    untracked(() => {
      const next = new Map(open.value);
      for (const [conversationId, client] of open.value) {
        if (desk.conversations.has(conversationId)) continue;
        client.close();
        next.delete(conversationId);
      }
      for (const conversation of desk.conversations.values()) {
        if (conversation.phase === 'ended') continue;
        if (!next.has(conversation.conversationId)) {
          next.set(conversation.conversationId, openClient(conversation.conversationId));
        }
      }
      if (!hasSameKeys(next, open.value)) open.value = next;
    });
  });

  return {
    open,
    ensure(conversationId) {
      const desk = options.desk.peek();
      if (desk.phase !== 'ready' || !desk.conversations.has(conversationId) || open.peek().has(conversationId)) return;
      open.value = new Map(open.peek()).set(conversationId, openClient(conversationId));
    },
    close() {
      stopFollowing();
      for (const client of open.peek().values()) client.close();
      open.value = new Map();
    },
  };
}

function hasSameKeys<Key>(one: ReadonlyMap<Key, unknown>, other: ReadonlyMap<Key, unknown>): boolean {
  return one.size === other.size && [...one.keys()].every((key) => other.has(key));
}
