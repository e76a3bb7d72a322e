import type { PageScheme } from '../../../protocol/sharing.ts';
import { ASSET_SCHEME } from '../../stream-events.ts';

/** Where the pictures and fonts of one tab's epoch are, and how its page is to look. */
export interface AssetPlace {
  /** Ends in a slash; given by the server. */
  assetPath: string;
  epoch: number;
  tabId: string;
  /** How the visitor's browser is set, where it is known. */
  scheme?: PageScheme | undefined;
}

const ASSET = new RegExp(`^${ASSET_SCHEME}(\\d{1,9})$`);
const DATA_PICTURE = /^data:image\/[a-z0-9.+-]+[;,]/i;
const DATA_FONT = /^data:(?:font\/[a-z0-9.+-]+|application\/(?:x-)?font-[a-z0-9.+-]+|application\/octet-stream)[;,]/i;

/** The one address that a shared page may load this from, or undefined when it may not. */
export function toPictureAddress(address: string, place: AssetPlace): string | undefined {
  const trimmed = address.trim();
  return toAssetAddress(trimmed, place) ?? (DATA_PICTURE.test(trimmed) ? trimmed : undefined);
}

/** The same for what a style sheet names: pictures, fonts, and parts of the document itself. */
export function toStyleAddress(address: string, place: AssetPlace): string | undefined {
  const trimmed = address.trim();
  if (trimmed.startsWith('#') || DATA_FONT.test(trimmed)) return trimmed;
  return toPictureAddress(trimmed, place);
}

/** `srcset` as a whole: a picture of which one size is foreign is left out, not guessed. */
export function toPictureSet(value: string, place: AssetPlace): string | undefined {
  // An address may hold commas (data:), so a candidate ends at one that white space follows.
  const kept = value
    .trim()
    .replace(/,$/, '')
    .split(/,\s+/)
    .map((candidate) => {
      const [address = '', size, ...rest] = candidate.trim().split(/\s+/);
      const allowed = toPictureAddress(address, place);
      if (allowed === undefined || rest.length > 0 || !/^(?:[\d.]{1,12}[wxh])?$/.test(size ?? '')) return undefined;
      return `${allowed}${size === undefined ? '' : ` ${size}`}`;
    });
  return kept.every((candidate) => candidate !== undefined) ? kept.join(', ') : undefined;
}

function toAssetAddress(address: string, { assetPath, epoch, tabId }: AssetPlace): string | undefined {
  const key = ASSET.exec(address)?.[1];
  return key === undefined ? undefined : `${assetPath}${epoch}/${tabId}/${key}`;
}
