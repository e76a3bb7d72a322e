import type { Party } from '../../../protocol/ids.ts';
import { createConversationClient, type ConversationClient } from '../conversation-client.ts';
import { createSafeStorage, type KeyValueStorage } from '../safe-storage.ts';
import { createFakeLink, PERFECT_NETWORK, type FakeLink, type Network } from './fake-link.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';
import { createModelServer, MODEL_CONVERSATION_ID, type ModelServer } from './model-server.ts';

/** A conversation on a model server, with the pages that a test opens on it. */
export interface Scene {
  clock: ManualClock;
  server: ModelServer;
  storage: KeyValueStorage;
  open(party?: Party, network?: Network): Promise<Page>;
}

export interface Page extends FakeLink {
  client: ConversationClient;
  /** The lines as "text/state", the other side's without a state. */
  lines(): string[];
}

export function createScene(): Scene {
  const clock = createManualClock();
  const server = createModelServer(clock);
  const storage = createSafeStorage(undefined);
  return {
    clock,
    server,
    storage,
    async open(party = 'visitor', network = PERFECT_NETWORK) {
      const fake = createFakeLink(party, server, clock, network);
      const client = createConversationClient({
        connection: fake.link,
        conversationId: MODEL_CONVERSATION_ID,
        party,
        storage: party === 'visitor' ? storage : createSafeStorage(undefined),
        clock,
        random: () => 1,
      });
      await clock.advance(0);
      const lines = () => client.messages.value.map(toLine);
      return { ...fake, client, lines };
    },
  };
}

function toLine({ body, delivery }: ConversationClient['messages']['value'][number]): string {
  const words = body.kind === 'text' ? body.text : `(${body.notice})`;
  if (delivery === null) return words;
  return delivery.state === 'failed' ? `${words}/failed:${delivery.code}` : `${words}/${delivery.state}`;
}
