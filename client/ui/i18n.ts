import { type Language } from './language.ts';

/** A text that depends on a number: `{count}` picks the form, by the rules of the language. */
export type PluralText = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;
export type Text = string | PluralText;

/** German must say everything that English says; a missing or superfluous key is a type error. */
export interface Dictionary<English extends Record<string, Text>> {
  en: English;
  de: { [Key in keyof English]: NoInfer<English[Key]> extends string ? string : PluralText };
}

type NamesIn<Pattern extends string> = Pattern extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;
type VariablesOf<Entry extends Text> = Entry extends string
  ? { [Name in NamesIn<Entry>]: string | number }
  : { count: number } & { [Name in Exclude<NamesIn<Extract<Entry[keyof Entry], string>>, 'count'>]: string | number };
type Arguments<Entry extends Text> = keyof VariablesOf<Entry> extends never ? [] : [variables: VariablesOf<Entry>];

/** Says a text by its key; which variables it wants follows from the English text. */
export type Translator<English extends Record<string, Text>> = <Key extends keyof English & string>(
  key: Key,
  ...variables: Arguments<English[Key]>
) => string;

/**
 * Makes the translator of one dictionary. Given the page's `language` signal, its texts follow a change of language.
 * ```ts
 * const say = createTranslator({ en: { hello: 'Hello {name}' }, de: { hello: 'Hallo {name}' } }, language);
 * say('hello', { name: 'Mira' });
 * ```
 */
export function createTranslator<const English extends Record<string, Text>>(
  dictionary: Dictionary<English>,
  spoken: Language | { readonly value: Language },
): Translator<English> {
  return (key, ...[variables]) => {
    const chosen = typeof spoken === 'string' ? spoken : spoken.value;
    const text: Text = dictionary[chosen][key];
    const values: Record<string, string | number> = { ...variables };
    const pattern = typeof text === 'string' ? text : toPluralForm(text, Number(values['count']), chosen);
    return pattern.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
      const value = values[name];
      if (value === undefined) return placeholder;
      return typeof value === 'number' ? value.toLocaleString(chosen) : value;
    });
  };
}

function toPluralForm(text: PluralText, count: number, chosen: Language): string {
  return text[new Intl.PluralRules(chosen).select(count)] ?? text.other;
}
