import type { HostToolsOptions } from '../../host-tools.ts';
import { containsDeep } from '../composed-tree.ts';
import { refuse, requireChangeable } from './act-target.ts';
import type { ChangeDebt } from './change-debt.ts';
import { askBefore, setCaret, setValue, tellInput } from './field-events.ts';
import { focusFrom, isFocused } from './focusing.ts';

type TextField = HTMLInputElement | HTMLTextAreaElement;
export type TypeRules = Pick<
  HostToolsOptions,
  'nodeOf' | 'visibilityOf' | 'isReadOnly' | 'isOwnInterface' | 'hiddenElements'
>;

const TYPED = /^(?:text|search|email|url|tel|number|date|time|datetime-local|month|week|color|range)$/;

export function isTextField(element: Element): element is TextField {
  return (
    element.localName === 'textarea' ||
    (element.localName === 'input' && TYPED.test((element as HTMLInputElement).type))
  );
}

/** The element that is edited as a whole around this one. */
export function toEditable(element: HTMLElement): HTMLElement | undefined {
  if (!element.isContentEditable) return undefined;
  let host = element;
  while (host.parentElement?.isContentEditable) host = host.parentElement;
  return host;
}

/** Replaces what a field holds. @throws {RefusedAct} */
export function typeText(element: HTMLElement, text: string, rules: TypeRules, debt: ChangeDebt): void {
  if (isTextField(element)) return typeInField(element, text, rules, debt);
  const editable = toEditable(element) ?? refuse('not-possible');
  requireChangeable(editable, rules);
  // What the agent cannot see would be written over.
  if (rules.hiddenElements().some((hidden) => containsDeep(editable, hidden))) refuse('private');
  typeInEditable(editable, text, rules);
}

function typeInField(field: TextField, text: string, rules: TypeRules, debt: ChangeDebt): void {
  if (field.matches(':disabled') || field.readOnly) refuse('read-only');
  const wanted = field.maxLength >= 0 ? text.slice(0, field.maxLength) : text;
  if (!canHold(field, wanted)) refuse('not-possible');
  focusFrom(field, rules.isOwnInterface);
  if (field.value === wanted) return;
  const inputType = wanted === '' ? 'deleteContentBackward' : 'insertText';
  const data = wanted === '' ? null : wanted;
  if (!askBefore(field, inputType, data)) refuse('not-possible');
  setValue(field, wanted);
  if (isFocused(field)) setCaret(field, wanted.length);
  tellInput(field, inputType, data);
  debt.owe(field);
}

/** A date field that is given half a date would lose the one it has. */
function canHold(field: TextField, text: string): boolean {
  if (field.localName === 'textarea' || text === '') return true;
  const probe = document.createElement('input');
  probe.type = field.type;
  probe.value = text;
  if (field.type === 'color') return probe.value === text.toLowerCase();
  return field.type === 'range' ? Number.isFinite(Number(text)) : probe.value !== '';
}

function typeInEditable(editable: HTMLElement, text: string, rules: TypeRules): void {
  const doc = editable.ownerDocument;
  focusFrom(editable, rules.isOwnInterface);
  if (isFocused(editable)) {
    doc.getSelection()?.selectAllChildren(editable);
    // Nothing else goes through an editor's own undo and its own listeners; there is no newer way.
    const isDone = text === '' ? doc.execCommand('delete') : doc.execCommand('insertText', false, text);
    if (isDone || (text === '' && editable.textContent === '')) return;
  }
  const inputType = text === '' ? 'deleteContentBackward' : 'insertText';
  if (!askBefore(editable, inputType, text || null)) refuse('not-possible');
  editable.textContent = text;
  tellInput(editable, inputType, text || null);
}
