import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { answers } from './child-process.mjs';
import { withLock } from './lock.mjs';
import { isMusl } from './platform.mjs';
import { cacheFolder, inProject } from './project.mjs';
import { step } from './report.mjs';
import { SetupError } from './setup-error.mjs';
import { buildWorker, describeBuild, missingForBuild, recipeVersion } from './worker-build.mjs';
import { downloadWorker } from './worker-download.mjs';

const NAME = process.platform === 'win32' ? 'mediasoup-worker.exe' : 'mediasoup-worker';
const STARTS_BUT_HAS_NO_PARENT = 41; // the worker's exit code when nobody tells it a mediasoup version

/**
 * Puts mediasoup's worker where mediasoup looks for it: from this user's cache, from mediasoup's releases page, or built
 * from the sources in the npm package. `installMissing(packages)` brings what a build needs, or explains and throws.
 */
export async function ensureMediaWorker(installMissing) {
  if (process.env.MEDIASOUP_WORKER_BIN) return; // the administrator brings one
  const packageFolder = inProject('node_modules', 'mediasoup');
  const installed = join(packageFolder, 'worker', 'out', 'Release', NAME);
  const recipe = recipeVersion();
  if (isUsable(installed, recipe)) return;

  const version = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).version;
  const cache = join(cacheFolder(), 'media-worker', workerKey(version));
  const cached = join(cache, NAME);
  if (!isUsable(cached, recipe)) {
    const waiting = {
      title: 'Waiting for another set-up that prepares the media worker',
      describe: () => describeBuild(cache, recipe),
    };
    await withLock(join(cache, 'lock'), waiting, async (lock) => {
      if (isUsable(cached, recipe)) return; // the launcher we waited for has made it
      if (await tryDownload(version, cached)) return;
      await installMissing(missingForBuild());
      await step('Building the media worker from source, once for this machine', async (progress) => {
        const built = await withHint(buildWorker({ packageFolder, cache, recipe, lock, progress }));
        takeIn(built.binary, cached, `source ${recipe}`);
        built.clean();
      });
    });
  }
  mkdirSync(dirname(installed), { recursive: true });
  takeIn(cached, installed, originOf(cached));
}

async function withHint(building) {
  try {
    return await building;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    throw new SetupError(
      `${error.message}\n\nThe media worker could be neither downloaded nor built. Let this machine reach mediasoup's releases page,\n` +
        `name a mirror of it in MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL, or a worker of your own in MEDIASOUP_WORKER_BIN.`,
      { cause: error },
    );
  }
}

async function tryDownload(version, cached) {
  const downloaded = `${cached}.download`;
  const problem = await step('Downloading the media worker', async (progress) => {
    const why = await downloadWorker(version, downloaded, progress);
    if (why) return why;
    return startsHere(downloaded) ? undefined : 'the prebuilt worker does not run on this system';
  });
  if (!problem) takeIn(downloaded, cached, 'prebuilt');
  rmSync(downloaded, { force: true });
  return !problem;
}

/** Copies a proven binary to its place so that nobody ever sees half of it. */
function takeIn(from, to, origin) {
  const beside = `${to}.${process.pid}`;
  copyFileSync(from, beside);
  chmodSync(beside, 0o755);
  // The note comes last: a binary without one is taken as it is, a note without its binary would speak for an older one.
  rmSync(originFile(to), { force: true });
  renameSync(beside, to);
  writeFileSync(originFile(to), `${origin}\n`);
}

/** There, able to start, and not built by an older recipe than this clone's. */
function isUsable(binary, recipe) {
  if (!existsSync(binary) || !startsHere(binary)) return false;
  const origin = originOf(binary);
  return !origin.startsWith('source ') || origin === `source ${recipe}`;
}

function originOf(binary) {
  return existsSync(originFile(binary)) ? readFileSync(originFile(binary), 'utf8').trim() : 'unknown';
}

function originFile(binary) {
  return `${binary}.origin`;
}

function startsHere(binary) {
  return answers(binary, [], STARTS_BUT_HAS_NO_PARENT, { env: {} });
}

const HERE = { platform: process.platform, arch: process.arch, musl: isMusl() };

/** One folder per worker that could differ: a home directory may be shared between machines. */
export function workerKey(version, { platform, arch, musl } = HERE) {
  const libc = platform === 'linux' ? (musl ? '-musl' : '-glibc') : '';
  return `${version}-${platform}-${arch}${libc}`;
}
