import { expect, test } from 'vitest';
import { createSeededRandom } from '../../connection/testing/seeded-random.ts';
import { readRecorderMessage } from './read-recorder-message.ts';

const RIGHT = [
  { type: 'ready' },
  { type: 'events', epoch: 1, scopeNumber: 2, isKey: true, events: '[]' },
  { type: 'picked', purpose: 'hide', part: { path: '/', selector: '#a', label: 'Box' } },
  { type: 'pick-cancelled' },
  { type: 'paused', epoch: 1, because: 'private-page' },
  { type: 'page', epoch: 1, page: { url: 'https://shop.example/', title: '' }, isFront: true },
  { type: 'hidden-count', count: 3 },
  { type: 'marks', marks: [{ kind: 'laser', at: null }] },
  { type: 'act-done', actId: 'a', refusal: null, label: 'Add to cart' },
  { type: 'act-done', actId: 'a', refusal: 'private' },
  { type: 'asset', epoch: 1, assetKey: 0, hash: 'a'.repeat(64), url: null, bytes: new ArrayBuffer(3) },
  { type: 'leaving', epoch: 4 },
  { type: 'failed', because: 'no' },
];

test.each(RIGHT)('[B1] what the recorder says is understood: $type', (message) => {
  expect(readRecorderMessage(structuredClone(message))).toEqual(message);
});

const WRONG: unknown[] = [
  null,
  7,
  'events',
  [],
  {},
  { type: 'start' },
  { type: 'events', epoch: 1, scopeNumber: 2, isKey: 'yes', events: '[]' },
  { type: 'events', epoch: -1, scopeNumber: 2, isKey: true, events: '[]' },
  { type: 'events', epoch: 1, scopeNumber: 2, isKey: true, events: ['[]'] },
  { type: 'picked', purpose: 'allow', part: { path: '/', selector: '#a', label: 'Box' } },
  { type: 'picked', purpose: 'only', part: { path: '/', selector: '', label: 'Box' } },
  { type: 'picked', purpose: 'only', part: { path: '/', selector: 'a'.repeat(2_001), label: 'Box' } },
  { type: 'paused', epoch: 1, because: 'bored' },
  { type: 'page', epoch: 1, page: null, isFront: true },
  { type: 'marks', marks: [] },
  { type: 'marks', marks: Array.from({ length: 17 }, () => ({ kind: 'laser', at: null })) },
  { type: 'act-done', actId: 'a', refusal: 'mood' },
  { type: 'act-done', actId: 'a' },
  { type: 'asset', epoch: 1, assetKey: 0, hash: 'xyz', url: null, bytes: null },
  { type: 'asset', epoch: 1, assetKey: 0, hash: null, url: null, bytes: new ArrayBuffer(262_145) },
  { type: 'asset', epoch: 1, assetKey: 0, hash: null, url: 'h'.repeat(2_049), bytes: null },
];

test('[O5] what a script of the page makes up in its place is left alone', () => {
  for (const message of WRONG) expect(readRecorderMessage(message)).toBeUndefined();
});

test('[O5] random rubbish never throws', () => {
  const { next: random } = createSeededRandom(3);
  const pool: unknown[] = [null, undefined, 0, -1, 1.5, '', 'x', true, [], {}, Number.NaN, Symbol.iterator, () => 1];
  const pick = () => pool[Math.floor(random() * pool.length)];
  for (let index = 0; index < 2_000; index += 1) {
    const { type } = RIGHT[Math.floor(random() * RIGHT.length)]!;
    const message = {
      type,
      epoch: pick(),
      scopeNumber: pick(),
      isKey: pick(),
      events: pick(),
      part: pick(),
      marks: pick(),
    };
    expect(() =>
      readRecorderMessage({ ...message, hash: pick(), url: pick(), bytes: pick(), actId: pick() }),
    ).not.toThrow();
  }
});
