import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { answers, runQuietly } from './child-process.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Runs npm under the Node at `nodePath`. Which Node it is matters: npm leaves optional packages out that do not declare
 * to support the one it runs on, and the native parts of our build tools are such packages.
 */
export async function runNpm(args, { nodePath, ...options }) {
  const script = findNpmScript();
  // Without a script to hand to our Node, as with Windows' npm.cmd, npm finds its own.
  const [command, ...first] = script ? [nodePath, script] : ['npm'];
  const shell = !script && process.platform === 'win32';
  if (!script && !answers(command, ['--version'], 0, { shell })) {
    throw new SetupError('npm is missing. Install it (on Debian and Ubuntu: apt-get install npm) and start again.');
  }
  await runQuietly(command, [...first, ...args, '--loglevel=error'], { ...options, shell });
}

/** npm's own script: of the npm that started us, else of the one in the path, else beside this Node. */
export function findNpmScript(env = process.env, nodePath = process.execPath) {
  const inPath = (env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'npm'))
    .filter((path) => existsSync(path))
    .map((path) => realpathSync(path));
  const besideNode = join(dirname(nodePath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return [env.npm_execpath, ...inPath, besideNode].find(
    (path) => path && /npm-cli\.c?js$/.test(path) && existsSync(path),
  );
}
