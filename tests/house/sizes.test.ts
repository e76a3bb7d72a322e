import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { followStatic, gzipBytes, weighPage } from './bundle-weights.ts';
import { REPOSITORY_DIR } from './source-files.ts';

const LOADER_MAX_BYTES = 2_048;
const FIRST_OPEN_MAX_BYTES = 60 * 1_024;
const SHARING_MAX_BYTES = 25 * 1_024;
const CALL_MAX_BYTES = 80 * 1_024;
/** What a workspace loads once something is shared; the viewer is a page of its own. */
const STAGE_MAX_BYTES = 16 * 1_024;
const RECORDER_MAX_BYTES = 28 * 1_024;
const TOOLS_MAX_BYTES = 18 * 1_024;

const outDir = mkdtempSync(join(tmpdir(), 'foyer-sizes-'));

// A build of its own: what lies in dist/ may be older than the sources.
beforeAll(async () => {
  const vite = join(REPOSITORY_DIR, 'node_modules', 'vite', 'bin', 'vite.js');
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(NODE_ENV|VITE|VITEST)/.test(name)),
  );
  await promisify(execFile)(
    process.execPath,
    [vite, 'build', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'error'],
    {
      cwd: REPOSITORY_DIR,
      env: environment,
    },
  );
}, 120_000);

afterAll(() => rmSync(outDir, { recursive: true, force: true }));

/** The files with their weights, heaviest first, so that a broken budget shows where to look. */
function listWeights(files: readonly string[]): { total: number; list: string } {
  const weighed = files.map((file) => ({ file, bytes: gzipBytes(outDir, file) })).sort((a, b) => b.bytes - a.bytes);
  return {
    total: weighed.reduce((sum, { bytes }) => sum + bytes, 0),
    list: weighed.map(({ file, bytes }) => `  ${(bytes / 1_024).toFixed(1)} kB  ${file}`).join('\n'),
  };
}

test('[V1] the loader on the customer’s page weighs at most 2 kB', () => {
  expect(existsSync(join(outDir, 'embed.js')), 'the build made no embed.js: is client/embed/embed.ts there?').toBe(
    true,
  );
  expect(gzipBytes(outDir, 'embed.js'), 'shorten client/embed/embed.ts').toBeLessThanOrEqual(LOADER_MAX_BYTES);
});

test('[V1] the first open of the widget weighs at most 60 kB in all', () => {
  const { firstFiles } = weighPage(outDir, 'widget/index.html');
  const { total, list } = listWeights(firstFiles);
  expect(
    total,
    `The first open weighs ${(total / 1_024).toFixed(1)} kB. Load what the first screen does not show by import():\n${list}`,
  ).toBeLessThanOrEqual(FIRST_OPEN_MAX_BYTES);
});

test('[M1] call code comes only with a call, and weighs at most 80 kB', () => {
  const { firstFiles, laterFiles } = weighPage(outDir, 'widget/index.html');
  const carriesCall = (file: string) => readFileSync(join(outDir, file), 'utf8').includes('mediasoup');
  expect(firstFiles.filter(carriesCall), 'these load before any call and must not').toEqual([]);
  const callChunks = laterFiles.filter((file) => /call/.test(file) || carriesCall(file));
  expect(callChunks.some(carriesCall), 'no later chunk of the widget carries the call code').toBe(true);
  const callFiles = followStatic(outDir, callChunks).filter((file) => !firstFiles.includes(file));
  const { total, list } = listWeights(callFiles);
  expect(total, `The call code weighs ${(total / 1_024).toFixed(1)} kB:\n${list}`).toBeLessThanOrEqual(CALL_MAX_BYTES);
});

test('[B7] what is seen and done on a shared page comes in a script of its own of at most 18 kB', () => {
  expect(gzipBytes(outDir, 'recorder-tools.js'), 'shorten cobrowse/recorder/tools').toBeLessThanOrEqual(
    TOOLS_MAX_BYTES,
  );
});

test('[B4] the recorder comes in one script of at most 28 kB, and with no first open', () => {
  expect(gzipBytes(outDir, 'recorder.js'), 'shorten cobrowse/recorder').toBeLessThanOrEqual(RECORDER_MAX_BYTES);
  for (const page of ['widget/index.html', 'workspace/index.html']) {
    const { firstFiles } = weighPage(outDir, page);
    const carrying = firstFiles.filter((file) => readFileSync(join(outDir, file), 'utf8').includes('rr_width'));
    expect(carrying, 'these load before anything is shared and must not').toEqual([]);
  }
});

test('[B1] the code of sharing comes only once something is asked or offered', () => {
  const { firstFiles, laterFiles } = weighPage(outDir, 'widget/index.html');
  const carriesSharing = (file: string) =>
    file.endsWith('.js') && /\/recorder\.js/.test(readFileSync(join(outDir, file), 'utf8'));
  expect(firstFiles.filter(carriesSharing), 'these load before anything is shared and must not').toEqual([]);
  const chunks = followStatic(outDir, laterFiles.filter(carriesSharing)).filter((file) => !firstFiles.includes(file));
  expect(chunks, 'no later chunk of the widget brings the recorder').not.toEqual([]);
  const { total, list } = listWeights(chunks);
  expect(total, `Sharing weighs ${(total / 1_024).toFixed(1)} kB:\n${list}`).toBeLessThanOrEqual(SHARING_MAX_BYTES);
});

test('[B5] a workspace in which nothing is shared loads nothing that shows a share', () => {
  const { firstFiles, laterFiles } = weighPage(outDir, 'workspace/index.html');
  const carriesStage = (file: string) =>
    readFileSync(join(outDir, file), 'utf8').includes('allow-scripts allow-same-origin');
  expect(firstFiles.filter(carriesStage), 'these load before anything is shared and must not').toEqual([]);
  const chunks = followStatic(outDir, laterFiles.filter(carriesStage)).filter((file) => !firstFiles.includes(file));
  expect(chunks, 'no later chunk of the workspace shows a share').not.toEqual([]);
  const { total, list } = listWeights(chunks);
  expect(total, `The stage weighs ${(total / 1_024).toFixed(1)} kB:\n${list}`).toBeLessThanOrEqual(STAGE_MAX_BYTES);
});

test('[O5] pages carry no validation library and no sources of the server', () => {
  for (const page of ['widget/index.html', 'workspace/index.html']) {
    const { firstFiles, laterFiles } = weighPage(outDir, page);
    for (const file of [...firstFiles, ...laterFiles].filter((name) => name.endsWith('.js'))) {
      const text = readFileSync(join(outDir, file), 'utf8');
      expect(text, `${file} carries zod: use "import type" from protocol/`).not.toMatch(/ZodError|invalid_union/);
    }
  }
});
