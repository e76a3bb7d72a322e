import { guarded } from '../guarded.ts';

/** Whether the visitor is doing something on the page at this moment: then an agent waits. */
export interface VisitorInput {
  isBusy(): boolean;
  /** Frames of the page have windows of their own. */
  watch(view: Window | null): void;
  close(): void;
}

const BUSY_MS = 2_000;
/** The end of a press may go unheard, as where the browser opens a menu of its own. Who drags, moves. */
const PRESS_MS = 10_000;
/** Pressing counts, a resting hand on the mouse does not. */
const SIGNS = ['pointerdown', 'keydown', 'wheel', 'touchstart', 'touchmove', 'dragover', 'paste', 'drop'];

export function createVisitorInput(): VisitorInput {
  const ending = new AbortController();
  const watched = new WeakSet<Window>();
  let lastAt = -Infinity;
  let pressedAt = -Infinity;

  const handle = guarded(({ isTrusted }: Event) => {
    if (isTrusted) lastAt = performance.now();
  });
  const handlePress = guarded(({ isTrusted, type }: Event) => {
    if (!isTrusted) return;
    lastAt = performance.now();
    pressedAt = type === 'pointerdown' ? lastAt : -Infinity;
  });
  const handleMove = guarded((event: Event) => {
    if (!event.isTrusted || pressedAt === -Infinity) return;
    pressedAt = (event as PointerEvent).buttons === 0 ? -Infinity : performance.now();
  });
  /** Of the window: fields lose the keyboard while a button is down, too. */
  const handleBlur = guarded(({ isTrusted, target, currentTarget }: Event) => {
    if (isTrusted && target === currentTarget) pressedAt = -Infinity;
  });
  return {
    isBusy: () => performance.now() - lastAt < BUSY_MS || performance.now() - pressedAt < PRESS_MS,
    watch: guarded((view) => {
      if (view === null || watched.has(view)) return;
      watched.add(view);
      const options = { capture: true, passive: true, signal: ending.signal };
      for (const name of SIGNS) view.addEventListener(name, handle, options);
      for (const name of ['pointerdown', 'pointerup', 'pointercancel', 'contextmenu'])
        view.addEventListener(name, handlePress, options);
      view.addEventListener('pointermove', handleMove, options);
      view.addEventListener('blur', handleBlur, options);
    }),
    close: () => ending.abort(),
  };
}
