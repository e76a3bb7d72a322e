import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What a page loads: at once, and later by `import()`. Paths from the build's folder. */
export interface PageWeights {
  firstFiles: string[];
  laterFiles: string[];
}

export function gzipBytes(outDir: string, file: string): number {
  return gzipSync(readFileSync(join(outDir, file)), { level: 9 }).length;
}

/** Everything that opening an HTML page of the build fetches, and everything it may fetch later. */
export function weighPage(outDir: string, page: string): PageWeights {
  const html = readFileSync(join(outDir, page), 'utf8');
  const linked = [...html.matchAll(/<(?:script|link)\b[^>]*?\s(?:src|href)="\/([^"]+)"/g)].map(([, file = '']) => file);
  const firstFiles = [page, ...followStatic(outDir, linked)];
  const laterFiles = new Set<string>();
  for (const file of firstFiles.filter((name) => name.endsWith('.js'))) {
    for (const later of findDynamic(outDir, file)) {
      for (const found of followStatic(outDir, [later])) if (!firstFiles.includes(found)) laterFiles.add(found);
    }
  }
  return { firstFiles, laterFiles: [...laterFiles] };
}

/** These files and all that they import at once. */
export function followStatic(outDir: string, start: readonly string[]): string[] {
  const found = new Set<string>();
  const waiting = [...start];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    if (file.endsWith('.js'))
      waiting.push(...findSpecifiers(outDir, file, /(?:\bimport|\bfrom)\s*["'](\.[^"']+|\/[^"']+)["']/g));
  }
  return [...found];
}

/** The chunk itself, and the style sheets that the bundler fetches along with it. */
function findDynamic(outDir: string, file: string): string[] {
  const text = readFileSync(join(outDir, file), 'utf8');
  const chunks = findSpecifiers(outDir, file, /\bimport\(\s*["'`](\.[^"'`]+|\/[^"'`]+)["'`]/g);
  const dependencies = [...text.matchAll(/["'](assets\/[^"']+\.(?:js|css))["']/g)].map(([, asset = '']) => asset);
  return [...chunks, ...dependencies];
}

function findSpecifiers(outDir: string, file: string, pattern: RegExp): string[] {
  const text = readFileSync(join(outDir, file), 'utf8');
  return [...text.matchAll(pattern)].map(([, specifier = '']) =>
    specifier.startsWith('/') ? specifier.slice(1) : join(file, '..', specifier),
  );
}
