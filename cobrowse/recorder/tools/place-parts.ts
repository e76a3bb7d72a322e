import type { Box } from './composed-tree.ts';

/** Puts an element of the layer over a box of the page; says whether anything changed. */
export function placeBox(element: HTMLElement, box: Box | undefined, marginPx = 0): boolean {
  const isHidden = box === undefined || box.width + box.height === 0;
  const wanted = isHidden
    ? 'display: none'
    : `width: ${box.width + 2 * marginPx}px; height: ${box.height + 2 * marginPx}px; translate: ${box.x - marginPx}px ${box.y - marginPx}px`;
  return setStyle(element, wanted);
}

/** Above the box where there is room, else in it or below it, and always inside the window. */
export function placeTip(tip: HTMLElement, box: Box | undefined): boolean {
  if (box === undefined) return setStyle(tip, 'display: none');
  const { offsetWidth: width, offsetHeight: height } = tip;
  const above = box.y - height - 6;
  const below = box.y + box.height + 6;
  const y = above >= 4 ? above : below + height <= innerHeight - 4 ? below : Math.max(box.y, 0) + 6;
  const x = Math.max(4, Math.min(box.x, innerWidth - width - 4));
  return setStyle(tip, `translate: ${x}px ${y}px`);
}

export function placeAt(element: HTMLElement, x: number, y: number): boolean {
  return setStyle(element, `translate: ${Math.round(x)}px ${Math.round(y)}px`);
}

const known = new WeakMap<Element, string>();

/** Property by property: a style attribute is what strict policies refuse. */
function setStyle(element: HTMLElement, wanted: string): boolean {
  if (known.get(element) === wanted) return false;
  known.set(element, wanted);
  element.style.removeProperty('display');
  for (const each of wanted.split('; ')) {
    const [name = '', value = ''] = each.split(': ');
    element.style.setProperty(name, value);
  }
  return true;
}
