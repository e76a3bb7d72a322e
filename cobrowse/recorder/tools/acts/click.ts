import type { SharedPlace } from '../../../../protocol/sharing.ts';
import { boxOf, findHit, parentOf, toLocalPoint, type Point } from '../composed-tree.ts';
import { isOwnAt, refuse, requireChangeable, requireKnown, type ActRules } from './act-target.ts';
import { focusFrom } from './focusing.ts';

export interface ReadyClick {
  /** What it will be done to, for the name: the button, not the picture in it. */
  element: Element;
  point: Point;
  run(): void;
}

/** What reacts to a click by itself. */
const ACTIVE = 'a[href],area[href],button,input,select,textarea,label,summary,option';
/** Other ways of leaving start programs of the visitor's. */
const WAYS_WITHIN = /^(?:https?|blob|javascript):$/;

/**
 * Finds out whether an agent may click here, and then does it as a mouse would: every event that a page can listen to,
 * and the browser's own reaction once. @throws {RefusedAct}
 */
export function prepareClick(at: SharedPlace, rules: ActRules, mayScroll: boolean): ReadyClick {
  const target = requireKnown(at.nodeId, rules);
  requireChangeable(target, rules);
  const toPoint = (): Point => {
    const { x, y, width, height } = boxOf(target);
    return { x: x + at.x * width, y: y + at.y * height };
  };
  let point = toPoint();
  if (!isInWindow(point) && mayScroll) {
    target.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
    point = toPoint();
  }
  // A visitor sees what is clicked, or it is not.
  if (!isInWindow(point)) refuse('not-possible');
  const hit = findHit(target, point) ?? refuse(isOwnAt(point, rules) ? 'own-interface' : 'not-possible');
  requireChangeable(hit, rules);
  const active = findActive(hit);
  if (active) requireHarmless(active, rules);
  return { element: active ?? hit, point, run: () => clickLikeMouse(hit, active, point, rules) };
}

function isInWindow({ x, y }: Point): boolean {
  return x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
}

function findActive(element: Element): Element | undefined {
  for (let at: Element | null = element; at; at = parentOf(at)) if (at.matches(ACTIVE)) return at;
  return undefined;
}

/** @throws {RefusedAct} for what opens windows or programs, and what is not an agent's to use */
export function requireHarmless(active: Element, rules: ActRules): void {
  requireChangeable(active, rules);
  if (active.matches(':disabled')) refuse('not-possible');
  const control = active.localName === 'label' ? (active as HTMLLabelElement).control : null;
  if (control) requireChangeable(control, rules);
  if (active.localName === 'a' || active.localName === 'area') {
    const { protocol, target } = active as HTMLAnchorElement;
    if (!WAYS_WITHIN.test(protocol) || isElsewhere(target)) refuse('not-possible');
  }
  const submitter = active as Partial<HTMLInputElement>;
  if ((submitter.type === 'submit' || submitter.type === 'image') && submitter.form) {
    requireHarmlessForm(submitter.form, submitter.formTarget);
  }
}

/** Browsers open no window for what no hand has clicked: better a clear "no" than nothing at all. */
function isElsewhere(target: string): boolean {
  return (
    target !== '' && !/^_(?:self|top|parent)$/i.test(target) && frames[target as keyof typeof frames] === undefined
  );
}

export function requireHarmlessForm(form: HTMLFormElement, submitterTarget = ''): void {
  // A field called "target" would stand in front of the property.
  if (isElsewhere(submitterTarget || (form.getAttribute('target') ?? ''))) refuse('not-possible');
}

function clickLikeMouse(hit: Element, active: Element | undefined, point: Point, rules: ActRules): void {
  const view = hit.ownerDocument.defaultView ?? window;
  const { x: clientX, y: clientY } = toLocalPoint(hit, point);
  const shared = { bubbles: true, cancelable: true, composed: true, view, clientX, clientY };
  const places = { ...shared, screenX: point.x + screenX, screenY: point.y + screenY };
  const pointerFacts = { ...places, pointerId: 1, pointerType: 'mouse', isPrimary: true };
  const sendPointer = (name: string, more: PointerEventInit = {}): boolean =>
    hit.dispatchEvent(new view.PointerEvent(name, { ...pointerFacts, ...more }));
  const sendMouse = (name: string, more: MouseEventInit = {}): boolean =>
    hit.dispatchEvent(new view.MouseEvent(name, { ...places, detail: 1, ...more }));

  for (const name of ['over', 'enter', 'move']) {
    const reach = name === 'enter' ? { bubbles: false, composed: false } : {};
    sendPointer(`pointer${name}`, reach);
    sendMouse(`mouse${name}`, { ...reach, detail: 0 });
  }
  // A page that takes the press for itself hears nothing of a mouse, as in the browser.
  const isMouse = sendPointer('pointerdown', { buttons: 1, pressure: 0.5 });
  const mayFocus = !isMouse || sendMouse('mousedown', { buttons: 1 });
  const label = active?.localName === 'label' ? (active as HTMLLabelElement) : null;
  if (mayFocus && hit.isConnected) focusFrom(label?.control ?? hit, rules.isOwnInterface);
  if (!hit.isConnected) return;
  sendPointer('pointerup');
  if (isMouse && hit.isConnected) sendMouse('mouseup');
  // The browser's own reaction hangs on this event, also where a script sends it: links, boxes, labels, forms.
  if (hit.isConnected) sendPointer('click', { detail: 1 });
}
