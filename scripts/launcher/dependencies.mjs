import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { runNpm } from './npm.mjs';
import { fitsPlatform } from './platform.mjs';
import { inProject } from './project.mjs';
import { step } from './report.mjs';

/** Installs what package-lock.json lists, unless exactly that is there. */
export async function ensureDependencies(runtime, lock) {
  const stampFile = inProject('node_modules', '.foyer-installed');
  const recordFile = inProject('node_modules', '.package-lock.json');
  const lockText = readFileSync(inProject('package-lock.json'), 'utf8');
  const wanted = `${createHash('sha256').update(lockText).digest('hex')} ${process.platform}-${process.arch}\n`;
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
  if (!isInstalledByHand(lockText, recordFile)) {
    // Both speak for a whole installation: an interrupted one must leave neither.
    rmSync(stampFile, { force: true });
    rmSync(recordFile, { force: true });
    await step('Installing dependencies', () =>
      runNpm(['ci', '--no-audit', '--no-fund'], { name: 'dependencies', nodePath: runtime.path, lock }),
    );
  }
  writeFileSync(stampFile, wanted);
}

// Someone who added a package with `npm install` has it all already; npm's own record of the folder says so.
function isInstalledByHand(lockText, recordFile) {
  return existsSync(recordFile) && matchesLock(JSON.parse(lockText), JSON.parse(readFileSync(recordFile, 'utf8')));
}

/**
 * Whether npm's record of node_modules holds what the lock file asks for. Optional packages for other platforms are
 * rightly absent; one for this platform may be missing because an older Node installed, and is then needed.
 */
export function matchesLock(lockFile, record, fits = fitsPlatform) {
  return Object.entries(lockFile.packages).every(([path, wanted]) => {
    if (path === '') return true;
    const found = record.packages[path];
    if (found) return found.version === wanted.version;
    const isOptional = wanted.optional || wanted.devOptional;
    const isForSomePlatform = wanted.os || wanted.cpu;
    return isOptional && !(isForSomePlatform && fits(wanted));
  });
}
