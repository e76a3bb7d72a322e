import { AUTHOR_ATTRIBUTE, HIDDEN_ATTRIBUTE } from '../../stream-events.ts';

export type TargetRefusal = 'private' | 'read-only';

/**
 * Whether an agent may act on this at all, as far as the copy tells. The visitor's browser decides; asked here first, so
 * that a "no" comes at once and nothing is sent.
 */
export function findTargetRefusal(element: Element): TargetRefusal | undefined {
  if (findOutwards(element, (each) => each.hasAttribute(HIDDEN_ATTRIBUTE)) || isPrivateField(element)) return 'private';
  if (findOutwards(element, (each) => /read-?only/i.test(each.getAttribute(AUTHOR_ATTRIBUTE) ?? '')))
    return 'read-only';
  return element.hasAttribute('disabled') || element.hasAttribute('readonly') ? 'read-only' : undefined;
}

function isPrivateField(element: Element): boolean {
  if (!/^(?:input|select|textarea)$/i.test(element.nodeName)) return false;
  const type = (element.getAttribute('type') ?? '').toLowerCase();
  const hint = (element.getAttribute('autocomplete') ?? '').toLowerCase();
  return /^(?:password|file|hidden)$/.test(type) || /(?:^|\s)(?:cc-|one-time-code|[\w-]*password)/.test(hint);
}

function findOutwards(element: Element, matches: (element: Element) => boolean): boolean {
  let each: Element | null = element;
  while (each !== null) {
    if (matches(each)) return true;
    const root: Node = each.getRootNode();
    const host: Element | null =
      'host' in root ? (root as ShadowRoot).host : (each.ownerDocument.defaultView?.frameElement ?? null);
    each = each.parentElement ?? (host === each ? null : host);
  }
  return false;
}

const TYPED = new Set('text search email url tel number date time datetime-local month week'.split(' '));

/** How a field takes what is entered; undefined for everything that is only clicked. */
export function toFieldKind(element: Element): 'line' | 'lines' | 'choice' | undefined {
  switch (element.nodeName) {
    case 'TEXTAREA':
      return 'lines';
    case 'SELECT':
      return 'choice';
    case 'INPUT':
      return TYPED.has((element.getAttribute('type') ?? 'text').toLowerCase()) ? 'line' : undefined;
    default:
      return undefined;
  }
}

/** The field that a label stands for, as a click on it in a browser would find it. */
export function toLabelled(element: Element): Element {
  const label = element.closest('label');
  return (label as HTMLLabelElement | null)?.control ?? element;
}

/** The nearest element outwards that can still scroll this way; null is the page itself. */
export function findScrollable(start: Element, deltaX: number, deltaY: number): Element | null {
  let element: Element | null = start;
  while (
    element !== null &&
    element !== element.ownerDocument.documentElement &&
    element !== element.ownerDocument.body
  ) {
    const style = element.ownerDocument.defaultView?.getComputedStyle(element);
    if (style !== undefined) {
      const down =
        /auto|scroll/.test(style.overflowY) &&
        canGo(element.scrollTop, element.scrollHeight - element.clientHeight, deltaY);
      const along =
        /auto|scroll/.test(style.overflowX) &&
        canGo(element.scrollLeft, element.scrollWidth - element.clientWidth, deltaX);
      if (down || along) return element;
    }
    const root: Node = element.getRootNode();
    element = element.parentElement ?? ('host' in root ? (root as ShadowRoot).host : null);
  }
  return null;
}

function canGo(position: number, longest: number, delta: number): boolean {
  return delta < 0 ? position > 0 : delta > 0 && position < longest - 1;
}
