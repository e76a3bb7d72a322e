import { answers, runQuietly } from './child-process.mjs';
import { SetupError } from './setup-error.mjs';

/** Runs npm: the one that started us if any, else the one in the path. */
export async function runNpm(args, options) {
  const [command, ...first] = npmCommand(process.env.npm_execpath);
  const shell = command === 'npm' && process.platform === 'win32'; // there it is npm.cmd
  if (command === 'npm' && !answers(command, ['--version'], 0, { shell })) {
    throw new SetupError('npm is missing. Install it (on Debian and Ubuntu: apt-get install npm) and start again.');
  }
  await runQuietly(command, [...first, ...args, '--loglevel=error'], { ...options, shell });
}

/** npm must run with the Node it came with, which may not be the one that runs the server. */
export function npmCommand(startedBy) {
  return startedBy && /npm-cli\.c?js$/.test(startedBy) ? [process.execPath, startedBy] : ['npm'];
}
