import { guarded } from '../guarded.ts';

/** Whether the visitor is doing something on the page at this moment: then an agent waits. */
export interface VisitorInput {
  isBusy(): boolean;
  /** Frames of the page have windows of their own. */
  watch(view: Window | null): void;
  close(): void;
}

const BUSY_MS = 2_000;
/** Pressing counts, a resting hand on the mouse does not. */
const SIGNS = ['pointerdown', 'keydown', 'wheel', 'touchstart', 'touchmove', 'dragover', 'paste', 'drop'];

export function createVisitorInput(): VisitorInput {
  const ending = new AbortController();
  const watched = new WeakSet<Window>();
  let lastAt = -Infinity;
  let isPressed = false;

  const handle = guarded(({ isTrusted }: Event) => {
    if (isTrusted) lastAt = performance.now();
  });
  const handlePress = guarded(({ isTrusted, type }: Event) => {
    if (!isTrusted) return;
    isPressed = type === 'pointerdown';
    lastAt = performance.now();
  });
  return {
    isBusy: () => isPressed || performance.now() - lastAt < BUSY_MS,
    watch: guarded((view) => {
      if (view === null || watched.has(view)) return;
      watched.add(view);
      const options = { capture: true, passive: true, signal: ending.signal };
      for (const name of SIGNS) view.addEventListener(name, handle, options);
      for (const name of ['pointerdown', 'pointerup', 'pointercancel'])
        view.addEventListener(name, handlePress, options);
    }),
    close: () => ending.abort(),
  };
}
