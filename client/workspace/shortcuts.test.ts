import { expect, test } from 'vitest';
import { readShortcut } from './shortcuts.ts';

const press = (changes: Partial<Parameters<typeof readShortcut>[0]>, isInTextField = false) =>
  readShortcut(
    { key: '', code: '', altKey: false, ctrlKey: false, metaKey: false, isComposing: false, repeat: false, ...changes },
    isInTextField,
  );

test('[A11] Alt+A accepts, also while writing and on keyboards that type another letter with Alt', () => {
  expect(press({ altKey: true, code: 'KeyA', key: 'å' }, true)).toBe('accept');
});

test('[A11] a key held down accepts one request, not one after another', () => {
  expect(press({ altKey: true, code: 'KeyA', repeat: true })).toBeNull();
  expect(press({ altKey: true, code: 'ArrowDown', repeat: true })).toBe('next');
});

test('[A11] AltGr, shortcuts of the browser and half-composed words are left alone', () => {
  expect(press({ altKey: true, ctrlKey: true, code: 'KeyA' })).toBeNull();
  expect(press({ metaKey: true, altKey: true, code: 'ArrowUp' })).toBeNull();
  expect(press({ altKey: true, code: 'KeyA', isComposing: true })).toBeNull();
});

test('[A11] a question mark opens the help, but not while writing one', () => {
  expect(press({ key: '?' })).toBe('help');
  expect(press({ key: '?' }, true)).toBeNull();
});
