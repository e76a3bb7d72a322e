import { ASSET_SCHEME } from '../../stream-events.ts';
import { toStyleAddress, type AssetPlace } from './asset-addresses.ts';

const STRING = String.raw`"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'`;
/**
 * Comments and strings are matched so that nothing inside them is taken for a rule. What escapes these patterns by
 * tricks of spelling is held back by the page's content policy; this is the first of two locks.
 */
const PARTS = new RegExp(
  String.raw`\/\*[\s\S]*?\*\/|@import\b(?:[^;{}"'()]|${STRING}|\((?:[^()"']|${STRING})*\))*;?|\burl\(\s*(?:${STRING}|[^)"'\s][^)]*)?\s*\)|${STRING}`,
  'gi',
);
/** No picture, and no request either. */
const NOTHING = 'url("data:,")';

/** A style sheet, a rule or a value whose every address is one of our stored assets, inline, or gone. */
export function cleanCss(css: string, place: AssetPlace): string {
  if (!/url\(|@import|foyer-asset:/i.test(css)) return css;
  return css.replace(PARTS, (part) => {
    if (part.startsWith('/*')) return part;
    if (part.startsWith('@')) return '';
    if (/^url\(/i.test(part)) {
      const address = toStyleAddress(unquote(part.slice(4, -1).trim()), place);
      return address === undefined ? NOTHING : `url("${address.replaceAll('"', '%22').replaceAll('\n', '')}")`;
    }
    const text = unquote(part);
    if (!text.startsWith(ASSET_SCHEME)) return part;
    const address = toStyleAddress(text, place);
    return address === undefined ? '""' : `"${address}"`;
  });
}

function unquote(text: string): string {
  const quote = text.charAt(0);
  if (quote !== '"' && quote !== "'") return text;
  // An escaped line end continues the string; other escapes do not occur in the addresses that are let through.
  return text.slice(1, text.endsWith(quote) && text.length > 1 ? -1 : undefined).replace(/\\(["'])/g, '$1');
}
