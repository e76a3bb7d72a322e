import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface SlowLine {
  /** Where to connect instead. */
  readonly url: string;
  close(): void;
}

/** A way to a server on which everything takes as long as it does between two towns. */
export async function openSlowLine(server: { url: string }, oneWayMs: number): Promise<SlowLine> {
  const { hostname, port } = new URL(server.url);
  const open = new Set<Socket>();
  const listener = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.setNoDelay(true);
      from.on('data', (chunk: Buffer) => setTimeout(() => to.write(chunk), oneWayMs));
      from.on('error', () => undefined);
      from.on('close', () => {
        open.delete(from);
        setTimeout(() => to.destroy(), oneWayMs);
      });
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    close() {
      for (const socket of open) socket.destroy();
      listener.close();
    },
  };
}
