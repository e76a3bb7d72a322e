import type { Language } from '../../ui/language.ts';

/** "84 kB", "2.4 MB": as people read sizes, not as disks count them. */
export function formatBytes(bytes: number, language: Language): string {
  const [value, unit] = bytes < 999_500 ? [bytes / 1_000, 'kilobyte'] : [bytes / 1_000_000, 'megabyte'];
  const digits = value < 10 ? 1 : 0;
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    maximumFractionDigits: digits,
  }).format(value);
}
