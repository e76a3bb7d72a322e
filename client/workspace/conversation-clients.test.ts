import { signal } from '@preact/signals';
import { expect, test } from 'vitest';
import type { ConnectionState } from '../connection/connection.ts';
import type { ConversationLink } from '../connection/conversation-link.ts';
import { createSafeStorage } from '../connection/safe-storage.ts';
import { createConversationClients } from './conversation-clients.ts';
import { conversationOf, messageOf, NINE_OCLOCK, sessionOf } from './desk-fixtures.ts';
import { emptyDesk, nextDesk } from './desk-state.ts';
import type { DeskEvent, DeskState } from './desk-state.ts';

const running = conversationOf(1);
const ended = conversationOf(2, { phase: 'ended', endedAt: NINE_OCLOCK });

/** A desk with its conversation clients on a connection that never answers, so that nothing but the test moves. */
function deskWithClients() {
  const desk = signal<DeskState>(emptyDesk);
  const heard: string[] = [];
  const listeners = new Set<object>();
  const connection: ConversationLink = {
    state: signal<ConnectionState>('reconnecting'),
    request: () => new Promise<never>(() => {}),
    signal: () => {},
    on: (name: string, handler: object) => {
      if (name !== 'conversation:message-added') return () => {};
      listeners.add(handler);
      return () => listeners.delete(handler);
    },
  };
  const clients = createConversationClients({
    connection,
    desk,
    storage: createSafeStorage(undefined),
    onMessageReceived: (conversationId) => heard.push(conversationId),
  });
  const tell = (event: DeskEvent): void => {
    desk.value = nextDesk(desk.peek(), event);
  };
  tell({ kind: 'session-started', session: sessionOf({ conversations: [running, ended] }), receivedAt: NINE_OCLOCK });
  return { clients, tell, listeners, openIds: () => [...clients.open.value.keys()] };
}

test('[C14] every running conversation has a client of its own, an ended one when it is opened', () => {
  const { clients, openIds } = deskWithClients();
  expect(openIds()).toEqual([running.conversationId]);
  clients.ensure(ended.conversationId);
  clients.ensure(ended.conversationId);
  expect(openIds()).toEqual([running.conversationId, ended.conversationId]);
});

test('[C14] a conversation that is not on the desk is not opened', () => {
  const { clients, openIds } = deskWithClients();
  clients.ensure(conversationOf(9).conversationId);
  expect(openIds()).toEqual([running.conversationId]);
});

test('[C6] the log of a conversation stays readable after its end', () => {
  const { clients, tell, openIds } = deskWithClients();
  const before = clients.open.value.get(running.conversationId);
  tell({ kind: 'conversation-changed', conversation: { ...running, revision: 2, phase: 'ended' } });
  expect(openIds()).toEqual([running.conversationId]);
  expect(clients.open.value.get(running.conversationId)).toBe(before);
});

test('[C14] the client of a conversation that left the desk hears nothing more', () => {
  const { tell, openIds, listeners } = deskWithClients();
  expect(listeners.size).toBe(1);
  tell({ kind: 'session-started', session: sessionOf(), receivedAt: NINE_OCLOCK });
  expect(openIds()).toEqual([]);
  expect(listeners.size).toBe(0);
});

test('[C14] messages do not make new clients', () => {
  const { clients, tell } = deskWithClients();
  const before = clients.open.value;
  tell({ kind: 'message-added', conversationId: running.conversationId, message: messageOf(1) });
  expect(clients.open.value).toBe(before);
});

test('[A1] a closed desk lets go of all conversations', () => {
  const { clients, listeners } = deskWithClients();
  clients.close();
  clients.close();
  expect(clients.open.value.size).toBe(0);
  expect(listeners.size).toBe(0);
});
