import * as z from 'zod';

/** A text that a visitor reads, in every language the widget speaks; a language left out falls back to English. */
export const localText = z.object({ en: z.string().min(1).max(2_000), de: z.string().min(1).max(2_000).optional() });
export type LocalText = z.infer<typeof localText>;
