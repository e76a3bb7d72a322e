/** One line of the basket: which piece in which glaze, and how many. */
export interface BasketLine {
  piece: string;
  glaze: string;
  count: number;
}

const STORAGE_KEY = 'tondo-basket';
const MAX_COUNT = 9;

/** The basket as this browser remembers it; whatever else lies in the storage is left out. */
export function readBasket(): BasketLine[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isBasketLine) : [];
  } catch {
    return [];
  }
}

export function addToBasket(piece: string, glaze: string, count: number): void {
  const lines = readBasket();
  const line = lines.find((candidate) => candidate.piece === piece && candidate.glaze === glaze);
  if (line) line.count = Math.min(MAX_COUNT, line.count + count);
  else lines.push({ piece, glaze, count });
  writeBasket(lines);
}

/** Sets how many of one line are wanted; none takes it out. */
export function setBasketCount(piece: string, glaze: string, count: number): void {
  const lines = readBasket().map((line) => (line.piece === piece && line.glaze === glaze ? { ...line, count } : line));
  writeBasket(lines.filter((line) => line.count > 0));
}

export function emptyBasket(): void {
  writeBasket([]);
}

function writeBasket(lines: BasketLine[]): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(lines));
  } catch {
    // Storage is blocked: the basket then lasts for this page only, as in most shops.
  }
}

function isBasketLine(value: unknown): value is BasketLine {
  return (
    typeof value === 'object' &&
    value !== null &&
    'piece' in value &&
    typeof value.piece === 'string' &&
    'glaze' in value &&
    typeof value.glaze === 'string' &&
    'count' in value &&
    typeof value.count === 'number' &&
    value.count > 0 &&
    value.count <= MAX_COUNT
  );
}
