import type { ShareAct } from '../../../../protocol/sharing.ts';
import { parentOf } from '../composed-tree.ts';
import { refuse, requireChangeable } from './act-target.ts';
import type { ChangeDebt } from './change-debt.ts';
import { requireHarmless, requireHarmlessForm } from './click.ts';
import { askBefore, caretOf, setCaret, setValue, tellInput } from './field-events.ts';
import { findNextTabStop, focusFrom, isFocused, isFocusTaken } from './focusing.ts';
import { isTextField, toEditable, type TypeRules } from './type-text.ts';

type PressedKey = Extract<ShareAct, { kind: 'press' }>['key'];

const KEY_CODES: Record<PressedKey, number> = { Backspace: 8, Tab: 9, Enter: 13, Escape: 27 };
const ENTER_CLICKS = /^(?:a|button|summary|input)$/;
/** How many fields of these a form without a button may have, and still be sent by Enter: one. */
const BLOCKS_SENDING = /^(?:text|search|url|tel|email|password|date|month|week|time|datetime-local|number)$/;

/** A key press with what the browser does upon it, which pressed by a script does nothing. @throws {RefusedAct} */
export function pressKey(element: HTMLElement, key: PressedKey, rules: TypeRules, debt: ChangeDebt): void {
  if (element.matches(':disabled')) refuse('not-possible');
  if (key === 'Enter' && ENTER_CLICKS.test(element.localName)) requireHarmless(element, rules);
  focusFrom(element, rules.isOwnInterface);
  const view = element.ownerDocument.defaultView ?? window;
  const facts = { key, code: key, keyCode: KEY_CODES[key], which: KEY_CODES[key] };
  const send = (name: string): boolean =>
    element.dispatchEvent(
      new view.KeyboardEvent(name, { ...facts, bubbles: true, cancelable: true, composed: true, view }),
    );
  const isAllowed = send('keydown') && (key !== 'Enter' || send('keypress'));
  if (isAllowed && element.isConnected) {
    if (key === 'Enter') pressEnter(element, rules, debt);
    if (key === 'Backspace') pressBackspace(element, debt);
    if (key === 'Escape') pressEscape(element);
    if (key === 'Tab' && !isFocusTaken(rules.isOwnInterface)) {
      findNextTabStop(element, rules.isOwnInterface)?.focus();
    }
  }
  if (element.isConnected) send('keyup');
}

function pressEnter(element: HTMLElement, rules: TypeRules, debt: ChangeDebt): void {
  if (element.localName === 'textarea') return insertAtCaret(element as HTMLTextAreaElement, '\n', debt);
  if (toEditable(element)) {
    if (isFocused(element) || element.contains(element.ownerDocument.activeElement)) {
      element.ownerDocument.execCommand('insertLineBreak');
    }
    return;
  }
  if (
    element.localName === 'input' &&
    !/^(?:submit|image|reset|button|file)$/.test((element as HTMLInputElement).type)
  ) {
    debt.settle();
    return submitFormOf(element as HTMLInputElement, rules);
  }
  if (!ENTER_CLICKS.test(element.localName)) return;
  // Once more: the page has heard of the key, and may have made something else of it.
  requireHarmless(element, rules);
  element.click();
}

/** What HTML calls implicit submission: the first submit button is clicked, so that listeners on it hear of it. */
function submitFormOf(field: HTMLInputElement, rules: TypeRules): void {
  const { form } = field;
  if (!form) return;
  const controls = Array.from(controlsOf(form));
  const submitter = controls.find((control) => /^(?:submit|image)$/.test((control as HTMLButtonElement).type));
  if (submitter) {
    if (submitter.matches(':disabled')) return;
    requireChangeable(submitter, rules);
    requireHarmlessForm(form, (submitter as HTMLButtonElement).formTarget);
    (submitter as HTMLElement).click();
    return;
  }
  requireHarmlessForm(form);
  if (controls.filter((control) => BLOCKS_SENDING.test((control as HTMLInputElement).type)).length > 1) return;
  HTMLFormElement.prototype.requestSubmit.call(form);
}

/** A field called "elements" would stand in front of the property. */
function controlsOf(form: HTMLFormElement): Iterable<Element> & ArrayLike<Element> {
  return Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, 'elements')?.get?.call(form) ?? form.elements;
}

function pressBackspace(element: HTMLElement, debt: ChangeDebt): void {
  if (isTextField(element)) {
    if (element.readOnly) refuse('read-only');
    const caret = caretOf(element) ?? { start: element.value.length, end: element.value.length };
    const start = caret.start === caret.end ? stepBack(element.value, caret.start) : caret.start;
    if (start === caret.end || !askBefore(element, 'deleteContentBackward', null)) return;
    setValue(element, element.value.slice(0, start) + element.value.slice(caret.end));
    setCaret(element, start);
    tellInput(element, 'deleteContentBackward', null);
    debt.owe(element);
  } else if (toEditable(element) && element.contains(element.ownerDocument.activeElement)) {
    element.ownerDocument.execCommand('delete');
  }
}

/** A letter may be several characters long. */
function stepBack(text: string, from: number): number {
  const letters = Array.from(new Intl.Segmenter().segment(text.slice(0, from)));
  return letters.at(-1)?.index ?? 0;
}

function insertAtCaret(field: HTMLTextAreaElement, text: string, debt: ChangeDebt): void {
  if (field.readOnly) refuse('read-only');
  const { start, end } = caretOf(field) ?? { start: field.value.length, end: field.value.length };
  if (!askBefore(field, 'insertLineBreak', null)) return;
  setValue(field, field.value.slice(0, start) + text + field.value.slice(end));
  setCaret(field, start + text.length);
  tellInput(field, 'insertLineBreak', null);
  debt.owe(field);
}

/** Closes what a person would have closed with it: the dialog or the popover around. */
function pressEscape(element: HTMLElement): void {
  for (let at: Element | null = element; at; at = parentOf(at)) {
    if (at.getAttribute('popover') === 'auto' && at.matches(':popover-open')) return (at as HTMLElement).hidePopover();
    if (at.localName === 'dialog' && at.matches(':modal')) {
      const dialog = at as HTMLDialogElement;
      if (dialog.dispatchEvent(new Event('cancel', { cancelable: true }))) dialog.close();
      return;
    }
  }
}
