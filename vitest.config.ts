import { defineConfig } from 'vitest/config';

const SECOND = 1_000;

// The groups run one after another, so that nothing disturbs what measures time: a browser in a call wants both cores.
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    environment: 'node',
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{protocol,server,client,media,cobrowse,scripts}/**/*.test.{ts,tsx,mjs}'],
          testTimeout: 10 * SECOND,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'house',
          include: ['tests/house/**/*.test.ts'],
          testTimeout: 30 * SECOND,
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
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          // Stories in real browsers on a shared machine: one that fails once and then passes is told as retried in
          // the report. On a developer's machine nothing is tried twice.
          retry: process.env['CI'] ? 1 : 0,
          testTimeout: 120 * SECOND,
          hookTimeout: 120 * SECOND,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
