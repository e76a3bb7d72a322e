import type { ActRefusal } from '../../../../protocol/sharing.ts';
import type { HostToolsOptions } from '../../host-tools.ts';
import { isElement, parentOf, type Point } from '../composed-tree.ts';

/** Ends an act with the reason that the agent is told. */
export class RefusedAct extends Error {
  override readonly name = 'RefusedAct';
  readonly refusal: ActRefusal;

  constructor(refusal: ActRefusal) {
    super(refusal);
    this.refusal = refusal;
  }
}

export function refuse(refusal: ActRefusal): never {
  throw new RefusedAct(refusal);
}

export type ActRules = Pick<HostToolsOptions, 'nodeOf' | 'visibilityOf' | 'isReadOnly' | 'isOwnInterface'>;

/** The element with this id, as far as an agent may know it. @throws {RefusedAct} */
export function requireKnown(nodeId: number, rules: ActRules): HTMLElement {
  const node = rules.nodeOf(nodeId);
  if (!isElement(node) || !node.isConnected) return refuse('gone');
  if (isWithin(node, rules.isOwnInterface)) refuse('own-interface');
  if (rules.visibilityOf(node) === 'block') refuse('private');
  return node;
}

/** @throws {RefusedAct} unless an agent may change this element */
export function requireChangeable(element: Element, rules: ActRules): void {
  if (isWithin(element, rules.isOwnInterface)) refuse('own-interface');
  if (rules.visibilityOf(element) !== 'show') refuse('private');
  if (rules.isReadOnly(element)) refuse('read-only');
}

/** Whether what stands here for the visitor is ours, in front of whatever an agent sees on the copy. */
export function isOwnAt({ x, y }: Point, { isOwnInterface }: ActRules): boolean {
  const front = document.elementFromPoint(x, y);
  return front !== null && isWithin(front, isOwnInterface);
}

function isWithin(element: Element, isWanted: (element: Element) => boolean): boolean {
  for (let at: Element | null = element; at; at = parentOf(at)) if (isWanted(at)) return true;
  return false;
}
