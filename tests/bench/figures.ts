/** One line of the report: what was measured, beside its baseline of the same run. */
export interface Figure {
  name: string;
  unit: string;
  measured: number;
  baseline?: number;
  goal?: string;
}

/** The value below which `share` (0 to 1) of the values lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function printFigures(figures: readonly Figure[]): void {
  const rows = figures.map(({ name, unit, measured, baseline, goal }) => [
    name,
    `${round(measured)} ${unit}`,
    baseline === undefined ? '' : `${round(baseline)} ${unit}`,
    baseline === undefined ? '' : `${round(measured / baseline)}×`,
    goal ?? '',
  ]);
  const table = [['what', 'measured', 'baseline', 'ratio', 'goal'], ...rows];
  const widths = table[0]?.map((_title, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of table)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

function round(value: number): number {
  return value >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
}
