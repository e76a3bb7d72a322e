/** What is known of a press of Enter in the message field. */
export interface EnterPress {
  key: string;
  keyCode: number;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  isComposing: boolean;
}

/**
 * Whether this key sends the message. On a touch keyboard, which has no Shift+Enter, Enter makes a line as in every
 * messenger, and the button sends.
 */
export function isSendKey(press: EnterPress, hasTouchKeyboard: boolean): boolean {
  if (press.key !== 'Enter' || press.shiftKey) return false;
  // While an input method is composing, Enter picks a word. Safari reports only the key code.
  if (press.isComposing || press.keyCode === 229) return false;
  return !hasTouchKeyboard || press.ctrlKey || press.metaKey;
}

/** A finger and nothing finer: a tablet with a keyboard of its own nearly always has a pointer as well. */
export function hasTouchKeyboard(): boolean {
  return matchMedia('(pointer: coarse)').matches && !matchMedia('(any-pointer: fine)').matches;
}
