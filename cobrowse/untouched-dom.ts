/**
 * The browser's own ways of reading a node, taken when our script starts. On a page's own objects they may be covered: a
 * field named "parentNode" hides that of its form, a form named "defaultView" that of the document, and libraries replace
 * methods. What decides about privacy must not depend on it.
 */
function getter<Owner extends Node, Value>(prototype: Owner, name: keyof Owner & string): (node: Node) => Value {
  const read = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  if (read === undefined) throw new Error(`This browser has no ${name}.`);
  return (node) => read.call(node) as Value;
}

export const parentNodeOf = getter<Node, Node | null>(Node.prototype, 'parentNode');
export const firstChildOf = getter<Node, Node | null>(Node.prototype, 'firstChild');
export const nextSiblingOf = getter<Node, Node | null>(Node.prototype, 'nextSibling');
export const nodeTypeOf = getter<Node, number>(Node.prototype, 'nodeType');
const textOf = getter<Node, string | null>(Node.prototype, 'textContent');
const { getRootNode } = Node.prototype;
const localName = getter<Element, string>(Element.prototype, 'localName');
const namespace = getter<Element, string | null>(Element.prototype, 'namespaceURI');
const hostOfRoot = getter<ShadowRoot, Element>(ShadowRoot.prototype, 'host');
const elementSlot = getter<Element, Element | null>(Element.prototype, 'assignedSlot');
const textSlot = getter<Text, Element | null>(Text.prototype, 'assignedSlot');
const viewOf = getter<Document, Window | null>(Document.prototype, 'defaultView');
const { assignedNodes } = HTMLSlotElement.prototype;
const { matches, closest, getAttribute, hasAttribute, getBoundingClientRect, getClientRects } = Element.prototype;

const [ELEMENT, TEXT, DOCUMENT, FRAGMENT] = [1, 3, 9, 11];
interface Search {
  querySelectorAll: Document['querySelectorAll'];
  getElementById?: Document['getElementById'] | undefined;
}
/** Each kind of node has its own. */
const searches = ([Element, Document, DocumentFragment] as { prototype: Search }[]).map(
  ({ prototype: { querySelectorAll, getElementById } }): Search => ({ querySelectorAll, getElementById }),
);
const searchOf = (node: Node): Search | undefined => searches[[ELEMENT, DOCUMENT, FRAGMENT].indexOf(nodeTypeOf(node))];

export const isElement = (node: Node | null): node is Element => node !== null && nodeTypeOf(node) === ELEMENT;
export const isText = (node: Node | null): node is Text => node !== null && nodeTypeOf(node) === TEXT;

export const isDocument = (node: Node): node is Document => nodeTypeOf(node) === DOCUMENT;

/** In lower case; '' for what is no element. */
export function tagOf(node: Node | null): string {
  return isElement(node) ? localName(node).toLowerCase() : '';
}

export function isHtml(element: Element): boolean {
  return namespace(element) === 'http://www.w3.org/1999/xhtml';
}

export function matchesSelector(element: Element, selector: string): boolean {
  return matches.call(element, selector);
}

export function closestOf(element: Element, selector: string): Element | null {
  return closest.call(element, selector);
}

/** All that can be read in it, '' for what has none. */
export function textContentOf(node: Node): string {
  return textOf(node) ?? '';
}

/** The document or shadow root it stands in. */
export function rootOf(node: Node): Node {
  return getRootNode.call(node);
}

/** All below this node that match. */
export function queryAll(node: Node, selector: string): Element[] {
  return Array.from(searchOf(node)?.querySelectorAll.call(node as Document, selector) ?? []);
}

/** In the tree of a document or shadow root; null in anything else. */
export function findById(root: Node, id: string): Element | null {
  return searchOf(root)?.getElementById?.call(root as Document, id) ?? null;
}

export function attributeOf(element: Element, name: string): string {
  return getAttribute.call(element, name) ?? '';
}

export function hasAttributeOf(element: Element, name: string): boolean {
  return hasAttribute.call(element, name);
}

export function boxOf(element: Element): DOMRect {
  return getBoundingClientRect.call(element);
}

/** Whether it is there for the eye, however small. */
export function isDrawn(element: Element): boolean {
  return getClientRects.call(element).length > 0;
}

/** Of components that closed theirs while we looked on: nobody else is told of these. The recorder library fills it. */
export const closedRoots = new WeakMap<Node, ShadowRoot>();

/** The page that is recorded, its frames and its shadow trees, closed ones too. The recorder library fills it. */
export const recordedRoots = new Set<Document | ShadowRoot>();

/** Of these, the ones that are still part of the page. */
export const presentRoots: Iterable<Document | ShadowRoot> = {
  *[Symbol.iterator]() {
    for (const root of recordedRoots) if (nodeTypeOf(root) === DOCUMENT ? viewOf(root) : root.isConnected) yield root;
  },
};

export function slotOf(node: Node): Element | null {
  const type = nodeTypeOf(node);
  if (type !== ELEMENT && type !== TEXT) return null;
  const parent = parentNodeOf(node);
  const root = parent && closedRoots.get(parent);
  if (!root) return type === ELEMENT ? elementSlot(node) : textSlot(node);
  return queryAll(root, 'slot').find((slot) => takes(slot, node)) ?? null;
}

function takes(slot: Element, node: Node): boolean {
  return assignedNodes.call(slot as HTMLSlotElement).includes(node);
}

/** The next node outwards as the visitor sees it: through shadow roots, and out of frames of the same origin. */
export function composedParent(node: Node): Node | null {
  const type = nodeTypeOf(node);
  if (type === FRAGMENT) return 'mode' in node ? hostOfRoot(node) : null;
  if (type !== DOCUMENT) return parentNodeOf(node);
  try {
    return viewOf(node)?.frameElement ?? null;
  } catch {
    return null;
  }
}
