/** The custom properties that follow from a site's one accent colour. */
export interface AccentColors {
  accent: string;
  accentStrong: string;
  accentSoft: string;
  onAccent: string;
}

interface Rgb {
  red: number;
  green: number;
  blue: number;
}

const SURFACE = { light: '#fffdfa', dark: '#1d211e' };
const WHITE = '#ffffff';
const BLACK = '#0d1210';
/** WCAG 2.2 AA: text on its ground. */
const TEXT_CONTRAST = 4.5;

/**
 * Makes a readable set out of any accent: moved away from the surface until it can carry text, with white or black on
 * it, whichever reads better. Undefined when the colour is not `#rrggbb`.
 */
export function toAccentColors(accent: string, scheme: 'light' | 'dark'): AccentColors | undefined {
  const wished = parseColor(accent);
  if (wished === undefined) return undefined;
  const surface = requireColor(SURFACE[scheme]);
  const away = requireColor(scheme === 'light' ? BLACK : WHITE);
  const readable = mixUntil(wished, away, (color) => contrast(color, surface) >= TEXT_CONTRAST);
  const onAccent = contrast(readable, requireColor(WHITE)) >= TEXT_CONTRAST ? WHITE : BLACK;
  const soft = mix(surface, readable, scheme === 'light' ? 0.14 : 0.22);
  const strong = mixUntil(mix(readable, away, 0.22), away, (color) => contrast(color, soft) >= TEXT_CONTRAST);
  return { accent: toHex(readable), accentStrong: toHex(strong), accentSoft: toHex(soft), onAccent };
}

/** Sets a site's accent on the page and keeps it fitting when the person changes between light and dark. */
export function applyAccent(accent: string | null, root: HTMLElement = document.documentElement): () => void {
  const darkness = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const isDark = root.dataset['theme'] === 'dark' || (root.dataset['theme'] !== 'light' && darkness.matches);
    const colors = accent === null ? undefined : toAccentColors(accent, isDark ? 'dark' : 'light');
    const values = {
      '--accent': colors?.accent,
      '--accent-strong': colors?.accentStrong,
      '--accent-soft': colors?.accentSoft,
      '--on-accent': colors?.onAccent,
    };
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) root.style.removeProperty(name);
      else root.style.setProperty(name, value);
    }
  };
  apply();
  darkness.addEventListener('change', apply);
  const themes = new MutationObserver(apply);
  themes.observe(root, { attributeFilter: ['data-theme'] });
  return () => {
    darkness.removeEventListener('change', apply);
    themes.disconnect();
  };
}

/** Contrast of two `#rrggbb` colours as WCAG counts it, 1 to 21. */
export function getContrast(one: string, other: string): number {
  return contrast(requireColor(one), requireColor(other));
}

function parseColor(color: string): Rgb | undefined {
  if (!/^#[0-9a-f]{6}$/i.test(color)) return undefined;
  const value = Number.parseInt(color.slice(1), 16);
  return { red: value >> 16, green: (value >> 8) & 0xff, blue: value & 0xff };
}

function requireColor(color: string): Rgb {
  const parsed = parseColor(color);
  if (parsed === undefined) throw new RangeError(`"${color}" is not a colour such as #1f6b57.`);
  return parsed;
}

function toHex({ red, green, blue }: Rgb): string {
  return `#${[red, green, blue].map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const at = (a: number, b: number) => Math.round(a + (b - a) * share);
  return { red: at(from.red, to.red), green: at(from.green, to.green), blue: at(from.blue, to.blue) };
}

/** Goes from one colour towards another in small steps until it is good enough. */
function mixUntil(from: Rgb, to: Rgb, isGood: (color: Rgb) => boolean): Rgb {
  for (let share = 0; share < 1; share += 0.02) {
    const mixed = mix(from, to, share);
    if (isGood(mixed)) return mixed;
  }
  return to;
}

function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminance({ red, green, blue }: Rgb): number {
  const [r, g, b] = [red, green, blue].map((part) => {
    const share = part / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}
