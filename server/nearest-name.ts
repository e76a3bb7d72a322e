/** More changed letters than this share of a name make it another name. */
const MAX_CHANGED_SHARE = 0.34;

/** The known name that somebody most likely meant, if there is one that comes near. */
export function findNearestName(typed: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map((name) => ({ name, changes: countChanges(bare(typed), bare(name)) }))
    .filter(({ name, changes }) => changes <= Math.max(2, bare(name).length * MAX_CHANGED_SHARE))
    .sort((a, b) => a.changes - b.changes);
  return nearest?.name;
}

/** Without what all names share, which would make every one of them near. */
function bare(name: string): string {
  return name.replace(/^FOYER_/, '').replaceAll('_', '');
}

/** Letters to add, drop or replace to make one word of the other. */
function countChanges(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 0; column < to.length; column += 1) {
      const replaced = (row[column] ?? 0) + (to[column] === letter ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
