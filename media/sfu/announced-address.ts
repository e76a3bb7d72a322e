import type { types } from 'mediasoup';
import { isIP, isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';

/** Where media workers listen and which addresses browsers are told. */
export interface ListenPlan {
  /** What the set-up and the admin page show. */
  announcedAddresses: string[];
  origin: 'configured' | 'detected' | 'loopback';
  /** A sentence for the operator when visitors from outside will not get through; null when it looks right. */
  warning: string | null;
  /** The sockets of one worker. */
  toListenInfos(port: number): types.TransportListenInfo[];
}

type Interfaces = Partial<Record<string, Pick<NetworkInterfaceInfo, 'address' | 'internal'>[]>>;

/** Interfaces that containers and virtual machines make for themselves: reachable from this machine only. */
const BRIDGE_NAME = /^(docker|br-|veth|virbr|vmnet|vboxnet|cni|flannel|podman|lxc|lxd)/;
const MAX_DETECTED_ADDRESSES = 4;
const LOOPBACK = '127.0.0.1';

/**
 * With a configured address workers listen everywhere and browsers are told that one. Without, each address that this
 * machine has gets a socket of its own, loopback last, so that a fresh install works from the same machine, from the
 * local network and on a machine that is not on any network.
 */
export function planListening(
  configuredAddress: string | undefined,
  readInterfaces: () => Interfaces = networkInterfaces,
): ListenPlan {
  if (configuredAddress) {
    return {
      announcedAddresses: [configuredAddress],
      origin: 'configured',
      warning: configuredWarning(configuredAddress),
      toListenInfos: (port) =>
        toListenInfos(
          [{ ip: isIPv6(configuredAddress) ? '::' : '0.0.0.0', announcedAddress: configuredAddress }],
          port,
        ),
    };
  }
  const detected = detectAddresses(readInterfaces());
  return {
    announcedAddresses: [...detected, LOOPBACK],
    origin: detected.length === 0 ? 'loopback' : 'detected',
    warning: detectedWarning(detected),
    toListenInfos: (port) =>
      // Read anew each time: a worker that is replaced must not fail on an address that has gone meanwhile.
      toListenInfos(
        [...detectAddresses(readInterfaces()), LOOPBACK].map((ip) => ({ ip })),
        port,
      ),
  };
}

/** Whether an address can be reached from its own network only. A hostname is nobody's guess and counts as public. */
export function isPrivateAddress(address: string): boolean {
  if (isIPv4(address)) {
    const [first = 0, second = 0] = address.split('.').map(Number);
    return (
      first === 10 ||
      first === 127 ||
      (first === 172 && second >= 16 && second <= 31) ||
      (first === 192 && second === 168) ||
      (first === 169 && second === 254) ||
      // Shared by the customers of one provider.
      (first === 100 && second >= 64 && second <= 127)
    );
  }
  return isIPv6(address) && /^(::1$|f[cd]|fe[89ab])/i.test(address);
}

/** UDP first: candidates of later entries get a lower priority. */
function toListenInfos(places: { ip: string; announcedAddress?: string }[], port: number): types.TransportListenInfo[] {
  const protocols: types.TransportProtocol[] = ['udp', 'tcp'];
  return protocols.flatMap((protocol) => places.map((place) => ({ protocol, port, ...place })));
}

function detectAddresses(interfaces: Interfaces): string[] {
  const outward: string[] = [];
  const bridges: string[] = [];
  for (const [name, addresses = []] of Object.entries(interfaces)) {
    for (const { address, internal } of addresses) {
      if (internal || isLinkLocal(address)) continue;
      (BRIDGE_NAME.test(name) ? bridges : outward).push(address);
    }
  }
  const usable = outward.length > 0 ? outward : bridges;
  const version4 = usable.filter((address) => isIPv4(address));
  return (version4.length > 0 ? version4 : usable).slice(0, MAX_DETECTED_ADDRESSES);
}

function isLinkLocal(address: string): boolean {
  return address.startsWith('169.254.') || /^fe[89ab]/i.test(address);
}

function configuredWarning(address: string): string | null {
  if (isIP(address) === 0 || !isPrivateAddress(address)) return null;
  return `Browsers are told to send calls to ${address}, which only this network reaches. Visitors from outside need FOYER_RTC_ANNOUNCED_ADDRESS to be the public address, for example 203.0.113.7.`;
}

function detectedWarning(detected: string[]): string | null {
  if (detected.length === 0) {
    return 'This machine is on no network: calls work only between browsers on this machine.';
  }
  if (detected.some((address) => !isPrivateAddress(address))) return null;
  return `Calls use the address ${detected.join(', ')}, which only this network (or this container's host) reaches. For visitors from outside set FOYER_RTC_ANNOUNCED_ADDRESS to the public address, for example 203.0.113.7.`;
}
