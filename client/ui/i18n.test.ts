import { signal } from '@preact/signals';
import { expect, test } from 'vitest';
import { createTranslator } from './i18n.ts';
import { chooseLanguage, type Language } from './language.ts';

const dictionary = {
  en: { hello: 'Hello {name}', line: { one: '{count} person', other: '{count} people' }, plain: 'Plain' },
  de: { hello: 'Hallo {name}', line: { one: '{count} Person', other: '{count} Personen' }, plain: 'Schlicht' },
} as const;

test('[A10] texts are said in the chosen language with their variables', () => {
  const language = signal<Language>('en');
  const say = createTranslator(dictionary, language);
  expect(say('hello', { name: 'Mira' })).toBe('Hello Mira');
  language.value = 'de';
  expect([say('hello', { name: 'Mira' }), say('plain')]).toEqual(['Hallo Mira', 'Schlicht']);
});

test('[A10] a variable is put in as it is, also when it looks like a placeholder', () => {
  const say = createTranslator(dictionary, 'en');
  expect(say('hello', { name: '{name} $& <b>' })).toBe('Hello {name} $& <b>');
});

test('[A10] numbers choose their form and are written as the language does', () => {
  const [en, de] = [createTranslator(dictionary, 'en'), createTranslator(dictionary, 'de')];
  expect([en('line', { count: 0 }), en('line', { count: 1 }), en('line', { count: 1_200 })]).toEqual([
    '0 people',
    '1 person',
    '1,200 people',
  ]);
  expect(de('line', { count: 1_200 })).toBe('1.200 Personen');
});

test('[A10] a missing variable, key or German text is found by the compiler', () => {
  const say = createTranslator(dictionary, 'en');
  // @ts-expect-error The name is missing.
  say('hello', {});
  // @ts-expect-error There is no such text.
  const unknown = () => say('goodbye');
  // @ts-expect-error German lacks a text.
  createTranslator({ en: { a: 'a', b: 'b' }, de: { a: 'a' } }, 'en');
  // @ts-expect-error German has a text too many.
  createTranslator({ en: { a: 'a' }, de: { a: 'a', b: 'b' } }, 'en');
  expect(unknown).toThrow();
});

test("[A10] the first of a person's languages that we speak is taken, English otherwise", () => {
  expect(chooseLanguage(['fr', 'de-AT', 'en'])).toBe('de');
  expect(chooseLanguage(['EN_us', 'de'])).toBe('en');
  expect(chooseLanguage(['fr', 'it'])).toBe('en');
  expect(chooseLanguage([])).toBe('en');
});
