import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CountedRequest {
  url: string;
  cookie: string | undefined;
}

/** Another website that counts who comes. */
export interface CountingServer {
  readonly url: string;
  readonly seen: CountedRequest[];
  close(): Promise<void>;
}

export async function startCountingServer(): Promise<CountingServer> {
  const seen: CountingServer['seen'] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', cookie: request.headers.cookie });
    response.setHeader('access-control-allow-origin', '*').end('x');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
