/** Characters that V5 refuses in a visitor's name unless the form template says otherwise. */
export const DEFAULT_REFUSED_NAME_CHARACTERS = '<>"!@$%^&*()+=?,.`';
export const MIN_NAME_LENGTH = 3;
export const MAX_NAME_LENGTH = 80;

export type NameFault =
  | { fault: 'name-too-short'; minLength: number }
  | { fault: 'name-too-long'; maxLength: number }
  | { fault: 'name-refused-characters'; characters: string[] };

/** Scripts whose letters are written differently, or mean something else, around a joiner. */
const JOINING = 'Arab Syrc Mong Nkoo Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Khmr Mymr Tibt'
  .split(' ')
  .map((script) => `\\p{scx=${script}}`)
  .join('');
const ENDS_JOINING = new RegExp(`[${JOINING}]$`, 'u');
const BEGINS_JOINING = new RegExp(`^[${JOINING}]`, 'u');

/**
 * The name as it is stored: composed letters, runs of white space as one space, no control characters, and of those
 * that nobody sees only the joiners that Persian, Sinhala and others are written with.
 */
export function toVisitorName(typed: string): string {
  return typed
    .normalize('NFC')
    .replace(/[\p{Cc}\u200b]/gu, ' ')
    .replace(/(?![\u200c\u200d])\p{Cf}/gu, '')
    .replace(/[\u200c\u200d]+/gu, (joiners, at: number, name: string) => {
      const end = at + joiners.length;
      const isWanted = ENDS_JOINING.test(name.slice(0, at)) && BEGINS_JOINING.test(name.slice(end));
      return isWanted ? joiners.charAt(0) : '';
    })
    .replace(/\s+/gu, ' ')
    .trim();
}

/**
 * Says what must change in a visitor's name, or nothing when the name is fine. The one rule for browser and server,
 * so it stays free of imports. Length counts what a person would count, neither UTF-16 units nor what cannot be seen.
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
  const seenLength = [...name.replace(/[\p{Default_Ignorable_Code_Point}\u2800]/gu, '').trim()].length;
  if (seenLength < MIN_NAME_LENGTH) return { fault: 'name-too-short', minLength: MIN_NAME_LENGTH };
  if (length > MAX_NAME_LENGTH) return { fault: 'name-too-long', maxLength: MAX_NAME_LENGTH };
  return undefined;
}
