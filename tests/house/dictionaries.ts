/** The keys of one dictionary of `createTranslator`, as they stand in the source. */
export interface FoundDictionary {
  en: string[];
  de: string[];
}

/** Finds `{ en: {…}, de: {…} }` in a source text by its braces, strings left aside. */
export function findDictionaries(text: string): FoundDictionary[] {
  const found: FoundDictionary[] = [];
  for (const match of text.matchAll(/\ben:\s*\{/g)) {
    const en = readKeys(text, match.index + match[0].length);
    const rest = text.slice(en.end);
    const german = /^\s*,\s*de:\s*\{/.exec(rest);
    if (german === null) continue;
    found.push({ en: en.keys, de: readKeys(text, en.end + german[0].length).keys });
  }
  return found;
}

/** Keys of the object whose opening brace stands just before `start`; `end` is after its closing one. */
function readKeys(text: string, start: number): { keys: string[]; end: number } {
  const keys: string[] = [];
  let depth = 0;
  let index = start;
  for (; index < text.length; index += 1) {
    const sign = text.charAt(index);
    if (sign === '/' && text.charAt(index + 1) === '/') index = skipTo(text, index, '\n');
    else if (sign === '/' && text.charAt(index + 1) === '*') index = skipTo(text, index, '*/') + 1;
    else if (sign === "'" || sign === '"' || sign === '`') index = skipString(text, index);
    else if (sign === '{') depth += 1;
    else if (sign === '}') {
      if (depth === 0) break;
      depth -= 1;
    } else if (depth === 0 && /[A-Za-z_$]/.test(sign)) {
      const name = /^[\w$]+/.exec(text.slice(index))?.[0] ?? '';
      if (/^\s*:/.test(text.slice(index + name.length))) keys.push(name);
      index += name.length - 1;
    }
  }
  return { keys, end: index + 1 };
}

function skipString(text: string, start: number): number {
  const quote = text.charAt(start);
  let index = start + 1;
  while (index < text.length && text.charAt(index) !== quote) index += text.charAt(index) === '\\' ? 2 : 1;
  return index;
}

function skipTo(text: string, start: number, mark: string): number {
  const at = text.indexOf(mark, start);
  return at < 0 ? text.length : at;
}
