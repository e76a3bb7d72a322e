import { expect, test } from 'vitest';
import { createSafeStorage } from './safe-storage.ts';
import { FakeBrowserStorage } from './testing/browser-storage.ts';

test('[C1] what the browser keeps is there for the next page', () => {
  const browserStorage = new FakeBrowserStorage();
  createSafeStorage(browserStorage).set('foyer:a', '1');
  expect(createSafeStorage(browserStorage).get('foyer:a')).toBe('1');
});

test('[C1] a full quota costs the reload, not the present page', () => {
  const browserStorage = new FakeBrowserStorage();
  const storage = createSafeStorage(browserStorage);
  storage.set('foyer:a', 'old');
  browserStorage.fault = 'quota';
  storage.set('foyer:a', 'new');
  storage.set('foyer:b', 'b');
  expect([storage.get('foyer:a'), storage.get('foyer:b')]).toEqual(['new', 'b']);
  expect(storage.keys('foyer:').sort()).toEqual(['foyer:a', 'foyer:b']);
  browserStorage.fault = 'none';
  storage.set('foyer:b', 'kept');
  expect(browserStorage.getItem('foyer:b')).toBe('kept');
});

test('[C1] blocked storage behaves like memory', () => {
  const browserStorage = new FakeBrowserStorage();
  browserStorage.fault = 'blocked';
  const storage = createSafeStorage(browserStorage);
  expect(storage.get('foyer:a')).toBeNull();
  storage.set('foyer:a', '1');
  storage.set('other', '2');
  expect([storage.get('foyer:a'), storage.keys('foyer:')]).toEqual(['1', ['foyer:a']]);
  storage.remove('foyer:a');
  expect([storage.get('foyer:a'), storage.keys('foyer:')]).toEqual([null, []]);
});

test('[C1] what was removed while the browser refused stays away', () => {
  const browserStorage = new FakeBrowserStorage();
  const storage = createSafeStorage(browserStorage);
  storage.set('foyer:a', '1');
  browserStorage.fault = 'blocked';
  storage.remove('foyer:a');
  browserStorage.fault = 'none';
  expect([storage.get('foyer:a'), storage.keys('foyer:')]).toEqual([null, []]);
});
