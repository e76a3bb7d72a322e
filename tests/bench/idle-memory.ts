import { setTimeout as pause } from 'node:timers/promises';
import type { Socket } from 'socket.io-client';
import type { Figure } from './figures.ts';
import { connectBare, connectVisitor } from './people.ts';
import { startProcess } from './processes.ts';

const VISITORS = 2_000;
const AT_ONCE = 20;
/** A server that has just started or just connected everybody still holds garbage. */
const SETTLE_MS = 8_000;

/** What an idle server needs, and what each visitor with an open page adds to it. */
export async function measureIdleMemory(): Promise<Figure[]> {
  const foyer = await startProcess<{ url: string }>('server-process.ts');
  const bare = await startProcess<{ url: string }>('bare-server-process.ts');
  const open: Socket[] = [];
  try {
    await pause(SETTLE_MS);
    const idleMb = foyer.readRssMb();
    const bareIdleMb = bare.readRssMb();
    for (let count = 0; count < VISITORS; count += AT_ONCE) {
      open.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => connectVisitor(foyer.hello.url)))));
      open.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => connectBare(bare.hello.url)))));
    }
    await pause(SETTLE_MS);
    const perVisitorKb = ((foyer.readRssMb() - idleMb) * 1_000) / VISITORS;
    const perSocketKb = ((bare.readRssMb() - bareIdleMb) * 1_000) / VISITORS;
    return [
      {
        name: 'server at rest, without media workers',
        unit: 'MB',
        measured: idleMb,
        baseline: bareIdleMb,
        goal: '≤ 150 MB',
      },
      { name: 'each idle visitor, 2,000 connected', unit: 'kB', measured: perVisitorKb, baseline: perSocketKb },
    ];
  } finally {
    for (const socket of open) socket.disconnect();
    await Promise.all([foyer.stop(), bare.stop()]);
  }
}
