import { composedParent, isElement, isText, nodeTypeOf, parentNodeOf, tagOf } from '../untouched-dom.ts';
import { toDigest, toDigestStep, type OwnEvents } from '../stream-events.ts';
import type { Mirror, SentNodes } from './sent-nodes.ts';

/** What both sides should hold now, in short: see `toDigestStep`. */
export function takeDigest(sent: SentNodes, mirror: Mirror): OwnEvents['foyer:digest'] {
  const present: { id: number; node: Node }[] = [];
  for (const [id, node] of sent.present()) {
    if (isElement(node) || (isText(node) && tagOf(parentNodeOf(node)) !== 'textarea')) present.push({ id, node });
  }
  const step = toDigestStep(present.length);
  const sample = present
    .filter(({ id }) => id % step === 0)
    .sort((a, b) => a.id - b.id)
    .map(({ id, node }) => ({ id, parentId: toParentId(node, mirror), textLength: toTextLength(node) }));
  return { nodeCount: present.length, digest: toDigest(sample) };
}

function toParentId(node: Node, mirror: Mirror): number {
  const parent = composedParent(node);
  // A shadow root has no id of its own.
  const known = parent !== null && nodeTypeOf(parent) === Node.DOCUMENT_FRAGMENT_NODE ? composedParent(parent) : parent;
  return known ? mirror.getId(known) : 0;
}

function toTextLength(node: Node): number {
  return isText(node) && tagOf(parentNodeOf(node)) !== 'style' ? node.data.length : 0;
}
