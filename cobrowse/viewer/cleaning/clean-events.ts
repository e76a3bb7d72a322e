import type { attributeMutation, incrementalData, serializedNodeWithId } from '@rrweb/types';
import type { AssetPlace } from './asset-addresses.ts';
import { cleanAttribute } from './clean-attributes.ts';
import { cleanCss } from './clean-css.ts';
import { chooseScheme } from './page-scheme.ts';
import { cleanNode, cleanText, createNodeBudget, NODE, UnshowableError } from './clean-node.ts';

/** By number, as the recorder library sends them. */
export const SOURCE = {
  mutation: 0,
  mouseMove: 1,
  mouseInteraction: 2,
  scroll: 3,
  resize: 4,
  input: 5,
  touchMove: 6,
  media: 7,
  styleRule: 8,
  canvas: 9,
  font: 10,
  drag: 12,
  styleDeclaration: 13,
  selection: 14,
  adoptedSheet: 15,
} as const;

export interface CleaningPlace extends AssetPlace {
  /** Name of the element with this id, in capitals as the document has it; undefined when there is none. */
  findElementName(id: number): string | undefined;
}

/** Makes a snapshot of the whole page harmless, in place. @throws UnshowableError when it is none */
export function cleanSnapshot(data: { node: serializedNodeWithId }, place: AssetPlace): void {
  const { node } = data;
  if (typeof node !== 'object' || node === null || (node.type as number) !== NODE.document) {
    throw new UnshowableError('a snapshot is a document');
  }
  cleanNode(node, place);
}

/** Makes a change harmless, in place; false when nothing of it is to be shown. */
export function cleanChange(data: incrementalData, place: CleaningPlace): boolean {
  switch (data.source as number) {
    case SOURCE.mutation:
      cleanMutation(data as MutationData, place);
      return true;
    case SOURCE.styleRule: {
      const change = data as { adds?: unknown; replace?: unknown; replaceSync?: unknown };
      cleanRules(change.adds, place);
      if (typeof change.replace === 'string') change.replace = cleanCss(change.replace, place);
      if (typeof change.replaceSync === 'string') change.replaceSync = cleanCss(change.replaceSync, place);
      return true;
    }
    case SOURCE.styleDeclaration: {
      const { set } = data as { set?: { property?: unknown; value: unknown } };
      if (typeof set?.value === 'string') set.value = cleanValue(set.property, set.value, place);
      return true;
    }
    case SOURCE.adoptedSheet: {
      const { styles, styleIds } = data as { styles?: unknown; styleIds?: unknown };
      if (!Array.isArray(styleIds)) return false;
      for (const style of listOf(styles)) cleanRules(Reflect.get(style, 'rules'), place);
      return true;
    }
    case SOURCE.input:
    case SOURCE.selection:
      return true;
    default:
      // Pointer, scrolling and size are shown by the viewer itself; media, canvas and scripts' fonts are not replayed.
      return false;
  }
}

type MutationData = Extract<incrementalData, { source: 0 }>;

function cleanMutation(data: MutationData, place: CleaningPlace): void {
  const budget = createNodeBudget();
  const added = new Map<number, string>();
  const nameOf = (id: number): string => added.get(id) ?? place.findElementName(id) ?? '';
  data.adds = listOf(data.adds) as typeof data.adds;
  data.removes = listOf(data.removes) as typeof data.removes;
  data.texts = listOf(data.texts) as typeof data.texts;
  data.attributes = listOf(data.attributes) as typeof data.attributes;
  for (const { node, parentId } of data.adds) {
    if (typeof node !== 'object' || node === null) throw new UnshowableError('an added node is missing');
    cleanNode(node, place, budget);
    if ('tagName' in node) added.set(node.id, node.tagName);
    if ('textContent' in node && isSheetName(nameOf(parentId))) node.textContent = cleanCss(node.textContent, place);
  }
  for (const text of data.texts) {
    const value = cleanText(text.value);
    // Text inside a style sheet is known by its own id alone.
    text.value =
      /url\(|@import|foyer-asset:|color-scheme/i.test(value) && isSheetName(place.findElementName(text.id) ?? '')
        ? cleanCss(value, place)
        : value;
  }
  for (const change of data.attributes) cleanAttributeChange(change, nameOf(change.id), place);
}

function cleanAttributeChange(change: attributeMutation, tagName: string, place: AssetPlace): void {
  const attributes = typeof change.attributes === 'object' && change.attributes !== null ? change.attributes : {};
  change.attributes = Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]): [string, (typeof attributes)[string]][] => {
      if (value === null) return /^[\w:.@-]{1,100}$/.test(name) ? [[name, null]] : [];
      if (typeof value === 'string') {
        // An address that may not be loaded also takes away the one before it.
        return [[name, cleanAttribute(tagName, name, value, place) ?? null]];
      }
      return name === 'style' && typeof value === 'object' ? [[name, cleanStyleChange(value, place)]] : [];
    }),
  );
}

type StyleChange = Exclude<attributeMutation['attributes'][string], string | null>;

function cleanStyleChange(style: StyleChange, place: AssetPlace): StyleChange {
  return Object.fromEntries(
    Object.entries(style).flatMap(([property, value]): [string, StyleChange[string]][] => {
      if (value === false) return [[property, false]];
      if (typeof value === 'string') return [[property, cleanValue(property, value, place)]];
      if (!Array.isArray(value) || typeof value[0] !== 'string') return [];
      return [[property, [cleanValue(property, value[0], place), value[1] === 'important' ? 'important' : '']]];
    }),
  );
}

function cleanValue(property: unknown, value: string, place: AssetPlace): string {
  return property === 'color-scheme' ? chooseScheme(value, place.scheme) : cleanCss(value, place);
}

function cleanRules(rules: unknown, place: AssetPlace): void {
  for (const entry of listOf(rules)) {
    const rule: unknown = Reflect.get(entry, 'rule');
    Reflect.set(entry, 'rule', typeof rule === 'string' ? cleanCss(rule, place) : '');
  }
}

function isSheetName(name: string): boolean {
  return name.toUpperCase() === 'STYLE';
}

function listOf(value: unknown): object[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'object' && entry !== null) : [];
}
