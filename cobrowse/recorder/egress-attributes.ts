import type { attributes as Attributes, styleOMValue } from '@rrweb/types';
import { STANDING, type Privacy } from '../privacy.ts';
import { attributeOf, hasAttributeOf, isHtml, parentNodeOf, slotOf, tagOf } from '../untouched-dom.ts';
import { DRAWING_ATTRIBUTES, LOOK_ATTRIBUTES, SHOWN_ATTRIBUTES } from './attribute-lists.ts';
import type { StyleMentions } from './style-mentions.ts';
import { maskDeclarations, maskSheet } from './style-words.ts';
import { maskStyle, rewriteStyle, toAssetAddress, type ToAssetKey } from './style-text.ts';

export type AttributeValue = Attributes[string] | styleOMValue;
export type SomeAttributes = Record<string, AttributeValue>;

export interface AttributeHelp {
  privacy: Pick<Privacy, 'standingOf'>;
  mentions: StyleMentions;
  toAssetKey: ToAssetKey;
}

/** As long for every secret, so that not even its length is told. */
const MASKED_VALUE = '••••••••';
const VALUE_IS_LOOK = ['li', 'progress', 'meter'];
const BUTTON_TYPES = ['submit', 'reset', 'button'];
/** Everything else that has an `src` would load a document, a script or a film. */
const PICTURE_TAGS = ['img', 'input', 'image', 'feimage'];

/** The same number of signs, so that what stands around a hidden text keeps its place. */
export function maskText(text: string): string {
  return text.replace(/\S/g, '•');
}

export function maskValue(value: string): string {
  return value === '' ? '' : MASKED_VALUE;
}

/** Origin and path alone: queries and fragments hold tokens, and mail addresses are nobody's business. */
export function reduceAddress(address: string, base: string): string {
  try {
    const url = new URL(address, base);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.origin + url.pathname : '';
  } catch {
    return '';
  }
}

/**
 * Of the attributes that were recorded, what may be sent; null takes an attribute away. Nothing is sent that is not
 * named here or by a style rule of the page.
 */
export function cleanAttributes(
  element: Element,
  recorded: SomeAttributes,
  standing: number,
  help: AttributeHelp,
): SomeAttributes {
  const clean: SomeAttributes = {};
  for (const name of Object.keys(recorded)) {
    const value = cleanAttribute(element, name, recorded[name], standing, help);
    if (value !== undefined) clean[name] = value;
  }
  if (!standing && tagOf(element) === 'img' && ('src' in recorded || 'srcset' in recorded)) {
    const { currentSrc, src, complete } = element as HTMLImageElement;
    const address = (isChosen(element) && currentSrc) || src;
    clean['src'] = toAssetAddress(address, help.toAssetKey, complete ? 'now' : 'named');
  }
  return clean;
}

/**
 * Of several addresses of a picture the one in use is told: what a browser would choose depends on a screen that is not
 * the visitor's. Until another one has come in, that is the one before.
 */
export function isChosen(picture: Element): boolean {
  return hasAttributeOf(picture, 'srcset') || tagOf(parentNodeOf(picture)) === 'picture';
}

function cleanAttribute(
  element: Element,
  name: string,
  value: AttributeValue | undefined,
  standing: number,
  help: AttributeHelp,
): AttributeValue | undefined {
  const isShown = standing === STANDING.shown;
  if (value === undefined) return undefined;
  if (name === 'style') return cleanStyle(value, isShown, help);
  if (typeof value === 'object') return value === null && isKnown(name, help) ? null : undefined;
  if (typeof value !== 'string') {
    return LOOK_ATTRIBUTES.has(name) || (isShown && SHOWN_ATTRIBUTES.has(name)) ? value : undefined;
  }
  switch (name) {
    case '_cssText':
      return cleanSheet(value, standing, help);
    case 'class':
    case 'part':
      if (isShown) return value;
      return value
        .split(/\s+/)
        .filter((token) => help.mentions.hasName(token))
        .join(' ');
    case 'id':
      return isShown || help.mentions.hasName(value) ? value : undefined;
    case 'href':
    case 'xlink:href':
      return cleanLink(element, value, isShown, help);
    case 'src':
    case 'background':
    case 'poster': {
      const isPicture = name !== 'src' || PICTURE_TAGS.includes(tagOf(element));
      return isShown && isPicture ? toAssetAddress(value, help.toAssetKey) : undefined;
    }
    case 'value':
      return cleanValue(element, value, isShown);
    case 'slot':
      // A name that the component itself has given: without it, what is hidden would stand elsewhere.
      return isShown || attributeOf(slotOf(element) ?? element, 'name') === value ? value : undefined;
    case 'for': {
      // The name of a field is as private as the field.
      const field = tagOf(element) === 'label' ? (element as HTMLLabelElement).control : null;
      return isShown && field && help.privacy.standingOf(field) === STANDING.shown ? value : undefined;
    }
    case 'name':
      return ['meta', 'slot'].includes(tagOf(element)) ? value : undefined;
    case 'content':
      return tagOf(element) === 'meta' ? value : undefined;
  }
  const isAllowed =
    LOOK_ATTRIBUTES.has(name) ||
    (isShown && SHOWN_ATTRIBUTES.has(name)) ||
    (isShown && !isHtml(element) && DRAWING_ATTRIBUTES.has(name));
  if (isAllowed) return rewriteStyle(value, help.toAssetKey);
  if (!help.mentions.hasAttribute(name)) return undefined;
  return help.mentions.findLiteral(name, value) ?? null;
}

export function cleanSheet(css: string, standing: number, { mentions, toAssetKey }: AttributeHelp): string {
  mentions.add(css);
  const rewritten = rewriteStyle(css, toAssetKey, true);
  if (standing === STANDING.shown) return rewritten;
  const masked = maskSheet(rewritten);
  return standing & STANDING.masked ? maskStyle(masked) : masked;
}

function cleanStyle(value: AttributeValue, isShown: boolean, help: AttributeHelp): AttributeValue | undefined {
  const cleanText = (css: string): string =>
    isShown ? rewriteStyle(css, help.toAssetKey) : rewriteStyle(maskStyle(css), () => undefined);
  // Masked first: the browser writes a font's name without quotes, and then nothing tells it from a word of CSS.
  if (typeof value === 'string') return cleanText(isShown ? value : maskDeclarations(maskStyle(value)));
  if (typeof value !== 'object' || value === null) return value;
  const clean: styleOMValue = {};
  for (const [property, set] of Object.entries(value as styleOMValue)) {
    if (!isShown && (property.startsWith('--') || property === 'content')) continue;
    if (typeof set === 'string') clean[property] = cleanText(set);
    else if (Array.isArray(set)) clean[property] = [cleanText(set[0]), set[1]];
    else clean[property] = set;
  }
  return clean;
}

function cleanLink(element: Element, value: string, isShown: boolean, help: AttributeHelp): string | undefined {
  const tag = tagOf(element);
  if (tag === 'a' || tag === 'area') return isShown ? reduceAddress(value, element.baseURI) : '#';
  if (isHtml(element) || !isShown) return undefined;
  if (value.startsWith('#')) return value;
  return PICTURE_TAGS.includes(tag) ? toAssetAddress(value, help.toAssetKey) : undefined;
}

function cleanValue(element: Element, value: string, isShown: boolean): string | undefined {
  const tag = tagOf(element);
  if (tag === 'textarea') return isShown ? value : maskValue(value);
  if (tag !== 'input') return isShown && VALUE_IS_LOOK.includes(tag) ? value : undefined;
  const { type } = element as HTMLInputElement;
  if (BUTTON_TYPES.includes(type)) return isShown ? value : maskText(value);
  // What a box or a choice stands for is for the site's server; whether it is chosen is told apart from it.
  if (type === 'checkbox' || type === 'radio' || type === 'file') return undefined;
  return isShown ? value : maskValue(value);
}

function isKnown(name: string, { mentions }: AttributeHelp): boolean {
  return (
    ['class', 'part', 'slot', 'id', 'for', 'href', 'xlink:href', 'src', 'background', 'poster', 'value'].includes(
      name,
    ) ||
    LOOK_ATTRIBUTES.has(name) ||
    SHOWN_ATTRIBUTES.has(name) ||
    DRAWING_ATTRIBUTES.has(name) ||
    mentions.hasAttribute(name)
  );
}
