import { describe, expect, test } from 'vitest';
import { countTests } from './counting-reporter.mjs';
import { partsFor, summarise } from './tests.mjs';

const testModule = (state, ...results) => ({
  state: () => state,
  children: { allTests: () => results.map((result) => ({ result: () => ({ state: result }) })) },
});

describe('the last line of a test run', () => {
  test('[O1] adds up what passed and failed in all files; skipped tests are neither', () => {
    const counts = countTests(
      [testModule('passed', 'passed', 'skipped'), testModule('failed', 'passed', 'failed')],
      [],
    );
    expect(summarise(counts, 1)).toEqual({ passed: 2, failed: 1, exitCode: 1 });
  });

  test('[O1] counts a file that cannot be loaded as failed', () => {
    const counts = countTests([testModule('passed', 'passed'), testModule('failed')], []);
    expect(summarise(counts, 1)).toEqual({ passed: 1, failed: 1, exitCode: 1 });
  });

  test('[O1] counts a test whose process died as failed', () => {
    expect(summarise(countTests([testModule('failed', 'passed', 'pending')], []), 1)).toMatchObject({ failed: 1 });
  });

  test('[O1] counts an error that nobody caught as failed', () => {
    const counts = countTests([testModule('passed', 'passed')], [new Error('late')]);
    expect(summarise(counts, 0)).toEqual({ passed: 1, failed: 1, exitCode: 1 });
  });

  test('[O1] is a failure when the runner crashed before it could count', () => {
    expect(summarise(undefined, 134)).toEqual({ passed: 0, failed: 1, exitCode: 134 });
    expect(summarise(undefined, 0)).toEqual({ passed: 0, failed: 1, exitCode: 1 });
  });

  test('[O1] is a failure when no test ran at all', () => {
    expect(summarise(countTests([], []), 0)).toMatchObject({ passed: 0, exitCode: 1 });
  });
});

describe('what a run of some tests brings first', () => {
  test('[O1] unit tests alone need neither the media worker nor a browser', () => {
    expect(partsFor(['--project', 'unit'])).toEqual([]);
  });

  test('[O1] several projects need what each of them needs', () => {
    expect(partsFor(['--project=house', '--project', 'sfu', '-t', 'unit'])).toEqual(['client', 'worker']);
  });

  test('[O1] a run without a project, or with one we do not know, needs everything', () => {
    expect(partsFor([])).toEqual(['client', 'worker', 'chromium']);
    expect(partsFor(['--project', '!browser'])).toEqual(['client', 'worker', 'chromium']);
  });
});
