import { ASSET_SCHEME } from '../../stream-events.ts';
import { toStyleAddress, type AssetPlace } from './asset-addresses.ts';
import { fixScheme } from './page-scheme.ts';

/** `u\72l(` is `url(`: letters that were written as escapes for no good reason mean the same without. */
const ESCAPED_LETTER = /\\(?:0{0,4}([46][1-9a-f]|[57][0-9a])(?:\r\n|\s)?(?![0-9a-f])|([g-z]))/gi;
/** Where something may begin that is not copied as it is. */
const BEGINNING = /["']|\/\*|@import\b|(?<![\w-])url\(/gi;
/** No picture, and no request either. */
const NOTHING = 'url("data:,")';

/**
 * A style sheet, a rule or a value whose every address is one of our stored assets, inline, or gone. Reads each sign
 * once, whatever the sheet: a stranger wrote it. What escapes by tricks of spelling is held back by the page's content
 * policy; this is the first of two locks.
 */
export function cleanCss(css: string, place: AssetPlace): string {
  const plain = fixScheme(css.includes('\\') ? css.replace(ESCAPED_LETTER, toLetter) : css, place.scheme);
  if (!/url\(|@import|foyer-asset:/i.test(plain)) return plain;
  const beginnings = new RegExp(BEGINNING);
  let clean = '';
  let copied = 0;
  for (let found = beginnings.exec(plain); found !== null; found = beginnings.exec(plain)) {
    const start = found.index;
    const [sign] = found;
    let end: number;
    let replacement: string | undefined;
    if (sign === '/*') {
      end = endAfter(plain, '*/', start + 2);
    } else if (sign === '"' || sign === "'") {
      end = endOfString(plain, start);
      replacement = cleanString(plain.slice(start, end), place);
    } else if (sign.startsWith('@')) {
      end = endOfStatement(plain, start);
      replacement = '';
    } else {
      end = endOfAddress(plain, start + sign.length);
      replacement = cleanAddress(plain.slice(start + sign.length, end), place);
    }
    if (replacement !== undefined) {
      clean += plain.slice(copied, start) + replacement;
      copied = end;
    }
    beginnings.lastIndex = end;
  }
  return clean + plain.slice(copied);
}

function toLetter(escape: string, hex?: string, letter?: string): string {
  if (letter !== undefined) return letter;
  const decoded = String.fromCharCode(Number.parseInt(hex ?? '', 16));
  return /[a-z]/i.test(decoded) ? decoded : escape;
}

function cleanAddress(inside: string, place: AssetPlace): string {
  const address = toStyleAddress(unquote((inside.endsWith(')') ? inside.slice(0, -1) : inside).trim()), place);
  if (address === undefined) return NOTHING;
  return `url("${address.replaceAll('"', '%22').replace(/[\n\r\\]/g, '')}")`;
}

/** Addresses also stand in strings, in `image-set()`; any other string is text. */
function cleanString(quoted: string, place: AssetPlace): string | undefined {
  const text = unquote(quoted);
  if (!text.startsWith(ASSET_SCHEME)) return undefined;
  const address = toStyleAddress(text, place);
  return address === undefined ? '""' : `"${address}"`;
}

/** After the closing sign, or the end of everything. */
function endAfter(css: string, sign: string, from: number): number {
  const at = css.indexOf(sign, from);
  return at < 0 ? css.length : at + sign.length;
}

function endOfString(css: string, start: number): number {
  const quote = css.charAt(start);
  for (let at = start + 1; at < css.length; at += 1) {
    const sign = css.charAt(at);
    if (sign === '\\') at += 1;
    else if (sign === quote) return at + 1;
    // An unescaped line end breaks the string off, as it does for browsers.
    else if (sign === '\n') return at;
  }
  return css.length;
}

/** After the `)` that ends an address, whether it stands in quotes or not. */
function endOfAddress(css: string, from: number): number {
  let at = from;
  while (/\s/.test(css.charAt(at))) at += 1;
  const sign = css.charAt(at);
  if (sign === '"' || sign === "'") at = endOfString(css, at);
  return endAfter(css, ')', at);
}

/** After the `;` of a statement, or before the block that begins or ends first. */
function endOfStatement(css: string, start: number): number {
  for (let at = start; at < css.length; at += 1) {
    const sign = css.charAt(at);
    if (sign === '"' || sign === "'") at = endOfString(css, at) - 1;
    else if (sign === '(') at = endOfAddress(css, at + 1) - 1;
    else if (sign === ';') return at + 1;
    else if (sign === '{' || sign === '}') return at;
  }
  return css.length;
}

function unquote(text: string): string {
  const quote = text.charAt(0);
  if (quote !== '"' && quote !== "'") return text;
  return text.slice(1, text.length > 1 && text.endsWith(quote) ? -1 : undefined).replace(/\\(["'])/g, '$1');
}
