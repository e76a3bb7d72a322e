import { EventType, IncrementalSource, type mutationData } from '@rrweb/types';
import { expect, test } from 'vitest';
import type { StreamEvent } from '../stream-events.ts';
import { keepLastValues } from './last-values.ts';

const mutation = (part: Partial<mutationData>): StreamEvent => ({
  type: EventType.IncrementalSnapshot,
  timestamp: 1,
  data: { source: IncrementalSource.Mutation, texts: [], attributes: [], adds: [], removes: [], ...part },
});

test('[B5] of many values within one batch the last one is sent, and what came or went stays in order', () => {
  const removal = mutation({ removes: [{ id: 9, parentId: 2 }], texts: [{ id: 3, value: 'second' }] });
  const kept = keepLastValues([
    mutation({ texts: [{ id: 3, value: 'first' }] }),
    removal,
    mutation({ texts: [{ id: 3, value: 'third' }], attributes: [{ id: 4, attributes: { class: 'b' } }] }),
    mutation({ attributes: [{ id: 4, attributes: { class: 'c', title: 'x' } }] }),
  ]);
  expect(kept).toEqual([
    mutation({ removes: [{ id: 9, parentId: 2 }] }),
    mutation({ texts: [{ id: 3, value: 'third' }] }),
    mutation({ attributes: [{ id: 4, attributes: { class: 'c', title: 'x' } }] }),
  ]);
});

test('[B5] changed properties of a style add up, and a style as a whole ends what was before it', () => {
  const style = (value: string | Record<string, string | false>) =>
    mutation({ attributes: [{ id: 4, attributes: { style: value } }] });
  expect(keepLastValues([style({ top: '1px', left: '1px' }), style({ top: '2px' }), style({ top: false })])).toEqual([
    style({ top: false, left: '1px' }),
  ]);
  expect(keepLastValues([style({ top: '1px' }), style('color: red')])).toEqual([style('color: red')]);
  expect(keepLastValues([style('color: red'), style({ top: '2px' })])).toEqual([
    style('color: red'),
    style({ top: '2px' }),
  ]);
});

test('[B5] an attribute that is taken away is not brought back by an earlier value', () => {
  const attribute = (value: string | null) => mutation({ attributes: [{ id: 4, attributes: { hidden: value } }] });
  expect(keepLastValues([attribute(''), attribute(null)])).toEqual([attribute(null)]);
});
