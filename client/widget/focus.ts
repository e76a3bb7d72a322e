/** True from minimising until the button has taken the focus over: it is drawn only a moment later. */
let isReturning = false;

/** The panel closes by the visitor's own hand: the keyboard goes on at the button. */
export function returnFocus(): void {
  isReturning = true;
}

export function takeReturnedFocus(button: HTMLElement | null): void {
  if (!isReturning) return;
  isReturning = false;
  button?.focus();
}

/** On touch screens a focused field brings the keyboard up over half of what has just opened. */
export function canFocusFields(): boolean {
  return matchMedia('(pointer: fine)').matches;
}

/** What had the keyboard is gone from the window that this element stands in. */
export function hasLostFocus({ ownerDocument }: Element): boolean {
  return ownerDocument.activeElement === ownerDocument.body;
}

/** Escape belongs first to what lies on top of the panel. */
export function isSomethingOnTop(home: Document): boolean {
  return home.querySelector('dialog[open], [popover]:popover-open') !== null;
}

/** True from the page's own "open" until the panel has taken the keyboard; the loader hands it into the frame. */
let isAwaited = false;

export function awaitKeyboard(): void {
  isAwaited = true;
}

export function takeAwaitedKeyboard(): boolean {
  const wasAwaited = isAwaited;
  isAwaited = false;
  return wasAwaited;
}
