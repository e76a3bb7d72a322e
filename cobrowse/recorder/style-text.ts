import { ASSET_SCHEME } from '../stream-events.ts';

/**
 * Finds the key of an address that a page may load; undefined when it must not be named at all. `isInUse` when the page
 * is known to have loaded it.
 */
export type ToAssetKey = (address: string, isInUse?: boolean) => number | undefined;

const IMPORT = /@import\b[^;{}]*;?/gi;
const ADDRESS = /url\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^)"']*))\s*\)/gi;
const IMAGE_SET = /(image-set\()((?:[^()]|\([^()]*\))*)\)/gi;
const STRING = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;
const MAX_KEPT_DATA_LENGTH = 2_048;

/** A style sheet, declaration or value whose addresses are asset keys. Imports are left out: they load something. */
export function rewriteStyle(css: string, toAssetKey: ToAssetKey): string {
  if (!/url\(|@import|image-set/i.test(css)) return css;
  return css
    .replace(IMPORT, '')
    .replace(ADDRESS, (_match, double?: string, single?: string, bare?: string) => {
      const address = (double ?? single ?? bare ?? '').trim();
      if (address.startsWith('#')) return `url("${address.replace(/["\\\n]/g, '')}")`;
      return `url("${toAssetAddress(address, toAssetKey)}")`;
    })
    .replace(IMAGE_SET, (_match, head: string, list: string) => {
      const sources = list.replace(STRING, (text) => {
        const address = text.slice(1, -1);
        const isKept = address.startsWith(ASSET_SCHEME) || /^image\/[\w+.-]+$/.test(address);
        return isKept ? text : `"${toAssetAddress(address, toAssetKey)}"`;
      });
      return `${head}${sources})`;
    });
}

/** Texts that a style puts on the page, such as `content: "…"`, and values that scripts keep in custom properties. */
export function maskStyle(css: string): string {
  return css.replace(/(^|[;{\s])(?:--[\w-]+|content|quotes)\s*:[^;{}]*/gi, '$1').replace(STRING, '""');
}

/** What stands in a frame for this address: a key, a small picture itself, or nothing. */
export function toAssetAddress(address: string, toAssetKey: ToAssetKey): string {
  if (/^data:image\/(?!svg)[\w+.-]+;base64,[\w+/=]+$/i.test(address) && address.length <= MAX_KEPT_DATA_LENGTH) {
    return address;
  }
  const key = toAssetKey(address);
  return key === undefined ? '' : ASSET_SCHEME + key;
}
