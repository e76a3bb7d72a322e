/** Where the visitor has scrolled to, kept apart from what is shown: the agent may look around on their own. */
export interface ScrollKeeper {
  /** The visitor scrolled. `x` and `y` in CSS pixels. */
  record(id: number, x: number, y: number): void;
  /** Goes to where the visitor is, as far as the layout allows by now. Cheap when everything is there already. */
  settle(): void;
  follow(isOn: boolean): void;
  /** Of the page itself. */
  visitorPosition(): { x: number; y: number };
  /** Of an element, or the page's own. */
  positionOf(id: number): { x: number; y: number } | undefined;
}

export interface Scrollables {
  findNode(id: number): Node | undefined;
  pageDocumentId(): number;
}

export function createScrollKeeper({ findNode, pageDocumentId }: Scrollables): ScrollKeeper {
  const wanted = new Map<number, { x: number; y: number }>();
  /** Places that could not be reached yet: a picture or a font that is still to come makes the page longer. */
  const unsettled = new Set<number>();
  let isFollowing = true;

  function settleOne(id: number): void {
    const position = wanted.get(id);
    const node = findNode(id);
    if (position === undefined || node === undefined) {
      wanted.delete(id);
      unsettled.delete(id);
      return;
    }
    const box = toScrollBox(node);
    if (box === undefined) return;
    // "instant" beats `scroll-behavior: smooth` of the page, which does not even begin in a window in the background.
    box.scrollTo({ left: position.x, top: position.y, behavior: 'instant' });
    if (Math.abs(box.scrollLeft - position.x) < 1.5 && Math.abs(box.scrollTop - position.y) < 1.5) unsettled.delete(id);
    else unsettled.add(id);
  }

  return {
    record(id, x, y) {
      if (!Number.isFinite(x) || !Number.isFinite(y)) return;
      wanted.set(id, { x, y });
      if (isFollowing) settleOne(id);
      else unsettled.add(id);
    },
    settle() {
      if (isFollowing) for (const id of unsettled) settleOne(id);
    },
    follow(isOn) {
      const returns = isOn && !isFollowing;
      isFollowing = isOn;
      if (returns) for (const id of wanted.keys()) settleOne(id);
    },
    visitorPosition: () => wanted.get(pageDocumentId()) ?? { x: 0, y: 0 },
    positionOf: (id) => wanted.get(id),
  };
}

/** The element whose `scrollTop` a document or element scrolls by. */
export function toScrollBox(node: Node): Element | undefined {
  if (node.nodeType === 9) {
    const document = node as Document;
    return document.scrollingElement ?? document.documentElement ?? undefined;
  }
  return node.nodeType === 1 ? (node as Element) : undefined;
}
