import { toDigest, toDigestStep } from '../../stream-events.ts';
import type { LiveReplayer } from './live-replayer.ts';

/** What `foyer:digest` says, of this copy: so many nodes, and a number over a sample of them. */
export function digestCopy(
  { nodeIds, findNode, idOf }: Pick<LiveReplayer, 'nodeIds' | 'findNode' | 'idOf'>,
  nodeCountOfVisitor: number,
): { nodeCount: number; digest: number } {
  const step = toDigestStep(nodeCountOfVisitor);
  const sample: { id: number; parentId: number; textLength: number }[] = [];
  let nodeCount = 0;
  for (const id of nodeIds()) {
    const node = findNode(id);
    // The library forgets neither the children of a removed shadow host nor those of a removed frame.
    if (node === undefined || !isCounted(node) || !isShown(node)) continue;
    nodeCount += 1;
    if (id % step !== 0) continue;
    const parent = toParent(node);
    sample.push({ id, parentId: parent === undefined ? 0 : idOf(parent), textLength: toTextLength(node) });
  }
  sample.sort((a, b) => a.id - b.id);
  return { nodeCount, digest: toDigest(sample) };
}

function isCounted(node: Node): boolean {
  return node.nodeType === 1 || (node.nodeType === 3 && node.parentNode?.nodeName !== 'TEXTAREA');
}

function isShown(node: Node): boolean {
  if (!node.isConnected) return false;
  const frame = node.ownerDocument?.defaultView?.frameElement;
  return frame !== null && frame !== undefined && frame.isConnected;
}

function toParent(node: Node): Node | undefined {
  const parent = node.parentNode;
  if (parent === null) return undefined;
  return parent.nodeType === 11 && 'host' in parent ? (parent as ShadowRoot).host : parent;
}

function toTextLength(node: Node): number {
  if (node.nodeType !== 3 || node.parentNode?.nodeName === 'STYLE') return 0;
  return node.nodeValue?.length ?? 0;
}
