import type { IncomingHttpHeaders } from 'node:http';
import ipaddr from 'ipaddr.js';

/** The part of a request that is looked at. */
export interface AddressedRequest {
  headers: IncomingHttpHeaders;
  socket: { remoteAddress?: string | undefined };
}

/** What one household or server gets of IPv6, in pieces of 16 bits; whoever has it may use any address in it. */
const IPV6_NETWORK_PIECES = 4;

/**
 * The address that limits count for, of IPv6 its network. `X-Forwarded-For` is believed only for as many proxies as are
 * configured, read from the right, because everything further left may be made up.
 */
export function toClientAddress(request: AddressedRequest, trustedProxies: number): string {
  return toCounted(readAddress(request, trustedProxies));
}

function readAddress(request: AddressedRequest, trustedProxies: number): string {
  const direct = request.socket.remoteAddress ?? 'unknown';
  if (trustedProxies === 0) return direct;
  const header = request.headers['x-forwarded-for'];
  const hops = (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((hop) => hop.trim())
    .filter(Boolean);
  return hops.at(-trustedProxies) ?? hops[0] ?? direct;
}

/** IPv4 as it is, also where a socket for both kinds wraps it into IPv6; anything that is no address as it came. */
function toCounted(text: string): string {
  if (!ipaddr.isValid(text)) return text;
  const address = ipaddr.process(text);
  if (!(address instanceof ipaddr.IPv6)) return address.toString();
  const network = address.parts.map((piece, index) => (index < IPV6_NETWORK_PIECES ? piece : 0));
  return `${new ipaddr.IPv6(network).toString()}/64`;
}
