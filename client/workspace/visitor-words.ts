import { formatTime } from '../ui/format-time.ts';
import type { Language } from '../ui/language.ts';

/** How a visitor's facts read on the desk. All of it comes from strangers' browsers, so nothing here may throw. */

/** The address as a link may carry it: web pages only, so that no "javascript:" of a visitor runs at the agent. */
export function toSafeLink(url: string): string | null {
  const parsed = parseUrl(url);
  return parsed && (parsed.protocol === 'https:' || parsed.protocol === 'http:') ? parsed.href : null;
}

/** "/checkout/address" of the whole address; what is no address is shown as it is. */
export function toPagePath(url: string): string {
  const parsed = parseUrl(url);
  if (!parsed) return url;
  try {
    return decodeURI(parsed.pathname);
  } catch {
    return parsed.pathname;
  }
}

/** Where the visitor came from in a word: the other site's host, null when they came by themselves. */
export function toReferrerHost(referrer: string | null): string | null {
  if (!referrer) return null;
  const parsed = parseUrl(referrer);
  return parsed ? parsed.hostname.replace(/^www\./u, '') || null : referrer;
}

/** "German" for "de-AT", in the reader's language. */
export function toLanguageName(tag: string, readerLanguage: string): string {
  try {
    const name = new Intl.DisplayNames([readerLanguage], { type: 'language' }).of(new Intl.Locale(tag).language);
    return name ?? tag;
  } catch {
    return tag;
  }
}

/** What the clock on the visitor's wall says; null when the time zone is unknown. */
export function toLocalTime(timeZone: string | null, at: number, readerLanguage: Language): string | null {
  if (!timeZone) return null;
  try {
    return formatTime(at, readerLanguage, timeZone);
  } catch {
    return null;
  }
}

function parseUrl(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}
