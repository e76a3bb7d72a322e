import type { ChosenScope, PickedPart } from '../../../cobrowse/recorder/recorder-messages.ts';
import type { ShareScope } from '../../../protocol/sharing.ts';

export const WHOLE_PAGE: ChosenScope = { onlyPart: null, hidden: [] };

/** Elements that were chosen at one time, and the name of that choice. */
export interface NamedScope {
  scope: ChosenScope;
  /** Null for the choice of a page that is too old to name it. */
  choiceId: string | null;
}

/** What the server learns of it: how much, never which. The whole page needs no name to be known by. */
export function toWireScope({ scope: { onlyPart, hidden }, choiceId }: NamedScope): ShareScope {
  const name = (onlyPart === null && hidden.length === 0) || choiceId === null ? {} : { choiceId };
  return { kind: onlyPart === null ? 'page' : 'part', hiddenParts: hidden.length, ...name };
}

/** Whether these elements are what the server's words mean; in doubt nothing is shown. */
export function isMeantBy(wire: ShareScope | null, chosen: NamedScope): boolean {
  if (wire === null || wire.kind === 'screen') return false;
  const told = toWireScope(chosen);
  if (told.kind === 'screen' || told.kind !== wire.kind) return false;
  return told.hiddenParts === wire.hiddenParts && told.choiceId === wire.choiceId;
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
