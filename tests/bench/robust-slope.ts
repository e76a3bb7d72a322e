/** Of a row of values at even distances: what they go up by from one to the next, and where they are. */
export interface Trend {
  perStep: number;
  level: number;
}

/** The median of the slopes of all pairs: up to a quarter of the values may be far off without moving it. */
export function toTrend(values: readonly number[]): Trend {
  const slopes: number[] = [];
  for (let from = 0; from < values.length; from += 1) {
    for (let to = from + 1; to < values.length; to += 1) {
      slopes.push(((values[to] ?? Number.NaN) - (values[from] ?? Number.NaN)) / (to - from));
    }
  }
  return { perStep: median(slopes), level: median(values) };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle - 0.5)] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}
