/** Pseudo-classes that every browser of today knows; another one is refused there, and with it all sharing stops. */
const PLAIN_PSEUDO_CLASSES = new Set(
  (
    'active any-link autofill checked default defined disabled empty enabled first-child first-of-type focus ' +
    'focus-visible focus-within fullscreen hover in-range indeterminate invalid last-child last-of-type link modal ' +
    'only-child only-of-type open optional out-of-range placeholder-shown popover-open read-only read-write required ' +
    'root scope target user-invalid user-valid valid visited'
  ).split(' '),
);
const WITH_SELECTORS = new Set(['is', 'where', 'not', 'has']);
const WITH_COUNT = new Set(['nth-child', 'nth-last-child', 'nth-of-type', 'nth-last-of-type']);
const MAX_DEPTH = 20;

const ESCAPE = String.raw`\\(?:[0-9a-f]{1,6}\s?|[^\n\r\f0-9a-f])`;
const NAME_SIGN = String.raw`(?:[-\w\u0080-\u{10ffff}]|${ESCAPE})`;
const NAME = new RegExp(String.raw`(?:--|-?(?:[a-z_\u0080-\u{10ffff}]|${ESCAPE}))${NAME_SIGN}*`, 'iuy');
const TEXT = new RegExp(String.raw`"(?:[^"\\\n\r\f]|${ESCAPE})*"|'(?:[^'\\\n\r\f]|${ESCAPE})*'`, 'iuy');
const SPACE = /(?:\s|\/\*[^]*?\*\/)+/y;
const COUNT = /even|odd|[+-]?\d*n(?:\s*[+-]\s*\d+)?|[+-]?\d+/iy;
const ATTRIBUTE_TEST = /[~|^$*]?=/y;
const PLAIN_NAME = /[-\w]+/y;

class SelectorFault extends Error {
  override readonly name = 'SelectorFault';
}

/**
 * What is wrong with a selector as browsers read it, for the person who wrote it; undefined when nothing is. Stricter
 * than a browser in two ways: what it would forgive (`:is(..price)` means nothing there) and what is no element
 * (`p::before`) would hide nothing without a word.
 */
export function findSelectorFault(selector: string): string | undefined {
  try {
    readWhole(selector);
    return undefined;
  } catch (error) {
    if (error instanceof SelectorFault) return error.message;
    throw error;
  }
}

/** @throws {SelectorFault} */
function readWhole(source: string): void {
  let at = 0;
  let depth = 0;
  let isInHas = false;

  const fail = (problem: string): never => {
    throw new SelectorFault(problem);
  };
  const here = (): string => (at < source.length ? `at "${source.slice(at, at + 12)}"` : 'at its end');
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const [found] = pattern.exec(source) ?? [];
    if (found !== undefined) at += found.length;
    return found;
  };
  const takeSign = (sign: string): boolean => {
    if (!source.startsWith(sign, at)) return false;
    at += sign.length;
    return true;
  };
  const skipSpace = (): boolean => take(SPACE) !== undefined;
  const requireName = (of: string): void => {
    if (take(NAME) === undefined) fail(`a name is missing after ${of} ${here()}`);
  };
  const requireClosed = (sign: string): void => {
    skipSpace();
    if (!takeSign(sign)) fail(`"${sign}" is missing ${here()}`);
  };

  function readList(mayBeginWithStep: boolean): void {
    depth += 1;
    if (depth > MAX_DEPTH) fail('too much stands within each other');
    do readPath(mayBeginWithStep);
    while (takeSign(','));
    depth -= 1;
  }

  function readPath(mayBeginWithStep: boolean): void {
    skipSpace();
    if (mayBeginWithStep) take(/[>+~]/y);
    skipSpace();
    readElement();
    for (;;) {
      const isApart = skipSpace();
      if (at >= source.length || /[,)]/.test(source[at] ?? '')) return;
      const step = take(/[>+~]/y);
      if (step === undefined && !isApart) fail(`something is out of place ${here()}`);
      skipSpace();
      readElement();
    }
  }

  function readElement(): void {
    const from = at;
    takeSign('*|');
    const hasNamespace = at > from;
    if (!takeSign('*') && take(NAME) === undefined && hasNamespace) fail(`an element is missing ${here()}`);
    while (readCondition());
    if (at === from) fail(`an element is missing ${here()}`);
  }

  function readCondition(): boolean {
    if (takeSign('#')) requireName('"#"');
    else if (takeSign('.')) requireName('"."');
    else if (takeSign('[')) readAttribute();
    else if (takeSign('::')) fail('what follows "::" is no element, so nothing would be hidden');
    else if (takeSign(':')) readPseudoClass();
    else return false;
    return true;
  }

  function readAttribute(): void {
    skipSpace();
    takeSign('*|');
    requireName('"["');
    skipSpace();
    if (take(ATTRIBUTE_TEST) !== undefined) {
      skipSpace();
      if (take(TEXT) === undefined && take(NAME) === undefined) fail(`a value in quotes is missing ${here()}`);
      skipSpace();
      take(/[is](?=\s*\])/iy);
    }
    requireClosed(']');
  }

  function readPseudoClass(): void {
    const name = (take(PLAIN_NAME) ?? '').toLowerCase();
    if (!takeSign('(')) {
      if (!PLAIN_PSEUDO_CLASSES.has(name)) fail(`browsers know no ":${name}"`);
      return;
    }
    if (WITH_SELECTORS.has(name)) {
      if (name === 'has' && isInHas) fail('":has()" within ":has()" means nothing to browsers');
      const wasInHas = isInHas;
      isInHas ||= name === 'has';
      readList(name === 'has');
      isInHas = wasInHas;
    } else if (WITH_COUNT.has(name)) {
      skipSpace();
      if (take(COUNT) === undefined) fail(`a number such as 2n+1 is missing ${here()}`);
      if (name.endsWith('child') && skipSpace() && take(/of(?=\s)/iy) !== undefined) readList(false);
    } else if (name === 'lang' || name === 'dir') {
      skipSpace();
      if (take(TEXT) === undefined && take(NAME) === undefined) fail(`a name is missing ${here()}`);
    } else fail(`browsers know no ":${name}()" that names elements`);
    requireClosed(')');
  }

  readList(false);
  if (at < source.length) fail(`something is out of place ${here()}`);
}
