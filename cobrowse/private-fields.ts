import {
  attributeOf,
  closestOf,
  findById,
  hasAttributeOf,
  isElement,
  parentNodeOf,
  queryAll,
  rootOf,
  tagOf,
  textContentOf,
} from './untouched-dom.ts';

/** What `autocomplete` says of secrets and of payment, among other tokens such as "section-a billing". */
const PRIVATE_AUTOCOMPLETE = /(?:^|\s)(?:cc-|one-time-code|transaction-|\S*-password)/i;
/**
 * How fields for them are called where a page says nothing in `autocomplete`: in their names, whole words or joined ones,
 * and in what a person reads, English or German.
 */
const PRIVATE_NAME =
  /passw|passcode|pass.?phrase|kennwort|geheim(?:zahl|nummer)|(?:^|[^a-z])(?:pwd|pin|otp|tan|cvv2?|cvc2?|csc|iban|bic|cc)(?:[^a-z]|$)|(?:card|cc).?(?:num|no|nr|cvc|cvv|code|exp)|credit.?card|kredit.?karte|karten.?(?:nummer|nr)|prüf(?:ziffer|nummer|zahl)|(?:security|verification|one.?time).?code|(?:sicherheits|bestätigungs|einmal).?code|account.?num|konto.?nummer|social.?sec|\bssn\b/i;
const FIELD_TAGS = ['input', 'textarea', 'select'];
export const FIELDS = FIELD_TAGS.join();
const PRIVATE_TYPES = ['password', 'hidden', 'file'];
/** What is said beside these is the choice itself. */
const NAMED_BY_THEMSELVES = /^(?:checkbox|radio|button|submit|reset|image|range|color)$/;
/** Longer, and it tells a story rather than a name. */
const MAX_NAME_LENGTH = 80;

/** A password stays one when the page shows it in the clear: whatever was private once is so for good. */
const oncePrivate = new WeakSet<Element>();

/** Tells private fields, with what it has read of their surroundings: not to be kept longer than the page stays as it is. */
export interface FieldNames {
  /** Passwords, one-time codes, payment, files and hidden fields, whatever any rule says. */
  isPrivate(element: Element): boolean;
}

/** Nothing is read before a field needs it, and then once for all fields: a large page may have thousands. */
export function createFieldNames(): FieldNames {
  const labels = new Map<Node, Map<string, boolean>>();
  const surroundings = new Map<Node, boolean | null>();

  /** Whether one of the labels that name a field by its id asks for a secret; of all in the same tree. */
  const isLabelledPrivate = (element: Element, id: string): boolean => {
    if (id === '') return false;
    const root = rootOf(element);
    let told = labels.get(root);
    if (!told) {
      labels.set(root, (told = new Map<string, boolean>()));
      for (const label of queryAll(root, 'label[for]')) {
        const named = attributeOf(label, 'for');
        told.set(named, told.get(named) || isPrivateName(textContentOf(label)));
      }
    }
    return told.get(id) ?? false;
  };
  const isBesideSecret = (scope: Node): boolean | null => {
    let found = surroundings.get(scope);
    if (found === undefined) surroundings.set(scope, (found = readSurrounding(scope)));
    return found;
  };
  /** By its labels, or by a button beside it alone, such as the one that shows and hides a password. */
  const isNamedPrivate = (element: Element): boolean => {
    if (isLabelledPrivate(element, attributeOf(element, 'id'))) return true;
    for (let at: Node | null = element; isElement(at); at = parentNodeOf(at)) {
      at = closestOf(at, 'label');
      if (!at) break;
      if (isPrivateName(textContentOf(at))) return true;
    }
    const root = rootOf(element);
    for (const id of attributeOf(element, 'aria-labelledby').split(/\s+/)) {
      const label = id && findById(root, id);
      if (label && isPrivateName(textContentOf(label))) return true;
    }
    let scope = parentNodeOf(element);
    for (let steps = 0; scope && steps < 2; scope = parentNodeOf(scope), steps += 1) {
      const isSecret = isBesideSecret(scope);
      if (isSecret !== false) return isSecret === true;
    }
    return false;
  };
  return {
    isPrivate(element) {
      if (!FIELD_TAGS.includes(tagOf(element))) return false;
      if (oncePrivate.has(element)) return true;
      const read = (name: string): string => attributeOf(element, name);
      const type = read('type').trim().toLowerCase();
      const names = ['name', 'id', 'placeholder', 'aria-label', 'title'].map(read).join(' ');
      const isPrivate =
        PRIVATE_TYPES.includes(type) ||
        PRIVATE_AUTOCOMPLETE.test(read('autocomplete')) ||
        PRIVATE_NAME.test(names) ||
        hasAttributeOf(element, 'data-rr-is-password') ||
        (!NAMED_BY_THEMSELVES.test(type) && isNamedPrivate(element));
      if (isPrivate) oncePrivate.add(element);
      return isPrivate;
    },
  };
}

/** Whether something beside a field says that it asks for a secret; null where other fields are among them. */
function readSurrounding(scope: Node): boolean | null {
  if (queryAll(scope, FIELDS).length > 1) return null;
  const tells = (each: Element): boolean =>
    ['aria-label', 'title', 'class'].some((name) => isPrivateName(attributeOf(each, name)));
  return queryAll(scope, 'button,[role],[aria-label],[title]').some(tells);
}

function isPrivateName(text: string): boolean {
  return text.trim().length <= MAX_NAME_LENGTH && PRIVATE_NAME.test(text);
}
