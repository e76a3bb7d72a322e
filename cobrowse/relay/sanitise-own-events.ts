import type { OwnEvents } from '../stream-events.ts';
import type { NodeTable } from './node-table.ts';
import { isStyleProperty } from './sanitise-attributes.ts';
import { cleanCss } from './sanitise-css.ts';
import { isNodeId } from './sanitise-nodes.ts';
import type { CleanContext } from './sanitise-nodes.ts';
import { toReadableAddress } from './sanitise-urls.ts';

type Fields = Record<string, unknown>;
type Cleaners = {
  [Tag in keyof OwnEvents]: (given: Fields, context: CleanContext) => OwnEvents[Tag] | undefined;
};

const MAX_LISTED = 2_000;
const MAX_FONT_CSS = 1_000_000;
const REASONS = new Set(['canvas', 'closed-shadow-root', 'foreign-frame', 'media', 'plugin'] as const);
type Reason = OwnEvents['foyer:not-shown']['nodes'][number]['because'];

/** The payload of one of our own events, field by field; undefined when tag or payload is not one of them. */
export function cleanOwnEvent(tag: unknown, payload: unknown, context: CleanContext): object | undefined {
  if (typeof tag !== 'string' || !Object.hasOwn(cleaners, tag)) return undefined;
  if (typeof payload !== 'object' || payload === null) return undefined;
  return cleaners[tag as keyof OwnEvents](payload as Fields, context);
}

const cleaners: Cleaners = {
  'foyer:route': ({ url, title }) =>
    typeof url === 'string' && typeof title === 'string'
      ? { url: toReadableAddress(url), title: title.slice(0, 300) }
      : undefined,
  'foyer:viewport': ({ width, height, offsetLeft, offsetTop, scale, devicePixelRatio, isTouch }) =>
    isWithin(width, 0, 1e5) &&
    isWithin(height, 0, 1e5) &&
    isWithin(offsetLeft, -1e6, 1e7) &&
    isWithin(offsetTop, -1e6, 1e7) &&
    isWithin(scale, 0.01, 100) &&
    isWithin(devicePixelRatio, 0.01, 100) &&
    typeof isTouch === 'boolean'
      ? { width, height, offsetLeft, offsetTop, scale, devicePixelRatio, isTouch }
      : undefined,
  'foyer:digest': ({ nodeCount, digest }) =>
    isCount(nodeCount) && isCount(digest) ? { nodeCount, digest } : undefined,
  'foyer:state': (given, context) => cleanState(given, context),
  'foyer:not-shown': ({ nodes, fonts }, context) => {
    if (!Array.isArray(nodes)) return undefined;
    const kept: { nodeId: number; because: Reason }[] = [];
    for (const entry of nodes.slice(0, MAX_LISTED) as unknown[]) {
      const { nodeId, because } = (entry ?? {}) as Fields;
      if (isKnown(nodeId, context.nodes) && REASONS.has(because as Reason)) {
        kept.push({ nodeId, because: because as Reason });
      }
    }
    if (isCount(fonts)) return { nodes: kept, fonts };
    return kept.length > 0 ? { nodes: kept } : undefined;
  },
  'foyer:fonts': ({ css }, { keepSvg }) =>
    typeof css === 'string' && css.length <= MAX_FONT_CSS ? { css: cleanCss(css, keepSvg) } : undefined,
  'foyer:reduced': ({ tickMs }) => (isWithin(tickMs, 0, 60_000) ? { tickMs } : undefined),
};

function cleanState(given: Fields, { nodes, keepSvg }: CleanContext): OwnEvents['foyer:state'] | undefined {
  const { nodeId, isIndeterminate, selected, isPopoverOpen, animated } = given;
  if (!isKnown(nodeId, nodes)) return undefined;
  const state: OwnEvents['foyer:state'] = { nodeId };
  if (typeof isIndeterminate === 'boolean') state.isIndeterminate = isIndeterminate;
  if (typeof isPopoverOpen === 'boolean') state.isPopoverOpen = isPopoverOpen;
  if (Array.isArray(selected)) {
    state.selected = (selected.slice(0, MAX_LISTED) as unknown[]).filter(
      (index): index is number => isCount(index) && index <= 10_000,
    );
  }
  if (typeof animated === 'object' && animated !== null) {
    const kept: Record<string, string> = {};
    for (const [name, value] of Object.entries(animated).slice(0, 100)) {
      if (isStyleProperty(name) && typeof value === 'string' && value.length <= 10_000) {
        kept[name] = cleanCss(value, keepSvg);
      }
    }
    state.animated = kept;
  }
  return state;
}

function isKnown(nodeId: unknown, nodes: NodeTable): nodeId is number {
  return isNodeId(nodeId) && nodes.kindOf(nodeId) !== undefined;
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
}
