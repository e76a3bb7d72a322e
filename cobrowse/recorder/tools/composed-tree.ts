import { composedParent } from '../../untouched-dom.ts';

/** The page as it is seen: through shadow trees and frames of the same origin, as one tree. */

export interface Point {
  x: number;
  y: number;
}

/** In CSS pixels of the visitor's window, whatever frame the element is in. */
export interface Box extends Point {
  width: number;
  height: number;
}

export function isElement(node: EventTarget | null | undefined): node is HTMLElement {
  return (node as Node | null | undefined)?.nodeType === 1;
}

/** The next element outwards. Pages can cover the plain way of asking, which would never end. */
export function parentOf(node: Node): Element | null {
  let at = composedParent(node);
  while (at && !isElement(at)) at = composedParent(at);
  return at;
}

export function containsDeep(outer: Element, inner: Element): boolean {
  for (let at: Element | null = inner; at; at = parentOf(at)) if (at === outer) return true;
  return false;
}

/** What an element holds: its own children, those of its shadow tree, or those of the document in it. */
export function childrenOf(element: Element): Element[] {
  const inner = frameDocument(element);
  if (inner) return inner.body ? Array.from(inner.body.children) : [];
  return Array.from((element.shadowRoot ?? element).children).flatMap((child) =>
    child.localName === 'slot' ? (child as HTMLSlotElement).assignedElements() : [child],
  );
}

function frameDocument(element: Element): Document | null {
  if (element.localName !== 'iframe' && element.localName !== 'frame') return null;
  try {
    return (element as HTMLIFrameElement).contentDocument;
  } catch {
    return null;
  }
}

/** Where the document's own (0, 0) is in the visitor's window. */
function originOf(doc: Document): Point {
  const frame = parentOf(doc);
  if (!frame) return { x: 0, y: 0 };
  const { x, y } = boxOf(frame);
  return { x: x + frame.clientLeft, y: y + frame.clientTop };
}

export function boxOf(element: Element): Box {
  const { left, top, width, height } = element.getBoundingClientRect();
  const origin = originOf(element.ownerDocument);
  return { x: left + origin.x, y: top + origin.y, width, height };
}

/** The point as the element's own document counts. */
export function toLocalPoint(element: Element, { x, y }: Point): Point {
  const origin = originOf(element.ownerDocument);
  return { x: x - origin.x, y: y - origin.y };
}

/** The innermost element there, looking through those that are skipped. */
export function elementAt(point: Point, isSkipped: (element: Element) => boolean): Element | null {
  let found: Element | null = null;
  let root: DocumentOrShadowRoot | null = document;
  let { x, y } = point;
  while (root) {
    const next: Element | undefined = root
      .elementsFromPoint(x, y)
      .find(
        (element) => !isSkipped(element) && (found === null || (element !== found && containsDeep(found, element))),
      );
    if (!next) return found;
    found = next;
    const inner = frameDocument(next);
    if (inner) ({ x, y } = toLocalPoint(inner.documentElement, point));
    root = inner ?? next.shadowRoot;
  }
  return found;
}

/**
 * What a click there would reach, if that is the target or something in it; null where something else lies above it.
 * Asked in every tree around the target, so that it also holds for trees that are closed to us.
 */
export function findHit(target: Element, point: Point): Element | null {
  let innermost: Element | null = null;
  for (let expected: Element | null = target; expected;) {
    const root = expected.getRootNode() as Document | ShadowRoot;
    const { x, y } = toLocalPoint(expected, point);
    const hit = root.elementFromPoint(x, y);
    if (!hit || !containsDeep(expected, hit)) return null;
    innermost ??= hit;
    expected = parentOf(root);
  }
  while (innermost?.shadowRoot) {
    const { x, y } = toLocalPoint(innermost, point);
    const inner = innermost.shadowRoot.elementFromPoint(x, y);
    if (!inner || inner.getRootNode() !== innermost.shadowRoot) break;
    innermost = inner;
  }
  return innermost;
}

/** Who has the focus, inside shadow trees and frames too. */
export function findFocused(): Element | null {
  let focused = document.activeElement;
  for (;;) {
    const inner = focused && (frameDocument(focused)?.activeElement ?? focused.shadowRoot?.activeElement);
    if (!inner) return focused;
    focused = inner;
  }
}
