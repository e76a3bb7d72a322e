import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

export const REPOSITORY_DIR = join(import.meta.dirname, '..', '..');
const SOURCE_DIRS = ['protocol', 'server', 'client', 'media', 'cobrowse', 'tests', 'scripts'];

export interface SourceImport {
  /** Repository path with forward slashes, or the package's name. */
  target: string;
  isOwn: boolean;
  /** `import type` leaves nothing behind in the running code. */
  isTypeOnly: boolean;
}

export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  path: string;
  text: string;
  imports: SourceImport[];
  /** Tests, and what only tests use: they may reach for whatever they test. */
  isForTests: boolean;
}

/** Every TypeScript file of the product and its tests. */
export function readSourceFiles(): SourceFile[] {
  return SOURCE_DIRS.flatMap((dir) => listFiles(join(REPOSITORY_DIR, dir))).map((file) => {
    const path = relative(REPOSITORY_DIR, file).split(sep).join('/');
    const text = readFileSync(file, 'utf8');
    return { path, text, imports: findImports(path, text), isForTests: isForTests(path) };
  });
}

/** The first folder below the root, and the second one: `client/widget/x.ts` → client, widget. */
export function toPlace(path: string): { part: string; subpart: string } {
  const [part = '', subpart = ''] = path.split('/');
  return { part, subpart };
}

/** Exported for its own test: a walk that misses an import would let every rule pass. */
export function findImports(path: string, text: string): SourceImport[] {
  const code = text.replace(/^\s*\/\/.*$/gm, '').replace(/^\s*\/\*[\s\S]*?\*\//gm, '');
  const found: SourceImport[] = [];
  const statements = /^\s*(import|export)\s+(type\s+)?(?:[^;'"]*?\sfrom\s*)?(['"])([^'"]+)\3/gm;
  for (const [, , type, , specifier = ''] of code.matchAll(statements)) {
    found.push(toImport(path, specifier, type !== undefined));
  }
  for (const [, , specifier = ''] of code.matchAll(/\bimport\(\s*(['"])([^'"]+)\1/g)) {
    // `typeof import('…')` is a type as well, but a rare one: it counts as a value to be on the safe side.
    found.push(toImport(path, specifier, false));
  }
  return found;
}

function toImport(path: string, specifier: string, isTypeOnly: boolean): SourceImport {
  const isOwn = specifier.startsWith('.');
  const target = isOwn ? join(dirname(path), specifier).split(sep).join('/') : specifier;
  return { target, isOwn, isTypeOnly };
}

function isForTests(path: string): boolean {
  return path.startsWith('tests/') || /\.test\.tsx?$|-contract\.ts$|-fixtures\.tsx?$|\/(testing|_support)\//.test(path);
}

function listFiles(dir: string): string[] {
  let entries;
  try {
    entries = readdirSync(dir, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory())
      return ['node_modules', 'worker-build', 'dist'].includes(entry.name) ? [] : listFiles(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}
