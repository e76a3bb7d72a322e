import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSharedDesk, type SharedDesk } from '../_support/shared-desk.ts';
import { createSharedSite, type SharedSite } from '../_support/shared-site.ts';
import { PROGRAM_BODY, PROGRAM_HEAD, runProgram, writeDown } from './co-browse-programs.ts';

/** A longer run: `FOYER_PROGRAMS=500 FOYER_FIRST_SEED=1000`. */
const COUNT = Number(process.env['FOYER_PROGRAMS'] ?? 8);
const FIRST_SEED = Number(process.env['FOYER_FIRST_SEED'] ?? 1);
const STEPS = 60;
/** What is left to arrive does so within a frame or two; a difference stays. */
const SOON = { timeout: 6_000, interval: 100 };

describe('the workspace beside the visitor', () => {
  let site: SharedSite;
  let both: SharedDesk;
  let pages = 0;
  beforeAll(async () => {
    site = await createSharedSite();
    site.setPage('/program', PROGRAM_BODY, PROGRAM_HEAD);
    both = await openSharedDesk(site, '/program');
  });
  afterAll(() => site.close());

  const readVisitor = (): Promise<string[]> => both.visitor.evaluate(`(${String(writeDown)})(document)`);
  // The copy of a page that is being replaced has no document for a moment.
  const readAgent = (): Promise<string[]> => both.inCopy(writeDown).catch(() => []);

  /** The page anew; its address tells both sides which one it is. */
  async function begin(): Promise<void> {
    pages += 1;
    const mark = `page-${pages}`;
    await both.visitor.goto(`${site.host.origin}/program`);
    await both.visitor.evaluate((text) => (document.querySelector('#root p')!.textContent = text), mark);
    await expect.poll(async () => (await readAgent()).join('\n').includes(`"${mark}"`), { timeout: 20_000 }).toBe(true);
  }
  async function expectSame(): Promise<void> {
    let here: string[] = [];
    let there: string[] = [];
    await expect
      .poll(async () => {
        [here, there] = [await readAgent(), await readVisitor()];
        return here.join('\n') === there.join('\n');
      }, SOON)
      .toBe(true)
      .catch(() => expect(here).toEqual(there));
  }
  const differs = async (seed: number, steps: readonly number[]): Promise<boolean> => {
    await begin();
    await both.visitor.evaluate(runProgram, { seed, steps });
    return expectSame().then(
      () => false,
      () => true,
    );
  };
  /** Leaves out what the difference does not need: halves first, then ever smaller pieces. */
  async function shrink(seed: number, steps: readonly number[]): Promise<readonly number[]> {
    let needed = steps;
    for (let size = Math.ceil(needed.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; at < needed.length;) {
        const fewer = needed.toSpliced(at, size);
        if (await differs(seed, fewer)) needed = fewer;
        else at += size;
      }
    }
    return needed;
  }

  test.each(Array.from({ length: COUNT }, (_, index) => FIRST_SEED + index))(
    '[B5] after program %i the agent sees what the visitor sees, less what is private',
    { timeout: 300_000 },
    async (seed) => {
      await begin();
      const steps = Array.from({ length: STEPS }, (_, step) => step);
      // In pieces: changes meet a stream that is on its way, not one great frame.
      for (let at = 0; at < STEPS; at += 15) {
        await both.visitor.evaluate(runProgram, { seed, steps: steps.slice(at, at + 15) });
      }
      try {
        await expectSame();
        expect((await readAgent()).length).toBeGreaterThan(20);
      } catch (error) {
        const few = await shrink(seed, steps);
        throw new Error(`Program ${seed} differs; these steps are enough: ${few.join(', ')}.`, { cause: error });
      }
    },
  );
});
