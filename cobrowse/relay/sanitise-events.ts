import { createNodeTable } from './node-table.ts';
import { isStyleProperty } from './sanitise-attributes.ts';
import { cleanCss } from './sanitise-css.ts';
import { cleanMutation } from './sanitise-mutation.ts';
import type { MutationContext } from './sanitise-mutation.ts';
import { cleanNode, isNodeId, TOP } from './sanitise-nodes.ts';
import { cleanOwnEvent } from './sanitise-own-events.ts';
import { toReadableAddress } from './sanitise-urls.ts';
import type { KeepSvg } from './sanitise-urls.ts';

/** As rrweb numbers its events and their sources. */
const EVENT = { contentLoaded: 0, load: 1, fullSnapshot: 2, incremental: 3, meta: 4, custom: 5 } as const;
const MAX_EVENTS = 20_000;
const MAX_POSITIONS = 2_000;
const MAX_RULES = 50_000;
const MAX_RULE_LENGTH = 1_000_000;
const MAX_SHEET_LENGTH = 4_000_000;

type Fields = Record<string, unknown>;

export interface CleanedFrame {
  /** The events that remain, as JSON. */
  events: string;
  hasSnapshot: boolean;
  /** How often a node was named that the page has not introduced. */
  unknownNodes: number;
  /** Events that are left out altogether. */
  droppedEvents: number;
}

/**
 * Makes of anything that a page may send what a viewer may build. Knows what the page has introduced since its last
 * key frame, so one cleaner serves one stream, frame after frame.
 */
export interface FrameCleaner {
  /** Undefined when it is not a frame at all: not JSON, not a list, or a key frame without a whole page. */
  clean(text: string, isKey: boolean): CleanedFrame | undefined;
  readonly nodeCount: number;
  forget(): void;
}

export function createFrameCleaner(options: { keepSvg?: KeepSvg } = {}): FrameCleaner {
  const nodes = createNodeTable();
  let unknownNodes = 0;
  const context: MutationContext = {
    nodes,
    keepSvg: options.keepSvg,
    onUnknownNode: () => (unknownNodes += 1),
  };
  return {
    clean(text, isKey) {
      let given: unknown;
      try {
        given = JSON.parse(text);
      } catch {
        return undefined;
      }
      if (!Array.isArray(given) || given.length > MAX_EVENTS) return undefined;
      unknownNodes = 0;
      if (isKey) nodes.clear();
      const events: object[] = [];
      let hasSnapshot = false;
      for (const event of given as unknown[]) {
        const clean = cleanEvent(event, context, isKey && !hasSnapshot);
        if (!clean) continue;
        if (clean.type === EVENT.fullSnapshot) hasSnapshot = true;
        events.push(clean);
      }
      if (isKey && !hasSnapshot) return undefined;
      return { events: JSON.stringify(events), hasSnapshot, unknownNodes, droppedEvents: given.length - events.length };
    },
    get nodeCount() {
      return nodes.size;
    },
    forget: () => nodes.clear(),
  };
}

interface CleanEvent {
  type: number;
  data: object;
  timestamp: number;
}

function cleanEvent(given: unknown, context: MutationContext, maySnapshot: boolean): CleanEvent | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { type, data, timestamp } = given as Fields;
  if (typeof timestamp !== 'number' || !(timestamp >= 0 && timestamp <= 1e14)) return undefined;
  if (type === EVENT.contentLoaded || type === EVENT.load) return { type, data: {}, timestamp };
  if (typeof data !== 'object' || data === null || typeof type !== 'number') return undefined;
  const clean = cleanData(type, data as Fields, context, maySnapshot);
  return clean && { type, data: clean, timestamp };
}

function cleanData(type: number, data: Fields, context: MutationContext, maySnapshot: boolean): object | undefined {
  switch (type) {
    case EVENT.fullSnapshot:
      return maySnapshot ? cleanSnapshot(data, context) : undefined;
    case EVENT.incremental:
      return cleanIncremental(data, context);
    case EVENT.meta: {
      const { href, width, height } = data;
      if (!isSize(width) || !isSize(height)) return undefined;
      return { href: typeof href === 'string' ? toReadableAddress(href) : '', width, height };
    }
    case EVENT.custom: {
      const payload = cleanOwnEvent(data['tag'], data['payload'], context);
      return payload && { tag: data['tag'], payload };
    }
    default:
      return undefined;
  }
}

function cleanSnapshot({ node, initialOffset }: Fields, context: MutationContext): object | undefined {
  const tree = cleanNode(node, TOP, { ...context, seen: new Set() }, true);
  if (!tree || tree.type !== 0) return undefined;
  const { top, left } = (initialOffset ?? {}) as Fields;
  return { node: tree, initialOffset: { top: isPlace(top) ? top : 0, left: isPlace(left) ? left : 0 } };
}

function cleanIncremental(data: Fields, context: MutationContext): object | undefined {
  const { source } = data;
  switch (source) {
    case 0:
      return cleanMutation(data, context);
    case 1:
    case 6:
    case 12:
      return cleanPositions(source, data['positions'], context);
    case 2: {
      const { type, id, x, y, pointerType } = data;
      if (!isSmall(type, 10) || !isNode(id, context)) return undefined;
      const at = isPlace(x) && isPlace(y) ? { x, y } : {};
      return { source, type, id, ...at, ...(isSmall(pointerType, 2) && { pointerType }) };
    }
    case 3: {
      const { id, x, y } = data;
      return isNode(id, context) && isPlace(x) && isPlace(y) ? { source, id, x, y } : undefined;
    }
    case 4: {
      const { width, height } = data;
      return isSize(width) && isSize(height) ? { source, width, height } : undefined;
    }
    case 5: {
      const { id, text, isChecked, userTriggered } = data;
      if (!isNode(id, context) || typeof text !== 'string' || text.length > MAX_RULE_LENGTH) return undefined;
      const base = { source, id, text, isChecked: isChecked === true };
      return typeof userTriggered === 'boolean' ? { ...base, userTriggered } : base;
    }
    case 7:
      return cleanMedia(data, context);
    case 8:
      return cleanSheetChange(data, context);
    case 13:
      return cleanDeclarationChange(data, context);
    case 14:
      return cleanSelection(data['ranges'], context);
    case 15:
      return cleanAdopted(data, context);
    default:
      return undefined;
  }
}

function cleanPositions(source: number, given: unknown, context: MutationContext): object | undefined {
  const positions: object[] = [];
  for (const entry of listOf(given, MAX_POSITIONS)) {
    const { x, y, id, timeOffset } = entry;
    if (!isPlace(x) || !isPlace(y) || !isNode(id, context)) continue;
    const offset = typeof timeOffset === 'number' && timeOffset <= 0 && timeOffset > -60_000 ? timeOffset : 0;
    positions.push({ x, y, id, timeOffset: offset });
  }
  return positions.length > 0 ? { source, positions } : undefined;
}

function cleanMedia(data: Fields, context: MutationContext): object | undefined {
  const { type, id, currentTime, volume, muted, loop, playbackRate } = data;
  if (!isSmall(type, 4) || !isNode(id, context)) return undefined;
  return {
    source: 7,
    type,
    id,
    ...(isPlace(currentTime) && { currentTime }),
    ...(isShare(volume) && { volume }),
    ...(typeof muted === 'boolean' && { muted }),
    ...(typeof loop === 'boolean' && { loop }),
    ...(typeof playbackRate === 'number' && playbackRate > 0.05 && playbackRate < 17 && { playbackRate }),
  };
}

function cleanSheetChange(data: Fields, context: MutationContext): object | undefined {
  const target = cleanSheetTarget(data, context);
  if (!target) return undefined;
  const adds = cleanRules(data['adds'], context);
  const removes = listOf(data['removes'], MAX_RULES).flatMap(({ index }) => {
    const place = cleanIndex(index);
    return place === undefined ? [] : [{ index: place }];
  });
  const { replace, replaceSync } = data;
  return {
    source: 8,
    ...target,
    ...(adds.length > 0 && { adds }),
    ...(removes.length > 0 && { removes }),
    ...(isSheet(replace) && { replace: cleanCss(replace, context.keepSvg) }),
    ...(isSheet(replaceSync) && { replaceSync: cleanCss(replaceSync, context.keepSvg) }),
  };
}

function cleanRules(given: unknown, { keepSvg }: MutationContext): object[] {
  return listOf(given, MAX_RULES).flatMap(({ rule, index }) => {
    if (typeof rule !== 'string' || rule.length > MAX_RULE_LENGTH) return [];
    const place = cleanIndex(index);
    return [{ rule: cleanCss(rule, keepSvg), ...(place !== undefined && { index: place }) }];
  });
}

function cleanDeclarationChange(data: Fields, context: MutationContext): object | undefined {
  const target = cleanSheetTarget(data, context);
  const index = cleanIndex(data['index']);
  if (!target || !Array.isArray(index)) return undefined;
  const set = data['set'] as Fields | null | undefined;
  const remove = data['remove'] as Fields | null | undefined;
  const change: { set?: object; remove?: object } = {};
  if (typeof set?.['property'] === 'string' && isStyleProperty(set['property'])) {
    const { property, value, priority } = set;
    if (value === null || (typeof value === 'string' && value.length <= MAX_RULE_LENGTH)) {
      change.set = {
        property,
        value: value === null ? null : cleanCss(value, context.keepSvg),
        ...(priority === 'important' && { priority }),
      };
    }
  }
  if (typeof remove?.['property'] === 'string' && isStyleProperty(remove['property'])) {
    change.remove = { property: remove['property'] };
  }
  return change.set || change.remove ? { source: 13, ...target, index, ...change } : undefined;
}

function cleanSelection(given: unknown, context: MutationContext): object {
  const ranges = listOf(given, 100).flatMap(({ start, startOffset, end, endOffset }) =>
    isNode(start, context) && isNode(end, context) && isSmall(startOffset, 1e8) && isSmall(endOffset, 1e8)
      ? [{ start, startOffset, end, endOffset }]
      : [],
  );
  return { source: 14, ranges };
}

function cleanAdopted(data: Fields, context: MutationContext): object | undefined {
  const { id, styles, styleIds } = data;
  if (!isNode(id, context) || !Array.isArray(styleIds)) return undefined;
  const sheets = listOf(styles, 1_000).flatMap(({ styleId, rules }) =>
    isNodeId(styleId) ? [{ styleId, rules: cleanRules(rules, context) }] : [],
  );
  return {
    source: 15,
    id,
    ...(sheets.length > 0 && { styles: sheets }),
    styleIds: (styleIds.slice(0, 1_000) as unknown[]).filter(isNodeId),
  };
}

/** Either a style element or a constructed sheet. */
function cleanSheetTarget({ id, styleId }: Fields, context: MutationContext): object | undefined {
  if (isNodeId(styleId)) return { styleId };
  return isNode(id, context) ? { id } : undefined;
}

function cleanIndex(index: unknown): number | number[] | undefined {
  if (isSmall(index, 1e7)) return index;
  if (!Array.isArray(index) || index.length === 0 || index.length > 64) return undefined;
  return (index as unknown[]).every((part) => isSmall(part, 1e7)) ? (index as number[]) : undefined;
}

function listOf(value: unknown, most: number): Fields[] {
  if (!Array.isArray(value)) return [];
  return (value.slice(0, most) as unknown[]).filter(
    (entry): entry is Fields => typeof entry === 'object' && entry !== null,
  );
}

function isNode(id: unknown, context: MutationContext): id is number {
  if (!isNodeId(id)) return false;
  if (context.nodes.kindOf(id) !== undefined) return true;
  context.onUnknownNode();
  return false;
}

function isSheet(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_SHEET_LENGTH;
}

function isPlace(value: unknown): value is number {
  return typeof value === 'number' && value >= -1e7 && value <= 1e7;
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 100_000;
}

function isSmall(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}
