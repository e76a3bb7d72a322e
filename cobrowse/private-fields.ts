import { attributeOf, hasAttributeOf, tagOf } from './untouched-dom.ts';

/** What `autocomplete` says of secrets and of payment, among other tokens such as "section-a billing". */
const PRIVATE_AUTOCOMPLETE = /(?:^|\s)(?:cc-|one-time-code|transaction-|\S*-password)/i;
/** How fields for them are called where a page says nothing in `autocomplete`. Whole words or joined ones. */
const PRIVATE_NAME =
  /passw|passcode|kennwort|(?:^|[^a-z])(?:pwd|pin|otp|tan|cvv2?|cvc2?|csc|iban|bic|cc)(?:[^a-z]|$)|(?:card|cc).?(?:num|no|nr|cvc|cvv|code|exp)|credit.?card|kredit.?karte|security.?code|account.?num|konto.?nummer|social.?sec|\bssn\b/i;
const FIELD_TAGS = ['input', 'textarea', 'select'];
const PRIVATE_TYPES = ['password', 'hidden', 'file'];

/** A password stays one when the page shows it in the clear: whatever was private once is so for good. */
const oncePrivate = new WeakSet<Element>();

/** Passwords, one-time codes, payment, files and hidden fields, whatever any rule says. */
export function isPrivateField(element: Element): boolean {
  if (!FIELD_TAGS.includes(tagOf(element))) return false;
  if (oncePrivate.has(element)) return true;
  const read = (name: string): string => attributeOf(element, name);
  const isPrivate =
    PRIVATE_TYPES.includes(read('type').trim().toLowerCase()) ||
    PRIVATE_AUTOCOMPLETE.test(read('autocomplete')) ||
    PRIVATE_NAME.test(`${read('name')} ${read('id')}`) ||
    hasAttributeOf(element, 'data-rr-is-password');
  if (isPrivate) oncePrivate.add(element);
  return isPrivate;
}
