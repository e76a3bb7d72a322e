import type { eventWithTime } from '@rrweb/types';

/**
 * What a frame carries: the recorder library's events, and events of our own as its "custom" events, whose tags begin
 * with `foyer:`. Node ids are those of the recorder's mirror and hold within one epoch.
 */
export type StreamEvent = eventWithTime;

/** Payloads of our own events by tag. */
export interface OwnEvents {
  /** The address changed without a load. Origin and path alone. */
  'foyer:route': { url: string; title: string };
  /** What the visitor's window shows: size in CSS px, and the zoomed part of it. */
  'foyer:viewport': {
    width: number;
    height: number;
    offsetLeft: number;
    offsetTop: number;
    scale: number;
    devicePixelRatio: number;
    isTouch: boolean;
  };
  /** To notice that both sides no longer show the same: see `toDigest`. */
  'foyer:digest': { nodeCount: number; digest: number };
  /** State that the recorder library does not carry. Absent fields are unchanged. */
  'foyer:state': {
    nodeId: number;
    isIndeterminate?: boolean;
    /** Indexes of a select's chosen options. */
    selected?: number[];
    isPopoverOpen?: boolean;
    /** End state of Web Animations: computed values by property. */
    animated?: Record<string, string>;
  };
  /** Nodes whose content cannot be carried, and why: the viewer says so in their place. */
  'foyer:not-shown': {
    nodes: { nodeId: number; because: 'canvas' | 'closed-shadow-root' | 'foreign-frame' | 'media' | 'plugin' }[];
    /** How many fonts are in use that nobody but the visitor's browser can read; absent is unchanged. */
    fonts?: number;
  };
  /** Fonts a script has added, as CSS rules whose addresses are asset keys. */
  'foyer:fonts': { css: string };
  /** Flood control is on: changes come in larger steps. */
  'foyer:reduced': { tickMs: number };
}

/** Addresses in frames: `foyer-asset:12` is the asset with key 12 of this epoch. No other address is ever loaded. */
export const ASSET_SCHEME = 'foyer-asset:';

/** Attribute that stands for an element whose content is hidden; its size is kept. */
export const HIDDEN_ATTRIBUTE = 'data-foyer-hidden';
/** Attributes a page author may set: never sent at all, or masked, or seen and never changed by an agent. */
export const AUTHOR_ATTRIBUTE = 'data-foyer';

/**
 * Which nodes both sides compare: elements and texts whose id is a multiple of this, so that about 200 are taken.
 * `nodeCount` is the visitor's, from `foyer:digest`: the elements and texts that were sent and are still on the page,
 * those in frames and shadow trees too. Texts of textareas are left out: what one holds is its value. Texts of
 * style elements count as 0 characters long: style sheets are rewritten.
 */
export function toDigestStep(nodeCount: number): number {
  return Math.max(1, Math.round(nodeCount / 200));
}

/**
 * FNV-1a over id, parent id and text length of the nodes given, in ascending order of id. The parent of the topmost
 * nodes of a shadow tree is its host; elements have no text of their own: 0.
 */
export function toDigest(nodes: Iterable<{ id: number; parentId: number; textLength: number }>): number {
  let hash = 0x811c9dc5;
  for (const { id, parentId, textLength } of nodes) {
    for (const value of [id, parentId, textLength]) {
      hash = Math.imul(hash ^ (value & 0xff), 0x01000193);
      hash = Math.imul(hash ^ ((value >>> 8) & 0xff), 0x01000193);
      hash = Math.imul(hash ^ ((value >>> 16) & 0xff), 0x01000193);
    }
  }
  return hash >>> 0;
}
