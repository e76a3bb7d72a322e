import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { answers } from './child-process.mjs';
import { runNpm } from './npm.mjs';
import { cacheFolder } from './project.mjs';
import { step } from './report.mjs';
import { SetupError } from './setup-error.mjs';

const BROUGHT_VERSION = '24.21.0';
const MINIMUM = [22, 12];

/**
 * The Node that runs the server, the build and the tests: this one if it is new enough, else one of our own. The npm
 * registry holds Node's binaries as packages, so nothing but npm is needed to get it.
 */
export async function ensureNodeRuntime() {
  if (isNewEnough(process.versions.node)) return { path: process.execPath, version: process.versions.node };
  const folder = join(cacheFolder(), 'node', `${BROUGHT_VERSION}-${process.platform}-${process.arch}`);
  const path = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  // The folder appears by one rename at the very end, so what is there is whole.
  if (!existsSync(path)) {
    await step(
      `Bringing Node ${BROUGHT_VERSION}, because this machine's ${process.versions.node} is older than ${MINIMUM.join('.')}`,
      () => bring(folder, path),
    );
  }
  return { path, version: BROUGHT_VERSION };
}

async function bring(folder, path) {
  mkdirSync(dirname(folder), { recursive: true });
  const unpacked = mkdtempSync(join(dirname(folder), 'unpacking-'));
  try {
    const name = nodePackageName(process.platform, process.arch);
    const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
    await runNpm(['install', '--prefix', unpacked, ...options, `${name}@${BROUGHT_VERSION}`], {
      name: 'node-runtime',
      nodePath: process.execPath,
      cwd: unpacked,
    });
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(unpacked, 'node_modules', name), folder);
  } catch (error) {
    if (!existsSync(path)) throw error; // another launcher may have been quicker
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
  if (!answers(path, ['--version'])) {
    rmSync(folder, { recursive: true, force: true });
    throw new SetupError(
      `Node ${BROUGHT_VERSION} from the npm registry does not run on this system. Install Node ${MINIMUM.join('.')} or newer and start again.`,
    );
  }
}

export function isNewEnough(version, [major, minor] = MINIMUM) {
  const [ownMajor, ownMinor] = version.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** The registry's name for one platform's Node binary. */
export function nodePackageName(platform, arch) {
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
}

/** What a version needs to run TypeScript as it is: nothing since 22.18 and 24.3, a flag or silence before. */
export function typeStrippingFlags(version) {
  const [major] = version.split('.').map(Number);
  const quiet = '--disable-warning=ExperimentalWarning';
  if (major === 22 && !isNewEnough(version, [22, 18])) return ['--experimental-strip-types', quiet];
  if (major === 23) return isNewEnough(version, [23, 6]) ? [quiet] : ['--experimental-strip-types', quiet];
  if (major === 24 && !isNewEnough(version, [24, 3])) return [quiet];
  return [];
}

/** The environment in which `node` means the runtime, also for what our children start. */
export function runtimeEnvironment(runtime, env = process.env) {
  const flags = typeStrippingFlags(runtime.version);
  const pathName = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return {
    // Keeps V8's compiled code from one start to the next.
    NODE_COMPILE_CACHE: join(cacheFolder(env), 'compiled-code'),
    ...env,
    [pathName]: `${dirname(runtime.path)}${delimiter}${env[pathName] ?? ''}`,
    ...(flags.length > 0 && { NODE_OPTIONS: [env.NODE_OPTIONS, ...flags].filter(Boolean).join(' ') }),
  };
}
