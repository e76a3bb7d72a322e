import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { findDictionaries } from './dictionaries.ts';
import { readSourceFiles, REPOSITORY_DIR } from './source-files.ts';

const LONG_FILE_LINES = 400;
const files = readSourceFiles();

test('[O1] a file of more than 400 lines begins with a comment that gives its reason', () => {
  const unexplained = files
    .filter(({ text }) => text.split('\n').length > LONG_FILE_LINES && !/^\s*\/[/*]/.test(text))
    .map(
      ({ path, text }) => `${path} (${text.split('\n').length} lines): split it, or say in its first comment why not`,
    );
  expect(unexplained).toEqual([]);
});

test('[O1] no code steps around the compiler', async () => {
  const oxlint = join(REPOSITORY_DIR, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const rules = ['-A', 'all', '-D', 'typescript/no-explicit-any', '-D', 'typescript/ban-ts-comment', '--quiet'];
  const run = promisify(execFile)(process.execPath, [oxlint, ...rules, '.'], { cwd: REPOSITORY_DIR });
  const output = await run.then(
    () => '',
    (fault: { stdout?: string }) => fault.stdout ?? String(fault),
  );
  expect(output, 'name the type, or take it as unknown and check it').toBe('');

  const doubled = ['as', 'unknown', 'as'].join(' ');
  const casts = files.filter(({ text }) => text.includes(doubled)).map(({ path }) => path);
  expect(casts, `"${doubled}" hides what the compiler knows: write a check or a fixture instead`).toEqual([]);
});

test('[O1] the reader of dictionaries sees every key', () => {
  const text = "x({ en: { a: 'it: {b}', c: { one: '1', other: \"n\" }, // d: no\n e }, de: { a: `x`, c: {} } })";
  expect(findDictionaries(text)).toEqual([{ en: ['a', 'c'], de: ['a', 'c'] }]);
});

test('[A10] every English text exists in German and the other way round', () => {
  const dictionaries = files
    .filter(({ path, isForTests }) => path.startsWith('client/') && !isForTests)
    .flatMap(({ path, text }) => findDictionaries(text).map((dictionary) => ({ path, ...dictionary })));
  expect(dictionaries.length, 'no dictionary was found: has createTranslator changed its form?').toBeGreaterThan(3);
  for (const { path, en, de } of dictionaries) {
    expect(de.toSorted(), `${path} must say the same things in both languages`).toEqual(en.toSorted());
  }
});
