import { guarded } from '../guarded.ts';

/**
 * Fields tell `change` once a person is done with them, not with every letter. Text arrives in pieces, so it is owed
 * until the field loses the focus, something else is done, or nothing more comes.
 */
export interface ChangeDebt {
  owe(field: Element): void;
  /** Pays at once, unless it is owed for the field that is acted upon further. */
  settle(except?: Element): void;
}

const QUIET_MS = 1_500;

export function createChangeDebt(): ChangeDebt {
  let owing: Element | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const settle = guarded((except?: Element) => {
    if (!owing || owing === except) return;
    const field = owing;
    owing = undefined;
    clearTimeout(timer);
    field.removeEventListener('focusout', handleLeft);
    const view = field.ownerDocument.defaultView ?? window;
    if (field.isConnected) field.dispatchEvent(new view.Event('change', { bubbles: true }));
  });
  const handleLeft = (): void => settle();

  return {
    owe(field) {
      settle(field);
      owing = field;
      field.addEventListener('focusout', handleLeft);
      clearTimeout(timer);
      timer = setTimeout(settle, QUIET_MS);
    },
    settle,
  };
}
