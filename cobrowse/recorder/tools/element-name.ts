import type { RecorderLook } from '../recorder-messages.ts';
import { isElement } from './composed-tree.ts';

type Language = RecorderLook['language'];

const MAX_NAME = 60;

/** What kind of thing an element is, in the visitor's words: by role or tag. */
const KINDS: Record<string, readonly [en: string, de: string]> = {
  form: ['Form', 'Formular'],
  search: ['Search', 'Suche'],
  section: ['Section', 'Abschnitt'],
  region: ['Section', 'Abschnitt'],
  article: ['Article', 'Beitrag'],
  nav: ['Navigation', 'Navigation'],
  navigation: ['Navigation', 'Navigation'],
  header: ['Page header', 'Kopfbereich'],
  banner: ['Page header', 'Kopfbereich'],
  footer: ['Page footer', 'Fußbereich'],
  contentinfo: ['Page footer', 'Fußbereich'],
  aside: ['Side column', 'Seitenspalte'],
  complementary: ['Side column', 'Seitenspalte'],
  main: ['Main content', 'Hauptinhalt'],
  dialog: ['Dialog', 'Dialog'],
  table: ['Table', 'Tabelle'],
  tr: ['Table row', 'Tabellenzeile'],
  td: ['Table cell', 'Tabellenzelle'],
  th: ['Table cell', 'Tabellenzelle'],
  ul: ['List', 'Liste'],
  ol: ['List', 'Liste'],
  list: ['List', 'Liste'],
  li: ['List entry', 'Listeneintrag'],
  fieldset: ['Group of fields', 'Feldgruppe'],
  group: ['Group', 'Gruppe'],
  input: ['Field', 'Feld'],
  textarea: ['Field', 'Feld'],
  textbox: ['Field', 'Feld'],
  select: ['Choice', 'Auswahl'],
  combobox: ['Choice', 'Auswahl'],
  checkbox: ['Checkbox', 'Kontrollkästchen'],
  radio: ['Option', 'Option'],
  button: ['Button', 'Schaltfläche'],
  a: ['Link', 'Link'],
  link: ['Link', 'Link'],
  img: ['Picture', 'Bild'],
  picture: ['Picture', 'Bild'],
  figure: ['Picture', 'Bild'],
  svg: ['Picture', 'Bild'],
  canvas: ['Picture', 'Bild'],
  video: ['Video', 'Video'],
  audio: ['Sound', 'Ton'],
  iframe: ['Embedded page', 'Eingebettete Seite'],
  p: ['Text', 'Text'],
  span: ['Text', 'Text'],
  h1: ['Heading', 'Überschrift'],
  h2: ['Heading', 'Überschrift'],
  h3: ['Heading', 'Überschrift'],
  h4: ['Heading', 'Überschrift'],
  h5: ['Heading', 'Überschrift'],
  h6: ['Heading', 'Überschrift'],
};
const ANYTHING = ['Area', 'Bereich'] as const;
const SPEAKS_BY_ITS_TEXT = /^(?:button|a|p|span|h[1-6]|li|th|td|label|summary|option|legend|caption|dt|dd)$/;
const FIELD_BUTTONS = /^(?:submit|reset|button)$/;

/** "Form: Delivery address". For the visitor's own eyes: it never holds what a field holds. */
export function describeElement(element: Element, language: Language): string {
  const name = findName(element);
  const kind = toKind(element)[language === 'de' ? 1 : 0];
  return name === undefined ? kind : `${kind}: ${name}`;
}

/** "Add to cart"; for what has no name, what it is. */
export function nameElement(element: Element, language: Language): string {
  return findName(element) ?? toKind(element)[language === 'de' ? 1 : 0];
}

function toKind(element: Element): readonly [string, string] {
  const role = element.getAttribute('role')?.trim().split(/\s+/)[0] ?? '';
  const type = element.localName === 'input' ? (element.getAttribute('type') ?? '').toLowerCase() : '';
  const key = [role, FIELD_BUTTONS.test(type) ? 'button' : type, element.localName].find((each) =>
    Object.hasOwn(KINDS, each),
  );
  return (key !== undefined && KINDS[key]) || ANYTHING;
}

function findName(element: Element): string | undefined {
  return (
    clean(readReferred(element)) ??
    clean(element.getAttribute('aria-label')) ??
    clean(readLabel(element)) ??
    clean(element.getAttribute('alt')) ??
    clean(readTitling(element)) ??
    clean(SPEAKS_BY_ITS_TEXT.test(element.localName) || isButtonLike(element) ? readText(element) : null) ??
    clean(element.getAttribute('title')) ??
    clean(element.getAttribute('placeholder'))
  );
}

function isButtonLike(element: Element): boolean {
  return /^(?:button|link|tab|menuitem|option)$/.test(element.getAttribute('role') ?? '');
}

function readReferred(element: Element): string | null {
  const ids = element.getAttribute('aria-labelledby')?.trim().split(/\s+/);
  if (!ids) return null;
  const root = element.getRootNode() as Document | ShadowRoot;
  return ids.map((id) => readText(root.getElementById(id))).join(' ');
}

function readLabel(element: Element): string | null {
  if (element.localName === 'input' && FIELD_BUTTONS.test((element.getAttribute('type') ?? '').toLowerCase())) {
    return element.getAttribute('value');
  }
  const label = (element as Partial<HTMLInputElement>).labels?.[0];
  return label ? readText(label) : null;
}

/** What stands at the head of a container and says what it is. */
function readTitling(element: Element): string | null {
  const own = Array.from(element.children).find(({ localName }) => /^(?:legend|caption|figcaption)$/.test(localName));
  return readText(own ?? findHeading(element));
}

/** Of several headings the first speaks for all only when the others stand below it. */
function findHeading(element: Element): Element | undefined {
  const [first, ...others] = element.querySelectorAll('h1,h2,h3,h4,h5,h6');
  return first && others.every(({ localName }) => localName > first.localName) ? first : undefined;
}

/** Texts alone: never what somebody entered, never code. */
function readText(node: Node | null | undefined): string | null {
  if (!node) return null;
  let text = '';
  const collect = (each: Node): void => {
    if (text.length > MAX_NAME * 2) return;
    if (each.nodeType === 3) text += each.nodeValue ?? '';
    else if (isElement(each) && !/^(?:script|style|textarea|select|noscript|template)$/.test(each.localName)) {
      text += ' ';
      each.childNodes.forEach(collect);
    }
  };
  collect(node);
  return text;
}

function clean(text: string | null): string | undefined {
  const plain = (text ?? '').replace(/\s+/g, ' ').trim();
  if (plain === '') return undefined;
  return plain.length > MAX_NAME ? `${plain.slice(0, MAX_NAME - 1).trimEnd()}…` : plain;
}
