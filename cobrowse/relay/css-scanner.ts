/**
 * The parts of the CSS syntax that decide where a token ends. Browsers, not patterns, say what `u\72l(` or a comment in
 * the wrong place means, so the text is read the way they read it (css-syntax-3, "Tokenization").
 */
const BACKSLASH = 0x5c;

export function isNewline(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x0c;
}

export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || isNewline(code);
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Not-a-number never is a name: past the end there is none. NUL is read as a replacement character, thus a letter. */
export function isNameStart(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || code >= 0x80 || code === 0
  );
}

export function isNameCode(code: number): boolean {
  return isNameStart(code) || isDigit(code) || code === 0x2d;
}

export function isEscape(text: string, at: number): boolean {
  return text.charCodeAt(at) === BACKSLASH && at + 1 < text.length && !isNewline(text.charCodeAt(at + 1));
}

export function startsName(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === 0x2d) {
    return isNameStart(text.charCodeAt(at + 1)) || text.charCodeAt(at + 1) === 0x2d || isEscape(text, at + 1);
  }
  return isNameStart(code) || isEscape(text, at);
}

export function startsNumber(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === 0x2b || code === 0x2d) return startsUnsigned(text, at + 1);
  return startsUnsigned(text, at);
}

function startsUnsigned(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return isDigit(code) || (code === 0x2e && isDigit(text.charCodeAt(at + 1)));
}

/** One past the last character of the number, without its unit. */
export function skipNumber(text: string, from: number): number {
  let at = from;
  const sign = text.charCodeAt(at);
  if (sign === 0x2b || sign === 0x2d) at += 1;
  while (isDigit(text.charCodeAt(at))) at += 1;
  if (text.charCodeAt(at) === 0x2e && isDigit(text.charCodeAt(at + 1))) {
    at += 2;
    while (isDigit(text.charCodeAt(at))) at += 1;
  }
  const exponent = text.charCodeAt(at);
  if (exponent === 0x65 || exponent === 0x45) {
    const next = text.charCodeAt(at + 1);
    const digits = next === 0x2b || next === 0x2d ? at + 2 : at + 1;
    if (isDigit(text.charCodeAt(digits))) {
      at = digits;
      while (isDigit(text.charCodeAt(at))) at += 1;
    }
  }
  return at;
}

export interface ReadText {
  /** With escapes resolved. */
  value: string;
  /** One past the last character read. */
  end: number;
}

export function readName(text: string, from: number): ReadText {
  let at = from;
  while (isNameCode(text.charCodeAt(at))) at += 1;
  if (!isEscape(text, at)) return { value: text.slice(from, at), end: at };
  let value = text.slice(from, at);
  while (at < text.length) {
    if (isNameCode(text.charCodeAt(at))) {
      value += text.charAt(at);
      at += 1;
    } else if (isEscape(text, at)) {
      const escape = readEscape(text, at);
      value += escape.value;
      at = escape.end;
    } else break;
  }
  return { value, end: at };
}

/** At the backslash of a valid escape. */
export function readEscape(text: string, from: number): ReadText {
  let at = from + 1;
  let digits = '';
  while (digits.length < 6 && /[0-9a-f]/i.test(text.charAt(at))) {
    digits += text.charAt(at);
    at += 1;
  }
  if (digits === '') {
    const point = text.codePointAt(at) ?? 0xfffd;
    const value = String.fromCodePoint(point);
    return { value, end: at + value.length };
  }
  if (text.charCodeAt(at) === 0x0d && text.charCodeAt(at + 1) === 0x0a) at += 2;
  else if (isSpace(text.charCodeAt(at))) at += 1;
  const point = Number.parseInt(digits, 16);
  const isWrong = point === 0 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff);
  return { value: isWrong ? '\ufffd' : String.fromCodePoint(point), end: at };
}

export interface ReadString extends ReadText {
  /** Ended by its quote, not by the end of the line or of the text. */
  isClosed: boolean;
}

/** At the opening quote. A string that meets the end of the line is broken; what follows is read on its own. */
export function readString(text: string, from: number): ReadString {
  const quote = text.charCodeAt(from);
  let value = '';
  let at = from + 1;
  let plainFrom = at;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === quote) return { value: value + text.slice(plainFrom, at), end: at + 1, isClosed: true };
    if (isNewline(code)) break;
    if (code !== BACKSLASH) {
      at += 1;
      continue;
    }
    value += text.slice(plainFrom, at);
    if (isNewline(text.charCodeAt(at + 1))) {
      at += text.charCodeAt(at + 1) === 0x0d && text.charCodeAt(at + 2) === 0x0a ? 3 : 2;
    } else if (at + 1 < text.length) {
      const escape = readEscape(text, at);
      value += escape.value;
      at = escape.end;
    } else at += 1;
    plainFrom = at;
  }
  return { value: value + text.slice(plainFrom, at), end: at, isClosed: false };
}

export interface ReadUrl extends ReadText {
  isBad: boolean;
}

/** After `url(` and its spaces, when no quote follows: up to and with the bracket. */
export function readBareUrl(text: string, from: number): ReadUrl {
  let value = '';
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x29) return { value, end: at + 1, isBad: false };
    if (isSpace(code)) {
      const end = skipSpaces(text, at);
      if (text.charCodeAt(end) === 0x29) return { value, end: end + 1, isBad: false };
      return skipBadUrl(text, end);
    }
    if (code === 0x22 || code === 0x27 || code === 0x28 || code < 0x20 || code === 0x7f) return skipBadUrl(text, at);
    if (code === BACKSLASH) {
      if (!isEscape(text, at)) return skipBadUrl(text, at);
      const escape = readEscape(text, at);
      value += escape.value;
      at = escape.end;
    } else {
      value += text.charAt(at);
      at += 1;
    }
  }
  // The end of the text closes it for a browser, but another text may follow in the same element.
  return { value: '', end: at, isBad: true };
}

function skipBadUrl(text: string, from: number): ReadUrl {
  let at = from;
  while (at < text.length) {
    if (text.charCodeAt(at) === 0x29) return { value: '', end: at + 1, isBad: true };
    at = isEscape(text, at) ? readEscape(text, at).end : at + 1;
  }
  return { value: '', end: at, isBad: true };
}

export function skipSpaces(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at += 1;
  return at;
}
