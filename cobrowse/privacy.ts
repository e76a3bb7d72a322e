import { findPart, toSteps, type ChoiceMemory } from './choice-memory.ts';
import type { ChosenScope, PrivacyRules } from './recorder/recorder-messages.ts';
import { AUTHOR_ATTRIBUTE } from './stream-events.ts';
import { composedParent, isDocument, isElement, isText, matchesSelector, slotOf, tagOf } from './untouched-dom.ts';
import { createFieldNames, FIELDS } from './private-fields.ts';
import { isPrivatePath } from './private-paths.ts';
import { findUnreadable } from './readable-selector.ts';

/** `mask`: the shape is shared and nothing that could be read. `block`: an empty box of the same size, or nothing. */
export type Visibility = 'show' | 'mask' | 'block';

/** What a node inherits and hands on, as bits. None: it is shown. */
export const STANDING = {
  shown: 0,
  /** Masked because the site is private by default; "allow" lifts it. */
  byDefault: 1,
  /** Masked for good: the author's mark, a private field. */
  masked: 2,
  /** Leads to the only part that is shared: the box is needed, nothing in it. */
  leading: 4,
  blocked: 8,
} as const;

/**
 * Decides what of a page may leave the browser. What restricts adds up: the visitor's own choice, the operator's
 * "deny", the author's mark and private fields each hide, and "allow" lifts only what private-by-default hides.
 */
export interface Privacy {
  /** Of this node right now, as a sum of `STANDING`. Remembered until `forget`. */
  standingOf(node: Node): number;
  visibilityOf(node: Node): Visibility;
  isReadOnly(node: Node): boolean;
  /** Call whenever anything on the page may have changed: a selector can depend on any of it. */
  forget(): void;
  /**
   * The selector of a part the visitor has chosen that is not there: the only one that is shared, or one to hide that was
   * picked on this page. Nothing may be sent without knowing where it is now.
   */
  findGone(): string | undefined;
  /** Whether a standing can change without a change of the node itself or of one around it. */
  readonly dependsOnOthers: boolean;
}

/** @returns the selector that no browser can read, instead: then nothing at all may be shared */
export function createPrivacy(
  rules: PrivacyRules,
  scope: ChosenScope,
  doc: Document,
  choice: ChoiceMemory,
): Privacy | { unreadable: string } {
  const hidden = scope.hidden.map(({ selector }) => selector);
  const parts = scope.onlyPart ? [scope.onlyPart.selector] : [];
  const unreadable = findUnreadable([...rules.deny, ...rules.allow, ...rules.readOnly], doc);
  if (unreadable !== undefined) return { unreadable };
  const unreadablePart = findUnreadable([...hidden, ...parts].flatMap(toSteps), doc);
  if (unreadablePart !== undefined) return { unreadable: unreadablePart };

  // A part inside a frame or a shadow tree has several steps and is looked up; the others are matched.
  const deepHidden = hidden.filter((selector) => toSteps(selector).length > 1);
  const hiding = hidden.filter((selector) => toSteps(selector).length === 1).join();
  const blocking = [...rules.deny, `[${AUTHOR_ATTRIBUTE}~="block" i]`].join();
  const masking = `[${AUTHOR_ATTRIBUTE}~="mask" i]`;
  /** All that has a standing of its own: one question spares most elements the others. */
  const special = [blocking, masking, FIELDS].join();
  const readOnly = [...rules.readOnly, `[${AUTHOR_ATTRIBUTE}~="read-only" i]`].join();
  const allowing = rules.isPrivateByDefault ? rules.allow.join() : '';
  const root = (rules.isPrivateByDefault ? STANDING.byDefault : 0) | (scope.onlyPart ? STANDING.leading : 0);

  let memory = new Map<Node, number>();
  let fields = createFieldNames();
  let trail: Set<Node> | undefined;
  let lookedUp: Set<Node> | undefined;

  const findOnly = (): Element | null => scope.onlyPart && choice.findOnly(scope.onlyPart);
  const leadsToPart = (element: Element): boolean => {
    if (trail === undefined) addTrail(findOnly(), (trail = new Set()));
    return trail.has(element);
  };
  const isHiddenByChoice = (element: Element): boolean => {
    lookedUp ??= new Set(deepHidden.map((selector) => findPart(doc, selector)).filter((found) => found !== null));
    const isLedTo = lookedUp.has(element) || (hiding !== '' && matchesSelector(element, hiding));
    return scope.hidden.some((part) => choice.isHidden(part, element, isLedTo && leadsTo(part.selector, element)));
  };
  const leadsTo = (selector: string, element: Element): boolean =>
    deepHidden.includes(selector) ? findPart(doc, selector) === element : matchesSelector(element, selector);

  const judge = (element: Element, inherited: number): number => {
    let standing = inherited;
    if (standing & STANDING.leading) {
      if (element === findOnly()) standing &= ~STANDING.leading;
      else if (!leadsToPart(element) && !isSheet(element) && tagOf(element) !== 'head') return STANDING.blocked;
    }
    if (allowing && standing & STANDING.byDefault && matchesSelector(element, allowing)) {
      standing &= ~STANDING.byDefault;
    }
    if (hidden.length > 0 && isHiddenByChoice(element)) return STANDING.blocked;
    if (!matchesSelector(element, special)) return standing;
    if (matchesSelector(element, blocking)) return STANDING.blocked;
    const isMasked = matchesSelector(element, masking) || fields.isPrivate(element);
    return isMasked ? standing | STANDING.masked : standing;
  };

  const standingOf = (node: Node): number => {
    const known = memory.get(node);
    if (known !== undefined) return known;
    const parent = composedParent(node);
    let standing = parent ? standingOf(parent) : node === doc ? root : STANDING.blocked;
    const slot = slotOf(node);
    // Light children are seen where their slot is, inside whatever hides that.
    if (slot) standing |= standingOf(slot);
    if (!(standing & STANDING.blocked)) {
      if (isElement(node)) standing = judge(node, standing);
      // A page of its own within this one.
      else if (node !== doc && isDocument(node))
        standing |= isPrivatePath(rules.privatePaths, node.location) ? STANDING.blocked : 0;
      // What stands between the boxes that lead to the part is outside of it.
      else if (standing & STANDING.leading && isText(node) && !isSheet(parent)) standing = STANDING.blocked;
    }
    if (standing & STANDING.blocked) standing = STANDING.blocked;
    memory.set(node, standing);
    return standing;
  };

  return {
    dependsOnOthers: [...rules.deny, ...rules.allow].some((selector) => /[\s>+~:]/.test(selector)),
    standingOf,
    visibilityOf: (node) => toVisibility(standingOf(node)),
    isReadOnly(node) {
      if (standingOf(node) !== STANDING.shown) return true;
      for (let at: Node | null = node; at; at = composedParent(at)) {
        if (isElement(at) && matchesSelector(at, readOnly)) return true;
      }
      return false;
    },
    forget() {
      memory = new Map();
      fields = createFieldNames();
      trail = undefined;
      lookedUp = undefined;
    },
    findGone: () =>
      (scope.onlyPart !== null && findOnly() === null ? scope.onlyPart : scope.hidden.find(choice.isHiddenGone))
        ?.selector,
  };
}

export function toVisibility(standing: number): Visibility {
  if (standing & STANDING.blocked) return 'block';
  return standing === STANDING.shown ? 'show' : 'mask';
}

/** All that stands around a node, slots too. */
function addTrail(from: Node | null, trail: Set<Node>): void {
  for (let node = from; node && !trail.has(node); node = composedParent(node)) {
    trail.add(node);
    addTrail(slotOf(node), trail);
  }
}

/** Style sheets lay out what is shared, wherever they stand. */
function isSheet(node: Node | null): boolean {
  const tag = tagOf(node);
  return tag === 'style' || tag === 'link';
}
