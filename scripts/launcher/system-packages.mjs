import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { runQuietly } from './child-process.mjs';
import { step } from './report.mjs';
import { SetupError } from './setup-error.mjs';

const OPTIONS = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];

export function isDebianFamily() {
  return existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
}

export function isUbuntu() {
  return existsSync('/etc/os-release') && /^ID=ubuntu$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/** Which of these Debian packages are not installed. */
export function missingPackages(packages) {
  const answer = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...packages], {
    encoding: 'utf8',
  });
  return notInstalled(packages, answer.stdout ?? '');
}

export function notInstalled(packages, dpkgAnswer) {
  const installed = new Set(
    dpkgAnswer
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return packages.filter((name) => !installed.has(name));
}

/** Installs Debian packages when it may; otherwise stops with the one command that an administrator must run. */
export async function installPackages(packages, { purpose, alsoForTests = [], lock } = {}) {
  if (packages.length === 0) return;
  if (process.getuid?.() !== 0) throw new SetupError(administratorSentence(packages, purpose, alsoForTests));
  await step(`Installing ${packages.length} system packages for ${purpose}`, async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const run = (command, ...args) => runQuietly(command, args, { name: 'system-packages', env, lock });
    const install = () => run('apt-get', 'install', ...OPTIONS, ...packages);
    try {
      await install();
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      // Usually the package lists are missing or old; now and then an earlier installation was cut off in the middle.
      await run('dpkg', '--configure', '-a');
      await run('apt-get', 'update', '-o', 'DPkg::Lock::Timeout=300');
      await install();
    }
  });
}

export function administratorSentence(packages, purpose, alsoForTests = []) {
  const tests = alsoForTests.length > 0 ? `\n\n(for "npm test" later also: ${alsoForTests.join(' ')})` : '';
  return (
    `Packages of the system are missing for ${purpose}, and only an administrator may install them.\n` +
    `Run this once, then start again; what is done so far is kept:\n\n` +
    `    ${administratorCommand(packages)}${tests}`
  );
}

export function administratorCommand(packages) {
  return `sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}'`;
}
