import { findFocused, parentOf } from '../composed-tree.ts';

export type IsOwn = (node: Node) => boolean;

/** The visitor is in the widget, maybe in the middle of a sentence: what they type must not land in the page. */
export function isFocusTaken(isOwn: IsOwn): boolean {
  const focused = document.activeElement;
  return focused !== null && isOwn(focused);
}

/** Gives the focus to the element, or to the next one around it that takes it, as a press of the pointer would. */
export function focusFrom(element: Element, isOwn: IsOwn): void {
  if (isFocusTaken(isOwn)) return;
  for (let at: Element | null = element; at; at = parentOf(at)) {
    if (isFocused(at)) return;
    // A label would hand the focus on to its field, which nobody has asked about.
    if (at.localName === 'label') continue;
    (at as HTMLElement).focus?.({ preventScroll: true });
    if (isFocused(at)) return;
  }
  const focused = findFocused();
  if (focused !== document.body) (focused as HTMLElement | null)?.blur?.();
}

export function isFocused(element: Element): boolean {
  return (element.getRootNode() as Document | ShadowRoot).activeElement === element;
}

const TABBABLE =
  'a[href],area[href],button,input,select,textarea,summary,iframe,audio[controls],video[controls],[tabindex],[contenteditable]';

/** Where the Tab key would go from here. */
export function findNextTabStop(from: Element, isOwn: IsOwn): HTMLElement | undefined {
  const stops = collectStops(document.documentElement, isOwn);
  const ranked = stops.filter(({ tabIndex }) => tabIndex > 0).sort((a, b) => a.tabIndex - b.tabIndex);
  const order = [...ranked, ...stops.filter(({ tabIndex }) => tabIndex === 0)];
  const place = order.indexOf(from as HTMLElement);
  if (place >= 0) return order[place + 1] ?? order[0];
  return order.find((stop) => from.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_FOLLOWING) ?? order[0];
}

/** In the order of the page, open shadow trees in their place. */
function collectStops(root: Element | ShadowRoot, isOwn: IsOwn): HTMLElement[] {
  const stops: HTMLElement[] = [];
  for (const element of root.querySelectorAll<HTMLElement>('*')) {
    if (isOwn(element)) continue;
    if (element.matches(TABBABLE) && canTakeFocus(element)) stops.push(element);
    if (element.shadowRoot) stops.push(...collectStops(element.shadowRoot, isOwn));
  }
  return stops;
}

function canTakeFocus(element: HTMLElement): boolean {
  if (element.tabIndex < 0 || element.matches(':disabled') || element.closest('[inert]')) return false;
  return element.getClientRects().length > 0 && getComputedStyle(element).visibility === 'visible';
}
