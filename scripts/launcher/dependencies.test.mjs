import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { matchesLock } from './dependencies.mjs';
import { findNpmScript } from './npm.mjs';
import { fitsPlatform } from './platform.mjs';

const lockFile = {
  packages: {
    '': { name: 'foyer' },
    'node_modules/express': { version: '5.3.0' },
    'node_modules/bundler-linux': { version: '1.0.0', optional: true, os: ['linux'], cpu: ['x64'] },
    'node_modules/bundler-mac': { version: '1.0.0', optional: true, os: ['darwin'] },
    'node_modules/helper-of-bundler-mac': { version: '1.0.0', optional: true },
  },
};
const installed = {
  'node_modules/express': { version: '5.3.0' },
  'node_modules/bundler-linux': { version: '1.0.0' },
};
const here = { os: 'linux', cpu: 'x64', libc: 'glibc' };
const matches = (packages) => matchesLock(lockFile, { packages }, (wanted) => fitsPlatform(wanted, here));

test('[O1] packages that are there as the lock file wants them are not installed again', () => {
  expect(matches(installed)).toBe(true);
});

test('[O1] a package that is missing or of another version is installed', () => {
  expect(matches({ 'node_modules/bundler-linux': { version: '1.0.0' } })).toBe(false);
  expect(matches({ ...installed, 'node_modules/express': { version: '5.2.0' } })).toBe(false);
});

test('[O1] the native part of a tool that an older Node left out is installed', () => {
  expect(matches({ 'node_modules/express': { version: '5.3.0' } })).toBe(false);
});

test.each([
  [{ os: ['linux'], cpu: ['x64'] }, true],
  [{ os: ['linux'], cpu: ['arm64'] }, false],
  [{ os: ['linux'], cpu: ['x64'], libc: ['musl'] }, false],
  [{ os: ['!win32'] }, true],
  [{ os: ['!linux'] }, false],
  [{}, true],
])('[O1] a package for %j belongs on Linux with glibc on x64: %s', (wanted, expected) => {
  expect(fitsPlatform(wanted, here)).toBe(expected);
});

test('[O1] the npm that started Foyer also installs for it; else the one in the path does', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'foyer-npm-')));
  try {
    const script = join(folder, 'lib', 'npm-cli.js');
    mkdirSync(join(folder, 'lib'));
    mkdirSync(join(folder, 'bin'));
    writeFileSync(script, '');
    symlinkSync(script, join(folder, 'bin', 'npm'));
    expect(findNpmScript({ npm_execpath: script, PATH: '' }, '/none/bin/node')).toBe(script);
    expect(findNpmScript({ npm_execpath: '/usr/lib/yarn.js', PATH: join(folder, 'bin') }, '/none/bin/node')).toBe(
      script,
    );
    expect(findNpmScript({ PATH: '' }, '/none/bin/node')).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
