import { expect, test } from 'vitest';
import { toCallKey } from './use-call-keys.ts';

const NO_KEYS = { key: 'd', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

test('[M5] Ctrl or Cmd with D mutes, with E turns the camera on and off', () => {
  expect(toCallKey({ ...NO_KEYS, ctrlKey: true }, false)).toBe('mute');
  expect(toCallKey({ ...NO_KEYS, metaKey: true, key: 'D' }, false)).toBe('mute');
  expect(toCallKey({ ...NO_KEYS, ctrlKey: true, key: 'e' }, false)).toBe('camera');
});

test('[M5] keys do nothing while somebody writes, and nothing alone or with other keys', () => {
  expect(toCallKey({ ...NO_KEYS, ctrlKey: true }, true)).toBeUndefined();
  expect(toCallKey(NO_KEYS, false)).toBeUndefined();
  expect(toCallKey({ ...NO_KEYS, ctrlKey: true, shiftKey: true }, false)).toBeUndefined();
  expect(toCallKey({ ...NO_KEYS, ctrlKey: true, key: 'f' }, false)).toBeUndefined();
});
