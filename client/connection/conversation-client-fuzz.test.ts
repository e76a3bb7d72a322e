import { describe, expect, test } from 'vitest';
import type { Party } from '../../protocol/ids.ts';
import { createConversationClient, type ConversationClient } from './conversation-client.ts';
import { createSafeStorage, type KeyValueStorage } from './safe-storage.ts';
import { createFakeLink, type FakeLink, type Network, type Route } from './testing/fake-link.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';
import { createModelServer, MODEL_CONVERSATION_ID, type ModelServer } from './testing/model-server.ts';
import { createSeededRandom, type SeededRandom } from './testing/seeded-random.ts';

const SEED_COUNT = 40;
const STEP_COUNT = 80;

/** A tab that a person uses, over its reloads. */
interface Tab {
  name: string;
  party: Party;
  storage: KeyValueStorage;
  fake: FakeLink;
  client: ConversationClient;
  writtenCount: number;
  /** The stored lines as shown last: later ones may only follow. */
  shown: string[];
}

/** A network that loses, delays, repeats and swaps packets until it is healed. */
function createHostileNetwork(random: SeededRandom, isHealed: () => boolean): Network {
  const route = (): Route => {
    if (isHealed()) return [random.below(40)];
    if (random.chance(0.15)) return [];
    const delays = [random.chance(0.1) ? random.below(12_000) : random.below(400)];
    if (random.chance(0.1)) delays.push(random.below(3_000));
    return delays;
  };
  return { toRequest: route, toAck: route, toEvent: route };
}

function openTab(tab: Omit<Tab, 'fake' | 'client'>, server: ModelServer, clock: ManualClock, network: Network): Tab {
  const fake = createFakeLink(tab.party, server, clock, network);
  const client = createConversationClient({
    connection: fake.link,
    conversationId: MODEL_CONVERSATION_ID,
    party: tab.party,
    storage: tab.storage,
    clock,
    random: () => 0.5,
  });
  return { ...tab, fake, client };
}

/** What must hold at every moment, whatever the network has done so far. */
function expectShownInOrder(tab: Tab, server: ModelServer): void {
  const lines = tab.client.messages.value;
  expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length);
  const firstWaiting = lines.findIndex(({ seq }, index) => seq !== index + 1);
  const stored = (firstWaiting < 0 ? lines : lines.slice(0, firstWaiting)).map(({ key }) => key);
  expect(stored.slice(0, tab.shown.length)).toEqual(tab.shown);
  expect(stored).toEqual(
    server.messages
      .slice(0, stored.length)
      .map((m) => (m.sender.kind === tab.party ? (m.clientMessageId ?? m.messageId) : m.messageId)),
  );
  tab.shown = stored;
}

async function runStory(seed: number): Promise<{ server: ModelServer; tabs: Tab[]; written: Map<string, string[]> }> {
  const random = createSeededRandom(seed);
  const clock = createManualClock();
  const server = createModelServer(clock);
  let isHealed = false;
  const network = createHostileNetwork(random, () => isHealed);
  const visitorStorage = createSafeStorage(undefined);
  const written = new Map<string, string[]>();
  const start = (name: string, party: Party, storage: KeyValueStorage) =>
    openTab({ name, party, storage, writtenCount: 0, shown: [] }, server, clock, network);
  // Two tabs of one visitor share their storage.
  const tabs = [
    start('left', 'visitor', visitorStorage),
    start('right', 'visitor', visitorStorage),
    start('desk', 'agent', createSafeStorage(undefined)),
  ];

  for (let step = 0; step < STEP_COUNT; step += 1) {
    const index = random.below(tabs.length);
    const tab = tabs[index]!;
    const dice = random.next();
    if (dice < 0.45) {
      tab.writtenCount += 1;
      const text = `${tab.name} ${tab.writtenCount}`;
      written.set(tab.name, [...(written.get(tab.name) ?? []), text]);
      tab.client.send(text);
    } else if (dice < 0.55) {
      tab.fake.goOffline();
    } else if (dice < 0.7) {
      tab.fake.goOnline();
    } else if (dice < 0.75) {
      tab.client.close();
      tab.fake.close();
      tabs[index] = openTab({ ...tab, shown: [] }, server, clock, network);
    } else if (dice < 0.8) {
      tab.client.markRead();
    } else if (dice < 0.85) {
      server.refuseNext('conversation:send-message', random.chance(0.5) ? 'rate-limited' : 'shutting-down');
    } else if (dice < 0.88) {
      server.addNotice();
    }
    await clock.advance(random.below(1_500));
    for (const each of tabs) expectShownInOrder(each, server);
  }

  isHealed = true;
  await clock.advance(60_000);
  for (const tab of tabs) {
    tab.fake.goOffline();
    tab.fake.goOnline();
    tab.client.markRead();
  }
  await clock.advance(600_000);
  for (const tab of tabs) tab.client.markRead();
  await clock.advance(60_000);
  return { server, tabs, written };
}

describe('whatever the network does', () => {
  const seeds = Array.from({ length: SEED_COUNT }, (_, index) => index + 1);
  test.each(seeds)('[C1] every message arrives once and in order, and all pages agree (seed %i)', async (seed) => {
    const { server, tabs, written } = await runStory(seed);

    const storedTexts = server.messages.flatMap(({ body }) => (body.kind === 'text' ? [body.text] : []));
    for (const [name, texts] of written) {
      expect(storedTexts.filter((text) => text.startsWith(`${name} `))).toEqual(texts);
    }
    expect(storedTexts).toHaveLength([...written.values()].flat().length);

    for (const tab of tabs) {
      const lines = tab.client.messages.value;
      expect(lines.map(({ seq }) => seq)).toEqual(server.messages.map(({ seq }) => seq));
      const own = lines.filter(({ delivery }) => delivery !== null);
      expect(own.every(({ delivery }) => delivery?.state === 'read')).toBe(true);
      expect(tab.client.unreadCount.value).toBe(0);
      expect(tab.storage.keys('foyer:outbox:')).toEqual([]);
    }
  });
});
