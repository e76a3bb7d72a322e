/**
 * Whether nothing at all is shared on a page. Patterns are whole paths in which `*` stands for anything; `/account/*`
 * also means `/account` itself. Sites that route by fragment write it along: `/app#/account/*`.
 */
export function isPrivatePath(patterns: readonly string[], place: { pathname: string; hash: string }): boolean {
  if (patterns.length === 0) return false;
  const path = tidy(place.pathname);
  const spellings = [path, path + place.hash, decode(path), decode(path + place.hash)];
  return patterns.some((pattern) => {
    const test = toTest(pattern);
    return spellings.some((spelling) => test.test(spelling));
  });
}

function toTest(pattern: string): RegExp {
  const path = tidy(pattern.trim().replace(/^(?![/*])/, '/'));
  const isWithAllBelow = /\/\*+$/.test(path);
  const source = (isWithAllBelow ? path.replace(/\/\*+$/, '') : path)
    .split(/\*+/)
    .map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}${isWithAllBelow ? '(?:/.*)?' : ''}$`, 'is');
}

/** Servers take `//account/` for `/account`. */
function tidy(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
