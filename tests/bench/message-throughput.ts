import { randomUUID } from 'node:crypto';
import type { Socket } from 'socket.io-client';
import type { Figure } from './figures.ts';
import { askVisitor, connectAgent, connectBare, connectVisitor, talk } from './people.ts';
import { startProcess } from './processes.ts';

const CONVERSATIONS = 50;
const TURN_MS = 4_000;
const TURNS = 3;
const TEXT = 'Good morning, I cannot finish my order. The postcode is refused, what should I do?';

/** How many messages a second 50 conversations get through, each waiting for its ack before the next. */
export async function measureThroughput(): Promise<Figure[]> {
  const foyer = await startProcess<{ url: string; email: string; password: string }>('server-process.ts');
  const bare = await startProcess<{ url: string }>('bare-server-process.ts');
  const open: Socket[] = [];
  try {
    const { url, email, password } = foyer.hello;
    const agent = await connectAgent(url, email, password);
    open.push(agent);
    let delivered = 0;
    agent.on('conversation:message-added', () => (delivered += 1));
    const senders: (() => Promise<unknown>)[] = [];
    const relays: (() => Promise<unknown>)[] = [];
    let relayed = 0;
    for (let count = 0; count < CONVERSATIONS; count += 1) {
      const visitor = await connectVisitor(url);
      const conversationId = await talk(visitor, agent);
      senders.push(() =>
        askVisitor(visitor, 'conversation:send-message', { conversationId, clientMessageId: randomUUID(), text: TEXT }),
      );
      const pair = `pair-${count}`;
      const listener = await connectBare(bare.hello.url, pair);
      listener.on('relayed', () => (relayed += 1));
      const sender = await connectBare(bare.hello.url, pair);
      relays.push(() => sender.emitWithAck('relay', { conversationId, clientMessageId: randomUUID(), text: TEXT }));
      open.push(visitor, listener, sender);
    }
    let stored = 0;
    delivered = 0;
    for (let turn = 0; turn < TURNS; turn += 1) {
      stored += await runAll(senders);
      await runAll(relays);
    }
    const seconds = (TURNS * TURN_MS) / 1_000;
    return [
      {
        name: 'messages stored and delivered, 50 conversations',
        unit: '/s',
        measured: Math.min(stored, delivered) / seconds,
        baseline: relayed / seconds,
      },
    ];
  } finally {
    for (const socket of open) socket.disconnect();
    await Promise.all([foyer.stop(), bare.stop()]);
  }
}

async function runAll(senders: (() => Promise<unknown>)[]): Promise<number> {
  const endsAt = performance.now() + TURN_MS;
  let count = 0;
  await Promise.all(
    senders.map(async (send) => {
      while (performance.now() < endsAt) {
        await send();
        count += 1;
      }
    }),
  );
  return count;
}
