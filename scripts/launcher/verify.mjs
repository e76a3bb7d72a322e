import { join } from 'node:path';
import { runInForeground } from './child-process.mjs';
import { runtimeEnvironment } from './node-runtime.mjs';
import { describeDuration, say } from './report.mjs';
import { runTests } from './tests.mjs';

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
    command: [join('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'],
    mend: 'npm run format',
  },
];

/** Types, lint, format and the tests that need no server: all of them, so that one call shows everything there is to mend. */
export async function verify(tools) {
  const env = runtimeEnvironment(tools.runtime);
  const failures = [];
  for (const { title, command, mend } of CHECKS) {
    const [script, ...args] = command;
    const startedAt = Date.now();
    const exitCode = await runInForeground(tools.runtime.path, [join('node_modules', script), ...args], { env });
    say(`  ${exitCode === 0 ? '✓' : '✗'} ${title} (${describeDuration(Date.now() - startedAt)})`);
    if (exitCode !== 0) failures.push({ title, mend });
  }
  const fast = ['--project', 'unit', '--project', 'house'];
  const { passed, failed, exitCode } = await runTests(tools, fast);
  say(`  ${exitCode === 0 ? '✓' : '✗'} Fast tests (${passed} passed, ${failed} failed)`);
  if (exitCode !== 0) failures.push({ title: 'Fast tests', mend: `npm test -- ${fast.join(' ')}` });

  for (const { title, mend } of failures) say(`\n${title} failed. To mend: ${mend}`);
  return failures.length > 0 ? 1 : 0;
}
