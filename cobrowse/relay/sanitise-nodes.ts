import { DROPPED } from './node-table.ts';
import type { NodeTable } from './node-table.ts';
import { cleanAttributes } from './sanitise-attributes.ts';
import type { Attributes } from './sanitise-attributes.ts';
import { cleanStyleText } from './sanitise-css.ts';
import type { KeepSvg } from './sanitise-urls.ts';

/** As rrweb numbers the types of nodes. */
export const NODE_TYPE = { document: 0, doctype: 1, element: 2, text: 3, cdata: 4, comment: 5 } as const;

export interface CleanNode {
  type: number;
  id: number;
  rootId?: number;
  isShadow?: true;
  isShadowHost?: true;
  isSVG?: true;
  isCustom?: true;
  needBlock?: true;
  isStyle?: true;
  name?: string;
  publicId?: string;
  systemId?: string;
  compatMode?: string;
  tagName?: string;
  attributes?: Attributes;
  textContent?: string;
  childNodes?: CleanNode[];
}

export interface CleanContext {
  nodes: NodeTable;
  keepSvg?: KeepSvg | undefined;
  /** Ids of the tree that is being read: each stands in it once. */
  seen?: Set<number>;
}

export const MAX_TEXT_LENGTH = 1_000_000;
const MAX_CHILDREN = 100_000;
const MAX_ID = 0x7fff_ffff;
const TAG_NAME = /^[a-z][a-z0-9:_-]{0,79}$/;
/** Stands where something was left out: same id, same place among its siblings, shows nothing. */
const EMPTY_TAG = 'noscript';
const FORBIDDEN_TAGS = new Set(['script', 'noscript', 'base', 'template']);
/** Would load a document or a program; leaves a box of the same size. */
const BOX_TAGS = new Set([
  'object',
  'embed',
  'applet',
  'frame',
  'frameset',
  'portal',
  'fencedframe',
  'webview',
  'controlledframe',
  'bgsound',
  'model',
  'param',
  'track',
]);
/** The only elements that take a shadow root, besides those with a name of their own: others throw in the viewer. */
const SHADOW_HOSTS = new Set(
  'article aside blockquote body div footer h1 h2 h3 h4 h5 h6 header main nav p section span'.split(' '),
);
const OWN_NAME = /^[a-z][a-z0-9_]*-[a-z0-9_-]*$/;
const TAKEN_NAMES = new Set([
  'annotation-xml',
  'color-profile',
  'font-face',
  'font-face-src',
  'font-face-uri',
  'font-face-format',
  'font-face-name',
  'missing-glyph',
]);

/** Where a node is to hang. `parentId` 0 is nowhere: the document itself. */
export interface Place {
  parentId: number;
  parentKind: string;
}

export const TOP: Place = { parentId: 0, parentKind: '#none' };

export function isNodeId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAX_ID;
}

/**
 * The tree as it may be built in the viewer: known fields, harmless elements and attributes, ids that are told to
 * `nodes`. What must not be is replaced by something empty with the same id. Undefined when it is no node at all, or
 * when one more must not be there.
 *
 * @param isDeep false for a node that is added alone: the recorder sends its children one by one
 */
export function cleanNode(given: unknown, place: Place, context: CleanContext, isDeep: boolean): CleanNode | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const node = given as Record<string, unknown>;
  const { id, type } = node;
  if (!isNodeId(id) || context.seen?.has(id)) return undefined;
  const clean = toOwnFields(node, id, type, place, context);
  if (!clean || !context.nodes.add(id, clean.kind, place.parentId)) return undefined;
  context.seen?.add(id);
  copyFlags(node, clean, place, context);
  if (clean.node.childNodes && clean.kind !== DROPPED && Array.isArray(node['childNodes'])) {
    if (isDeep) addChildren(clean, node['childNodes'], context);
  }
  if (type === NODE_TYPE.document && clean.node.childNodes?.length === 0) return undefined;
  return clean.node;
}

interface CleanOne {
  kind: string;
  node: CleanNode;
}

function toOwnFields(
  node: Record<string, unknown>,
  id: number,
  type: unknown,
  { parentKind }: Place,
  context: CleanContext,
): CleanOne | undefined {
  switch (type) {
    case NODE_TYPE.document: {
      if (parentKind !== '#none' && parentKind !== 'iframe') return undefined;
      const clean: CleanNode = { type, id, childNodes: [] };
      if (node['compatMode'] === 'BackCompat') clean.compatMode = 'BackCompat';
      return { kind: '#document', node: clean };
    }
    case NODE_TYPE.doctype:
      if (parentKind !== '#document') return undefined;
      return {
        kind: '#doctype',
        node: {
          type,
          id,
          name: 'html',
          publicId: toShortText(node['publicId']),
          systemId: toShortText(node['systemId']),
        },
      };
    case NODE_TYPE.element:
      return toElement(node, id, parentKind, context);
    case NODE_TYPE.text: {
      if (parentKind === '#document' || parentKind === '#none') return undefined;
      const isStyle = isStyleKind(parentKind);
      const text = cleanText(node['textContent'], isStyle, context);
      if (text === undefined) return undefined;
      const clean: CleanNode = { type, id, textContent: text };
      if (isStyle && node['isStyle'] === true) clean.isStyle = true;
      return { kind: isStyle ? '#style-text' : '#text', node: clean };
    }
    case NODE_TYPE.cdata:
    case NODE_TYPE.comment:
      // A comment tells the agent nothing, and CDATA throws in a page; the place among the siblings remains.
      return parentKind === '#none'
        ? undefined
        : { kind: '#comment', node: { type: NODE_TYPE.comment, id, textContent: '' } };
    default:
      return undefined;
  }
}

function toElement(
  node: Record<string, unknown>,
  id: number,
  parentKind: string,
  context: CleanContext,
): CleanOne | undefined {
  const { tagName } = node;
  if (typeof tagName !== 'string' || parentKind === '#none') return undefined;
  const tag = tagName.toLowerCase();
  const isSvg = node['isSVG'] === true;
  const isOddName = !TAG_NAME.test(tag) || (isSvg && tag.includes(':'));
  if (parentKind === '#document' && tag !== 'html' && !isSvg) return undefined;
  if (isOddName || FORBIDDEN_TAGS.has(tag)) {
    return { kind: DROPPED, node: { type: NODE_TYPE.element, id, tagName: EMPTY_TAG, attributes: {}, childNodes: [] } };
  }
  if (BOX_TAGS.has(tag)) {
    const attributes = cleanAttributes('span', node['attributes'], context.keepSvg);
    return { kind: DROPPED, node: { type: NODE_TYPE.element, id, tagName: 'span', attributes, childNodes: [] } };
  }
  const kind = isSvg ? `svg:${tag}` : tag;
  const attributes = cleanAttributes(kind, node['attributes'], context.keepSvg);
  const clean: CleanNode = { type: NODE_TYPE.element, id, tagName: tag, attributes, childNodes: [] };
  if (isSvg) clean.isSVG = true;
  if (node['needBlock'] === true) clean.needBlock = true;
  if (!isSvg && OWN_NAME.test(tag) && !TAKEN_NAMES.has(tag) && node['isCustom'] === true) clean.isCustom = true;
  if (
    !isSvg &&
    node['isShadowHost'] === true &&
    (SHADOW_HOSTS.has(tag) || (OWN_NAME.test(tag) && !TAKEN_NAMES.has(tag)))
  ) {
    clean.isShadowHost = true;
  }
  return { kind, node: clean };
}

function copyFlags(node: Record<string, unknown>, clean: CleanOne, place: Place, { nodes }: CleanContext): void {
  const { rootId } = node;
  if (isNodeId(rootId) && nodes.kindOf(rootId) === '#document') clean.node.rootId = rootId;
  // The viewer hangs it into the shadow root of its parent, if that one has one.
  if (node['isShadow'] === true && place.parentKind !== '#document' && place.parentKind !== '#none') {
    clean.node.isShadow = true;
  }
}

function addChildren({ kind, node }: CleanOne, given: unknown[], context: CleanContext): void {
  const place: Place = { parentId: node.id, parentKind: kind };
  const children = (node.childNodes ??= []);
  for (const child of given.length > MAX_CHILDREN ? given.slice(0, MAX_CHILDREN) : given) {
    // Two roots, or a document type after the root, throw in the viewer.
    if (kind === '#document' && !mayStandInDocument(child, children)) continue;
    const clean = cleanNode(child, place, context, true);
    if (clean) children.push(clean);
  }
}

function mayStandInDocument(child: unknown, before: readonly CleanNode[]): boolean {
  const type = typeof child === 'object' && child !== null ? (child as { type?: unknown }).type : undefined;
  const hasRoot = before.some((node) => node.type === NODE_TYPE.element);
  if (type === NODE_TYPE.doctype) return !hasRoot && !before.some((node) => node.type === NODE_TYPE.doctype);
  return type !== NODE_TYPE.element || !hasRoot;
}

/** The text of one text node; within a style element it is style. */
export function cleanText(text: unknown, isStyle: boolean, context: CleanContext): string | undefined {
  if (typeof text !== 'string' || text.length > MAX_TEXT_LENGTH) return undefined;
  return isStyle ? cleanStyleText(text, context.keepSvg) : text;
}

export function isStyleKind(kind: string): boolean {
  return kind === 'style' || kind === 'svg:style';
}

function toShortText(value: unknown): string {
  return typeof value === 'string' && value.length <= 200 && /^[\x20-\x7e]*$/.test(value) ? value : '';
}
