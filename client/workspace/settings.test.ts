import { expect, test } from 'vitest';
import { parseSettings } from './settings.ts';

test('[A10] without a choice the browser’s language, the system’s look and sounds count', () => {
  expect(parseSettings(null, ['fr-FR', 'de-AT', 'en'])).toEqual({ language: 'de', theme: 'system', hasSounds: true });
  expect(parseSettings(null, ['fr'])).toMatchObject({ language: 'en' });
});

test('[A10] what was chosen counts before what the browser says', () => {
  const stored = JSON.stringify({ language: 'en', theme: 'dark', hasSounds: false });
  expect(parseSettings(stored, ['de'])).toEqual({ language: 'en', theme: 'dark', hasSounds: false });
});

test('[A10] broken or foreign stored settings do no harm', () => {
  for (const broken of ['{', 'null', '7', '"text"', '{"language":"xx","theme":3}']) {
    expect(parseSettings(broken, ['de'])).toEqual({ language: 'de', theme: 'system', hasSounds: true });
  }
});
