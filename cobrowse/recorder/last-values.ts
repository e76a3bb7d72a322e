import { EventType, IncrementalSource, type mutationData, type styleOMValue } from '@rrweb/types';
import type { StreamEvent } from '../stream-events.ts';

type AttributeSet = mutationData['attributes'][number]['attributes'];

/**
 * Of the values that one attribute or text of one node took within a batch, keeps the last: a page that changes the same
 * thing a hundred times between two frames is told of once. What came or went, and in which order, stays as it is.
 */
export function keepLastValues(events: readonly StreamEvent[]): StreamEvent[] {
  const later: Later = { texts: new Set(), attributes: new Map() };
  const kept: StreamEvent[] = [];
  for (let index = events.length - 1; index >= 0; index -= 1) {
    const event = events[index];
    const thinned = event && thin(event, later);
    if (thinned) kept.unshift(thinned);
  }
  return kept;
}

/** What later events of the batch say already. */
interface Later {
  texts: Set<number>;
  attributes: Map<number, { names: Set<string>; style?: styleOMValue }>;
}

function thin(event: StreamEvent, later: Later): StreamEvent | undefined {
  if (event.type !== EventType.IncrementalSnapshot || event.data.source !== IncrementalSource.Mutation) return event;
  const { data } = event;
  const texts = data.texts.filter(({ id }) => !later.texts.has(id));
  for (const { id } of texts) later.texts.add(id);
  const attributes = data.attributes
    .map(({ id, attributes: set }) => ({ id, attributes: thinAttributes(id, set, later) }))
    .filter((change) => Object.keys(change.attributes).length > 0);
  const isEmpty = data.adds.length + data.removes.length + texts.length + attributes.length === 0;
  return isEmpty ? undefined : { ...event, data: { ...data, texts, attributes } };
}

function thinAttributes(id: number, set: AttributeSet, later: Later): AttributeSet {
  const known = later.attributes.get(id) ?? { names: new Set() };
  later.attributes.set(id, known);
  const kept: AttributeSet = {};
  for (const name of Object.keys(set)) {
    const value = set[name];
    if (value === undefined || known.names.has(name)) continue;
    // A style comes as a whole, or as the properties that changed: those are added to the later ones.
    if (name === 'style' && typeof value === 'object' && value !== null) {
      if (known.style === undefined) kept[name] = known.style = value;
      else for (const property of Object.keys(value)) known.style[property] ??= value[property] ?? false;
    } else {
      kept[name] = value;
      known.names.add(name);
    }
  }
  return kept;
}
