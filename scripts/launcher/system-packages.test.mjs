import { expect, test } from 'vitest';
import { administratorSentence, notInstalled } from './system-packages.mjs';

test('[O1] a package that was removed or never finished installing counts as missing', () => {
  const answer = 'cmake installed\nninja-build config-files\ng++ half-configured\n';
  expect(notInstalled(['cmake', 'ninja-build', 'g++', 'chromium'], answer)).toEqual(['ninja-build', 'g++', 'chromium']);
});

test('[O1] without root the one command that an administrator must run names everything that is missing', () => {
  const sentence = administratorSentence(['cmake', 'chromium'], 'the media worker and the browser tests');
  expect(sentence).toContain(
    "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends cmake chromium'",
  );
});

test('[O1] a start says beforehand what the tests will need', () => {
  expect(administratorSentence(['cmake'], 'building the media worker', ['chromium'])).toMatch(/npm test.*chromium/s);
});
