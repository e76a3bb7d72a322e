import type { OwnEvents } from '../../stream-events.ts';
import { cleanCss } from '../cleaning/clean-css.ts';
import type { AssetPlace } from '../cleaning/asset-addresses.ts';
import { openQuietly } from './open-quietly.ts';

type State = OwnEvents['foyer:state'];

const MAX_ANIMATED = 100;
/** One finished animation per element stands for however many the page has run. */
const held = new WeakMap<Element, Animation>();

/** Gives an element of the copy what no attribute says of it. Payload as it came from outside. */
export function applyState(element: Element, state: State, place: AssetPlace): void {
  if (typeof state.isIndeterminate === 'boolean' && 'indeterminate' in element) {
    element.indeterminate = state.isIndeterminate;
  }
  if (Array.isArray(state.selected) && 'options' in element) {
    const chosen = new Set(state.selected);
    Array.from((element as HTMLSelectElement).options).forEach((option, index) => {
      option.selected = chosen.has(index);
    });
  }
  if (typeof state.isPopoverOpen === 'boolean') setPopover(element, state.isPopoverOpen);
  if (typeof state.animated === 'object' && state.animated !== null) holdAnimated(element, state.animated, place);
}

function setPopover(element: Element, isOpen: boolean): void {
  if (!('popover' in element) || !element.isConnected || element.matches(':popover-open') === isOpen) return;
  const popover = element as HTMLElement;
  if (popover.popover === null) return;
  // "manual" in effect: the copy hears of every opening and closing and must not close anything by itself.
  const kind = popover.getAttribute('popover');
  if (isOpen) {
    popover.setAttribute('popover', 'manual');
    openQuietly(popover, () => popover.showPopover());
  } else {
    popover.hidePopover();
  }
  if (!isOpen && kind !== null) popover.setAttribute('popover', kind);
}

/** As an animation that has ended: the element's own style attribute stays the page's. */
function holdAnimated(element: Element, animated: Record<string, string>, place: AssetPlace): void {
  held.get(element)?.cancel();
  held.delete(element);
  const properties = Object.entries(animated)
    .slice(0, MAX_ANIMATED)
    .filter(([name, value]) => /^[a-z-]{1,60}$/i.test(name) && typeof value === 'string' && value.length < 2_000)
    .map(([name, value]) => [toCamelCase(name), cleanCss(value, place)] as const);
  if (properties.length === 0) return;
  const animation = element.animate([Object.fromEntries(properties)], { duration: 1, fill: 'forwards' });
  animation.finish();
  held.set(element, animation);
}

function toCamelCase(property: string): string {
  if (property.startsWith('--')) return property;
  return property.replace(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase());
}
