import type { serializedNodeWithId } from '@rrweb/types';
import { describe, expect, test } from 'vitest';
import { toPictureSet } from './asset-addresses.ts';
import { cleanAttribute } from './clean-attributes.ts';
import { cleanChange } from './clean-events.ts';
import { cleanNode } from './clean-node.ts';

const place = {
  assetPath: '/cb-asset/t/',
  epoch: 3,
  tabId: 'tab',
  findElementName: (id: number) => (id === 7 ? 'IMG' : undefined),
};
const element = (tagName: string, attributes: object, childNodes: object[] = [], more: object = {}) =>
  ({ type: 2, id: 1, tagName, attributes, childNodes, ...more }) as serializedNodeWithId;
const cleaned = (node: serializedNodeWithId) => {
  cleanNode(node, place);
  return node as { tagName: string; attributes: object; childNodes: { tagName: string }[]; isCustom?: boolean };
};

describe('nodes of a shared page', () => {
  test('[B11] what an element looks by stays, what it loads or runs by goes', () => {
    const node = element('img', {
      class: 'a',
      src: 'https://x.example/',
      alt: 'Lamp',
      onerror: 'x()',
      width: 3,
      'data-a': 'url(b)',
    });
    expect(cleaned(node).attributes).toEqual({ class: 'a', alt: 'Lamp', width: 3, 'data-a': 'url(b)' });
  });

  test('[B5] a picture that was handed in is named by where it is', () => {
    expect(cleaned(element('img', { src: 'foyer-asset:12' })).attributes).toEqual({ src: '/cb-asset/t/3/tab/12' });
    expect(cleanAttribute('a', 'src', 'foyer-asset:12', place)).toBeUndefined();
  });

  test.each([
    ['foyer-asset:1 1x, foyer-asset:2 2x', '/cb-asset/t/3/tab/1 1x, /cb-asset/t/3/tab/2 2x'],
    ['foyer-asset:1', '/cb-asset/t/3/tab/1'],
    ['data:image/png;base64,AA,, foyer-asset:2 300w', 'data:image/png;base64,AA,, /cb-asset/t/3/tab/2 300w'],
    ['foyer-asset:1 1x, https://x.example 2x', undefined],
    ['foyer-asset:1 1x,https://x.example 2x', undefined],
    ['foyer-asset:1 onerror', undefined],
    ['', undefined],
  ])('[B11] of the sizes %j remain %j', (set, wanted) => expect(toPictureSet(set, place)).toBe(wanted));

  test.each([
    ['script', 'noscript'],
    ['SCRIPT', 'noscript'],
    ['object', 'foyer-object'],
    ['base', 'foyer-base'],
    ['frame', 'foyer-frame'],
    ['constructor', 'constructor'],
    ['a b', 'foyer-unknown'],
    ['x><script', 'foyer-unknown'],
    ['emotion-😍', 'emotion-😍'],
  ])('[B11] an element %s is built as %s', (name, wanted) => expect(cleaned(element(name, {})).tagName).toBe(wanted));

  test('[B5] names of SVG have their capitals', () => {
    expect(cleaned(element('textpath', {}, [], { isSVG: true })).tagName).toBe('textPath');
    expect(cleaned(element('textpath', {})).tagName).toBe('textpath');
  });

  test.each(['font-face', 'NoCustom', 'div'])('[O5] %s is not defined as an element of the page’s own', (name) => {
    expect(cleaned(element(name, {}, [], { isCustom: true })).isCustom).toBeUndefined();
    expect(cleaned(element('my-part', {}, [], { isCustom: true })).isCustom).toBe(true);
  });

  test('[O5] what is deeper than any page in use is cut off, and what is larger is refused', () => {
    let deep = element('div', {});
    for (let depth = 0; depth < 2_000; depth += 1) deep = element('div', {}, [deep]);
    expect(() => cleanNode(deep, place)).not.toThrow();
    const wide = element(
      'div',
      {},
      Array.from({ length: 300_001 }, () => ({ type: 3, id: 2, textContent: '' })),
    );
    expect(() => cleanNode(wide, place)).toThrow('too many nodes');
  });

  test('[B11] a change that takes an address away takes it away for good', () => {
    const data = {
      source: 0,
      adds: [],
      removes: [],
      texts: [],
      attributes: [{ id: 7, attributes: { src: 'https://x.example/a', title: 'b' } }],
    };
    expect(cleanChange(data as never, place)).toBe(true);
    expect(data.attributes[0]?.attributes).toEqual({ src: null, title: 'b' });
  });

  test.each([7, 9, 10, 11, 16, 99])('[B11] a change of kind %i is not replayed', (source) => {
    expect(cleanChange({ source } as never, place)).toBe(false);
  });
});
