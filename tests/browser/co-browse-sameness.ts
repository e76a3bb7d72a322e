import { expect } from 'vitest';
import type { SharedDesk } from '../_support/shared-desk.ts';
import { runProgram, writeDown, type Program } from './co-browse-programs.ts';

/** The visitor's page beside what the agent sees of it. */
export interface Sameness {
  run(program: Program): Promise<void>;
  readAgent(): Promise<string[]>;
  /** At rest both are the same, less what is private. */
  expectSame(within: { timeout: number; interval: number }): Promise<void>;
}

export function createSameness(both: SharedDesk): Sameness {
  const readVisitor = (): Promise<string[]> => both.visitor.evaluate(`(${String(writeDown)})(document)`);
  // The copy of a page that is being replaced has no document for a moment.
  const readAgent = (): Promise<string[]> => both.inCopy(writeDown).catch(() => []);
  return {
    readAgent,
    async run(program) {
      await both.visitor.evaluate(runProgram, program);
    },
    async expectSame(within) {
      let here: string[] = [];
      let there: string[] = [];
      await expect
        .poll(async () => {
          [here, there] = [await readAgent(), await readVisitor()];
          return here.join('\n') === there.join('\n');
        }, within)
        .toBe(true)
        .catch(() => expect(here).toEqual(there));
    },
  };
}
