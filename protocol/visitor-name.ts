/** Characters that V5 refuses in a visitor's name unless the form template says otherwise. */
export const DEFAULT_REFUSED_NAME_CHARACTERS = '<>"!@$%^&*()+=?,.`';
export const MIN_NAME_LENGTH = 3;
export const MAX_NAME_LENGTH = 80;

export type NameFault =
  | { fault: 'name-too-short'; minLength: number }
  | { fault: 'name-too-long'; maxLength: number }
  | { fault: 'name-refused-characters'; characters: string[] };

/** The name as it is stored: composed letters, runs of white space as one space, no control characters. */
export function toVisitorName(typed: string): string {
  return typed
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
}

/**
 * Says what must change in a visitor's name, or nothing when the name is fine. The one rule for browser and server,
 * so it stays free of imports. Length counts what a person would count, not UTF-16 units.
 */
export function findNameFault(
  typed: string,
  refusedCharacters: string = DEFAULT_REFUSED_NAME_CHARACTERS,
): NameFault | undefined {
  const name = toVisitorName(typed);
  const refused = new Set(refusedCharacters);
  const found = [...new Set(name)].filter((character) => refused.has(character));
  if (found.length > 0) return { fault: 'name-refused-characters', characters: found };
  const length = [...name].length;
  if (length < MIN_NAME_LENGTH) return { fault: 'name-too-short', minLength: MIN_NAME_LENGTH };
  if (length > MAX_NAME_LENGTH) return { fault: 'name-too-long', maxLength: MAX_NAME_LENGTH };
  return undefined;
}
