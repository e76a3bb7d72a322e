import { toPictureAddress, toPictureSet, type AssetPlace } from './asset-addresses.ts';
import { cleanCss } from './clean-css.ts';
import { chooseScheme, fixScheme } from './page-scheme.ts';

/** Never of use in a copy that nobody clicks in, and each of them loads, sends, runs or takes the focus somewhere. */
const DROPPED = new Set(
  (
    'srcdoc ping action formaction manifest archive classid code codebase data longdesc profile autofocus ' +
    'http-equiv is nonce integrity allow sandbox csp credentialless background-sync imagesrcset imagesizes dynsrc lowsrc ' +
    'rr_src rr_mediastate rr_mediacurrenttime rr_mediaplaybackrate rr_mediamuted rr_medialoop rr_mediavolume ' +
    'autoplay preload attributionsrc browsingtopics elementtiming blocking fetchpriority accesskey'
  ).split(' '),
);
const PICTURES = new Set(['src', 'poster', 'background', 'rr_dataurl']);
/** Elements that show a picture by `src`. An `input` too, whatever else it is. */
const PICTURE_ELEMENTS = new Set(['img', 'input', 'image', 'canvas', 'video', 'body', 'table', 'td', 'th', 'tr']);
const LINK_TARGET = /^(?:https?:|mailto:|tel:|[/#?.]|[\w-]+(?:[/.#?]|$))/i;
const ANIMATIONS = new Set(['animate', 'set', 'animatemotion', 'animatetransform']);
/**
 * Names that would hide a method of the document or of a form from the builder: `<form name="createElement">` makes
 * `document.createElement` an element. Not an attack on anything but the picture itself.
 */
const HIDING_NAMES = new Set(
  (
    'childNodes firstChild nextSibling previousSibling parentNode parentElement nodeName nodeType tagName textContent ' +
    'style classList shadowRoot attachShadow ownerDocument isConnected contains matches closest removeChild insertBefore ' +
    'appendChild setAttribute setAttributeNS removeAttribute getAttribute dispatchEvent querySelectorAll getRootNode ' +
    'getBoundingClientRect scrollTo animate documentElement head body defaultView createElement createElementNS ' +
    'createTextNode createComment elementFromPoint adoptedStyleSheets fonts getElementsByTagName getSelection open close ' +
    'write implementation scrollingElement'
  ).split(' '),
);
const SCHEMES = /^(?:\s*\b(?:light|dark|only|normal)\b)+\s*$/i;
const ATTRIBUTE_NAME = /^[a-zA-Z_:@][\w:.@-]{0,100}$/;
const MAX_VALUE_LENGTH = 4_000_000;

/** The value as it may be set, or undefined when the attribute is left out. */
export function cleanAttribute(tagName: string, name: string, value: string, place: AssetPlace): string | undefined {
  const [tag, attribute] = [tagName.toLowerCase(), name.toLowerCase()];
  if (!ATTRIBUTE_NAME.test(name) || value.length > MAX_VALUE_LENGTH) return undefined;
  if (attribute.startsWith('on') || DROPPED.has(attribute)) return undefined;
  if (attribute === 'style' || attribute === '_csstext') return cleanCss(value, place);
  if (attribute === 'srcset') return tag === 'img' ? toPictureSet(value, place) : undefined;
  if (PICTURES.has(attribute)) return PICTURE_ELEMENTS.has(tag) ? toPictureAddress(value, place) : undefined;
  if (attribute === 'href' || attribute === 'xlink:href') return cleanTarget(tag, value, place);
  if ((attribute === 'name' || attribute === 'id') && HIDING_NAMES.has(value)) return undefined;
  // Of a meta element only what can be nothing but a list of schemes.
  if (tag === 'meta' && attribute === 'content')
    return SCHEMES.test(value) ? chooseScheme(value, place.scheme) : undefined;
  if (attribute === 'media') return fixScheme(value, place.scheme);
  // An animation could set an address long after it was looked at.
  if (ANIMATIONS.has(tag) && attribute === 'attributename' && /(?:^|:)(?:href|src)$/i.test(value.trim()))
    return undefined;
  // Presentation attributes of SVG: fill, mask, filter, clip-path, cursor.
  return /url\(/i.test(value) && !attribute.startsWith('data-') && !attribute.startsWith('aria-')
    ? cleanCss(value, place)
    : value;
}

function cleanTarget(tag: string, value: string, place: AssetPlace): string | undefined {
  const target = value.trim();
  if (target.startsWith('#')) return target;
  if (tag === 'image' || tag === 'feimage') return toPictureAddress(target, place);
  // Kept because style sheets ask for it; nobody can follow it.
  if (tag === 'a' || tag === 'area') return LINK_TARGET.test(target) ? target : undefined;
  return undefined;
}
