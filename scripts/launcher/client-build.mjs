import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { runQuietly } from './child-process.mjs';
import { runtimeEnvironment } from './node-runtime.mjs';
import { inProject, projectFolder } from './project.mjs';
import { step } from './report.mjs';

const SOURCES = ['client', 'cobrowse', 'media/browser', 'protocol', 'vite.config.ts', 'package-lock.json'];
const stampFile = inProject('dist', 'client-build.stamp');
export const VITE = join('node_modules', 'vite', 'bin', 'vite.js');

/** Builds the pages into dist/client, unless they were built from exactly these sources. */
export async function ensureClientBuild(runtime, lock) {
  const wanted = sourcesVersion(projectFolder);
  if (existsSync(stampFile) && existsSync(inProject('dist', 'client')) && readFileSync(stampFile, 'utf8') === wanted)
    return;
  await step('Building the pages', async () => {
    forgetClientBuild();
    const env = { ...runtimeEnvironment(runtime), NODE_ENV: 'production' };
    await runQuietly(runtime.path, [VITE, 'build', '--logLevel', 'warn'], { name: 'client-build', env, lock });
    mkdirSync(dirname(stampFile), { recursive: true });
    writeFileSync(stampFile, wanted);
  });
}

/** Without its stamp a build counts as none: before one begins, so that an interrupted one is not taken for whole. */
export function forgetClientBuild() {
  rmSync(stampFile, { force: true });
}

/** One hash over names and contents, so that neither a fresh checkout nor a touched file rebuilds anything. */
export function sourcesVersion(root, sources = SOURCES) {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesUnder(join(root, source))) {
      hash
        .update(`${relative(root, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !entry.name.includes('.test.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesUnder(join(path, entry.name)));
}
