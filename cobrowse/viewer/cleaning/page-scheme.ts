import type { PageScheme } from '../../../protocol/sharing.ts';

/** What asks for the scheme or follows it; strings and comments are matched to be passed over, closed or not. */
const PARTS =
  /"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?|\/\*[^]*?(?:\*\/|$)|\(\s*prefers-color-scheme\s*(?::\s*(light|dark)\s*)?\)|(?<![\w-])(color-scheme\s*:)([^;{}"']*)/gi;
const ALWAYS = '(min-width: 0px)';
const NEVER = '(max-width: -1px)';

/**
 * A sheet, or a list of media, that looks as it does at the visitor's, light or dark, whichever the agent's own machine
 * is set to. Without a scheme everything stays: an old widget does not tell it.
 */
export function fixScheme(css: string, scheme: PageScheme | undefined): string {
  if (scheme === undefined || !/color-scheme/i.test(css)) return css;
  return css.replace(PARTS, (part: string, asked?: string, property?: string, value?: string) => {
    if (property !== undefined) return property + chooseScheme(value ?? '', scheme);
    if (!part.startsWith('(')) return part;
    return asked === undefined || asked.toLowerCase() === scheme ? ALWAYS : NEVER;
  });
}

/** The value of `color-scheme` where a page leaves the choice to the browser: as the visitor's has chosen. */
export function chooseScheme(value: string, scheme: PageScheme | undefined): string {
  if (scheme === undefined || !/\blight\b/i.test(value) || !/\bdark\b/i.test(value)) return value;
  return value.replace(/\b(?:light|dark)\b/gi, (word) => (word.toLowerCase() === scheme ? word : ''));
}
