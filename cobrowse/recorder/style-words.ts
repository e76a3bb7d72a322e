import { ASSET_SCHEME } from '../stream-events.ts';
import { maskStyle } from './style-text.ts';

const STRING = /url\([^)]*\)|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;
const NAMES_ONLY = ['font-family', 'src', 'grid-template-areas'];
/** What a custom property may hold and say nothing: colours, lengths, shadows, times. */
const LOOKS = ['color', 'width', 'box-shadow', 'transition-duration'];

/**
 * A style sheet for who sees how a page looks and must not read it: texts that it puts on the page keep their length,
 * empty ones and signs of icon fonts their look; of custom properties those stay that cannot be words.
 */
export function maskSheet(css: string): string {
  if (!/["']|--|@counter/.test(css)) return css;
  let sheet: CSSStyleSheet;
  try {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  } catch {
    return maskStyle(css);
  }
  return maskRules(sheet.cssRules);
}

/** As `maskSheet`, for what stands in a style attribute. */
export function maskDeclarations(css: string): string {
  const { style } = document.createElement('p');
  style.cssText = css;
  maskProperties(style);
  return style.cssText;
}

function maskRules(rules: CSSRuleList): string {
  return Array.from(rules, (rule) => {
    const { style, cssRules } = rule as Partial<CSSStyleRule>;
    if (style) maskProperties(style);
    if (cssRules) maskRules(cssRules);
    // Registered properties and counters are made of words.
    return 'syntax' in rule || 'symbols' in rule ? '' : rule.cssText;
  }).join('');
}

function maskProperties(style: CSSStyleDeclaration): void {
  for (const name of Array.from(style)) {
    const value = style.getPropertyValue(name);
    if (name.startsWith('--')) {
      const plain = value.replace(/var\(--[\w-]+\)/g, '0');
      if (!LOOKS.some((property) => CSS.supports(property, plain))) style.removeProperty(name);
    } else if (/["']/.test(value) && !NAMES_ONLY.includes(name)) {
      style.setProperty(name, value.replace(STRING, maskString), style.getPropertyPriority(name));
    }
  }
}

function maskString(text: string): string {
  const isAddress = text.startsWith('url(') || text.startsWith(ASSET_SCHEME, 1);
  return isAddress ? text : text.replace(/[\p{L}\p{N}]/gu, '•');
}
