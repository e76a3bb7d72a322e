import { boxOf } from '../untouched-dom.ts';

/** Boxes that stand for what is hidden or cannot be shown have its size, and follow it. */
export interface HiddenBoxes {
  attributesOf(element: Element): { rr_width: string; rr_height: string };
  /** Tells of those that have another size by now. */
  check(): void;
}

export function createHiddenBoxes(
  tell: (element: Element, size: { width: string; height: string }) => void,
): HiddenBoxes {
  const known = new Map<Element, string>();
  const measure = (element: Element): { width: string; height: string } => {
    const { width, height } = boxOf(element);
    const size = { width: `${width}px`, height: `${height}px` };
    known.set(element, size.width + size.height);
    return size;
  };
  return {
    attributesOf(element) {
      const { width, height } = measure(element);
      return { rr_width: width, rr_height: height };
    },
    check() {
      for (const [element, before] of known) {
        if (!element.isConnected) {
          known.delete(element);
          continue;
        }
        const size = measure(element);
        if (known.get(element) !== before) tell(element, size);
      }
    },
  };
}
