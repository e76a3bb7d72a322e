import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { answers, runQuietly } from './child-process.mjs';
import { readMachineLimits } from './machine-limits.mjs';
import { inProject } from './project.mjs';
import { describeProgress } from './report.mjs';
import { SetupError } from './setup-error.mjs';
import { isDebianFamily, missingPackages } from './system-packages.mjs';

// prettier-ignore
const DEBIAN_PACKAGES = [
  'cmake', 'ninja-build', 'g++', 'pkg-config', 'libssl-dev', 'libuv1-dev', 'libsrtp2-dev', 'libabsl-dev',
  'libflatbuffers-dev', 'flatbuffers-compiler',
];
const MEMORY_PER_COMPILER = 600e6; // the largest source takes about 480 MB
const TOOLS = ['cmake', 'ninja', 'g++', 'pkg-config', 'flatc'];

/** Debian packages that a build still needs; on other systems it says what is missing, because it cannot bring it. */
export function missingForBuild() {
  if (process.platform !== 'linux') {
    throw new SetupError(
      `The media worker could not be downloaded, and it can be built from source on Linux only.\n` +
        `Let this machine reach the releases page of mediasoup, or set MEDIASOUP_WORKER_BIN to a worker of your own.`,
    );
  }
  if (isDebianFamily()) return missingPackages(DEBIAN_PACKAGES);
  const missing = TOOLS.filter((tool) => !answers(tool, ['--version']));
  if (missing.length > 0) {
    throw new SetupError(
      `The media worker could not be downloaded and must be built from source. Missing for that: ${missing.join(', ')}\n` +
        `(and the development files of OpenSSL, libuv, libsrtp 2, Abseil and FlatBuffers). Install them and start again.`,
    );
  }
  return [];
}

/**
 * Builds the worker and answers with the binary. All state lies in one folder of the cache, sources included: a build
 * that was interrupted goes on where it stopped, from whichever clone the next call comes.
 */
export async function buildWorker({ packageFolder, cache, recipe, lock, progress }) {
  const folder = buildFolder(cache, recipe);
  forgetOtherBuilds(cache, folder);
  copyOnce(join(packageFolder, 'worker'), join(folder, 'worker'));
  copyOnce(inProject('media', 'worker-build'), join(folder, 'recipe'));
  let binary;
  try {
    binary = await compile(folder, 'out', [], lock, progress);
  } catch (error) {
    if (!(error instanceof SetupError) || !error.message.includes('error:')) throw error;
    // Another compiler or a newer mediasoup may not bear sources being put together; its makers compile one by one.
    binary = await compile(folder, 'out-one-by-one', ['-DQUICK=OFF'], lock, progress);
  }
  return { binary, clean: () => rmSync(folder, { recursive: true, force: true }) };
}

async function compile(folder, out, options, lock, progress) {
  const run = (command, args, onOutput) =>
    runQuietly(command, args, { logFile: buildLog(folder), cwd: folder, lock, onOutput });
  // NOTE: configuring writes the generated headers anew, after which ninja would begin from the start.
  if (!existsSync(join(folder, out, 'build.ninja'))) {
    progress('configuring');
    await run('cmake', ['-S', 'recipe', '-B', out, '-G', 'Ninja', `-DSRC=${join(folder, 'worker')}`].concat(options));
  }
  const startedAt = Date.now();
  const { cores, memory } = readMachineLimits();
  await run('ninja', ['-C', out, '-j', String(parallelJobs(cores, memory))], (log) =>
    progress(describeProgress(log, startedAt) ?? 'compiling'),
  );
  return join(folder, out, 'mediasoup-worker');
}

/** How far a build is that another process runs. */
export function describeBuild(cache, recipe) {
  const file = buildLog(buildFolder(cache, recipe));
  return existsSync(file) ? describeProgress(readFileSync(file, 'utf8')) : undefined;
}

function buildFolder(cache, recipe) {
  return join(cache, `build-${recipe}`);
}

function buildLog(folder) {
  return join(folder, 'build.log');
}

function forgetOtherBuilds(cache, current) {
  const builds = readdirSync(cache).filter((name) => name.startsWith('build-'));
  for (const path of builds.map((name) => join(cache, name))) {
    if (path !== current) rmSync(path, { recursive: true, force: true });
  }
}

/** Changes when anything in media/worker-build changes that could change the binary. */
export function recipeVersion(folder = inProject('media', 'worker-build')) {
  const hash = createHash('sha256');
  const files = ['CMakeLists.txt', 'shim/srtp.h', 'shim/bio_callback.h', 'shim/ankerl/unordered_dense.h'];
  for (const file of files) hash.update(readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n'));
  return hash.digest('hex').slice(0, 12);
}

/** A small server must not run out of memory in the middle. */
export function parallelJobs(cores, memory) {
  return Math.max(1, Math.min(cores + 1, Math.floor(memory / MEMORY_PER_COMPILER)));
}

function copyOnce(from, to) {
  if (existsSync(to)) return;
  const beside = `${to}.copying`;
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(join(to, '..'), { recursive: true });
  cpSync(from, beside, { recursive: true, filter: (path) => !path.startsWith(join(from, 'out')) });
  renameSync(beside, to);
}
