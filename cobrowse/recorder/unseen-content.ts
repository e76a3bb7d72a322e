import { attributeOf, boxOf, firstChildOf, parentNodeOf, isElement } from '../untouched-dom.ts';

/**
 * Whether a component draws something that no script from outside gets to see: a closed shadow tree that was there
 * before the recorder. Nothing in the page says so, so it is told by what an element without any content cannot have:
 * a width or height that no rule has given it. Where a rule could have, it is taken for empty, as most such elements are.
 */
export function hasUnseenContent(element: Element, tag: string): boolean {
  const isComponent = tag.includes('-') || attributeOf(element, 'is') !== '';
  if (!isComponent || firstChildOf(element) !== null) return false;
  for (const pseudo of ['::before', '::after']) {
    if (!/^(?:none|normal)$/.test(getComputedStyle(element, pseudo).content)) return false;
  }
  const style = getComputedStyle(element);
  const inner = (size: number, ...edges: ('Left' | 'Right' | 'Top' | 'Bottom')[]): number =>
    edges.reduce(
      (left, edge) => left - parseFloat(style[`padding${edge}`]) - parseFloat(style[`border${edge}Width`]),
      size,
    );
  const { width, height } = boxOf(element);
  const hasWidth = inner(width, 'Left', 'Right') > 1;
  const hasHeight = inner(height, 'Top', 'Bottom') > 1;
  // Rules of size do not hold for it.
  if (style.display === 'inline') return hasWidth;
  const isPlain = /^(?:block|inline-block|flow-root|(?:inline-)?flex)$/.test(style.display);
  const rules = element.computedStyleMap?.();
  if (!isPlain || !rules || !hasWidth || !hasHeight) return false;
  if (element.scrollHeight > element.clientHeight + 1) return true;
  const isFree = (name: string): boolean => /^(?:auto|0px)$/.test(String(rules.get(name)));
  // What is laid out by its surroundings may be stretched by them.
  const around = parentNodeOf(element);
  const isStretched = isElement(around) && /flex|grid/.test(getComputedStyle(around).display);
  return (
    !isStretched &&
    /^(?:static|relative)$/.test(style.position) &&
    ['height', 'min-height', 'aspect-ratio'].every(isFree)
  );
}
