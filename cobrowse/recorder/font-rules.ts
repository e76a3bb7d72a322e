import { rewriteStyle, type ToAssetKey } from './style-text.ts';

const DESCRIPTORS: Record<string, string> = {
  style: 'font-style',
  weight: 'font-weight',
  stretch: 'font-stretch',
  unicodeRange: 'unicode-range',
  display: 'font-display',
};
const MAX_FONT_LENGTH = 1_400_000;

/** Fonts that scripts of the page have added, as the rules a style sheet would have. */
export function createFontRules(
  toAssetKey: ToAssetKey,
  tell: (css: string) => void,
): { add(family: string, source: string, isBuffer: boolean, descriptors: Record<string, string>): void } {
  return {
    add(family, source, isBuffer, descriptors) {
      if (source.length > MAX_FONT_LENGTH) return;
      const src = isBuffer ? `url("${toDataAddress(source)}")` : source;
      const rest = Object.entries(DESCRIPTORS)
        .filter(([name]) => descriptors[name] !== undefined)
        .map(([name, property]) => `${property}:${descriptors[name]?.replace(/[;{}]/g, '')};`);
      const css = `@font-face{font-family:${JSON.stringify(family)};${rest.join('')}src:${src.replace(/[;{}](?!base64)/g, '')}}`;
      tell(rewriteStyle(css, toAssetKey));
    },
  };
}

/** The library hands over the bytes as a list of numbers. */
function toDataAddress(bytes: string): string {
  const numbers = JSON.parse(bytes) as number[];
  let text = '';
  for (const number of numbers) text += String.fromCharCode(number);
  return `data:font/woff2;base64,${btoa(text)}`;
}
