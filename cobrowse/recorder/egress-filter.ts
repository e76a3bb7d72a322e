import {
  EventType,
  IncrementalSource,
  type eventWithTime,
  type incrementalData,
  type mutationData,
} from '@rrweb/types';
import { STANDING } from '../privacy.ts';
import type { OwnEvents, StreamEvent } from '../stream-events.ts';
import { nextSiblingOf, tagOf } from '../untouched-dom.ts';
import { cleanAttributes, cleanSheet, maskValue, reduceAddress, type SomeAttributes } from './egress-attributes.ts';
import { cleanNode, cleanText, type EgressHelp } from './egress-nodes.ts';
import { rewriteStyle } from './style-text.ts';

export interface FilterOptions extends EgressHelp {
  /** Something that was sent is hidden now, or the other way round: only a new key frame puts that right. */
  reportNewStanding(): void;
  tell<Tag extends keyof OwnEvents>(tag: Tag, payload: OwnEvents[Tag]): void;
}

/** Lets through of each recorded event what may leave the page now; see `cleanNode`. */
export function createEgressFilter(options: FilterOptions): (event: eventWithTime) => StreamEvent | undefined {
  const { mirror, sent, privacy } = options;

  const isShown = (id: number): boolean => {
    const node = sent.has(id) ? mirror.getNode(id) : null;
    return node !== null && privacy.standingOf(node) === STANDING.shown;
  };
  /** Where a page has been scrolled to says nothing as long as it is masked by default alone. */
  const mayScroll = (id: number): boolean => {
    const node = sent.isOpen(id) ? mirror.getNode(id) : null;
    return node !== null && !(privacy.standingOf(node) & (STANDING.masked | STANDING.blocked));
  };
  /** Where the sheets stand that scripts have made, by the library's number; what was never sent is not in here. */
  const sheetStandings = new Map<number, number>();
  /** Undefined when nothing of this sheet may be sent. A change of one names its element or its number. */
  const findSheetStanding = (id: number | undefined, styleId?: number): number | undefined => {
    if (styleId !== undefined) return sheetStandings.get(styleId);
    const node = id !== undefined && sent.has(id) ? mirror.getNode(id) : null;
    const standing = node ? privacy.standingOf(node) : STANDING.blocked;
    return standing & STANDING.blocked ? undefined : standing;
  };
  /** The id that what is added now comes before: siblings that are not sent are passed over. */
  const findNextSent = (nextId: number | null): number | null => {
    for (let node = nextId === null ? null : mirror.getNode(nextId); node; node = nextSiblingOf(node)) {
      const id = mirror.getId(node);
      if (sent.has(id)) return id;
    }
    return null;
  };

  const cleanMutation = (data: mutationData): mutationData | undefined => {
    const removes = data.removes.filter(({ id, parentId }) => sent.has(id) && sent.has(parentId));
    // What only moved comes again with the added ones, unless it has moved to where nothing is sent.
    for (const { id } of removes) {
      const moved = mirror.getNode(id);
      if (moved) sent.remove(moved);
    }
    const adds: mutationData['adds'] = [];
    for (const add of data.adds) {
      if (!sent.isOpen(add.parentId)) continue;
      const node = cleanNode(add.node, options);
      if (node) adds.push({ ...add, nextId: findNextSent(add.nextId), node });
    }
    const texts: mutationData['texts'] = [];
    for (const { id, value } of data.texts) {
      const node = sent.has(id) ? mirror.getNode(id) : null;
      const text = node && cleanText(node, value ?? '', options);
      if (node && privacy.standingOf(node) !== sent.standingOf(id)) options.reportNewStanding();
      if (text !== null && text !== undefined) texts.push({ id, value: text });
    }
    const attributes: mutationData['attributes'] = [];
    for (const { id, attributes: recorded } of data.attributes) {
      const element = sent.has(id) ? (mirror.getNode(id) as Element | null) : null;
      if (!element || options.isOwnInterface(element, tagOf(element))) continue;
      const standing = privacy.standingOf(element);
      if (standing !== sent.standingOf(id)) options.reportNewStanding();
      if (standing & STANDING.blocked || !sent.isOpen(id)) continue;
      const clean = cleanAttributes(element, recorded as SomeAttributes, standing, options);
      if (Object.keys(clean).length > 0) {
        attributes.push({ id, attributes: clean as (typeof data.attributes)[number]['attributes'] });
      }
    }
    const isEmpty = adds.length + removes.length + texts.length + attributes.length === 0;
    return isEmpty ? undefined : { ...data, adds, removes, texts, attributes };
  };

  const cleanData = (data: incrementalData): incrementalData | undefined => {
    switch (data.source) {
      case IncrementalSource.Mutation:
        return cleanMutation(data);
      case IncrementalSource.MouseMove:
      case IncrementalSource.TouchMove:
      case IncrementalSource.Drag: {
        const positions = data.positions.filter(({ id }) => isShown(id));
        return positions.length > 0 ? { ...data, positions } : undefined;
      }
      case IncrementalSource.MouseInteraction:
        return isShown(data.id) ? data : undefined;
      case IncrementalSource.Scroll:
        return mayScroll(data.id) ? data : undefined;
      case IncrementalSource.ViewportResize:
        return data;
      case IncrementalSource.Input:
        return cleanInput(data);
      case IncrementalSource.StyleSheetRule: {
        const { adds, replace, replaceSync } = data;
        const standing = findSheetStanding(data.id, data.styleId);
        if (standing === undefined) return undefined;
        const clean = { ...data };
        if (adds) clean.adds = adds.map((add) => ({ ...add, rule: cleanSheet(add.rule, standing, options) }));
        if (replace !== undefined) clean.replace = cleanSheet(replace, standing, options);
        if (replaceSync !== undefined) clean.replaceSync = cleanSheet(replaceSync, standing, options);
        return clean;
      }
      case IncrementalSource.StyleDeclaration: {
        const standing = findSheetStanding(data.id, data.styleId);
        if (standing === undefined) return undefined;
        const { set } = data;
        if (!set || set.value === null) return data;
        const isWords = /^(?:--|content$|quotes$)/.test(set.property) || /["']/.test(set.value);
        if (standing !== STANDING.shown && isWords) return undefined;
        return { ...data, set: { ...set, value: rewriteStyle(set.value, options.toAssetKey, true) } };
      }
      case IncrementalSource.AdoptedStyleSheet: {
        const standing = findSheetStanding(data.id);
        if (standing === undefined) return undefined;
        const { styles, ...rest } = data;
        for (const styleId of data.styleIds) {
          // Where one of its places can be read, so can the sheet.
          sheetStandings.set(styleId, standing & (sheetStandings.get(styleId) ?? standing));
        }
        return {
          ...rest,
          ...(styles && {
            styles: styles.map(({ styleId, rules }) => ({
              styleId,
              rules: rules.map((rule) => ({ ...rule, rule: cleanSheet(rule.rule, standing, options) })),
            })),
          }),
        };
      }
      case IncrementalSource.Selection: {
        const ranges = data.ranges.filter(({ start, end }) => isShown(start) && isShown(end));
        return ranges.length > 0 || data.ranges.length === 0 ? { ...data, ranges } : undefined;
      }
      default:
        return undefined;
    }
  };

  const cleanInput = (
    data: Extract<incrementalData, { source: IncrementalSource.Input }>,
  ): incrementalData | undefined => {
    const field = sent.has(data.id) ? (mirror.getNode(data.id) as HTMLInputElement | null) : null;
    if (field === null) return undefined;
    const standing = privacy.standingOf(field);
    if (standing !== sent.standingOf(data.id)) options.reportNewStanding();
    if (standing & STANDING.blocked) return undefined;
    if (field.localName === 'select') {
      if (standing === STANDING.shown) options.tell('foyer:state', toSelected(data.id, field));
      return undefined;
    }
    if (field.type === 'checkbox' || field.type === 'radio') {
      return standing === STANDING.shown ? { ...data, text: '' } : undefined;
    }
    return { ...data, text: standing === STANDING.shown ? data.text : maskValue(data.text) };
  };

  return (event) => {
    privacy.forget();
    switch (event.type) {
      case EventType.Meta:
        return { ...event, data: { ...event.data, href: reduceAddress(event.data.href, event.data.href) } };
      case EventType.FullSnapshot: {
        sent.clear();
        const node = cleanNode(event.data.node, options);
        return node && { ...event, data: { ...event.data, node } };
      }
      case EventType.IncrementalSnapshot: {
        const data = cleanData(event.data);
        return data && { ...event, data };
      }
      default:
        return undefined;
    }
  };
}

export function toSelected(nodeId: number, field: Element): OwnEvents['foyer:state'] {
  const { options } = field as HTMLSelectElement;
  return { nodeId, selected: Array.from(options).flatMap(({ selected }, index) => (selected ? [index] : [])) };
}
