import { expect, test } from 'vitest';
import { keyFrame } from './relay-fixture.ts';
import { createFrameCleaner } from './sanitise-events.ts';

const EVIL = 'http://evil.example/x';

test('[O5] whatever JSON comes, the answer is clean, comes back unchanged, and nothing throws', () => {
  const random = createRandom(7);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  const names = [
    'type',
    'id',
    'data',
    'source',
    'node',
    'adds',
    'texts',
    'attributes',
    'removes',
    'parentId',
    'nextId',
    'tagName',
    'childNodes',
    'textContent',
    'style',
    'src',
    'href',
    'onload',
    '_cssText',
    'isSVG',
    'rootId',
    'isShadow',
    'isShadowHost',
    'styleId',
    'styleIds',
    'rules',
    'rule',
    'index',
    'positions',
    'tag',
    'payload',
    '__proto__',
    'constructor',
    'initialOffset',
    'timestamp',
    'value',
  ];
  const tags = [
    'p',
    'style',
    'script',
    'iframe',
    'svg',
    'use',
    'a',
    'img',
    'template',
    'link',
    'meta',
    'x-y',
    'base',
    'Ünï',
    '',
  ];
  const words = [
    '',
    'x',
    EVIL,
    'javascript:alert(1)',
    `url(${EVIL})`,
    `@import "${EVIL}";`,
    'foyer-asset:1',
    '\u0000',
    '\ud800',
    'data:text/html,x',
  ];
  const anything = (depth: number): unknown => {
    switch (Math.floor(random() * (depth > 6 ? 5 : 9))) {
      case 0:
        return pick([null, true, false, 0, -1, 1.5, 1e300, 3, 5, 10]);
      case 1:
        return Math.floor(random() * 12);
      case 2:
        return pick(words);
      case 3:
        return pick(tags);
      case 4:
        return Math.floor(random() * 30);
      case 5:
        return Array.from({ length: Math.floor(random() * 5) }, () => anything(depth + 1));
      case 6:
        return node(depth + 1);
      default:
        return object(depth + 1);
    }
  };
  const object = (depth: number): object =>
    Object.fromEntries(Array.from({ length: Math.floor(random() * 6) }, () => [pick(names), anything(depth)]));
  const node = (depth: number): object => ({
    type: Math.floor(random() * 6),
    id: 1 + Math.floor(random() * 30),
    tagName: pick(tags),
    attributes: object(depth + 1),
    textContent: pick(words),
    childNodes:
      depth > 6 ? [] : Array.from({ length: Math.floor(random() * 4) }, () => pick([node, object])(depth + 1)),
    ...(random() < 0.3 && { isSVG: true }),
    ...(random() < 0.2 && object(depth + 1)),
  });
  const event = (): unknown => {
    const data =
      random() < 0.5
        ? {
            source: pick([0, 0, 0, 8, 13, 15, 5, 14, 1, 2, 7]),
            adds: [{ parentId: Math.floor(random() * 30), nextId: null, node: node(3) }],
            texts: [{ id: Math.floor(random() * 30), value: pick(words) }],
            attributes: [{ id: Math.floor(random() * 30), attributes: object(4) }],
            removes: anything(4),
            ...object(4),
          }
        : object(2);
    return random() < 0.1
      ? anything(0)
      : { type: pick([2, 3, 3, 3, 4, 5]), data, timestamp: 1, ...(random() < 0.1 && object(1)) };
  };
  let passed = 0;
  const harm: string[] = [];
  for (let round = 0; round < 400; round += 1) {
    const cleaner = createFrameCleaner();
    const key = [...keyFrame([node(2), node(2)]), event()];
    const frames = [key, [event(), event()], [event(), event(), event()]];
    const cleanedFrames = frames.map((frame, index) => cleaner.clean(JSON.stringify(frame), index === 0));
    const again = createFrameCleaner();
    for (const [index, cleaned] of cleanedFrames.entries()) {
      if (!cleaned) continue;
      passed += (JSON.parse(cleaned.events) as unknown[]).length;
      harm.push(...findHarm(JSON.parse(cleaned.events)));
      const cleanedAgain = again.clean(cleaned.events, index === 0)?.events;
      if (cleanedAgain !== cleaned.events) harm.push(`changed: ${cleaned.events} to ${cleanedAgain}`);
    }
  }
  expect(harm).toEqual([]);
  expect(passed).toBeGreaterThan(700);
});

/** An address of a foreign server may stand in what is read, never in what is followed. */
function findHarm(value: unknown, name = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => findHarm(entry, name));
  if (typeof value === 'object' && value !== null) {
    if ('width' in value && 'height' in value && 'href' in value) return [];
    const { tagName } = value as { tagName?: string };
    const isHarmful = 'childNodes' in value && /^(?:script|template|base|object|embed)$/i.test(tagName ?? '');
    const inside = Object.entries(value).flatMap(([key, entry]) =>
      /^on|^srcdoc$|^action$/i.test(key) ? [key] : findHarm(entry, key),
    );
    return isHarmful ? [`<${tagName}>`, ...inside] : inside;
  }
  if (typeof value !== 'string') return [];
  const isFollowed = /^(?:src|href|xlink:href|poster|srcset)$/.test(name) && !/^(?:#|foyer-asset:)/.test(value);
  const isStyle = /^(?:style|_cssText|rule|css|background)$/.test(name) && /evil|@import/.test(value);
  return isFollowed || isStyle ? [`${name}=${value}`] : [];
}

/** mulberry32: the same seed, the same trees. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
