export type Shortcut = 'accept' | 'go-to-request' | 'next' | 'previous' | 'go-to-message' | 'help';

type Key = Pick<KeyboardEvent, 'key' | 'code' | 'altKey' | 'ctrlKey' | 'metaKey' | 'isComposing' | 'repeat'>;

const WITH_ALT: Record<string, Shortcut> = {
  KeyA: 'accept',
  KeyR: 'go-to-request',
  KeyM: 'go-to-message',
  ArrowDown: 'next',
  ArrowUp: 'previous',
};

/**
 * Which wish a key press is. Letters count by their place on the keyboard: with Alt a Mac types "å" where others type
 * "a". Alt together with Ctrl is AltGr and belongs to the text.
 */
export function readShortcut(event: Key, isInTextField: boolean): Shortcut | null {
  if (event.isComposing || event.ctrlKey || event.metaKey) return null;
  if (!event.altKey) return event.key === '?' && !isInTextField ? 'help' : null;
  const shortcut = WITH_ALT[event.code] ?? null;
  // A key held down must not accept one request after another.
  return event.repeat && shortcut === 'accept' ? null : shortcut;
}
