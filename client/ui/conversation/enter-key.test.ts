import { expect, test } from 'vitest';
import { isSendKey, type EnterPress } from './enter-key.ts';

const press = (changes: Partial<EnterPress> = {}): EnterPress => ({
  key: 'Enter',
  keyCode: 13,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  isComposing: false,
  ...changes,
});

test.each<[string, EnterPress, boolean, boolean]>([
  ['Enter on a keyboard', press(), false, true],
  ['Shift+Enter on a keyboard', press({ shiftKey: true }), false, false],
  ['another key', press({ key: 'a', keyCode: 65 }), false, false],
  ['Enter on a touch keyboard', press(), true, false],
  ['Ctrl+Enter on a tablet', press({ ctrlKey: true }), true, true],
  ['Enter that picks a word', press({ isComposing: true }), false, false],
  ['Enter that picks a word in Safari', press({ keyCode: 229 }), false, false],
])('[C1] %s: whether it sends', (_what, pressed, isTouch, sends) => {
  expect(isSendKey(pressed, isTouch)).toBe(sends);
});
