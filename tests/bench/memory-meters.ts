import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { SpawnedServer } from '../_support/spawn-server.ts';

/** What a page holds once its garbage is gone; memory in MB (10^6 bytes). */
export interface PageMemory {
  heap: number;
  /** Of the document's own objects. */
  dom: number;
  /** Of binary data. */
  buffers: number;
  nodes: number;
  listeners: number;
}

export interface MemoryMeter<Memory> {
  read(): Promise<Memory>;
  close(): Promise<void>;
}

export async function createPageMeter(page: Page): Promise<MemoryMeter<PageMemory>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  return {
    async read() {
      // What the first one lets go of may hold more that only the second one finds.
      for (let round = 0; round < 2; round += 1) await session.send('HeapProfiler.collectGarbage');
      const usage = (await session.send('Runtime.getHeapUsage')) as HeapUsage;
      const { metrics } = await session.send('Performance.getMetrics');
      const of = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
      return {
        heap: usage.usedSize / 1e6,
        dom: (usage.embedderHeapUsedSize ?? Number.NaN) / 1e6,
        buffers: (usage.backingStorageSize ?? Number.NaN) / 1e6,
        nodes: of('Nodes'),
        listeners: of('JSEventListeners'),
      };
    },
    close: () => session.detach(),
  };
}

interface HeapUsage {
  usedSize: number;
  embedderHeapUsedSize?: number;
  backingStorageSize?: number;
}

export interface ServerMemory {
  rss: number;
  heap: number;
  buffers: number;
  /** Frames and pictures of shared pages that the relay holds, kB. */
  relayKb: number;
}

/** @param server started with `--inspect`, else nobody could tell its garbage from what it holds */
export async function createServerMeter(server: SpawnedServer): Promise<MemoryMeter<ServerMemory>> {
  const [address] = /ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/.exec(server.output()) ?? [];
  if (address === undefined) throw new Error('The server was not started with --inspect.');
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  let count = 0;
  const send = (method: string): Promise<unknown> => {
    count += 1;
    const id = count;
    socket.send(JSON.stringify({ id, method }));
    return new Promise((resolve, reject) => {
      const hear = ({ data }: MessageEvent<string>): void => {
        const answer = JSON.parse(data) as { id?: number; result?: unknown; error?: { message: string } };
        if (answer.id !== id) return;
        socket.removeEventListener('message', hear);
        if (answer.error) reject(new Error(`${method}: ${answer.error.message}`));
        else resolve(answer.result);
      };
      socket.addEventListener('message', hear);
    });
  };
  return {
    async read() {
      for (let round = 0; round < 2; round += 1) await send('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize } = (await send('Runtime.getHeapUsage')) as HeapUsage;
      const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      const kept = [...metrics.matchAll(/^foyer_share_kept_bytes\{.*\} (\d+)$/gm)];
      return {
        rss: Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_000,
        heap: usedSize / 1e6,
        buffers: (backingStorageSize ?? Number.NaN) / 1e6,
        relayKb: kept.reduce((sum, [, bytes]) => sum + Number(bytes), 0) / 1_000,
      };
    },
    async close() {
      socket.close();
    },
  };
}
