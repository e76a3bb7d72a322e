import type { SharedPlace } from '../../../protocol/sharing.ts';
import { boxOf, elementAt, isElement, parentOf, type Box, type Point } from './composed-tree.ts';

/** Between points of this window and places on the page, which are the same in every window. */
export interface PagePlaces {
  boxOfNode(nodeId: number): Box | undefined;
  toPoint(place: SharedPlace): Point | undefined;
  toPlace(point: Point): SharedPlace | undefined;
  /** Boxes are measured once for each picture: many points of a stroke lie in one element. */
  forget(): void;
}

export interface PagePlacesOptions {
  nodeOf(id: number): Node | null;
  idOf(node: Node): number;
  isOwn(node: Node): boolean;
}

export function createPagePlaces({ nodeOf, idOf, isOwn }: PagePlacesOptions): PagePlaces {
  let boxes = new Map<number, Box | undefined>();

  const boxOfNode = (nodeId: number): Box | undefined => {
    if (boxes.has(nodeId)) return boxes.get(nodeId);
    const node = nodeOf(nodeId);
    const box = isElement(node) && node.isConnected ? boxOf(node) : undefined;
    boxes.set(nodeId, box);
    return box;
  };

  return {
    boxOfNode,
    toPoint({ nodeId, x, y }) {
      const box = boxOfNode(nodeId);
      return box && { x: box.x + x * box.width, y: box.y + y * box.height };
    },
    toPlace(point) {
      for (let at = elementAt(point, isOwn); at; at = parentOf(at)) {
        const nodeId = idOf(at);
        const box = nodeId > 0 ? boxOf(at) : undefined;
        if (box && box.width > 0 && box.height > 0) {
          return { nodeId, x: toFraction(point.x - box.x, box.width), y: toFraction(point.y - box.y, box.height) };
        }
      }
      return undefined;
    },
    forget() {
      boxes = new Map();
    },
  };
}

function toFraction(distance: number, length: number): number {
  return Math.min(2, Math.max(-1, Math.round((distance / length) * 1e5) / 1e5));
}
