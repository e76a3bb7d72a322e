import type { Stage } from '../stage.ts';
import type { Point } from './page-places.ts';

/** Where the visitor's own pointer is, with their name, and where they press. */
export interface VisitorPointer {
  /** In CSS pixels of the visitor's window. */
  move(point: Point & { waitMs: number }): void;
  press(point: Point): void;
  setName(name: string): void;
  /** A finger leaves no pointer behind. */
  setTouch(isTouch: boolean): void;
  place(): void;
  clear(): void;
}

const ARROW = 'M0 0v17l4.5-4 3.5 7 3-1.5-3.5-7H13z';
const RIPPLE_MS = 500;

/** @param shift by how much the copy is scrolled away from where the visitor is */
export function createVisitorPointer(stage: Stage, shift: () => Point): VisitorPointer {
  const layer = document.createElement('div');
  layer.className = 'viewer-pointer';
  layer.hidden = true;
  const arrow = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  arrow.setAttribute('viewBox', '-1 -1 16 24');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', ARROW);
  arrow.append(path);
  const label = document.createElement('span');
  layer.append(arrow, label);
  stage.overlay.before(layer);

  let at: Point | undefined;
  let queue: { point: Point; dueAt: number }[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isTouch = false;

  function place(): void {
    layer.hidden = at === undefined || isTouch;
    if (at === undefined) return;
    const { x, y } = shift();
    layer.style.transform = `translate(${(at.x + x) * stage.scale}px, ${(at.y + y) * stage.scale}px)`;
  }

  /** The recorder gathers positions and says how far apart they were; they are shown as far apart. */
  function playNext(): void {
    timer = undefined;
    const now = performance.now();
    while (queue[0] !== undefined && queue[0].dueAt <= now) at = queue.shift()?.point;
    place();
    const next = queue[0];
    if (next !== undefined) timer = setTimeout(playNext, Math.max(0, next.dueAt - now));
  }

  stage.onLayout(place);
  return {
    move({ x, y, waitMs }) {
      queue.push({ point: { x, y }, dueAt: performance.now() + waitMs });
      // More than fits the wait of one batch has piled up: jump.
      if (queue.length > 200) queue = queue.slice(-20).map(({ point }) => ({ point, dueAt: 0 }));
      if (timer === undefined) playNext();
    },
    press(point) {
      const { x, y } = shift();
      const ripple = document.createElement('div');
      ripple.className = 'viewer-ripple';
      ripple.style.left = `${(point.x + x) * stage.scale}px`;
      ripple.style.top = `${(point.y + y) * stage.scale}px`;
      stage.overlay.before(ripple);
      setTimeout(() => ripple.remove(), RIPPLE_MS);
    },
    setName(name) {
      label.textContent = name;
      label.hidden = name === '';
    },
    setTouch(touch) {
      isTouch = touch;
      place();
    },
    place,
    clear() {
      clearTimeout(timer);
      timer = undefined;
      queue = [];
      at = undefined;
      place();
    },
  };
}
