import { refuse, requireKnown, type ActRules } from './act-target.ts';

/** Scrolls the page, or what scrolls in it; what is masked may be passed by. @returns what was scrolled. @throws {RefusedAct} */
export function scrollPage(nodeId: number | null, left: number, top: number, rules: ActRules): Element | null {
  const node = nodeId === null ? null : requireKnown(nodeId, rules);
  const page = document.scrollingElement ?? document.documentElement;
  const isPage = node === null || node === page || node === document.documentElement;
  if (!isPage && !canScroll(node)) refuse('not-possible');
  (isPage ? page : node).scrollTo({ left, top, behavior: 'instant' });
  return isPage ? null : node;
}

/** What a wheel would move: a script could also move what is meant to stand. */
function canScroll(element: Element): boolean {
  const { overflowX, overflowY } = getComputedStyle(element);
  const isOwnPage = element === element.ownerDocument.scrollingElement;
  return isOwnPage || /auto|scroll/.test(overflowX + overflowY) || element.localName === 'textarea';
}
