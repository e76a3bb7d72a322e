import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WireError } from '../../protocol/errors.ts';

/** The port, taken before anything is touched: whoever cannot have it has changed nothing (RS6). */
export interface FrontDoor {
  http: Server;
  port: number;
  /** From now on requests reach what was built meanwhile. */
  open(listener: RequestListener): void;
  /** Safe to repeat. */
  close(): Promise<void>;
}

/** Listens at once; until it is opened it answers that the server is starting. */
export async function takeFrontDoor(port: number, host: string): Promise<FrontDoor> {
  let answer: RequestListener = sayStarting;
  const http = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, resolve);
  });
  let closing: Promise<void> | undefined;
  return {
    http,
    port: (http.address() as AddressInfo).port,
    open(listener) {
      answer = listener;
    },
    close() {
      http.closeAllConnections();
      return (closing ??= new Promise((resolve) => http.close(() => resolve())));
    },
  };
}

/** A long migration is no reason to be killed: the process is said to live. */
const sayStarting: RequestListener = (request, response) => {
  const error = { code: 'shutting-down', message: 'The server is starting. Please try again.' } satisfies WireError;
  response
    .writeHead(request.url === '/healthz' ? 200 : 503, {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
      'Retry-After': '1',
      Connection: 'close',
    })
    .end(JSON.stringify(request.url === '/healthz' ? { status: 'ok' } : { error }));
};
