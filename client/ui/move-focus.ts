/**
 * Arrow keys among the elements that match `selector` inside the listening element: up and down by a row of
 * `columns`, left and right by one where there are several columns, Home, End, and the first letter of a name.
 */
export function moveFocus(event: KeyboardEvent, selector: string, columns: number): void {
  const list = event.currentTarget as HTMLElement | null;
  if (list === null || event.ctrlKey || event.metaKey || event.altKey) return;
  const elements = [...list.querySelectorAll<HTMLElement>(selector)];
  const current = elements.findIndex((element) => element === list.ownerDocument.activeElement);
  const next =
    findNextIndex(event.key, current, elements.length, columns) ?? findByLetter(event.key, current, elements);
  if (next === undefined) return;
  event.preventDefault();
  elements[next]?.focus();
}

/** The place to go to, or undefined when the key is not about moving. One column goes round, a grid ends at its edge. */
export function findNextIndex(key: string, current: number, count: number, columns: number): number | undefined {
  if (count === 0) return undefined;
  const isList = columns === 1;
  const go = (step: number): number => {
    const next = current + step;
    if (isList) return (next + count) % count;
    return next >= 0 && next < count ? next : current;
  };
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  if (current < 0) return key.startsWith('Arrow') ? 0 : undefined;
  if (key === 'ArrowDown') return go(columns);
  if (key === 'ArrowUp') return go(-columns);
  if (!isList && key === 'ArrowRight') return go(1);
  if (!isList && key === 'ArrowLeft') return go(-1);
  return undefined;
}

function findByLetter(key: string, current: number, elements: readonly HTMLElement[]): number | undefined {
  if ([...key].length !== 1 || key === ' ') return undefined;
  for (let step = 1; step <= elements.length; step += 1) {
    const index = (current + step) % elements.length;
    const name = elements[index]?.textContent?.trim().toLocaleLowerCase() ?? '';
    if (name.startsWith(key.toLocaleLowerCase())) return index;
  }
  return undefined;
}
