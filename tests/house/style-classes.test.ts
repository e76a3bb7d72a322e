import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { readSourceFiles, REPOSITORY_DIR } from './source-files.ts';

interface Sheet {
  classes: ReadonlySet<string>;
  used: Set<string>;
  /** A name is put together somewhere: which of its classes that uses cannot be read. */
  isOpen: boolean;
}

const IMPORT = /import (\w+) from '(\.[^']+\.module\.css)'/g;

const sheets = new Map<string, Sheet>();
const missing: string[] = [];
for (const { path, text } of readSourceFiles()) {
  for (const [, name = '', from = ''] of text.matchAll(IMPORT)) {
    const sheetPath = posix.join(posix.dirname(path), from);
    const sheet = sheets.get(sheetPath) ?? readSheet(sheetPath);
    sheets.set(sheetPath, sheet);
    for (const [, own] of text.matchAll(new RegExp(`(?<![\\w./-])${name}\\.(\\w+)`, 'g'))) note(path, sheet, own ?? '');
    for (const [, key = ''] of text.matchAll(new RegExp(`(?<![\\w./-])${name}\\[([^\\]]+)\\]`, 'g'))) {
      const fixed = [...key.matchAll(/'([\w-]+)'/g)];
      if (fixed.length === 0) sheet.isOpen = true;
      for (const [, own] of fixed) note(path, sheet, own ?? '');
    }
  }
}

function readSheet(path: string): Sheet {
  const text = readFileSync(join(REPOSITORY_DIR, path), 'utf8').replaceAll(/\/\*.*?\*\//gs, '');
  return {
    classes: new Set([...text.matchAll(/\.([A-Za-z_][\w-]*)/g)].map(([, name]) => name!)),
    used: new Set(),
    isOpen: false,
  };
}

function note(path: string, sheet: Sheet, name: string): void {
  sheet.used.add(name);
  if (!sheet.classes.has(name)) missing.push(`${path}: ${name}`);
}

test('[O1] what a screen wears is in its style sheet', () => {
  expect(sheets.size).toBeGreaterThan(50);
  expect(missing).toEqual([]);
});

test('[O1] what stands in a style sheet is worn by a screen', () => {
  const unused = [...sheets].flatMap(([path, { classes, used, isOpen }]) =>
    isOpen ? [] : [...classes].filter((name) => !used.has(name)).map((name) => `${path}: ${name}`),
  );
  expect(unused).toEqual([]);
});
