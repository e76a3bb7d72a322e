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
