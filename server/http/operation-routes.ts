import { isIP } from 'node:net';
import { Router } from 'express';
import { AppError } from '../errors.ts';
import type { Metrics } from '../metrics.ts';

/** Whatever a proxy in front adds to what it passes on. */
const PROXY_HEADERS = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'forwarded', 'x-real-ip', 'via'];

export interface OperationParts {
  metrics: Metrics;
  /** Names of what is not ready, empty when everything is. */
  findUnready(): Promise<string[]>;
}

/** For those who run the server: is it alive, may it get traffic, how is it doing. */
export function createOperationRoutes({ metrics, findUnready }: OperationParts): Router {
  const routes = Router();

  routes.get('/healthz', (_request, response) => {
    response.setHeader('Cache-Control', 'no-store').json({ status: 'ok' });
  });

  routes.get('/readyz', async (_request, response) => {
    const unready = await findUnready();
    response
      .setHeader('Cache-Control', 'no-store')
      .status(unready.length === 0 ? 200 : 503)
      .json({ status: unready.length === 0 ? 'ready' : 'not-ready', waitingFor: unready });
  });

  routes.get('/metrics', async (request, response) => {
    // Numbers of a business are nobody else's: only a scraper in the own network, and not through a proxy, reads them.
    const isForwarded = PROXY_HEADERS.some((name) => request.headers[name] !== undefined);
    if (isForwarded || !isOwnNetwork(request.socket.remoteAddress ?? '')) {
      throw new AppError('forbidden', 'Metrics are read from inside the network only.');
    }
    response.type(metrics.contentType).send(await metrics.read());
  });
  return routes;
}

/** Loopback, private IPv4 and unique local IPv6 addresses. */
export function isOwnNetwork(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '').toLowerCase();
  if (isIP(plain) === 4) return /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(plain);
  return plain === '::1' || /^f[cd][0-9a-f]{2}:/.test(plain);
}
