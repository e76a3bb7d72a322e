import type { Language } from './language.ts';

/** The time of day as people of that language write it: "10:42 AM", "10:42". Here, or where the zone is. */
export function formatTime(at: number, language: Language, timeZone?: string): string {
  return toFormat(language, { hour: 'numeric', minute: '2-digit', ...(timeZone && { timeZone }) }).format(at);
}

/** "Today", "Yesterday", or the date with its weekday. */
export function formatDay(at: number, now: number, language: Language): string {
  const days = Math.round((startOfDay(at) - startOfDay(now)) / 86_400_000);
  if (days === 0 || days === -1) {
    const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day');
    return words.charAt(0).toLocaleUpperCase(language) + words.slice(1);
  }
  const isSameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return toFormat(language, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(isSameYear ? {} : { year: 'numeric' }),
  }).format(at);
}

/** "Monday" or, with its date, "Monday 4 January", where the zone is. */
export function formatWeekday(at: number, language: Language, timeZone: string, hasDate: boolean): string {
  return toFormat(language, {
    timeZone,
    weekday: 'long',
    ...(hasDate && { day: 'numeric', month: 'long' }),
  }).format(at);
}

/** Date and time in full, for tooltips and `title`. */
export function formatDateTime(at: number, language: Language): string {
  return toFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}

/** As short as it can be understood: "14:12" today, "21 Nov, 14:12" this year, before that with the year. */
export function formatMoment(at: number, now: number, language: Language): string {
  if (startOfDay(at) === startOfDay(now)) return formatTime(at, language);
  if (new Date(at).getFullYear() !== new Date(now).getFullYear()) return formatDateTime(at, language);
  return toFormat(language, { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' }).format(at);
}

/** "0:07", "4:31", "1:04:31". */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1_000));
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const tail = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

/** "5 minutes ago", "vor 2 Stunden"; under a minute "now" in the words of the language. */
export function formatAgo(at: number, now: number, language: Language): string {
  const format = new Intl.RelativeTimeFormat(toLocale(language), { numeric: 'auto' });
  const minutes = Math.max(0, Math.floor((now - at) / 60_000));
  if (minutes < 1) return format.format(0, 'second');
  if (minutes < 60) return format.format(-minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? format.format(-hours, 'hour') : format.format(-Math.floor(hours / 24), 'day');
}

/** Local midnight as if days were all equally long, so that a change of summer time does not shift a day. */
export function startOfDay(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format is slow, and a long conversation asks for hundreds. */
function toFormat(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const locale = toLocale(language);
  const key = locale + JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, format);
  return format;
}

/** The person's own region of that language, since London and New York write the same time differently. */
function toLocale(language: Language): string {
  return globalThis.navigator?.languages.find((tag) => tag.split('-')[0] === language) ?? language;
}
