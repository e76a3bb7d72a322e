import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { reloadOutdatedPage } from './outdated-page.ts';
import { FakeBrowserStorage } from './testing/browser-storage.ts';

let storage: FakeBrowserStorage;

beforeEach(() => {
  storage = new FakeBrowserStorage();
  vi.stubGlobal('sessionStorage', storage);
  vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('[O5] a page that is too old for the server loads itself anew, at most once an hour', () => {
  const reload = vi.fn();
  reloadOutdatedPage(reload);
  reloadOutdatedPage(reload);
  expect(reload).toHaveBeenCalledTimes(1);
  vi.setSystemTime(Date.now() + 3_600_001);
  reloadOutdatedPage(reload);
  expect(reload).toHaveBeenCalledTimes(2);
});

test('[O5] a page that cannot remember its reload does not begin to reload for ever', () => {
  storage.fault = 'blocked';
  const reload = vi.fn();
  reloadOutdatedPage(reload);
  expect(reload).not.toHaveBeenCalled();
});
