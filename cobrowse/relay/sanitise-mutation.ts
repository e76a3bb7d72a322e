import { DROPPED } from './node-table.ts';
import { cleanAttribute, cleanStyleChanges } from './sanitise-attributes.ts';
import type { AttributeValue } from './sanitise-attributes.ts';
import { cleanNode, cleanText, isNodeId, NODE_TYPE } from './sanitise-nodes.ts';
import type { CleanContext, CleanNode } from './sanitise-nodes.ts';

/** Of each of the four lists in one event. A page that changes more at once sends a key frame. */
const MAX_CHANGES = 100_000;
const MAX_ATTRIBUTES = 256;

type Fields = Record<string, unknown>;
type ChangedAttribute = AttributeValue | null | Record<string, string | [string, string] | false>;

export interface CleanMutation {
  source: 0;
  texts: { id: number; value: string | null }[];
  attributes: { id: number; attributes: Record<string, ChangedAttribute> }[];
  removes: { parentId: number; id: number; isShadow?: true }[];
  adds: { parentId: number; nextId: number | null; node: CleanNode }[];
  isAttachIframe?: true;
}

/** Reports what was left out because it named a node that this page has not introduced. */
export interface MutationContext extends CleanContext {
  onUnknownNode(): void;
}

/** A change of the tree in the order in which the viewer applies it; undefined when nothing of it remains. */
export function cleanMutation(given: Fields, context: MutationContext): CleanMutation | undefined {
  const clean: CleanMutation = { source: 0, texts: [], attributes: [], removes: [], adds: [] };
  for (const entry of listOf(given['removes'])) addRemove(entry, clean, context);
  for (const entry of listOf(given['adds'])) addAdd(entry, clean, context);
  for (const entry of listOf(given['texts'])) addText(entry, clean, context);
  for (const entry of listOf(given['attributes'])) addAttributes(entry, clean, context);
  if (given['isAttachIframe'] === true) clean.isAttachIframe = true;
  const count = clean.texts.length + clean.attributes.length + clean.removes.length + clean.adds.length;
  return count > 0 ? clean : undefined;
}

function addRemove({ id, parentId, isShadow }: Fields, clean: CleanMutation, context: MutationContext): void {
  if (!isNodeId(id) || !isNodeId(parentId)) return;
  if (!isPresent(id, context) || !isPresent(parentId, context)) return;
  clean.removes.push(isShadow === true ? { parentId, id, isShadow } : { parentId, id });
}

function addAdd({ parentId, nextId, node }: Fields, clean: CleanMutation, context: MutationContext): void {
  if (!isNodeId(parentId)) return;
  const parentKind = kindOf(parentId, context);
  if (parentKind === undefined) return;
  if (parentKind === DROPPED) {
    // So that what is told about it later is passed over as silently.
    const id = (node as Fields | null | undefined)?.['id'];
    if (isNodeId(id)) context.nodes.add(id, DROPPED, parentId);
    return;
  }
  // Nothing but the elements of a page hold nodes; a text with a child throws in the viewer.
  if (parentKind.startsWith('#') && parentKind !== '#document') return;
  const isDocument = (node as Fields | null | undefined)?.['type'] === NODE_TYPE.document;
  if (isDocument !== (parentKind === 'iframe')) return;
  const place = { parentId, parentKind };
  const cleanContext = isDocument ? { ...context, seen: new Set<number>() } : context;
  const added = cleanNode(node, place, cleanContext, isDocument);
  if (!added) return context.onUnknownNode();
  const next = isNodeId(nextId) && context.nodes.kindOf(nextId) !== undefined ? nextId : null;
  clean.adds.push({ parentId, nextId: next, node: added });
}

function addText({ id, value }: Fields, clean: CleanMutation, context: MutationContext): void {
  if (!isNodeId(id)) return;
  const kind = kindOf(id, context);
  if (kind !== '#text' && kind !== '#style-text') return;
  const text = value === null ? null : cleanText(value, kind === '#style-text', context);
  if (text !== undefined) clean.texts.push({ id, value: text });
}

function addAttributes({ id, attributes }: Fields, clean: CleanMutation, context: MutationContext): void {
  if (!isNodeId(id) || typeof attributes !== 'object' || attributes === null) return;
  const kind = kindOf(id, context);
  if (kind === undefined || kind.startsWith('#')) return;
  const kept: Record<string, ChangedAttribute> = {};
  let count = 0;
  for (const name in attributes) {
    if (!Object.hasOwn(attributes, name)) continue;
    if ((count += 1) > MAX_ATTRIBUTES) break;
    const value: unknown = (attributes as Fields)[name];
    const cleaned = cleanChange(kind, name, value, context);
    if (cleaned !== undefined) kept[name] = cleaned;
  }
  if (Object.keys(kept).length > 0) clean.attributes.push({ id, attributes: kept });
}

function cleanChange(
  kind: string,
  name: string,
  value: unknown,
  { keepSvg }: MutationContext,
): ChangedAttribute | undefined {
  if (value === null) return /^[a-z_:][\w:.-]{0,119}$/i.test(name) ? null : undefined;
  if (typeof value !== 'object') {
    const cleaned = cleanAttribute(kind, name, value, keepSvg);
    // What may not be set is taken away: the old value would stand for the new one.
    return cleaned === undefined && /^(?:src|srcset|poster|href|xlink:href)$/i.test(name) ? null : cleaned;
  }
  return name === 'style' ? cleanStyleChanges(value, keepSvg) : undefined;
}

function listOf(value: unknown): Fields[] {
  if (!Array.isArray(value)) return [];
  const list = (value.length > MAX_CHANGES ? value.slice(0, MAX_CHANGES) : value) as unknown[];
  return list.filter((entry): entry is Fields => typeof entry === 'object' && entry !== null);
}

/** Counts an id that was never introduced. */
function kindOf(id: number, context: MutationContext): string | undefined {
  const kind = context.nodes.kindOf(id);
  if (kind === undefined) context.onUnknownNode();
  return kind;
}

function isPresent(id: number, context: MutationContext): boolean {
  return kindOf(id, context) !== undefined;
}
