import { STANDING } from '../privacy.ts';
import { composedParent, firstChildOf, isElement, nextSiblingOf } from '../untouched-dom.ts';

/** Nothing below this node is sent, although it stands on the other side itself. */
const CLOSED = 16;

export interface Mirror {
  getId(node: Node | null): number;
  getNode(id: number): Node | null;
}

/**
 * The nodes that the other side knows of, by id, each with the standing it was sent with. What is not in here is never
 * named in a frame.
 */
export interface SentNodes {
  add(id: number, standing: number, isClosed?: boolean): void;
  /** This node and all below it are gone from the other side. */
  remove(node: Node): void;
  has(id: number): boolean;
  /** Whether children of this node may be sent. */
  isOpen(id: number): boolean;
  standingOf(id: number): number | undefined;
  /** Ids and nodes that are still on the page; what is not is forgotten on the way. */
  present(): Iterable<[id: number, node: Node, standing: number]>;
  /** The roots of what is hidden, outermost first. */
  hiddenRoots(): Element[];
  clear(): void;
}

export function createSentNodes(mirror: Mirror): SentNodes {
  const sent = new Map<number, number>();
  function* present(): Iterable<[number, Node, number]> {
    // What comes while somebody goes through them does not keep them from an end.
    let left = sent.size;
    for (const [id, value] of sent) {
      if (left === 0) return;
      left -= 1;
      const node = mirror.getNode(id);
      if (!node) sent.delete(id);
      // The document of a frame that is gone has no window, and nobody says that its nodes went along.
      else if (node.ownerDocument?.defaultView !== null) yield [id, node, value & ~CLOSED];
    }
  }
  return {
    add: (id, standing, isClosed = false) => void sent.set(id, isClosed ? standing | CLOSED : standing),
    remove(node) {
      const waiting = [node];
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        sent.delete(mirror.getId(next));
        const { shadowRoot, contentDocument } = next as Partial<HTMLIFrameElement>;
        if (shadowRoot) waiting.push(shadowRoot);
        if (contentDocument) waiting.push(contentDocument);
        for (let child = firstChildOf(next); child; child = nextSiblingOf(child)) waiting.push(child);
      }
    },
    has: (id) => sent.has(id),
    isOpen: (id) => ((sent.get(id) ?? CLOSED) & CLOSED) === 0,
    standingOf(id) {
      const value = sent.get(id);
      return value === undefined ? undefined : value & ~CLOSED;
    },
    present,
    hiddenRoots() {
      const roots: Element[] = [];
      for (const [, node, standing] of present()) {
        if (standing === STANDING.shown || standing === STANDING.leading || !isElement(node)) continue;
        let around = composedParent(node);
        // Shadow roots have no id.
        while (around && mirror.getId(around) < 0) around = composedParent(around);
        const outer = around ? (sent.get(mirror.getId(around)) ?? STANDING.shown) & ~CLOSED : STANDING.shown;
        if (outer === STANDING.shown || outer === STANDING.leading) roots.push(node);
      }
      return roots;
    },
    clear: () => sent.clear(),
  };
}
