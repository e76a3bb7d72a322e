import { composedParent, isElement, tagOf } from '../untouched-dom.ts';

/** What of the page is ours: the widget's frame, and whatever the tools put there. */
export interface OwnInterface {
  claim(element: Element): void;
  /** Whether something of ours begins here. */
  isRoot(element: Element): boolean;
  includes(node: Node): boolean;
}

export function createOwnInterface(ownOrigin: string): OwnInterface {
  const claimed = new WeakSet<Node>();
  const isWidget = (element: Element | null): boolean =>
    tagOf(element) === 'iframe' && (element as HTMLIFrameElement).src.startsWith(`${ownOrigin}/widget/`);
  const isRoot = (element: Element): boolean => {
    // The loader's container holds the frame and nothing else.
    if (!claimed.has(element) && (isWidget(element) || isWidget(element.firstElementChild))) claimed.add(element);
    return claimed.has(element);
  };
  return {
    claim: (element) => void claimed.add(element),
    isRoot,
    includes(node) {
      for (let at: Node | null = node; at; at = composedParent(at)) if (isElement(at) && isRoot(at)) return true;
      return false;
    },
  };
}
