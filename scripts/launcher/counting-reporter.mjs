import { writeFileSync } from 'node:fs';

/** A vitest reporter that leaves the numbers of a run where the launcher finds them. */
export default class CountingReporter {
  onTestRunEnd(testModules, strayErrors) {
    writeFileSync(process.env.FOYER_TEST_COUNTS, JSON.stringify(countTests(testModules, strayErrors)));
  }
}

export function countTests(testModules, strayErrors) {
  const counts = { passed: 0, failed: 0, brokenFiles: 0, strayErrors: strayErrors.length };
  for (const testModule of testModules) {
    const tests = [...testModule.children.allTests()].map((test) => test.result().state);
    const failed = tests.filter((state) => state === 'failed').length;
    // A test that had not ended when the run did (its process died) is one that failed.
    const unfinished = tests.filter((state) => state === 'pending').length;
    counts.passed += tests.filter((state) => state === 'passed').length;
    counts.failed += failed + unfinished;
    // It failed, yet none of its tests did: it could not be loaded, or a hook around them threw.
    if (testModule.state() === 'failed' && failed + unfinished === 0) counts.brokenFiles += 1;
  }
  return counts;
}
