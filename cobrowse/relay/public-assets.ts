import { lookup } from 'node:dns/promises';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { sniffAssetType } from './asset-types.ts';
import { isPublicAddress } from './public-addresses.ts';
import type { AssetDoor } from './relay.ts';

const MAX_REDIRECTS = 3;
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 262_144;
const WEB_PORTS = new Set(['', '80', '443', '8080', '8443']);

export interface PublicAssetParts {
  /** All addresses of a name. */
  resolve?(hostname: string): Promise<string[]>;
  /** Where the connection for a checked address really goes: tests have no public address to go to. */
  dial?(address: string): string;
  isPortAllowed?(port: string): boolean;
  timeoutMs?: number;
  maxBytes?: number;
}

/**
 * Fetches public pictures and fonts as nobody: no cookies, no referrer, no login. Each address is resolved once,
 * judged, and the connection goes to the very address that was judged, so a name that changes its mind gains nothing;
 * redirects begin all of it anew.
 */
export function createPublicAssetDoor(parts: PublicAssetParts = {}): AssetDoor {
  const { dial = (address) => address, isPortAllowed = (port) => WEB_PORTS.has(port) } = parts;
  const { resolve = resolveAll, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES } = parts;

  async function findAddress(hostname: string): Promise<string | undefined> {
    const addresses = isIP(hostname) === 0 ? await resolve(hostname) : [hostname];
    // One private address among public ones is no accident worth guessing about.
    return addresses.every(isPublicAddress) ? addresses[0] : undefined;
  }

  async function ask(url: URL, signal: AbortSignal): Promise<IncomingMessage | undefined> {
    const address = await findAddress(url.hostname.replace(/^\[|\]$/g, ''));
    if (address === undefined || signal.aborted) return undefined;
    const target = dial(address);
    const goToTarget: LookupFunction = (_hostname, options, callback) => {
      const family = isIP(target);
      if (options.all) callback(null, [{ address: target, family }]);
      else callback(null, target, family);
    };
    return new Promise((done, fail) => {
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const asked = send(url, {
        // No shared agent: no connection is kept that another fetch could use.
        agent: false,
        // An address in the URL itself is not looked up; it goes where it says, which has been judged.
        ...(isIP(url.hostname) === 0 ? { lookup: goToTarget } : { host: target }),
        signal,
        headers: {
          accept: 'image/*,font/*',
          'accept-encoding': 'identity',
          'user-agent': 'Foyer',
          connection: 'close',
        },
      });
      asked.on('response', done).on('error', fail).end();
    });
  }

  async function fetchFrom(first: URL, signal: AbortSignal) {
    let url = first;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      if (!isWebAddress(url) || !isPortAllowed(url.port)) return undefined;
      const response = await ask(url, signal);
      if (!response) return undefined;
      const { statusCode = 0, headers } = response;
      if (statusCode === 200) return readBody(response, maxBytes);
      response.destroy();
      const isRedirect = [301, 302, 303, 307, 308].includes(statusCode);
      if (!isRedirect || headers.location === undefined || !URL.canParse(headers.location, url)) return undefined;
      url = new URL(headers.location, url);
    }
    return undefined;
  }

  return {
    async fetchPublic(url) {
      if (!URL.canParse(url)) return undefined;
      const signal = AbortSignal.timeout(timeoutMs);
      const late = new Promise<undefined>((done) => signal.addEventListener('abort', () => done(undefined)));
      // Resolving a name cannot be called off, so the time runs beside it.
      const found = await Promise.race([fetchFrom(new URL(url), signal).catch(() => undefined), late]);
      return found;
    },
  };
}

function isWebAddress({ protocol, username, password }: URL): boolean {
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

async function readBody(response: IncomingMessage, maxBytes: number) {
  const { headers } = response;
  const length = Number(headers['content-length'] ?? 0);
  const encoding = headers['content-encoding'] ?? 'identity';
  if (!isAssetType(headers['content-type']) || encoding !== 'identity' || !(length <= maxBytes)) {
    response.destroy();
    return undefined;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Leaving the loop ends the connection.
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  // Both must say so: a server that calls a document a picture is not believed, nor is one that hides a picture.
  const contentType = sniffAssetType(body);
  return contentType === undefined ? undefined : { contentType, bytes: body };
}

function isAssetType(header: string | undefined): boolean {
  const type = header?.split(';')[0]?.trim().toLowerCase() ?? '';
  // Fonts are often sent without a type of their own.
  return (
    /^(?:image\/|font\/|application\/(?:x-)?font-)/.test(type) || /^(?:application|binary)\/octet-stream$/.test(type)
  );
}

async function resolveAll(hostname: string): Promise<string[]> {
  const found = await lookup(hostname, { all: true, verbatim: true });
  return found.map(({ address }) => address);
}
