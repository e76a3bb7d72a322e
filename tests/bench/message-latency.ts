import { randomUUID } from 'node:crypto';
import type { Socket } from 'socket.io-client';
import { percentile } from './figures.ts';
import type { Figure } from './figures.ts';
import { askVisitor, connectAgent, connectBare, connectVisitor, talk } from './people.ts';
import { startProcess } from './processes.ts';

const CONNECTED = 500;
const MESSAGES_PER_ROUND = 100;
/** Right after a start Node still interprets what it will have compiled a moment later. */
const COLD_ROUNDS = 10;
/** A server of a support team runs for weeks: this is how it answers then. */
const WARM_UP_ROUNDS = 40;
const WARM_ROUNDS = 20;
const TEXT = 'Good morning, I cannot finish my order. The postcode is refused, what should I do?';

/**
 * One message at a time among 500 connected visitors: from send to ack and from send to the other side's event. Turn
 * by turn with the bare echo, whose message has the same size, so that a noisy moment hits both; and with a bare relay,
 * which like ours tells somebody else before it answers, and like the echo stores nothing. Told for a server that
 * has just started and, after as many messages on both, for one that has been running.
 */
export async function measureMessageLatency(): Promise<Figure[]> {
  const foyer = await startProcess<{ url: string; email: string; password: string }>('server-process.ts');
  const bare = await startProcess<{ url: string }>('bare-server-process.ts');
  const open: Socket[] = [];
  try {
    const { url, email, password } = foyer.hello;
    const agent = await connectAgent(url, email, password);
    open.push(agent);
    for (let count = 0; count < CONNECTED; count += 1)
      open.push(await connectVisitor(url), await connectBare(bare.hello.url));
    const visitor = await connectVisitor(url);
    const echo = await connectBare(bare.hello.url);
    const teller = await connectBare(bare.hello.url, 'pair');
    const hearer = await connectBare(bare.hello.url, 'pair');
    open.push(visitor, echo, teller, hearer);
    const conversationId = await talk(visitor, agent);

    const toAck: number[] = [];
    const toEvent: number[] = [];
    const toEcho: number[] = [];
    const toRelayed: number[] = [];
    const toRelayAck: number[] = [];
    for (let round = 0; round < WARM_UP_ROUNDS + WARM_ROUNDS; round += 1) {
      for (let count = 0; count < MESSAGES_PER_ROUND; count += 1) {
        const message = { conversationId, clientMessageId: randomUUID(), text: TEXT };
        const heard = new Promise<number>((resolve) => {
          agent.once('conversation:message-added', () => resolve(performance.now()));
        });
        const sentAt = performance.now();
        await askVisitor(visitor, 'conversation:send-message', message);
        toAck.push(performance.now() - sentAt);
        toEvent.push((await heard) - sentAt);
      }
      for (let count = 0; count < MESSAGES_PER_ROUND; count += 1) {
        const message = { conversationId, clientMessageId: randomUUID(), text: TEXT };
        const sentAt = performance.now();
        // With the same watch over the answer as a request of ours.
        await echo.timeout(30_000).emitWithAck('echo', message);
        toEcho.push(performance.now() - sentAt);
      }
      for (let count = 0; count < MESSAGES_PER_ROUND; count += 1) {
        const message = { conversationId, clientMessageId: randomUUID(), text: TEXT };
        const heard = new Promise<number>((resolve) => {
          hearer.once('relayed', () => resolve(performance.now()));
        });
        const sentAt = performance.now();
        await teller.timeout(30_000).emitWithAck('relay', message);
        toRelayAck.push(performance.now() - sentAt);
        toRelayed.push((await heard) - sentAt);
      }
    }
    const cold = { from: 0, to: COLD_ROUNDS };
    const warm = { from: WARM_UP_ROUNDS, to: WARM_UP_ROUNDS + WARM_ROUNDS };
    const beside =
      (baseline: number[]) =>
      (name: string, values: number[], { from, to }: typeof cold, share: number, goal?: string): Figure => {
        const part = (all: number[]): number[] => all.slice(from * MESSAGES_PER_ROUND, to * MESSAGES_PER_ROUND);
        return {
          name,
          unit: 'ms',
          measured: percentile(part(values), share),
          baseline: percentile(part(baseline), share),
          ...(goal && { goal }),
        };
      };
    const row = beside(toEcho);
    return [
      row('message to ack, 500 connected, p50', toAck, warm, 0.5, '≤ 3×'),
      row('message to ack, 500 connected, p95', toAck, warm, 0.95),
      row('message to the other side, 500 connected, p50', toEvent, warm, 0.5, '≤ 3×'),
      row('message to the other side, 500 connected, p95', toEvent, warm, 0.95),
      beside(toRelayAck)('message to ack, beside a bare relay’s ack, p50', toAck, warm, 0.5),
      beside(toRelayed)('message to the other side, beside a bare relay to it, p50', toEvent, warm, 0.5),
      row('message to ack, first 1,000 of a server, p50', toAck, cold, 0.5),
      row('message to the other side, first 1,000 of a server, p50', toEvent, cold, 0.5),
    ];
  } finally {
    for (const socket of open) socket.disconnect();
    await Promise.all([foyer.stop(), bare.stop()]);
  }
}
