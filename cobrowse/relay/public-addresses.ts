import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Whether an address belongs to the public internet. Everything else (this machine, its neighbours, cloud metadata,
 * addresses that translate to such) is for the operator's own services, which a visitor's page must not reach through
 * the server.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  // What looks like IPv6 and stands for IPv4 is judged as IPv4.
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  // Of IPv6 only 2000::/3 is handed out; ranges within it that lead elsewhere (6to4, Teredo) are not "unicast".
  return parsed instanceof ipaddr.IPv4 || (parsed.parts[0] ?? 0) >> 13 === 1;
}
