import { ASSET_SCHEME } from '../stream-events.ts';
import type { AssetUse } from './asset-collector.ts';

/** Finds the key of an address that a page may load; undefined when it must not be named at all. */
export type ToAssetKey = (address: string, use?: AssetUse) => number | undefined;

const IMPORT = /@import\b[^;{}]*;?/gi;
const ADDRESS = /url\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^)"']*))\s*\)/gi;
const IMAGE_SET = /(image-set\()((?:[^()]|\([^()]*\))*)\)/gi;
const STRING = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;
const MAX_KEPT_DATA_LENGTH = 2_048;

/** Where a font's address stands. */
const FONT_FACE = /@font-face\s*\{[^}]*\}/gi;

/**
 * A style sheet, declaration or value whose addresses are asset keys. Imports are left out: they load something. In a
 * sheet even a small picture gets a key: whose it is shows only where it is used.
 */
export function rewriteStyle(css: string, toAssetKey: ToAssetKey, isSheet = false): string {
  if (!/url\(|@import|image-set/i.test(css)) return css;
  const toAddress = (address: string): string => toAssetAddress(address, toAssetKey, 'styled', isSheet);
  return replaceAddresses(
    css
      .replace(IMPORT, '')
      .replace(FONT_FACE, (face) => replaceAddresses(face, (address) => toAssetAddress(address, toAssetKey))),
    toAddress,
  ).replace(IMAGE_SET, (_match, head: string, list: string) => {
    const sources = list.replace(STRING, (text) => {
      const address = text.slice(1, -1);
      const isKept = address.startsWith(ASSET_SCHEME) || /^image\/[\w+.-]+$/.test(address);
      return isKept ? text : `"${toAddress(address)}"`;
    });
    return `${head}${sources})`;
  });
}

function replaceAddresses(css: string, toAddress: (address: string) => string): string {
  return css.replace(ADDRESS, (match, double?: string, single?: string, bare?: string) => {
    const address = (double ?? single ?? bare ?? '').trim();
    if (address.startsWith(ASSET_SCHEME)) return match;
    return `url("${address.startsWith('#') ? address.replace(/["\\\n]/g, '') : toAddress(address)}")`;
  });
}

/** All that a computed value names. */
export function listAddresses(value: string): string[] {
  return Array.from(value.matchAll(ADDRESS), ([, double, single, bare]) => double ?? single ?? bare ?? '');
}

/** Texts that a style puts on the page, such as `content: "…"`, and values that scripts keep in custom properties. */
export function maskStyle(css: string): string {
  return css.replace(STRING, '""').replace(/(^|[;{\s])(?:--[\w-]+|content|quotes)\s*:[^;{}]*/gi, '$1');
}

/** What stands in a frame for this address: a key, a small picture itself, or nothing. */
export function toAssetAddress(address: string, toAssetKey: ToAssetKey, use?: AssetUse, isAlwaysKey = false): string {
  const isSmall = address.length <= MAX_KEPT_DATA_LENGTH;
  if (isSmall && !isAlwaysKey && /^data:image\/(?!svg)[\w+.-]+;base64,[\w+/=]+$/i.test(address)) return address;
  const key = toAssetKey(address, use);
  return key === undefined ? '' : ASSET_SCHEME + key;
}
