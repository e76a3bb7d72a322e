import { expect, test } from 'vitest';
import { createSafeStorage } from '../../connection/safe-storage.ts';
import { makeShare } from '../widget-fixtures.ts';
import { claimTabId, createShareMemory } from './share-memory.ts';
import { toWireScope, WHOLE_PAGE, withHidden, withoutHidden, withOnlyPart } from './share-scope.ts';

const { shareId } = makeShare();
const PART = { path: '/', selector: '#form', label: 'Form' };
const OTHER = { path: '/', selector: '#name', label: 'Your name' };
const open = (local = createSafeStorage(undefined), tab = createSafeStorage(undefined)) => ({
  local,
  tab,
  memory: createShareMemory('tab', 'demo', local, tab),
});

test('[B8] what was chosen is found again after a change of page, as long as the server means the same', () => {
  const { local, tab, memory } = open();
  const chosen = withHidden(withOnlyPart(WHOLE_PAGE, PART), OTHER);
  memory.keepScope(shareId, chosen, true);
  const reloaded = createShareMemory('tab', 'demo', local, tab);
  expect(reloaded.findScope(shareId, { kind: 'part', hiddenParts: 1 })).toEqual(chosen);
  expect(reloaded.findScope(shareId, { kind: 'page', hiddenParts: 0 })).toBeUndefined();
  expect(reloaded.findScope(shareId, { kind: 'part', hiddenParts: 2 })).toBeUndefined();
  expect(reloaded.findScope(shareId, null)).toBeUndefined();
});

test('[B8] another tab takes hidden parts over, and never a part that lies on the first tab’s page', () => {
  const { local, memory } = open();
  const second = open(local).memory;
  expect(second.findScope(shareId, { kind: 'page', hiddenParts: 0 })).toEqual(WHOLE_PAGE);
  memory.keepScope(shareId, withHidden(WHOLE_PAGE, PART), true);
  expect(second.findScope(shareId, { kind: 'page', hiddenParts: 1 })).toMatchObject({ hidden: [PART] });
  memory.keepScope(shareId, withOnlyPart(WHOLE_PAGE, PART), true);
  expect(second.findScope(shareId, { kind: 'part', hiddenParts: 0 })).toBeUndefined();
});

test('[B4] a tab that cannot know what is hidden shows nothing', () => {
  expect(open().memory.findScope(shareId, { kind: 'page', hiddenParts: 1 })).toBeUndefined();
  expect(open().memory.findScope(shareId, { kind: 'screen', surface: 'monitor' })).toBeUndefined();
});

test('[O5] whatever somebody has put into the storage, nothing is taken from it unless it reads right', () => {
  for (const text of [
    '',
    '{',
    'null',
    '7',
    '{"shareId":1}',
    `{"shareId":"${shareId}","scope":{"onlyPart":7,"hidden":[]}}`,
  ]) {
    const { local, tab, memory } = open();
    tab.set('foyer:share-scope:demo', text);
    local.set('foyer:share-scope:demo', text);
    expect(memory.findScope(shareId, { kind: 'part', hiddenParts: 0 })).toBeUndefined();
    expect(memory.findUnconfirmed(shareId)).toBeUndefined();
  }
});

test('[B2] an ended share stays ended for every tab', () => {
  const { local, memory } = open();
  memory.keepEnded(shareId);
  expect(open(local).memory.hasEnded(shareId)).toBe(true);
});

test('[B3] the server learns how much is hidden, never which', () => {
  const chosen = withHidden(withHidden(withHidden(WHOLE_PAGE, PART), OTHER), { ...PART, label: 'again' });
  expect(toWireScope(chosen)).toEqual({ kind: 'page', hiddenParts: 2 });
  expect(toWireScope(withoutHidden(chosen, chosen.hidden[0]!))).toEqual({ kind: 'page', hiddenParts: 1 });
});

test('[B8] a tab keeps its name over a reload, and a duplicated one takes a name of its own', async () => {
  const held = new Set<string>();
  const request = async (name: string, _options: unknown, granted: (lock: object | null) => unknown) => {
    const isFree = !held.has(name);
    held.add(name);
    await granted(isFree ? { name } : null);
  };
  const locks = { request } as Partial<LockManager> as LockManager;
  const tab = createSafeStorage(undefined);
  const first = await claimTabId('demo', tab, locks);
  const copy = createSafeStorage(undefined);
  copy.set('foyer:share-tab:demo', first);
  expect(await claimTabId('demo', copy, locks)).not.toBe(first);
  held.clear();
  expect(await claimTabId('demo', tab, locks)).toBe(first);
});
