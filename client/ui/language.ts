import { signal, type ReadonlySignal } from '@preact/signals';

export type Language = 'en' | 'de';
export const LANGUAGES: readonly Language[] = ['en', 'de'];

const current = signal<Language>('en');

/** The language of this page; a component that reads a text renders again when it changes. */
export const language: ReadonlySignal<Language> = current;

/** Changes the language of the page, and tells screen readers. */
export function setLanguage(chosen: Language): void {
  current.value = chosen;
  if (typeof document !== 'undefined') document.documentElement.lang = chosen;
}

/** The first of the person's languages that we speak, `en` when there is none. Takes "de-AT" for German. */
export function chooseLanguage(preferred: readonly string[] = globalThis.navigator?.languages ?? []): Language {
  for (const tag of preferred) {
    const spoken = LANGUAGES.find((known) => known === tag.toLowerCase().split(/[-_]/)[0]);
    if (spoken !== undefined) return spoken;
  }
  return 'en';
}
