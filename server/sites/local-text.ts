import * as z from 'zod';

/** A text that a visitor reads, in every language the widget speaks; a language left out falls back to English. */
export const localText = z.object({ en: z.string().min(1).max(2_000), de: z.string().min(1).max(2_000).optional() });
export type LocalText = z.infer<typeof localText>;

/** A name of up to so many characters: one for all languages, or a text for each. */
export function localName(maxLength: number) {
  const name = z.string().trim().min(1).max(maxLength);
  return z.union([name.transform((en): LocalText => ({ en })), z.strictObject({ en: name, de: name.optional() })], {
    error: `A name is a text of 1 to ${maxLength} characters, or one for each language: { "en": "Returns", "de": "Retouren" }.`,
  });
}
