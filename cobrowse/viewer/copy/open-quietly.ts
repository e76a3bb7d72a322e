/**
 * Browsers hand the keys to a dialog that opens, out of whatever frame a person is typing in. While it is closed to
 * the focus it takes none.
 */
export function openQuietly(element: HTMLElement, open: () => void): void {
  const wasInert = element.inert;
  element.inert = true;
  try {
    open();
  } finally {
    element.inert = wasInert;
  }
}

/** The same for dialogs that the recorder library opens in this document. */
export function keepFocusFromDialogs(document: Document): void {
  const { HTMLDialogElement } = (document.defaultView as (Window & typeof globalThis) | null) ?? {};
  if (!HTMLDialogElement || quiet.has(HTMLDialogElement)) return;
  quiet.add(HTMLDialogElement);
  const { prototype } = HTMLDialogElement;
  const { showModal } = prototype;
  prototype.showModal = function (): void {
    openQuietly(this, () => showModal.call(this));
  };
}

const quiet = new WeakSet<object>();
