import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSharedDesk, type SharedDesk } from '../_support/shared-desk.ts';
import { createSharedSite, type SharedSite } from '../_support/shared-site.ts';
import { PROGRAM_BODY, PROGRAM_HEAD, runProgram, writeDown } from './co-browse-programs.ts';

/** A longer run: `FOYER_PROGRAMS=500 FOYER_FIRST_SEED=1000`. */
const COUNT = Number(process.env['FOYER_PROGRAMS'] ?? 8);
const FIRST_SEED = Number(process.env['FOYER_FIRST_SEED'] ?? 1);
const STEPS = 60;
/** In pieces: changes meet a stream that is on its way, not one great frame. */
const STEPS_AT_ONCE = 15;
/** What is left to arrive does so within a frame or two; a difference stays. */
const SOON = { timeout: 6_000, interval: 100 };
/** For the search, in which every second try or so differs and is waited for. */
const SOONER = { timeout: 3_000, interval: 50 };
const MAX_SEARCH_MS = 150_000;

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
  async function expectSame(soon = SOON): Promise<void> {
    let here: string[] = [];
    let there: string[] = [];
    await expect
      .poll(async () => {
        [here, there] = [await readAgent(), await readVisitor()];
        return here.join('\n') === there.join('\n');
      }, soon)
      .toBe(true)
      .catch(() => expect(here).toEqual(there));
  }
  /** What the steps did, line by line. */
  async function run(seed: number, steps: readonly number[]): Promise<string[]> {
    const lines: string[] = [];
    for (let at = 0; at < STEPS; at += STEPS_AT_ONCE) {
      const piece = steps.filter((step) => step >= at && step < at + STEPS_AT_ONCE);
      if (piece.length > 0) lines.push(...(await both.visitor.evaluate(runProgram, { seed, steps: piece })));
    }
    return lines;
  }
  /** What these steps did if they make a difference. */
  const findDifference = async (seed: number, steps: readonly number[]): Promise<string[] | undefined> => {
    await begin();
    const lines = await run(seed, steps);
    return expectSame(SOONER).then(
      () => undefined,
      () => lines,
    );
  };
  /** Leaves out what the difference does not need: halves first, then ever smaller pieces, for as long as there is time. */
  async function shrink(seed: number): Promise<string> {
    const endsAt = performance.now() + MAX_SEARCH_MS;
    let needed = Array.from({ length: STEPS }, (_, step) => step);
    let lines = await findDifference(seed, needed);
    if (lines === undefined) return `Program ${seed} differed once and not again.`;
    let isSmallest = true;
    for (let size = Math.ceil(needed.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; at < needed.length;) {
        if (performance.now() > endsAt) isSmallest = false;
        const fewer = needed.toSpliced(at, size);
        const found = isSmallest && fewer.length > 0 ? await findDifference(seed, fewer) : undefined;
        if (found !== undefined) [needed, lines] = [fewer, found];
        else at += size;
      }
    }
    const left = isSmallest ? 'this is enough' : 'this much is left after the time for it';
    return `Program ${seed} differs; ${left}:\n  ${lines.join('\n  ')}`;
  }

  test.each(Array.from({ length: COUNT }, (_, index) => FIRST_SEED + index))(
    '[B5] after program %i the agent sees what the visitor sees, less what is private',
    { timeout: 300_000 },
    async (seed) => {
      await begin();
      await run(
        seed,
        Array.from({ length: STEPS }, (_, step) => step),
      );
      try {
        await expectSame();
        expect((await readAgent()).length).toBeGreaterThan(20);
      } catch (error) {
        throw new Error(await shrink(seed), { cause: error });
      }
    },
  );
});
