import { refuse, type ActRules } from './act-target.ts';
import { focusFrom } from './focusing.ts';

/** Chooses these options and no others, as far as the visitor could. @throws {RefusedAct} */
export function chooseOptions(element: HTMLElement, indexes: readonly number[], rules: ActRules): void {
  if (element.localName !== 'select') refuse('not-possible');
  const select = element as HTMLSelectElement;
  if (select.matches(':disabled')) refuse('not-possible');
  const options = Array.from(select.options);
  const wanted = new Set(indexes);
  if (!select.multiple && wanted.size !== 1) refuse('not-possible');
  for (const index of wanted) {
    const option = options[index];
    if (option === undefined || option.disabled || isInDisabledGroup(option)) return refuse('not-possible');
    if (rules.visibilityOf(option) !== 'show') refuse('private');
  }
  focusFrom(select, rules.isOwnInterface);
  const isSame = options.every((option, index) => option.selected === wanted.has(index));
  if (isSame) return;
  if (select.multiple) for (const [index, option] of options.entries()) option.selected = wanted.has(index);
  else select.selectedIndex = [...wanted][0] ?? -1;
  const view = select.ownerDocument.defaultView ?? window;
  select.dispatchEvent(new view.Event('input', { bubbles: true, composed: true }));
  select.dispatchEvent(new view.Event('change', { bubbles: true }));
}

function isInDisabledGroup({ parentElement }: HTMLOptionElement): boolean {
  return parentElement?.localName === 'optgroup' && (parentElement as HTMLOptGroupElement).disabled;
}
