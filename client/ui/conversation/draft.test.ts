import { expect, test } from 'vitest';
import { createSafeStorage } from '../../connection/safe-storage.ts';
import { createDraft } from './draft.ts';

test('[C1] what was not sent is there again, each conversation with its own', () => {
  const storage = createSafeStorage(undefined);
  createDraft(storage, 'one').write('half a sent');
  createDraft(storage, 'two').write('other');
  expect(createDraft(storage, 'one').read()).toBe('half a sent');
  createDraft(storage, 'one').write('');
  expect(createDraft(storage, 'one').read()).toBe('');
  expect(storage.keys('foyer:draft:')).toEqual(['foyer:draft:two']);
});

test('[C1] a draft is forgotten after a week, also one that an older version of the page has kept', () => {
  const storage = createSafeStorage(undefined);
  const DAY_MS = 86_400_000;
  let now = 1_800_000_000_000;
  storage.set('foyer:draft:old', '12:30 would suit me');
  storage.set('foyer:draft:odd', 'null');
  createDraft(storage, 'new', () => now).write('half a sent');
  expect(createDraft(storage, 'old', () => now).read()).toBe('12:30 would suit me');
  expect(createDraft(storage, 'odd', () => now).read()).toBe('null');
  now += 7 * DAY_MS;
  expect(createDraft(storage, 'new', () => now).read()).toBe('half a sent');
  now += 1;
  expect(createDraft(storage, 'new', () => now).read()).toBe('');
  expect(storage.keys('foyer:draft:')).toEqual([]);
});
