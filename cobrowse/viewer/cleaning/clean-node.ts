import type { serializedNodeWithId } from '@rrweb/types';
import type { AssetPlace } from './asset-addresses.ts';
import { cleanAttribute } from './clean-attributes.ts';
import { cleanCss } from './clean-css.ts';

/** By number, as the recorder library sends them. */
export const NODE = { document: 0, doctype: 1, element: 2, text: 3, cdata: 4, comment: 5 } as const;

/** Deeper than any page in use; the builder calls itself once for each level. */
const MAX_DEPTH = 512;
const MAX_NODES = 300_000;
const MAX_TEXT_LENGTH = 4_000_000;
const ELEMENT_NAME = /^[a-z][\w.:\u00b7-\uffff-]{0,100}$/i;
const SVG_NAME = /^[a-z][\w.-]{0,60}$/i;
const CUSTOM_NAME = /^[a-z][\w.\u00b7-\uffff]*-[\w.\u00b7-\uffff-]*$/;
const NO_CUSTOM_NAMES = new Set(
  'annotation-xml color-profile font-face font-face-src font-face-uri font-face-format font-face-name missing-glyph'.split(
    ' ',
  ),
);
/** What runs, loads or redirects by being there. An element of another name keeps the place and the children. */
const REPLACED: Record<string, string> = {
  script: 'noscript',
  base: 'foyer-base',
  object: 'foyer-object',
  embed: 'foyer-embed',
  applet: 'foyer-applet',
  portal: 'foyer-portal',
  fencedframe: 'foyer-fencedframe',
  frame: 'foyer-frame',
  frameset: 'foyer-frameset',
};
/** The builder corrects other names of SVG itself. */
const SVG_CASE: Record<string, string> = { textpath: 'textPath', fedropshadow: 'feDropShadow' };

/** What a tree may hold in all; shared by the nodes of one event. */
export interface NodeBudget {
  left: number;
}

export function createNodeBudget(): NodeBudget {
  return { left: MAX_NODES };
}

/** Thrown at a tree that no browser would have made; the viewer asks for another key frame, and gives up after some. */
export class UnshowableError extends Error {
  override name = 'UnshowableError';
}

/**
 * Makes a node and what is below it harmless, in place. The server has done it before; done again here, because the
 * viewer shows what a stranger's browser has sent and must not depend on another part having been careful.
 */
export function cleanNode(
  node: serializedNodeWithId,
  place: AssetPlace,
  budget: NodeBudget = createNodeBudget(),
  depth = 0,
): void {
  budget.left -= 1;
  if (budget.left < 0) throw new UnshowableError('too many nodes');
  const children = 'childNodes' in node && Array.isArray(node.childNodes) ? node.childNodes : [];
  switch (node.type as number) {
    case NODE.element:
      cleanElement(node as ElementNode, place);
      break;
    case NODE.document:
      break;
    case NODE.text: {
      const text = node as { textContent: unknown; isStyle?: unknown };
      text.textContent = cleanText(text.textContent);
      if (text.isStyle === true) text.textContent = cleanCss(String(text.textContent), place);
      return;
    }
    case NODE.comment:
    case NODE.cdata: {
      // A document of HTML cannot make a CDATA section.
      Object.assign(node, { type: NODE.comment, textContent: '' });
      return;
    }
    case NODE.doctype:
      Object.assign(node, { name: 'html', publicId: toName(node, 'publicId'), systemId: toName(node, 'systemId') });
      return;
    default:
      throw new UnshowableError('unknown kind of node');
  }
  if (!('childNodes' in node)) throw new UnshowableError('a node without list of children');
  node.childNodes = depth >= MAX_DEPTH ? [] : children.filter(isNode);
  for (const child of node.childNodes) cleanNode(child, place, budget, depth + 1);
}

type ElementNode = Extract<serializedNodeWithId, { type: 2 }>;

function cleanElement(node: ElementNode, place: AssetPlace): void {
  const attributes = typeof node.attributes === 'object' && node.attributes !== null ? node.attributes : {};
  const name = String(node.tagName);
  // What is left out may still decide how an element looks, so its attributes are read before its name is changed.
  node.attributes = Object.fromEntries(
    Object.entries(attributes).flatMap(([attribute, value]): [string, typeof value][] => {
      if (typeof value !== 'string') {
        const isPlain = typeof value === 'number' || typeof value === 'boolean' || value === null;
        const isKept = isPlain && !/^(?:rr_media|on)/i.test(attribute) && /^[\w:.@-]{1,100}$/.test(attribute);
        return isKept ? [[attribute, value]] : [];
      }
      const clean = cleanAttribute(name, attribute, value, place);
      return clean === undefined ? [] : [[attribute, clean]];
    }),
  );
  node.tagName = toElementName(name, node.isSVG === true) as typeof node.tagName;
  if (node.isCustom === true && (!CUSTOM_NAME.test(node.tagName) || NO_CUSTOM_NAMES.has(node.tagName))) {
    delete node.isCustom;
  }
}

function toElementName(name: string, isSvg: boolean): string {
  const lower = name.toLowerCase();
  if (Object.hasOwn(REPLACED, lower)) return REPLACED[lower] ?? 'foyer-unknown';
  if (isSvg && Object.hasOwn(SVG_CASE, lower)) return SVG_CASE[lower] ?? 'g';
  return (isSvg ? SVG_NAME : ELEMENT_NAME).test(name) ? name : isSvg ? 'g' : 'foyer-unknown';
}

export function cleanText(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT_LENGTH) : '';
}

function toName(node: object, key: string): string {
  const value: unknown = Reflect.get(node, key);
  return typeof value === 'string' && /^[\w/+.:() -]{0,200}$/.test(value) ? value : '';
}

function isNode(value: unknown): value is serializedNodeWithId {
  return (
    typeof value === 'object' && value !== null && 'id' in value && Number.isSafeInteger(value.id) && 'type' in value
  );
}
