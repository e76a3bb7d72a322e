import type { SharedPlace } from '../../../protocol/sharing.ts';
import type { LiveReplayer } from '../copy/live-replayer.ts';
import { frameOffset } from '../copy/frame-offset.ts';

export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  width: number;
  height: number;
}

/** Between points of the visitor's window and places on the page, which are the same in every window. */
export interface PagePlaces {
  /** The innermost element there, also within shadow roots and frames. */
  elementAt(point: Point): Element | undefined;
  /** The nearest element outwards that both sides know, with its id. */
  knownElement(element: Element): { element: Element; nodeId: number } | undefined;
  toPlace(point: Point): SharedPlace | undefined;
  toPoint(place: SharedPlace): Point | undefined;
  boxOf(nodeId: number): Box | undefined;
}

export function createPagePlaces(replayer: LiveReplayer): PagePlaces {
  /** Asking for a box is what costs; many points of one stroke lie in the same element. */
  let boxes = new Map<number, Box | undefined>();
  let isForgetting = false;

  function boxOf(nodeId: number): Box | undefined {
    if (!isForgetting) {
      isForgetting = true;
      queueMicrotask(() => {
        boxes = new Map();
        isForgetting = false;
      });
    }
    if (!boxes.has(nodeId)) boxes.set(nodeId, measure(nodeId));
    return boxes.get(nodeId);
  }

  function measure(nodeId: number): Box | undefined {
    const node = replayer.findNode(nodeId);
    if (node?.nodeType !== 1 || !node.isConnected) return undefined;
    const { left, top, width, height } = (node as Element).getBoundingClientRect();
    const offset = frameOffset(node, replayer.document);
    return { x: left + offset.x, y: top + offset.y, width, height };
  }

  function elementAt({ x, y }: Point): Element | undefined {
    let root: Document | ShadowRoot = replayer.document;
    let [left, top] = [x, y];
    for (let depth = 0; depth < 20; depth += 1) {
      const found: Element | null = root.elementFromPoint(left, top);
      if (found === null) return 'host' in root ? root.host : undefined;
      const inner: Document | null = found.nodeName === 'IFRAME' ? (found as HTMLIFrameElement).contentDocument : null;
      if (inner !== null && inner.documentElement !== null) {
        const box = found.getBoundingClientRect();
        left -= box.left + found.clientLeft;
        top -= box.top + found.clientTop;
        root = inner;
      } else if (found.shadowRoot !== null && found.shadowRoot !== root) {
        root = found.shadowRoot;
      } else {
        return found;
      }
      if (root.elementFromPoint(left, top) === null) return found;
    }
    return undefined;
  }

  function knownElement(start: Element): { element: Element; nodeId: number } | undefined {
    let element: Element | null = start;
    while (element !== null) {
      const nodeId = replayer.idOf(element);
      if (nodeId > 0) return { element, nodeId };
      const root = element.getRootNode();
      element = element.parentElement ?? ('host' in root ? (root as ShadowRoot).host : null);
    }
    return undefined;
  }

  return {
    elementAt,
    knownElement,
    boxOf,
    toPlace(point) {
      const element = elementAt(point);
      const known = element === undefined ? undefined : knownElement(element);
      const box = known === undefined ? undefined : boxOf(known.nodeId);
      if (known === undefined || box === undefined || box.width <= 0 || box.height <= 0) return undefined;
      return {
        nodeId: known.nodeId,
        x: toFraction(point.x - box.x, box.width),
        y: toFraction(point.y - box.y, box.height),
      };
    },
    toPoint({ nodeId, x, y }) {
      const box = boxOf(nodeId);
      return box === undefined ? undefined : { x: box.x + x * box.width, y: box.y + y * box.height };
    },
  };
}

function toFraction(distance: number, length: number): number {
  return Math.min(2, Math.max(-1, Math.round((distance / length) * 1e5) / 1e5));
}
