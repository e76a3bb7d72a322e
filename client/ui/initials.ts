/** Up to three signs that stand for a name: "Mira Kowalski" → MK, "Guest 12" → G12, "李小龍" → 李. */
export function toInitials(name: string): string {
  const words = name
    .trim()
    .split(/[\s\-_.·]+/u)
    .filter(Boolean);
  const [first, last] = [words[0], words.length > 1 ? words.at(-1) : undefined];
  if (first === undefined) return '?';
  const end = last === undefined ? '' : /^\d{1,2}$/.test(last) ? last : firstSign(last);
  return firstSign(first) + end;
}

/** What a person counts as one letter, with its accents or joiners. */
function firstSign(word: string): string {
  const [sign] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(word);
  return (sign?.segment ?? '').toLocaleUpperCase();
}
