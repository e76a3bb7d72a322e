import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInForeground } from './child-process.mjs';
import { runtimeEnvironment } from './node-runtime.mjs';
import { inProject } from './project.mjs';

const VITEST = join('node_modules', 'vitest', 'vitest.mjs');

// What each vitest project needs beside Node and the dependencies.
const NEEDS = {
  unit: [],
  house: ['client'],
  flows: ['worker', 'client'],
  sfu: ['worker'],
  browser: ['worker', 'client', 'chromium'],
  'browser-media': ['worker', 'client', 'chromium'],
};

/** The parts of the set-up for a run: those of the projects that were asked for, or all. */
export function partsFor(args) {
  const asked = args.flatMap((arg, index) => {
    if (arg.startsWith('--project=')) return [arg.slice('--project='.length)];
    return args[index - 1] === '--project' ? [arg] : [];
  });
  const projects = asked.length > 0 && asked.every((name) => Object.hasOwn(NEEDS, name)) ? asked : Object.keys(NEEDS);
  return [...new Set(projects.flatMap((name) => NEEDS[name]))];
}

/** Runs vitest in our terminal and answers with what it counted. */
export async function runTests({ runtime, chromium, headlessShell }, args) {
  const folder = mkdtempSync(join(tmpdir(), 'foyer-tests-'));
  const countsFile = join(folder, 'counts.json');
  const env = {
    ...runtimeEnvironment(runtime),
    FOYER_TEST_COUNTS: countsFile,
    ...(chromium && { CHROMIUM_PATH: chromium }),
    ...(headlessShell && { CHROMIUM_SHELL_PATH: headlessShell }),
  };
  const reporters = ['--reporter=default', `--reporter=${inProject('scripts', 'launcher', 'counting-reporter.mjs')}`];
  try {
    const exitCode = await runInForeground(runtime.path, [VITEST, 'run', ...reporters, ...args], { env });
    return summarise(readCounts(countsFile), exitCode);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The sum of a run. Whatever went wrong beside the tests themselves counts as failed too: a file that does not load, an
 * error nobody caught, a runner that ended badly or without a word. A run of no test at all is no success.
 */
export function summarise(counts, exitCode) {
  const passed = counts?.passed ?? 0;
  let failed = (counts?.failed ?? 0) + (counts?.brokenFiles ?? 0) + (counts?.strayErrors ?? 0);
  if (failed === 0 && (exitCode !== 0 || !counts)) failed = 1;
  return { passed, failed, exitCode: failed > 0 || passed === 0 ? exitCode || 1 : 0 };
}

function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // vitest did not reach its end
  }
}
