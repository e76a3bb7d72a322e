import {
  isEscape,
  isSpace,
  readBareUrl,
  readEscape,
  readName,
  readString,
  skipNumber,
  skipSpaces,
  startsName,
  startsNumber,
} from './css-scanner.ts';
import { isFragment, toSafeResource } from './sanitise-urls.ts';
import type { KeepSvg } from './sanitise-urls.ts';

/** The recorder library marks with it where one text node of a style element ends and the next begins. */
const SPLIT_MARK = '/* rr_split */';
/** Loads nothing, and leaves the rule valid, so that the rest of it still counts. */
const NO_RESOURCE = 'url("data:,")';
/** No browser knows such a function or property: the declaration it stands in is void. */
const VOID_NAME = 'foyer-none';
/** Within these, plain strings are addresses. */
const ADDRESS_FUNCTIONS = new Set([
  'image-set',
  '-webkit-image-set',
  'image',
  'cross-fade',
  '-webkit-cross-fade',
  'src',
  'url',
]);
/** What may stand within them. Any other (`var`, `attr`, `if`, one made up) could put an address in its place. */
const HARMLESS_WITHIN =
  /^(?:type|rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|calc|(?:-webkit-|-moz-|-o-)?(?:repeating-)?(?:linear|radial|conic)-gradient)$/;
const VOID_FUNCTIONS = new Set(['expression', 'paint']);
const VOID_PROPERTIES = new Set(['-moz-binding', 'behavior', '-ms-behavior']);
const DROPPED_RULES = new Set(['import', 'charset', 'namespace']);
/** Without any of these there is nothing to find; most style attributes end here. */
const SUSPECT = /["'\\@\0]|\/\*|url|image|src\(|fade|expression|paint|behavior|binding/i;

/**
 * The same style text without anything that asks the network or runs: addresses other than assets and harmless data,
 * `@import`, `expression`, bindings. A text with nothing of the kind comes back as it was.
 */
export function cleanCss(text: string, keepSvg?: KeepSvg): string {
  return SUSPECT.test(text) ? createCleaner(text, keepSvg)() : text;
}

/**
 * The whole text of a style element with the recorder's split marks. The viewer takes the marks out, which would join
 * what they keep apart: judged is what it will read then.
 */
export function cleanSheet(text: string, keepSvg?: KeepSvg): string {
  if (!text.includes(SPLIT_MARK)) return cleanStyleText(text, keepSvg);
  const joined = text.replaceAll(SPLIT_MARK, '');
  // Taking marks out can make new ones: then there is nothing honest about them.
  const cleaned = cleanStyleText(joined.includes(SPLIT_MARK) ? joined.replaceAll('/*', '/ *') : joined, keepSvg);
  return cleaned === joined ? text : cleaned;
}

/**
 * One text node of a style element. Its neighbours are joined to it without a gap, so it is closed in itself: no
 * half-open string, comment or address, and no name that a neighbour could complete.
 */
export function cleanStyleText(text: string, keepSvg?: KeepSvg): string {
  if (text === '') return text;
  const cleaned = cleanCss(text, keepSvg);
  return endsARule(cleaned) ? cleaned : `${cleaned}/**/`;
}

interface OpenBracket {
  closer: number;
  /** Strings directly in it are addresses. */
  holdsAddresses: boolean;
}

/** A space alone is no end: after `\\75 ` the next letters still belong to the name. */
function endsARule(text: string): boolean {
  // Closed before, unless the first sign of it is escaped.
  if (text.endsWith('/**/') && !text.endsWith('\\/**/')) return true;
  let at = text.length - 1;
  while (at >= 0 && isSpace(text.charCodeAt(at))) at -= 1;
  const code = text.charCodeAt(at);
  return code === 0x7d || code === 0x3b;
}

function createCleaner(text: string, keepSvg: KeepSvg | undefined): () => string {
  let out = '';
  /** Everything before has been copied; what is harmless is copied in one go with the next change. */
  let copied = 0;
  let at = 0;
  /** What is open: a bracket that does not match is a mere sign, as it is to browsers. */
  const brackets: OpenBracket[] = [];

  // NOTE: what is taken out leaves a blank at least: without it, the names around it would become one (`u@import x;rl(`).
  const replace = (from: number, end: number, by: string): void => {
    out += text.slice(copied, from) + by;
    copied = end;
    at = end;
  };
  const inAddressFunction = (): boolean => brackets.at(-1)?.holdsAddresses ?? false;
  const toUrl = (value: string): string | undefined =>
    isFragment(value) ? value : toSafeResource(value, 'any', keepSvg);

  function takeString(): void {
    const from = at;
    const read = readString(text, from);
    if (!inAddressFunction()) {
      if (read.isClosed) at = read.end;
      // At the end of the text the browser would close it; in the middle of one it is broken and void.
      else if (read.end >= text.length) replace(from, read.end, '""');
      else replace(from, read.end, ' ');
      return;
    }
    const safe = read.isClosed ? toUrl(read.value) : undefined;
    if (safe === undefined || safe !== text.slice(from + 1, read.end - 1)) {
      replace(from, read.end, `"${safe ?? 'data:,'}"`);
    } else at = read.end;
  }

  function takeUrl(from: number, bracketEnd: number): void {
    const valueFrom = skipSpaces(text, bracketEnd);
    const quote = text.charCodeAt(valueFrom);
    if (quote === 0x22 || quote === 0x27) {
      // A function with a string: what follows the string (modifiers) is read on, with the bracket open.
      const read = readString(text, valueFrom);
      const safe = read.isClosed ? toUrl(read.value) : undefined;
      const isSame =
        safe !== undefined &&
        text.slice(from, read.end) === `url(${text.charAt(valueFrom)}${safe}${text.charAt(valueFrom)}`;
      brackets.push({ closer: 0x29, holdsAddresses: true });
      if (isSame) at = read.end;
      else if (read.isClosed) replace(from, read.end, `url("${safe ?? 'data:,'}"`);
      else replace(from, read.end, 'url("data:,"');
      return;
    }
    const read = readBareUrl(text, valueFrom);
    const safe = read.isBad ? undefined : toUrl(read.value);
    if (safe !== undefined && text.slice(from, read.end) === `url(${safe})`) at = read.end;
    else replace(from, read.end, safe === undefined ? NO_RESOURCE : `url("${safe}")`);
  }

  function takeName(): void {
    const from = at;
    const name = readName(text, from);
    const lower = name.value.toLowerCase();
    if (text.charCodeAt(name.end) === 0x28) {
      const inside = name.end + 1;
      if (lower === 'url') return takeUrl(from, inside);
      const isForbidden =
        VOID_FUNCTIONS.has(lower) ||
        (inAddressFunction() && !HARMLESS_WITHIN.test(lower) && !ADDRESS_FUNCTIONS.has(lower));
      if (isForbidden) replace(from, inside, `${VOID_NAME}(`);
      else at = inside;
      brackets.push({ closer: 0x29, holdsAddresses: ADDRESS_FUNCTIONS.has(lower) });
      return;
    }
    if (VOID_PROPERTIES.has(lower)) {
      // A comment may stand before the colon.
      const after = skipBlanks(text, name.end);
      if (text.charCodeAt(after) === 0x3a) return replace(from, name.end, VOID_NAME);
    }
    at = name.end;
  }

  function takeAtRule(): void {
    const from = at;
    const name = readName(text, from + 1);
    at = name.end;
    if (!DROPPED_RULES.has(name.value.toLowerCase())) return;
    replace(from, skipStatement(text, name.end), ' ');
  }

  return () => {
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === 0x22 || code === 0x27) takeString();
      else if (code === 0x2f && text.charCodeAt(at + 1) === 0x2a) {
        const end = text.indexOf('*/', at + 2);
        if (end < 0) replace(at, text.length, ' ');
        else at = end + 2;
      } else if (startsNumber(text, at)) {
        at = skipNumber(text, at);
        if (startsName(text, at)) at = readName(text, at).end;
      } else if (startsName(text, at)) takeName();
      else if (code === 0x40 && startsName(text, at + 1)) takeAtRule();
      else if (code === 0x23 && (startsName(text, at + 1) || /[\w-]/.test(text.charAt(at + 1)))) {
        at = readName(text, at + 1).end;
      } else if (code === 0x28 || code === 0x5b || code === 0x7b) {
        const closer = code === 0x28 ? 0x29 : code + 2;
        brackets.push({ closer, holdsAddresses: inAddressFunction() });
        at += 1;
      } else if (code === 0x29 || code === 0x5d || code === 0x7d) {
        if (brackets.at(-1)?.closer === code) brackets.pop();
        at += 1;
      } else if (code === 0x5c) replace(at, at + 1, ' ');
      else at += 1;
    }
    // Another text may follow in the same element: a string there must not be an address of this one.
    const firstOpen = brackets.findIndex(({ holdsAddresses }) => holdsAddresses);
    const open = firstOpen < 0 ? [] : brackets.slice(firstOpen).toReversed();
    const closers = open.map(({ closer }) => String.fromCharCode(closer)).join('');
    return copied === 0 && closers === '' ? text : out + text.slice(copied) + closers;
  };
}

/** Up to and with the semicolon that ends a rule without a block; strings, brackets and comments are skipped. */
function skipStatement(text: string, from: number): number {
  let at = from;
  let depth = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x22 || code === 0x27) at = readString(text, at).end;
    else if (code === 0x2f && text.charCodeAt(at + 1) === 0x2a) {
      const end = text.indexOf('*/', at + 2);
      at = end < 0 ? text.length : end + 2;
    } else if (isEscape(text, at)) at = readEscape(text, at).end;
    else if (code === 0x3b && depth === 0) return at + 1;
    else {
      if (code === 0x28 || code === 0x5b || code === 0x7b) depth += 1;
      else if (code === 0x29 || code === 0x5d || code === 0x7d) {
        // The end of the block around it.
        if (depth === 0) return at;
        depth -= 1;
        if (depth === 0 && code === 0x7d) return at + 1;
      }
      at += 1;
    }
  }
  return at;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  for (;;) {
    if (isSpace(text.charCodeAt(at))) at += 1;
    else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      if (end < 0) return text.length;
      at = end + 2;
    } else return at;
  }
}
