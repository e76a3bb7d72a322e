import { attributeOf, hasAttributeOf, parentNodeOf, tagOf } from './untouched-dom.ts';

/** What `autocomplete` says of secrets and of payment, among other tokens such as "section-a billing". */
const PRIVATE_AUTOCOMPLETE = /(?:^|\s)(?:cc-|one-time-code|transaction-|\S*-password)/i;
/**
 * How fields for them are called where a page says nothing in `autocomplete`: in their names, whole words or joined ones,
 * and in what a person reads, English or German.
 */
const PRIVATE_NAME =
  /passw|passcode|pass.?phrase|kennwort|geheim(?:zahl|nummer)|(?:^|[^a-z])(?:pwd|pin|otp|tan|cvv2?|cvc2?|csc|iban|bic|cc)(?:[^a-z]|$)|(?:card|cc).?(?:num|no|nr|cvc|cvv|code|exp)|credit.?card|kredit.?karte|karten.?(?:nummer|nr)|prüf(?:ziffer|nummer|zahl)|(?:security|verification|one.?time).?code|(?:sicherheits|bestätigungs|einmal).?code|account.?num|konto.?nummer|social.?sec|\bssn\b/i;
const FIELD_TAGS = ['input', 'textarea', 'select'];
const PRIVATE_TYPES = ['password', 'hidden', 'file'];
/** What is said beside these is the choice itself. */
const NAMED_BY_THEMSELVES = /^(?:checkbox|radio|button|submit|reset|image|range|color)$/;
/** Longer, and it tells a story rather than a name. */
const MAX_NAME_LENGTH = 80;

/** A password stays one when the page shows it in the clear: whatever was private once is so for good. */
const oncePrivate = new WeakSet<Element>();

/** Passwords, one-time codes, payment, files and hidden fields, whatever any rule says. */
export function isPrivateField(element: Element): boolean {
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
}

/** By its labels, or by a button beside it alone, such as the one that shows and hides a password. */
function isNamedPrivate(element: Element): boolean {
  const labels = Array.from((element as HTMLInputElement).labels ?? []);
  const root = element.getRootNode() as Partial<Document>;
  for (const id of attributeOf(element, 'aria-labelledby').split(/\s+/)) {
    const label = id && root.getElementById?.(id);
    if (label) labels.push(label as HTMLLabelElement);
  }
  if (labels.some((label) => isPrivateName(label.textContent))) return true;
  for (let around = parentNodeOf(element), steps = 0; around && steps < 2; around = parentNodeOf(around), steps += 1) {
    const scope = around as ParentNode & Node;
    const find = (selector: string): Element[] => Array.from(scope.querySelectorAll(selector));
    if (find(FIELD_TAGS.join()).length > 1) return false;
    const tells = (each: Element): boolean =>
      ['aria-label', 'title', 'class'].some((name) => isPrivateName(attributeOf(each, name)));
    if (find('button,[role],[aria-label],[title]').some(tells)) return true;
  }
  return false;
}

function isPrivateName(text: string): boolean {
  return text.trim().length <= MAX_NAME_LENGTH && PRIVATE_NAME.test(text);
}
