import { ASSET_SCHEME } from '../stream-events.ts';

/** Keys from here on are given by the relay itself, to pictures that came inside the frames as SVG text. */
export const FIRST_OWN_ASSET_KEY = 1_000_000_000;

/** What a value that names a resource may lead to, as the viewer's browser will read it. */
export type ResourceKind = 'image' | 'font' | 'any';

/** Keeps an SVG that came as a data address and answers with the key it is served by; undefined when it is refused. */
export type KeepSvg = (svg: Uint8Array) => number | undefined;

const ASSET_ADDRESS = new RegExp(`^${ASSET_SCHEME}\\d{1,10}(?:#[\\w.:-]{1,200})?$`);
const FRAGMENT = /^#[^\s"'()\\<>]{0,300}$/;
const DATA_HEAD = /^data:([a-z0-9.+-]{1,60}\/[a-z0-9.+-]{1,60})((?:;[a-z0-9=._-]{1,60}){0,4}),/i;
/** Bytes that no browser runs or asks the network for. SVG is not among them: it goes by way of an asset. */
const SAFE_DATA: Record<string, ResourceKind> = {
  'image/png': 'image',
  'image/jpeg': 'image',
  'image/jpg': 'image',
  'image/gif': 'image',
  'image/webp': 'image',
  'image/avif': 'image',
  'image/bmp': 'image',
  'image/x-icon': 'image',
  'image/vnd.microsoft.icon': 'image',
  'font/woff': 'font',
  'font/woff2': 'font',
  'font/ttf': 'font',
  'font/otf': 'font',
  'font/sfnt': 'font',
  'application/font-woff': 'font',
  'application/font-woff2': 'font',
  'application/x-font-woff': 'font',
  'application/x-font-ttf': 'font',
  'application/x-font-otf': 'font',
  'application/font-sfnt': 'font',
};

/** Points to a place in the same document: gradients, clips, symbols. Never a request. */
export function isFragment(value: string): boolean {
  return FRAGMENT.test(value);
}

/**
 * The address as it may be handed to a viewer: an asset of this stream, or bytes of a harmless type that stand in the
 * address itself. Everything else would make the agent's browser ask a foreign server, with the agent's address.
 */
export function toSafeResource(value: string, kind: ResourceKind, keepSvg?: KeepSvg): string | undefined {
  const address = value.trim();
  if (ASSET_ADDRESS.test(address)) return address;
  const head = DATA_HEAD.exec(address.length > 400 ? address.slice(0, 400) : address);
  if (!head) return undefined;
  const type = (head[1] ?? '').toLowerCase();
  const found = Object.hasOwn(SAFE_DATA, type) ? SAFE_DATA[type] : undefined;
  if (found && (kind === 'any' || kind === found)) return isPlain(address) ? address : undefined;
  if (type !== 'image/svg+xml' || kind === 'font' || !keepSvg) return undefined;
  const svg = readData(address.slice(head[0].length), /;base64$/i.test(head[2] ?? ''));
  const key = svg && keepSvg(svg);
  return key === undefined ? undefined : `${ASSET_SCHEME}${key}`;
}

/** Origin and path of an address, for reading and never for loading; empty when it is none. */
export function toReadableAddress(value: string): string {
  if (value.length > 8_192 || !URL.canParse(value)) return '';
  const { protocol, origin, pathname } = new URL(value);
  return protocol === 'http:' || protocol === 'https:' ? `${origin}${pathname}`.slice(0, 2_048) : '';
}

/** Printable ASCII without what could end the place it stands in. */
function isPlain(address: string): boolean {
  return /^[\w:/;,+=.%-]+$/.test(address);
}

function readData(text: string, isBase64: boolean): Uint8Array | undefined {
  try {
    return isBase64 ? Buffer.from(text, 'base64') : Buffer.from(decodeURIComponent(text), 'utf8');
  } catch {
    return undefined;
  }
}
