import { boxOf, childrenOf, parentOf } from './composed-tree.ts';

/**
 * The part next to this one: up is what holds it, down the first it holds, left and right its neighbours. Undefined
 * where there is none that can be seen.
 */
export function stepFrom(element: Element, key: string, isSkipped: (element: Element) => boolean): Element | undefined {
  const isPart = (each: Element): boolean => {
    const { width, height } = boxOf(each);
    return width > 0 && height > 0 && !isSkipped(each);
  };
  if (key === 'ArrowUp') {
    for (let at = parentOf(element); at; at = parentOf(at)) if (isPart(at) && !isSameBox(at, element)) return at;
    return undefined;
  }
  if (key === 'ArrowDown') return findFirstIn(element, isPart);
  const parent = parentOf(element);
  const all = parent ? childrenOf(parent) : [];
  const place = all.indexOf(element);
  const others = key === 'ArrowRight' ? all.slice(place + 1) : all.slice(0, Math.max(place, 0)).toReversed();
  return others.find(isPart);
}

/** Wrappers of the same size look as if the key had done nothing. */
function findFirstIn(element: Element, isPart: (each: Element) => boolean): Element | undefined {
  const first = childrenOf(element).find(isPart);
  if (first === undefined || !isSameBox(first, element)) return first;
  return findFirstIn(first, isPart) ?? first;
}

function isSameBox(one: Element, other: Element): boolean {
  const [a, b] = [boxOf(one), boxOf(other)];
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}
