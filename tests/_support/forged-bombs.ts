import { changed, element, meta, snapshot, text } from './forged-page.ts';
import { packFrame } from './forged-stream.ts';

function nested(depth: number): object {
  let inner: object = element('b', {}, [text('deep')]);
  for (let level = 0; level < depth; level += 1) inner = element('div', {}, [inner]);
  return inner;
}

const manyAttributes = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, '']));

/** In the place of ids, of numbers, of anything. What is no number in JSON comes as null. */
const MADE_UP = [-1, 0, 0.5, 1e308, Number.NaN, 2 ** 53, '__proto__', 'constructor', [], {}, 999_999];

const madeUpEvents = (id: unknown): object[] => [
  changed({
    texts: [{ id, value: 'x' }],
    attributes: [{ id, attributes: { class: 'x' } }],
    removes: [{ parentId: id, id }],
  }),
  changed({ adds: [{ parentId: id, nextId: id, previousId: id, node: element('p', { id: 'x' }) }] }),
  changed({ adds: [{ parentId: 5, nextId: null, node: { ...element('p'), id } }] }),
  { type: id, timestamp: id, data: id },
  { type: 3, timestamp: 2, data: { source: id, id, positions: id } },
  { type: 5, timestamp: 2, data: { tag: id, payload: id } },
];

/** What no browser has ever sent: frames of one stream, the first of them a key frame. Made only when it is its turn. */
export const FORGED_BOMBS: readonly [what: string, make: () => Uint8Array[]][] = [
  ['a tree of 300,000 elements', () => [packFrame(snapshot(Array.from({ length: 300_000 }, () => element('p'))))]],
  ['a tree 1,000 levels deep', () => [packFrame(snapshot([nested(1_000)]))]],
  ['JSON 100,000 levels deep', () => [packFrame(`[${'['.repeat(100_000)}${']'.repeat(100_000)}]`)]],
  ['an element with a million attributes', () => [packFrame(snapshot([element('p', manyAttributes(1_000_000))]))]],
  ['a text of twenty megabytes', () => [packFrame(snapshot([text('x'.repeat(20_000_000))]))]],
  ['two hundred megabytes of nothing', () => [packFrame(Buffer.alloc(200_000_000))]],
  ['bytes that are no frame', () => [Buffer.alloc(60_000, 0xff), Buffer.from('[{"type":2}]')]],
  [
    'numbers that mean nothing, and names that every object has',
    () => [
      packFrame(
        snapshot([
          element('p', { constructor: 'x', ['__proto__']: 'y', toString: 'z' }),
          { type: 2, id: -1, tagName: '__proto__', attributes: {}, childNodes: [] },
        ]),
      ),
      ...MADE_UP.map((id) => packFrame(madeUpEvents(id))),
    ],
  ],
  ['a page in itself', () => [packFrame([meta, meta]), packFrame(snapshot([...snapshot([]), ...snapshot([])]))]],
];
