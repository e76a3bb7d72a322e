import type { Point } from './composed-tree.ts';
import { guarded } from './guarded.ts';

export interface InputSwallower {
  /** What goes to our own interface stays what it is. */
  isLetThrough(event: Event): boolean;
  onMove?(point: Point): void;
  onPress?(point: Point): void;
  onRelease?(): void;
  onTap?(point: Point, isTouch: boolean): void;
  onKey(key: string): void;
  /** Keys that mean something here. */
  keys: readonly string[];
  /** All other keys go to the page as ever; without it they go nowhere. */
  mayType?: boolean;
  /** Whether fingers draw instead of scrolling. */
  isDrawing?: boolean;
}

const SWALLOWED = [
  'pointermove',
  'pointerdown',
  'pointerup',
  'pointercancel',
  'mousemove',
  'mousedown',
  'mouseup',
  'click',
  'auxclick',
  'dblclick',
  'contextmenu',
  'touchstart',
  'touchmove',
  'touchend',
  'dragstart',
  'keydown',
  'keypress',
  'keyup',
];

/**
 * While it runs, what the visitor does with pointer and keys reaches us and not the page. The first to hear of an event
 * is the window, so the listeners are there. Only what a person does counts: events made by scripts pass by.
 */
export function swallowInput(swallower: InputSwallower): () => void {
  const ending = new AbortController();
  let heldKey: string | undefined;
  let isOver = false;

  const swallow = (event: Event): void => {
    event.stopImmediatePropagation();
    if (event.cancelable && (swallower.isDrawing || !event.type.startsWith('touch'))) event.preventDefault();
  };
  const handle = guarded((event: Event) => {
    if (!event.isTrusted) return;
    if (event.type.startsWith('key')) return handleKey(event as KeyboardEvent);
    const { type, clientX: x, clientY: y, isPrimary, button, pointerType, detail } = event as PointerEvent;
    // A click without a hand is that of a screen reader, on one of our buttons.
    if (isOver || swallower.isLetThrough(event) || (type === 'click' && detail === 0)) return;
    swallow(event);
    const point = { x, y };
    if (type === 'pointermove' && isPrimary) swallower.onMove?.(point);
    if (type === 'pointerdown' && isPrimary && button === 0) swallower.onPress?.(point);
    if (type === 'pointerup' || type === 'pointercancel') swallower.onRelease?.();
    if (type === 'click') swallower.onTap?.(point, pointerType === 'touch');
  });
  const handleKey = (event: KeyboardEvent): void => {
    const { type, key } = event;
    if (type === 'keyup' && key === heldKey) {
      heldKey = undefined;
      swallow(event);
      if (isOver) ending.abort();
    }
    // Leaving the browser's ways of moving about alone: the focus must never be caught here.
    if (isOver || key === 'Tab' || event.ctrlKey || event.metaKey || event.altKey) return;
    const isMeant = swallower.keys.includes(key);
    if (!isMeant && swallower.mayType) return;
    swallow(event);
    if (type !== 'keydown') return;
    heldKey = key;
    if (isMeant) swallower.onKey(key);
  };
  const options = { capture: true, passive: false, signal: ending.signal };
  for (const name of SWALLOWED) addEventListener(name, handle, options);
  return () => {
    isOver = true;
    // The key that ended it is still down: its coming up is not the page's business either.
    if (heldKey === undefined) ending.abort();
  };
}
