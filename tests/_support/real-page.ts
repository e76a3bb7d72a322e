import { effect } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import { createConnection } from '../../client/connection/connection.ts';
import type { Connection } from '../../client/connection/connection.ts';
import { createConversationClient } from '../../client/connection/conversation-client.ts';
import type { ConversationClient } from '../../client/connection/conversation-client.ts';
import { createSafeStorage } from '../../client/connection/safe-storage.ts';
import type { KeyValueStorage } from '../../client/connection/safe-storage.ts';
import type { ShownMessage } from '../../client/connection/timeline.ts';
import type { AgentEvents, AgentRequests, VisitorEvents, VisitorRequests } from '../../protocol/contract.ts';
import type { ConversationId, Party } from '../../protocol/ids.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { VisitorPage } from './story.ts';

/** A page that runs the product's own client code, with its reconnecting and its outbox. */
export interface RealPage {
  readonly party: Party;
  readonly client: ConversationClient;
  readonly connection: Connection<VisitorRequests, VisitorEvents> | Connection<AgentRequests, AgentEvents>;
  /** What a person at this page sees, own unsent texts last. */
  texts(): string[];
  /** Resolves once every own text is stored, and this many texts are shown. */
  untilStored(textCount: number): Promise<readonly ShownMessage[]>;
  close(): void;
}

/** The widget's side of a conversation, over `url` (a network path or the server itself). */
export function openRealVisitor(
  url: string,
  visitor: VisitorPage,
  conversationId: ConversationId,
  storage: KeyValueStorage = createSafeStorage(undefined),
): RealPage {
  const connection = createConnection<VisitorRequests, VisitorEvents>({
    namespace: '/visitor',
    url,
    handshake: () => ({ protocolVersion: PROTOCOL_VERSION, siteKey: 'demo', visitorToken: visitor.token }),
  });
  const client = createConversationClient({ connection, conversationId, party: 'visitor', storage });
  connection.onConnected(async ({ request }) => {
    const session = await request('visitor:start-session', {
      page: { url: 'https://shop.example.com/lamps', title: 'Lamps' },
      language: 'en-GB',
    });
    if (session.conversation) client.applyConversation(session.conversation);
  });
  return toRealPage('visitor', connection, client);
}

/** The workspace's side of a conversation; `url` must carry the cookie of a session. */
export function openRealAgent(
  url: string,
  conversationId: ConversationId,
  storage: KeyValueStorage = createSafeStorage(undefined),
): RealPage {
  const connection = createConnection<AgentRequests, AgentEvents>({
    namespace: '/agent',
    url,
    handshake: () => ({ protocolVersion: PROTOCOL_VERSION }),
  });
  const client = createConversationClient({ connection, conversationId, party: 'agent', storage });
  connection.onConnected(async ({ request }) => {
    const session = await request('agent:start-session', {});
    const view = session.conversations.find((known) => known.conversationId === conversationId);
    if (view) client.applyConversation(view);
  });
  return toRealPage('agent', connection, client);
}

function toRealPage(party: Party, connection: RealPage['connection'], client: ConversationClient): RealPage {
  return {
    party,
    client,
    connection,
    texts: () => toTexts(client.messages.value),
    untilStored: (textCount) =>
      until(
        client.messages,
        (messages) =>
          toTexts(messages).length >= textCount &&
          messages.every(({ seq, delivery }) => seq !== null || delivery === null),
        () =>
          `${party} shows ${JSON.stringify(client.messages.value.map(({ seq, body, delivery }) => ({ seq, body, delivery })))}`,
      ),
    close() {
      client.close();
      connection.close();
    },
  };
}

export function toTexts(messages: readonly ShownMessage[]): string[] {
  return messages.flatMap(({ body }) => (body.kind === 'text' ? [body.text] : []));
}

const GIVE_UP_MS = 25_000;

/** Waits until a signal has a wanted value, whatever it takes up to the limit of a failed test. */
export function until<Value>(
  source: ReadonlySignal<Value>,
  isWanted: (value: Value) => boolean,
  describe: () => string = () => String(source.value),
): Promise<Value> {
  return new Promise((resolve, reject) => {
    let dispose: (() => void) | undefined;
    const giveUp = setTimeout(() => {
      dispose?.();
      reject(new Error(`Waited ${GIVE_UP_MS} ms in vain; ${describe()}`));
    }, GIVE_UP_MS);
    dispose = effect(() => {
      if (!isWanted(source.value)) return;
      clearTimeout(giveUp);
      resolve(source.value);
      queueMicrotask(() => dispose?.());
    });
  });
}
