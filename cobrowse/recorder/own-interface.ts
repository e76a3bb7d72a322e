import { composedParent, isElement, tagOf } from '../untouched-dom.ts';

/** What of the page is ours: the widget's frame, and whatever the tools put there. */
export interface OwnInterface {
  claim(element: Element): void;
  /** Whether something of ours begins here. */
  isRoot(element: Element, tag: string): boolean;
  includes(node: Node): boolean;
}

export function createOwnInterface(ownOrigin: string): OwnInterface {
  const claimed = new WeakSet<Node>();
  const isWidget = (element: Element | null): boolean =>
    tagOf(element) === 'iframe' && (element as HTMLIFrameElement).src.startsWith(`${ownOrigin}/widget/`);
  const isRoot = (element: Element, tag: string): boolean => {
    if (claimed.has(element)) return true;
    // The loader's container holds the frame and nothing else.
    const isOurs = tag === 'iframe' ? isWidget(element) : tag === 'div' && isWidget(element.firstElementChild);
    if (isOurs) claimed.add(element);
    return isOurs;
  };
  return {
    claim: (element) => void claimed.add(element),
    isRoot,
    includes(node) {
      for (let at: Node | null = node; at; at = composedParent(at))
        if (isElement(at) && isRoot(at, tagOf(at))) return true;
      return false;
    },
  };
}
