/** Nodes of one key frame and what followed. Above it the page is asked to begin anew. */
export const MAX_NODES = 250_000;
/** As deep as a browser's own parser builds a tree; deeper ones can exhaust the stack of the agent's browser. */
export const MAX_DEPTH = 512;

interface KnownNode {
  /** Lower-case tag name (`svg:` before it within a picture), or `#text`, `#style-text`, `#document`, … */
  kind: string;
  parentId: number;
  /** Levels below it: grows only, so a branch that moves can never become deeper than it claims. */
  height: number;
}

/** What was left out of the tree. What hangs below it is left out silently. */
export const DROPPED = '#dropped';

/**
 * The nodes a page has introduced since its last key frame. An id keeps its kind for as long as that: the viewer may
 * use the node it has built under another parent, where its content would be judged by other rules.
 */
export interface NodeTable {
  readonly size: number;
  kindOf(id: number): string | undefined;
  parentOf(id: number): number | undefined;
  /** False when it must not be added: too many, too deep, or the id stands for something else already. */
  add(id: number, kind: string, parentId: number): boolean;
  clear(): void;
}

export function createNodeTable(): NodeTable {
  const nodes = new Map<number, KnownNode>();

  /** The depth of a new child of this node; beyond the limit for a ring, which a forged move can make. */
  function depthBelow(parentId: number): number {
    let depth = 1;
    let id = parentId;
    while (id !== 0) {
      if (depth > MAX_DEPTH) return depth;
      id = nodes.get(id)?.parentId ?? 0;
      depth += 1;
    }
    return depth;
  }

  function raise(parentId: number, height: number): void {
    let id = parentId;
    let wanted = height;
    for (let node = nodes.get(id); node && node.height < wanted; node = nodes.get(id)) {
      node.height = wanted;
      wanted += 1;
      id = node.parentId;
    }
  }

  return {
    get size() {
      return nodes.size;
    },
    kindOf: (id) => nodes.get(id)?.kind,
    parentOf: (id) => nodes.get(id)?.parentId,
    add(id, kind, parentId) {
      const known = nodes.get(id);
      if (known && known.kind !== kind) return false;
      if (!known && nodes.size >= MAX_NODES) return false;
      if (depthBelow(parentId) + (known?.height ?? 0) > MAX_DEPTH) return false;
      if (known) known.parentId = parentId;
      else nodes.set(id, { kind, parentId, height: 0 });
      raise(parentId, (known?.height ?? 0) + 1);
      return true;
    },
    clear: () => nodes.clear(),
  };
}
