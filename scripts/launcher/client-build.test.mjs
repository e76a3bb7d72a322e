import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sourcesVersion } from './client-build.mjs';

let root;
const version = () => sourcesVersion(root, ['client', 'package-lock.json', 'cobrowse']);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'foyer-sources-'));
  mkdirSync(join(root, 'client', 'widget'), { recursive: true });
  writeFileSync(join(root, 'client', 'widget', 'main.tsx'), 'one');
  writeFileSync(join(root, 'package-lock.json'), '{}');
});
afterEach(() => rmSync(root, { recursive: true }));

test('[O1] a second start rebuilds nothing when no source has changed, not even after a fresh checkout', () => {
  const before = version();
  utimesSync(join(root, 'client', 'widget', 'main.tsx'), new Date(0), new Date(0));
  expect(version()).toBe(before);
});

test.each([
  ['a changed file', () => writeFileSync(join(root, 'client', 'widget', 'main.tsx'), 'two')],
  ['a new file', () => writeFileSync(join(root, 'client', 'new.ts'), '')],
  ['other dependencies', () => writeFileSync(join(root, 'package-lock.json'), '{"a":1}')],
  ['a removed file', () => rmSync(join(root, 'client', 'widget', 'main.tsx'))],
])('[O1] %s makes the next start build the pages anew', (_, change) => {
  const before = version();
  change();
  expect(version()).not.toBe(before);
});

test('[O1] a test beside the pages does not make them stale', () => {
  const before = version();
  writeFileSync(join(root, 'client', 'widget', 'main.test.ts'), 'x');
  expect(version()).toBe(before);
});
