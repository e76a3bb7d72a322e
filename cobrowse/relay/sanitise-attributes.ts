import { cleanCss, cleanSheet } from './sanitise-css.ts';
import { isFragment, toSafeResource } from './sanitise-urls.ts';
import type { KeepSvg } from './sanitise-urls.ts';

export type AttributeValue = string | number | boolean;
export type Attributes = Record<string, AttributeValue>;

const MAX_ATTRIBUTES = 256;
const MAX_NAME_LENGTH = 120;
const MAX_VALUE_LENGTH = 512_000;
/** Style sheets and data addresses of fonts are long. */
const MAX_STYLE_LENGTH = 4_000_000;
/** What `setAttribute` takes; Alpine's and Vue's `@click` are none. */
const ATTRIBUTE_NAME = /^[a-z_:][\w:.-]*$/i;

/** Would act, ask the network, or lead the page in the viewer elsewhere. Whatever begins with `on` goes as well. */
const FORBIDDEN = new Set([
  'accesskey',
  'action',
  'adauctionheaders',
  'allow',
  'allowfullscreen',
  'archive',
  'attributionsrc',
  'autofocus',
  'autoplay',
  'background-src',
  'browsingtopics',
  'classid',
  'code',
  'codebase',
  'command',
  'commandfor',
  'credentialless',
  'crossorigin',
  'csp',
  'data',
  'download',
  'dynsrc',
  'fetchpriority',
  'form',
  'formaction',
  'formenctype',
  'formmethod',
  'formtarget',
  'http-equiv',
  'imagesrcset',
  'integrity',
  'interesttarget',
  'invoketarget',
  'is',
  'loading',
  'longdesc',
  'lowsrc',
  'manifest',
  'method',
  'nonce',
  'ping',
  'popovertarget',
  'popovertargetaction',
  'preload',
  'profile',
  'referrerpolicy',
  'sandbox',
  'sharedstoragewritable',
  'srcdoc',
  'srclang',
  'srcobject',
  'target',
  'xml:base',
]);
/** Free text: whatever stands in them is shown or read aloud and never followed. */
const TEXTUAL =
  /^(?:data-|aria-)|^(?:id|class|title|alt|value|placeholder|label|summary|content|name|abbr|lang|dir|role|for|headers|slot|part|exportparts|pattern|datetime|accept|d|points|transform|viewbox|type|media|sizes)$/;
const HREFS = new Set(['href', 'xlink:href']);
const RESOURCE_TAGS = new Set(['img', 'input', 'source', 'video', 'audio', 'svg:image', 'svg:feimage']);
/** Their `href` names something to draw; `use` may take a symbol out of a sprite that came as an asset. */
const DRAWN_HREF = new Set(['svg:image', 'svg:feimage', 'svg:use', 'svg:mpath', 'svg:textpath']);
const ANIMATIONS = new Set(['svg:animate', 'svg:set', 'svg:animatemotion', 'svg:animatetransform', 'svg:animatecolor']);
/** A document of its own hangs below it; nothing else of it is needed. */
const FRAME_ATTRIBUTES =
  /^(?:id|class|style|title|width|height|frameborder|scrolling|align|hidden|name|rr_width|rr_height|rr_scrolltop|rr_scrollleft|data-.+|aria-.+)$/;
const META_NAMES = new Set(['viewport', 'color-scheme', 'theme-color']);
const LINK_ATTRIBUTES = new Set(['_csstext', 'id', 'class', 'media']);
const LENGTH = /^-?\d{1,7}(?:\.\d{1,10})?(?:px)?$/;
const SRCSET =
  /^\s*foyer-asset:\d{1,10}(?:\s+[\d.]{1,10}[wx])?(?:\s*,\s*foyer-asset:\d{1,10}(?:\s+[\d.]{1,10}[wx])?)*\s*$/;
/** Numbers that the recorder library gives media elements and scrolled boxes. */
const NUMERIC = new Set([
  'rr_scrollleft',
  'rr_scrolltop',
  'rr_mediacurrenttime',
  'rr_mediaplaybackrate',
  'rr_mediavolume',
]);
/** The library reads these names as they are written. */
const EXACT_NAMES: Record<string, string> = {
  _csstext: '_cssText',
  rr_scrollleft: 'rr_scrollLeft',
  rr_scrolltop: 'rr_scrollTop',
  rr_mediacurrenttime: 'rr_mediaCurrentTime',
  rr_mediaplaybackrate: 'rr_mediaPlaybackRate',
  rr_mediavolume: 'rr_mediaVolume',
  rr_mediastate: 'rr_mediaState',
  rr_mediamuted: 'rr_mediaMuted',
  rr_medialoop: 'rr_mediaLoop',
  rr_dataurl: 'rr_dataURL',
};

/** What stays of an element's attributes. `kind` is the tag name, with `svg:` before it within a picture. */
export function cleanAttributes(kind: string, given: unknown, keepSvg?: KeepSvg): Attributes {
  const kept: Attributes = {};
  if (typeof given !== 'object' || given === null) return kept;
  let count = 0;
  for (const name in given) {
    if (!Object.hasOwn(given, name)) continue;
    if ((count += 1) > MAX_ATTRIBUTES) break;
    const value = cleanAttribute(kind, name, (given as Record<string, unknown>)[name], keepSvg);
    if (value !== undefined) kept[exactName(name)] = value;
  }
  if (kind === 'meta' && kept['name'] === undefined) delete kept['content'];
  return kept;
}

/**
 * One attribute as it may be set on an element of this kind; undefined when it may not. Browsers do not distinguish
 * upper and lower case in the names, so neither does the judgement.
 */
export function cleanAttribute(
  kind: string,
  name: string,
  value: unknown,
  keepSvg?: KeepSvg,
): AttributeValue | undefined {
  if (name.length > MAX_NAME_LENGTH || !ATTRIBUTE_NAME.test(name)) return undefined;
  const lower = name.toLowerCase();
  if (value === true) return isAllowed(kind, lower) && !isAddress(lower) ? true : undefined;
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || !isAllowed(kind, lower)) return undefined;
    return lower.startsWith('rr_') && !NUMERIC.has(lower) ? undefined : value;
  }
  if (value === false) return lower === 'rr_mediamuted' || lower === 'rr_medialoop' ? false : undefined;
  if (typeof value !== 'string' || !isAllowed(kind, lower)) return undefined;
  if (lower === '_csstext') {
    return value.length <= MAX_STYLE_LENGTH ? cleanSheet(value, keepSvg) : undefined;
  }
  if (lower === 'style') return value.length <= MAX_VALUE_LENGTH ? cleanCss(value, keepSvg) : undefined;
  if (lower.startsWith('rr_')) return cleanLibraryAttribute(kind, lower, value);
  if (isAddress(lower)) return cleanAddress(kind, lower, value, keepSvg);
  if (value.length > MAX_VALUE_LENGTH) return undefined;
  // The policy for referrers and the like hide behind other names.
  if (kind === 'meta' && lower === 'name') return META_NAMES.has(value.toLowerCase()) ? value : undefined;
  if (TEXTUAL.test(lower)) return value;
  // `fill`, `filter`, `mask` and their like take CSS values, addresses included.
  if (kind.startsWith('svg:')) {
    if (ANIMATIONS.has(kind)) return cleanAnimation(lower, value);
    return cleanCss(value, keepSvg);
  }
  // No attribute known to us takes an address here; one that comes up later must not either.
  return looksLikeAddress(value) ? undefined : value;
}

/** Values of a style attribute that changed, property by property, as the recorder library sends them. */
export function cleanStyleChanges(given: object, keepSvg?: KeepSvg): Record<string, string | [string, string] | false> {
  const kept: Record<string, string | [string, string] | false> = {};
  let count = 0;
  for (const name in given) {
    if (!Object.hasOwn(given, name) || !isStyleProperty(name)) continue;
    if ((count += 1) > MAX_ATTRIBUTES * 2) break;
    const value: unknown = (given as Record<string, unknown>)[name];
    if (value === false) kept[name] = false;
    else if (typeof value === 'string' && value.length <= MAX_VALUE_LENGTH) kept[name] = cleanCss(value, keepSvg);
    else if (Array.isArray(value)) {
      const [text, priority]: unknown[] = value;
      if (typeof text !== 'string' || text.length > MAX_VALUE_LENGTH) continue;
      kept[name] = [cleanCss(text, keepSvg), priority === 'important' ? 'important' : ''];
    }
  }
  return kept;
}

export function isStyleProperty(name: string): boolean {
  return (
    name.length <= MAX_NAME_LENGTH &&
    (/^-?[a-z][a-z0-9-]*$/i.test(name) || /^--[\w\u0080-\uffff-]+$/.test(name)) &&
    !/^(?:behavior|-ms-behavior|-moz-binding)$/i.test(name)
  );
}

function isAllowed(kind: string, lower: string): boolean {
  if (lower.startsWith('on') || FORBIDDEN.has(lower)) return false;
  switch (kind) {
    case 'iframe':
      return FRAME_ATTRIBUTES.test(lower);
    case 'meta':
      return lower === 'charset' || lower === 'name' || lower === 'content';
    case 'link':
      return LINK_ATTRIBUTES.has(lower);
    case 'style':
    case 'svg:style':
      return lower !== 'src' && lower !== 'href';
    default:
      return lower !== '_csstext';
  }
}

function isAddress(lower: string): boolean {
  return (
    HREFS.has(lower) ||
    lower === 'src' ||
    lower === 'srcset' ||
    lower === 'poster' ||
    lower === 'background' ||
    lower === 'cite' ||
    lower === 'usemap'
  );
}

function cleanAddress(kind: string, lower: string, value: string, keepSvg?: KeepSvg): string | undefined {
  if (value.length > MAX_VALUE_LENGTH) return undefined;
  if (lower === 'usemap') return isFragment(value.trim()) ? value.trim() : undefined;
  if (lower === 'cite') return undefined;
  if (lower === 'srcset') return SRCSET.test(value) ? value : undefined;
  if (lower === 'background') return toSafeResource(value, 'image', keepSvg);
  if (lower === 'src' || lower === 'poster') {
    return RESOURCE_TAGS.has(kind) ? toSafeResource(value, 'image', keepSvg) : undefined;
  }
  const address = value.trim();
  if (isFragment(address)) return address;
  if (DRAWN_HREF.has(kind)) return toSafeResource(address, 'image', keepSvg);
  // It looks like a link and leads nowhere.
  return kind === 'a' || kind === 'area' || kind === 'svg:a' ? '#' : undefined;
}

function cleanLibraryAttribute(kind: string, lower: string, value: string): string | undefined {
  switch (lower) {
    case 'rr_width':
    case 'rr_height':
      return LENGTH.test(value) ? value : undefined;
    case 'rr_mediastate':
      return value === 'played' || value === 'paused' ? value : undefined;
    case 'rr_open_mode':
      return kind === 'dialog' && (value === 'modal' || value === 'non-modal') ? value : undefined;
    case 'rr_dataurl':
      return kind === 'img' || kind === 'canvas' ? toSafeResource(value, 'image') : undefined;
    default:
      return undefined;
  }
}

function exactName(name: string): string {
  const lower = name.toLowerCase();
  return Object.hasOwn(EXACT_NAMES, lower) ? (EXACT_NAMES[lower] ?? name) : name;
}

/** An animated address would be a way around everything above. */
function cleanAnimation(lower: string, value: string): string | undefined {
  if (lower !== 'attributename') return looksLikeAddress(value) ? undefined : cleanCss(value);
  return /^[a-z-]{1,60}$/i.test(value.trim()) && !/^\s*(?:on|href|src)/i.test(value) ? value : undefined;
}

function looksLikeAddress(value: string): boolean {
  return /[a-z][a-z0-9+.-]*:|\/\//i.test(value);
}
