import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runInForeground, runTogether } from './child-process.mjs';
import { VITE, forgetClientBuild } from './client-build.mjs';
import { runtimeEnvironment } from './node-runtime.mjs';
import { inProject } from './project.mjs';
import { say } from './report.mjs';
import { SetupError, explain } from './setup-error.mjs';
import { setUp } from './setup.mjs';
import { partsFor, runTests } from './tests.mjs';
import { verify } from './verify.mjs';

/** Each command: what it says about itself, and what it does; the answer is the exit code. */
export const commands = {
  start: {
    summary: 'bring what is missing, build if something changed, run the server',
    run: async (args) => runScript(await setUp(['worker', 'client']), 'server/main.ts', args),
  },
  setup: {
    summary: 'what start does, without running the server; --tests brings what the tests need too',
    run: async (args) => {
      // Images are built in layers: what seldom changes before the pages.
      const pages = args.includes('--without-pages') ? [] : ['client'];
      await setUp(['worker', ...pages, ...(args.includes('--tests') ? ['chromium'] : [])]);
      return 0;
    },
  },
  dev: {
    summary: 'run the server and restart it when its code changes; rebuild the pages when theirs does',
    run: async (args) => {
      const { runtime } = await setUp(['worker', 'client']);
      forgetClientBuild(); // from now on the watching build writes there
      return runTogether(
        [
          [runtime.path, VITE, 'build', '--watch', '--emptyOutDir', 'false', '--logLevel', 'warn'],
          [runtime.path, '--watch', '--watch-preserve-output', 'server/main.ts', ...args],
        ],
        { env: runtimeEnvironment(runtime) },
      );
    },
  },
  test: {
    summary: 'run all tests; what follows goes to vitest, for example: npm test -- --project flows',
    run: async (args) => {
      // Whoever reads only the last line must find one, also when it never came to testing.
      let counts = { passed: 0, failed: 1 };
      try {
        counts = await runTests(await setUp(partsFor(args)), args);
        return counts.exitCode;
      } catch (error) {
        explain(error);
        return 1;
      } finally {
        say(`\n${counts.passed} passed, ${counts.failed} failed`);
      }
    },
  },
  verify: {
    summary: 'types, lint, format and fast tests',
    run: verify,
  },
  format: {
    summary: 'put all files into the common format',
    run: async () => {
      const { runtime } = await setUp([]);
      return runInForeground(runtime.path, [
        join('node_modules', 'prettier', 'bin', 'prettier.cjs'),
        '--write',
        '--list-different',
        '.',
      ]);
    },
  },
  bench: {
    summary: 'measure speed, size and memory',
    run: async (args) => runScript(await setUp(['worker', 'client', 'chromium']), 'tests/bench/main.ts', args),
  },
  screenshots: {
    summary: 'make the pictures of the README',
    run: async (args) => runScript(await setUp(['worker', 'client', 'chromium']), 'scripts/screenshots.ts', args),
  },
  'add-agent': {
    summary: 'add an agent from the command line',
    run: async (args) => runScript(await setUp([]), 'server/add-agent.ts', args),
  },
  'set-password': {
    summary: 'give an account a new password from the command line',
    run: async (args) => runScript(await setUp([]), 'server/set-password.ts', args),
  },
};

function runScript({ runtime, chromium }, script, args) {
  if (!existsSync(inProject(script))) throw new SetupError(`${script} is missing in this copy of Foyer.`);
  const env = { ...runtimeEnvironment(runtime), ...(chromium && { CHROMIUM_PATH: chromium }) };
  return runInForeground(runtime.path, [script, ...args], { env });
}
