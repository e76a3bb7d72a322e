import type { ChosenScope, PickedPart } from '../../../cobrowse/recorder/recorder-messages.ts';
import type { ShareScope } from '../../../protocol/sharing.ts';

export const WHOLE_PAGE: ChosenScope = { onlyPart: null, hidden: [] };

/** What the server learns of it: how much, never which. */
export function toWireScope({ onlyPart, hidden }: ChosenScope): ShareScope {
  return { kind: onlyPart === null ? 'page' : 'part', hiddenParts: hidden.length };
}

/** Whether these elements are what the server's words mean; in doubt nothing is shown. */
export function isMeantBy(wire: ShareScope | null, chosen: ChosenScope): boolean {
  if (wire === null || wire.kind === 'screen') return false;
  const told = toWireScope(chosen);
  return told.kind === wire.kind && 'hiddenParts' in told && told.hiddenParts === wire.hiddenParts;
}

export function withOnlyPart(scope: ChosenScope, part: PickedPart | null): ChosenScope {
  return { ...scope, onlyPart: part };
}

/** The same element twice would count twice. */
export function withHidden(scope: ChosenScope, part: PickedPart): ChosenScope {
  return { ...scope, hidden: [...withoutHidden(scope, part).hidden, part] };
}

export function withoutHidden(scope: ChosenScope, part: PickedPart): ChosenScope {
  return {
    ...scope,
    hidden: scope.hidden.filter(({ path, selector }) => path !== part.path || selector !== part.selector),
  };
}
