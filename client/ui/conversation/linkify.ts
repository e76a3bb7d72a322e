/** A stretch of a message: words as they are, or something to click. */
export type TextPart = { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string };

/** The longest local part and domain that mail knows; they bound the search around each "@". */
const MAX_LOCAL_LENGTH = 64;
const MAX_DOMAIN_LENGTH = 253;

/**
 * Finds web and e-mail addresses in what a person wrote. Only `http:`, `https:` and `mailto:` ever become links; the
 * text comes back unchanged otherwise. Takes time in proportion to the length, whatever the text.
 */
export function linkify(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let done = 0;
  for (const found of findLinks(text)) {
    if (found.start < done) continue;
    if (found.start > done) parts.push({ kind: 'text', text: text.slice(done, found.start) });
    parts.push({ kind: 'link', text: found.text, href: found.href });
    done = found.end;
  }
  if (done < text.length) parts.push({ kind: 'text', text: text.slice(done) });
  return parts;
}

interface FoundLink {
  start: number;
  end: number;
  text: string;
  href: string;
}

/** Null: an address that nobody should click, nor any part of it. */
type Found = Omit<FoundLink, 'href'> & { href: string | null };

function* findLinks(text: string): Generator<FoundLink> {
  // Either the start of a web address or the "@" of an e-mail address; never both at one place.
  const beginnings = /https?:\/\/|www\.|@/gi;
  for (let match = beginnings.exec(text); match !== null; match = beginnings.exec(text)) {
    const find = match[0] === '@' ? findMailLink : match[0].endsWith('.') ? findWwwLink : findWebLink;
    const found = find(text, match.index);
    if (found === undefined) continue;
    if (found.href !== null) yield { ...found, href: found.href };
    beginnings.lastIndex = Math.max(found.end, beginnings.lastIndex);
  }
}

/** Ends an address: white space, what never stands in one, and signs that turn or hide text. */
const WEB_END = /[\s<>"`{}|\\^\p{Cc}\p{Cf}\u2028\u2029]/u;

function findWebLink(text: string, start: number): Found | undefined {
  if (start > 0 && /[\p{L}\p{N}]/u.test(text.charAt(start - 1))) return undefined;
  let end = start;
  while (end < text.length && !WEB_END.test(text.charAt(end))) end += 1;
  end = trimEnd(text, start, end);
  const typed = text.slice(start, end);
  const href = findSafeHref(typed);
  // Also what leads nowhere is done with: looking at its rest again would cost the square of its length.
  if (href === undefined) return { start, end: Math.max(end, start + 1), text: typed, href: null };
  return { start, end, text: isDeceptiveHost(typed) ? href : typed, href };
}

/** "www.example.com", as people write it: read as https, and only with a name between "www." and the last part. */
function findWwwLink(text: string, start: number): Found | undefined {
  if (start > 0 && /[\p{L}\p{N}\p{M}._~@/\\-]/u.test(text.charAt(start - 1))) return undefined;
  let end = start;
  let isInHost = true;
  while (end < text.length && !WEB_END.test(text.charAt(end))) {
    const sign = text.charAt(end);
    // The rest is looked at as an e-mail address.
    if (isInHost && sign === '@') return { start, end, text: '', href: null };
    isInHost &&= !/[/?#]/.test(sign);
    end += 1;
  }
  end = trimEnd(text, start, end);
  const typed = text.slice(start, end);
  const href = findSafeHref(`https://${typed}`);
  const isNamed = href !== undefined && /^www\.(?:[^.]+\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)$/.test(new URL(href).hostname);
  if (!isNamed) return { start, end: Math.max(end, start + 1), text: typed, href: null };
  return { start, end, text: isDeceptiveHost(typed) ? href : typed, href };
}

function findSafeHref(typed: string): string | undefined {
  const url = parseUrl(typed);
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  if (!/[\p{L}\p{N}]/u.test(url.hostname)) return undefined;
  // "https://bank.example@elsewhere.example" leads elsewhere: a name before the host is there to deceive.
  if (url.username !== '' || url.password !== '') return undefined;
  return url.href;
}

/** Gives back to the sentence what ends it: full stops, quotes, and brackets that were not opened inside. */
function trimEnd(text: string, start: number, end: number): number {
  const unopened = { ')': 0, ']': 0 };
  for (let index = start; index < end; index += 1) {
    const sign = text.charAt(index);
    if (sign === '(') unopened[')'] -= 1;
    else if (sign === ')') unopened[')'] += 1;
    else if (sign === '[') unopened[']'] -= 1;
    else if (sign === ']') unopened[']'] += 1;
  }
  for (; end > start; end -= 1) {
    const last = text.charAt(end - 1);
    if (/[.,;:!?'*_~…“”„‘’«»。、，！？）】」]/u.test(last)) continue;
    if ((last === ')' || last === ']') && unopened[last] > 0) {
      unopened[last] -= 1;
      continue;
    }
    break;
  }
  return end;
}

const LOCAL_SIGN = /[A-Za-z0-9._%+'-]/;
const DOMAIN_SIGN = /[\p{L}\p{N}.-]/u;

function findMailLink(text: string, at: number): Found | undefined {
  let start = at;
  while (start > 0 && at - start <= MAX_LOCAL_LENGTH && LOCAL_SIGN.test(text.charAt(start - 1))) start -= 1;
  while (start < at && /[.'%-]/.test(text.charAt(start))) start += 1;
  let end = at + 1;
  while (end < text.length && end - at <= MAX_DOMAIN_LENGTH && DOMAIN_SIGN.test(text.charAt(end))) end += 1;
  while (end > at + 1 && /[.-]/.test(text.charAt(end - 1))) end -= 1;

  const local = text.slice(start, at);
  const domain = text.slice(at + 1, end);
  if (local.length === 0 || local.length > MAX_LOCAL_LENGTH || local.endsWith('.') || local.includes('..')) {
    return undefined;
  }
  const labels = domain.split('.');
  const isDomain = labels.length > 1 && labels.every((label) => /^[\p{L}\p{N}](?:.*[\p{L}\p{N}])?$/u.test(label));
  if (!isDomain || domain.length > MAX_DOMAIN_LENGTH || !/^\p{L}{2,}$/u.test(labels.at(-1) ?? '')) return undefined;
  const address = `${local}@${domain}`;
  return { start, end, text: address, href: `mailto:${encodeURIComponent(local)}@${encodeURI(domain)}` };
}

/**
 * Whether a host mixes Latin letters with alphabets that have the same shapes ("аpple.com" with a Cyrillic а). Then
 * the real address is shown in place of the typed one.
 */
function isDeceptiveHost(typed: string): boolean {
  const host = typed.replace(/^https?:\/\//i, '').split(/[/?#:]/, 1)[0] ?? '';
  const hasLookAlikes = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u.test(host);
  return hasLookAlikes && /\p{Script=Latin}/u.test(host);
}

function parseUrl(typed: string): URL | undefined {
  try {
    return new URL(typed);
  } catch {
    return undefined;
  }
}
