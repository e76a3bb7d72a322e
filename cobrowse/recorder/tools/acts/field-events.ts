/** Fields as frameworks see them: changed from below, then told with the events of typing. */

type TextField = HTMLInputElement | HTMLTextAreaElement;

/**
 * Sets what a field holds past a framework's own setter on the element, which would take the change for its own and
 * stay silent.
 */
export function setValue(field: TextField, value: string): void {
  const view = field.ownerDocument.defaultView ?? window;
  const prototype =
    field.localName === 'textarea' ? view.HTMLTextAreaElement.prototype : view.HTMLInputElement.prototype;
  const setter = Object.getOwnPropertyDescriptor(prototype, 'value')?.set;
  if (setter) setter.call(field, value);
  else field.value = value;
}

/** False when the page forbids it. */
export function askBefore(element: Element, inputType: string, data: string | null): boolean {
  return element.dispatchEvent(toInputEvent(element, 'beforeinput', inputType, data, true));
}

export function tellInput(element: Element, inputType: string, data: string | null): void {
  element.dispatchEvent(toInputEvent(element, 'input', inputType, data, false));
}

function toInputEvent(
  element: Element,
  name: string,
  inputType: string,
  data: string | null,
  cancelable: boolean,
): InputEvent {
  const view = element.ownerDocument.defaultView ?? window;
  return new view.InputEvent(name, { bubbles: true, composed: true, cancelable, inputType, data });
}

/** Does not throw where a kind of field has no caret. */
export function caretOf(field: TextField): { start: number; end: number } | undefined {
  try {
    const { selectionStart: start, selectionEnd: end } = field;
    return start === null || end === null ? undefined : { start, end };
  } catch {
    return undefined;
  }
}

export function setCaret(field: TextField, at: number): void {
  if (caretOf(field)) field.setSelectionRange(at, at);
}
