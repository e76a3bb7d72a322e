import { expect, test } from 'vitest';
import { createSafeStorage } from '../../connection/safe-storage.ts';
import { FakeBrowserStorage } from '../../connection/testing/browser-storage.ts';
import { makeShare } from '../widget-fixtures.ts';
import { claimTabId, createShareMemory } from './share-memory.ts';
import { toWireScope, WHOLE_PAGE, withHidden, withOnlyPart } from './share-scope.ts';

const { shareId } = makeShare();
const PART = { path: '/', selector: '#form', label: 'Form' };
const OTHER = { path: '/', selector: '#name', label: 'Your name' };
const FIRST = '0193b7a0-0000-7000-8000-000000000001';
const SECOND = '0193b7a0-0000-7000-8000-000000000002';
const THIRD = '0193b7a0-0000-7000-8000-000000000003';
const open = (local = createSafeStorage(undefined), tab = createSafeStorage(undefined)) => ({
  local,
  tab,
  memory: createShareMemory('tab', 'demo', local, tab),
});

test('[B8] what was chosen is found again after a change of page, as long as the server means the same', () => {
  const { local, tab, memory } = open();
  const chosen = withHidden(withOnlyPart(WHOLE_PAGE, PART), OTHER);
  memory.keepScope(shareId, { scope: chosen, choiceId: FIRST }, true);
  const reloaded = createShareMemory('tab', 'demo', local, tab);
  expect(reloaded.findScope(shareId, { kind: 'part', hiddenParts: 1, choiceId: FIRST })).toEqual(chosen);
  expect(reloaded.findScope(shareId, { kind: 'page', hiddenParts: 0 })).toBeUndefined();
  expect(reloaded.findScope(shareId, { kind: 'part', hiddenParts: 2, choiceId: FIRST })).toBeUndefined();
  expect(reloaded.findScope(shareId, null)).toBeUndefined();
});

test('[B8] another tab takes hidden parts over, and never a part that lies on the first tab’s page', () => {
  const { local, memory } = open();
  const second = open(local).memory;
  expect(second.findScope(shareId, { kind: 'page', hiddenParts: 0 })).toEqual(WHOLE_PAGE);
  memory.keepScope(shareId, { scope: withHidden(WHOLE_PAGE, PART), choiceId: FIRST }, true);
  expect(second.findScope(shareId, { kind: 'page', hiddenParts: 1, choiceId: FIRST })).toMatchObject({
    hidden: [PART],
  });
  memory.keepScope(shareId, { scope: withOnlyPart(WHOLE_PAGE, PART), choiceId: SECOND }, true);
  expect(second.findScope(shareId, { kind: 'part', hiddenParts: 0, choiceId: SECOND })).toBeUndefined();
});

test('[B8] a tab whose own choice was replaced in another tab goes by the later one, also where both hide as much', () => {
  const { local, memory: second } = open();
  const first = open(local).memory;
  second.keepScope(shareId, { scope: withHidden(WHOLE_PAGE, PART), choiceId: FIRST }, true);
  first.keepScope(shareId, { scope: withHidden(WHOLE_PAGE, OTHER), choiceId: SECOND }, true);
  expect(second.findScope(shareId, { kind: 'page', hiddenParts: 1, choiceId: SECOND })).toMatchObject({
    hidden: [OTHER],
  });
  // Not here yet what the other tab has chosen, or it was a part of that tab's page: then nothing is shown.
  expect(second.findScope(shareId, { kind: 'page', hiddenParts: 1, choiceId: THIRD })).toBeUndefined();
  first.keepScope(shareId, { scope: withOnlyPart(WHOLE_PAGE, OTHER), choiceId: THIRD }, true);
  second.keepScope(shareId, { scope: WHOLE_PAGE, choiceId: null }, true);
  expect(second.findScope(shareId, { kind: 'part', hiddenParts: 0, choiceId: THIRD })).toBeUndefined();
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

test.each(['cleared', 'blocked', 'full'])(
  '[SH47] what this tab has chosen, paused and ended it knows while it is open, also with a storage that is %s',
  (fate) => {
    const stores = [new FakeBrowserStorage(), new FakeBrowserStorage()] as const;
    const openTab = () => createShareMemory('tab', 'demo', createSafeStorage(stores[0]), createSafeStorage(stores[1]));
    const memory = openTab();
    const hidden = { scope: withHidden(WHOLE_PAGE, PART), choiceId: FIRST };
    if (fate === 'full') for (const store of stores) store.fault = 'quota';
    memory.keepScope(shareId, hidden, false);
    memory.keepOwnPause(shareId, 'private-page');
    memory.keepEnded(shareId);
    for (const store of stores) {
      if (fate === 'blocked') store.fault = 'blocked';
      else store.clear();
    }
    const told = { kind: 'page', hiddenParts: 1, choiceId: FIRST } as const;
    expect(memory.findScope(shareId, told)).toEqual(hidden.scope);
    expect(memory.findUnconfirmed(shareId)).toEqual(hidden.scope);
    expect(memory.findOwnPause(shareId)).toBe('private-page');
    expect(memory.hasEnded(shareId)).toBe(true);
    expect(memory.findScope(shareId, { ...told, choiceId: SECOND }), 'replaced in another tab').toBeUndefined();
    memory.keepOwnPause(shareId, null);
    expect(memory.findOwnPause(shareId)).toBeNull();
    // Loaded anew, it knows of nothing: then nothing is shown of what is not the whole page.
    expect(openTab().findScope(shareId, told)).toBeUndefined();
    expect(openTab().findOwnPause(shareId)).toBeNull();
  },
);

test('[B3] the server learns how much is hidden, never which', () => {
  const chosen = withHidden(withHidden(withHidden(WHOLE_PAGE, PART), OTHER), { ...PART, label: 'again' });
  expect(toWireScope({ scope: chosen, choiceId: FIRST })).toEqual({
    kind: 'page',
    hiddenParts: 2,
    choiceId: FIRST,
  });
  expect(toWireScope({ scope: WHOLE_PAGE, choiceId: FIRST })).toEqual({ kind: 'page', hiddenParts: 0 });
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
