import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A customer's website on an origin of its own, with pages as the test writes them. */
export interface HostSite {
  readonly origin: string;
  /** The same pages on another site, where Chromium's private windows deny storage to a frame of Foyer's. */
  readonly foreignOrigin: string;
  /** Serves `html` under `path` from now on. */
  setPage(path: string, html: string): void;
  close(): Promise<void>;
}

/**
 * @param toPolicy the site's Content-Security-Policy; by default the strictest one that lets Foyer's origin in
 */
export async function startHostSite(
  foyerOrigin: () => string,
  toPolicy = (origin: string) => `default-src 'none'; script-src 'self' ${origin}; frame-src ${origin}; img-src 'self'`,
): Promise<HostSite> {
  const pages = new Map([['/favicon.ico', '']]);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    const body = pages.get(pathname);
    response.statusCode = body === undefined ? 404 : 200;
    response.setHeader('content-type', pathname.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8');
    response.setHeader('content-security-policy', toPolicy(foyerOrigin()));
    response.end(body ?? '');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    foreignOrigin: `http://localhost:${port}`,
    setPage: (path, html) => void pages.set(path, html),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
