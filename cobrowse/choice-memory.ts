import { toPlace } from './page-place.ts';
import type { ChosenScope, PickedPart } from './recorder/recorder-messages.ts';

/** What one choice of the visitor has come to mean on this page. */
interface Meaning {
  /** What its selector leads to. */
  found: Element | null;
  /** Everything it has ever led to. */
  all: WeakSet<Element>;
  /** Until then the page is still being drawn, and may replace what was found by something else. */
  settlesAt: number;
  /** The visitor has just picked it; it is not in force yet. */
  isNew: boolean;
}

/**
 * Which elements the visitor's choices have come to mean, for as long as each stands: over lost connections, pauses and
 * every other stop of the recorder. A path such as "the third entry" leads elsewhere once the page changes: what was not
 * shared must not become so, what was hidden stays hidden.
 */
export interface ChoiceMemory {
  /** The only part that is shared; null while it is not there, and on any page but its own. */
  findOnly(part: PickedPart): Element | null;
  /** Whether nothing may be sent because it is not known where this hidden part is now. */
  isHiddenGone(part: PickedPart): boolean;
  /** Whether this element was hidden by this choice at any time. From now on it is, when the selector leads to it. */
  isHidden(part: PickedPart, element: Element, isLedTo: boolean): boolean;
  /** The visitor has picked this now: later its selector may lead elsewhere. */
  take(part: PickedPart): void;
  /** Forgets what the visitor has taken back. */
  keep(scope: ChosenScope): void;
}

/** Leads to nothing else than what has this name. */
const NAMED_PART = /^#[\w-]+$/;
const SETTLE_MS = 2_000;

export function createChoiceMemory(doc: Document): ChoiceMemory {
  const meanings = new Map<string, Meaning>();
  const toKey = ({ path, selector }: PickedPart): string => `${path} ${selector}`;
  const meaningOf = (part: PickedPart): Meaning => {
    const key = toKey(part);
    const known = meanings.get(key) ?? { found: null, all: new WeakSet(), settlesAt: 0, isNew: false };
    meanings.set(key, known);
    return known;
  };
  const isHere = ({ path }: PickedPart): boolean => path === toPlace(doc.location);
  const remember = (meaning: Meaning, found: Element | null): Element | null => {
    meaning.found = found;
    if (found) meaning.all.add(found);
    return found;
  };

  return {
    findOnly(part) {
      if (!isHere(part)) return null;
      const meaning = meaningOf(part);
      const { found } = meaning;
      if (found?.isConnected) return found;
      return found && !NAMED_PART.test(part.selector) ? null : remember(meaning, findPart(doc, part.selector));
    },
    isHiddenGone(part) {
      const meaning = meaningOf(part);
      const { found: before } = meaning;
      if (before?.isConnected) return false;
      if (!isHere(part)) {
        meaning.found = null;
        return false;
      }
      if (before && NAMED_PART.test(part.selector)) return false;
      const found = findPart(doc, part.selector);
      if (found === null) return true;
      if (before === null) meaning.settlesAt = performance.now() + SETTLE_MS;
      // Drawn anew: only when it still says the same is it surely the same.
      else if (found.textContent !== before.textContent && performance.now() > meaning.settlesAt) return true;
      remember(meaning, found);
      return false;
    },
    isHidden(part, element, isLedTo) {
      const { all } = meaningOf(part);
      if (isLedTo) all.add(element);
      return all.has(element);
    },
    take(part) {
      const meaning = meaningOf(part);
      meaning.isNew = true;
      meaning.settlesAt = 0;
      remember(meaning, findPart(doc, part.selector));
    },
    keep({ onlyPart, hidden }) {
      const kept = new Set([...hidden, ...(onlyPart ? [onlyPart] : [])].map(toKey));
      for (const [key, meaning] of meanings) {
        if (kept.has(key)) meaning.isNew = false;
        else if (!meaning.isNew) meanings.delete(key);
      }
    },
  };
}

/**
 * The element a picked part's selector leads to. ` >>> ` steps into the shadow tree or the frame of what stands before
 * it, as often as needed.
 */
export function findPart(doc: Document, selector: string): Element | null {
  let within: Document | ShadowRoot | null = doc;
  let found: Element | null = null;
  for (const step of toSteps(selector)) {
    found = within?.querySelector(step) ?? null;
    within = found?.shadowRoot ?? (found as Partial<HTMLIFrameElement> | null)?.contentDocument ?? null;
  }
  return found;
}

export function toSteps(selector: string): string[] {
  return selector.split(' >>> ');
}
