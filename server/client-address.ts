import type { IncomingHttpHeaders } from 'node:http';

/** The part of a request that is looked at. */
export interface AddressedRequest {
  headers: IncomingHttpHeaders;
  socket: { remoteAddress?: string | undefined };
}

/**
 * The address that limits count for. `X-Forwarded-For` is believed only for as many proxies as are configured, read
 * from the right, because everything further left may be made up.
 */
export function toClientAddress(request: AddressedRequest, trustedProxies: number): string {
  const direct = request.socket.remoteAddress ?? 'unknown';
  if (trustedProxies === 0) return direct;
  const header = request.headers['x-forwarded-for'];
  const hops = (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((hop) => hop.trim())
    .filter(Boolean);
  return hops.at(-trustedProxies) ?? hops[0] ?? direct;
}
