import { join } from 'node:path';
import { runInForeground } from './child-process.mjs';
import { runtimeEnvironment } from './node-runtime.mjs';
import { describeDuration, say } from './report.mjs';
import { setUp } from './setup.mjs';
import { SetupError } from './setup-error.mjs';
import { runTests } from './tests.mjs';

const FAST = ['--project', 'unit', '--project', 'house'];
const CHECKS = [
  {
    title: 'Types',
    command: [join('typescript', 'bin', 'tsc'), '--noEmit'],
    mend: 'read the lines above; npx tsc shows them again',
  },
  {
    title: 'Lint',
    command: [join('oxlint', 'bin', 'oxlint')],
    mend: 'npx oxlint --fix (mends what can be mended by itself)',
  },
  {
    title: 'Format',
    command: [join('prettier', 'bin', 'prettier.cjs'), '--check', '--cache', '--log-level', 'warn', '.'],
    mend: 'npm run format',
  },
];

/** Types, lint, format, build and fast tests: all of them, so that one call shows everything there is to mend. */
export async function verify() {
  const tools = await setUp([]);
  const env = runtimeEnvironment(tools.runtime);
  const failures = [];
  const judge = (title, isGood, startedAt, mend, remark = '') => {
    say(`  ${isGood ? '✓' : '✗'} ${title} (${describeDuration(Date.now() - startedAt)})${remark}`);
    if (!isGood) failures.push({ title, mend });
  };

  for (const { title, command, mend } of CHECKS) {
    const [script, ...args] = command;
    const startedAt = Date.now();
    const exitCode = await runInForeground(tools.runtime.path, [join('node_modules', script), ...args], { env });
    judge(title, exitCode === 0, startedAt, mend);
  }
  const buildProblem = await findBuildProblem();
  if (buildProblem) failures.push({ title: 'Pages', mend: `read what the build says:\n\n${buildProblem}` });
  const startedAt = Date.now();
  const { passed, failed, exitCode } = await runTests(tools, FAST);
  judge(
    'Fast tests',
    exitCode === 0,
    startedAt,
    `npm test -- ${FAST.join(' ')}`,
    `: ${passed} passed, ${failed} failed`,
  );

  for (const { title, mend } of failures) say(`\n${title} failed. To mend: ${mend}`);
  return failures.length > 0 ? 1 : 0;
}

// The tests of the house weigh what is built.
async function findBuildProblem() {
  try {
    await setUp(['client']);
    return undefined;
  } catch (error) {
    if (error instanceof SetupError) return error.message;
    throw error;
  }
}
