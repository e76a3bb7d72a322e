import { defineConfig } from 'vitest/config';

const SECOND = 1_000;

/**
 * Stories with cameras, microphones and captured screens: one of them fills both cores. And the one of pages that the
 * browser keeps, which only the whole one does.
 */
const WITH_MEDIA = [
  'back-and-forward',
  'calls',
  'devices',
  'pop-out',
  'screen-share',
  'screen-share-german',
  'waiting-call',
].map((name) => `tests/browser/${name}.test.ts`);

const { CHROMIUM_SHELL_PATH } = process.env;
/** The pages are the same without a browser around them, and twice as fast. Calls stay in the whole one. */
const WITHOUT_WINDOW = CHROMIUM_SHELL_PATH ? { CHROMIUM_PATH: CHROMIUM_SHELL_PATH } : {};

const IN_BROWSERS = {
  // On a shared machine: a story that fails once and then passes is told as retried in the report. On a developer's
  // machine nothing is tried twice.
  retry: process.env['CI'] ? 1 : 0,
  testTimeout: 120 * SECOND,
  hookTimeout: 120 * SECOND,
  // As long as a locator waits about; a second is over before a loaded machine has drawn what is looked for.
  expect: { poll: { timeout: 15 * SECOND } },
};

// The groups run one after another, so that nothing disturbs what measures time: a browser in a call wants both cores.
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    environment: 'node',
    pool: 'forks',
    // Of those in one file that may run side by side: each has a visitor's page in a browser.
    maxConcurrency: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{protocol,server,client,media,cobrowse,scripts}/**/*.test.{ts,tsx,mjs}'],
          testTimeout: 10 * SECOND,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'house',
          include: ['tests/house/**/*.test.ts'],
          testTimeout: 30 * SECOND,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'flows',
          include: ['tests/flows/**/*.test.ts'],
          testTimeout: 30 * SECOND,
          hookTimeout: 30 * SECOND,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'sfu',
          include: ['tests/sfu/**/*.test.ts'],
          testTimeout: 60 * SECOND,
          hookTimeout: 60 * SECOND,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          ...IN_BROWSERS,
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          exclude: WITH_MEDIA,
          env: WITHOUT_WINDOW,
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          ...IN_BROWSERS,
          name: 'browser-media',
          include: WITH_MEDIA,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
