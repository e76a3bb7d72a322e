import type { BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ShareId } from '../../protocol/ids.ts';
import { toWidget } from '../_support/browser.ts';
import { readMetrics } from '../_support/read-metrics.ts';
import { openSharedDesk, type SharedDesk } from '../_support/shared-desk.ts';
import { createSharedSite, type SharedSite } from '../_support/shared-site.ts';
import { injectFaults, type SocketFaults } from '../_support/socket-faults.ts';
import { PROGRAM_BODY, PROGRAM_HEAD } from './co-browse-programs.ts';
import { createSameness } from './co-browse-sameness.ts';

const STEPS = 60;
/** A lost answer is missed only when its time is over, and a lost last frame at the next count of the page. */
const ONCE_HEALED = { timeout: 60_000, interval: 250 };
const FIVE_MINUTES_MS = 300_000;

describe('a shared page on a bad line', () => {
  let site: SharedSite;
  let both: SharedDesk;
  beforeAll(async () => {
    site = await createSharedSite({ offeredGrants: ['point', 'click-and-type'] });
    site.setPage('/program', PROGRAM_BODY, PROGRAM_HEAD);
  });
  afterAll(() => site.close());
  beforeEach(async () => {
    // A story that stopped while the server was down leaves it so.
    if (site.server.pid === 0) await site.server.start();
  });
  afterEach(() => both.close());

  const runPieces = async (seed: number, same: ReturnType<typeof createSameness>): Promise<void> => {
    const steps = Array.from({ length: STEPS }, (_, step) => step);
    for (let at = 0; at < STEPS; at += 5) await same.run({ seed, steps: steps.slice(at, at + 5) });
  };

  test.each([1, 2])(
    '[B5] with frames lost, doubled, swapped and late on both ways (%i), the agent sees in the end what the visitor sees',
    { timeout: 180_000 },
    async (seed) => {
      const lines: SocketFaults[] = [];
      const worsen = (names: string[]) => async (context: BrowserContext) => {
        lines.push(await injectFaults(context, { seed: seed * 7_919, names, oneIn: 4 }));
      };
      both = await openSharedDesk(site, '/program', undefined, {
        visitor: worsen(['share:send-frame']),
        desk: worsen(['share:frame-arrived']),
      });
      const same = createSameness(both);
      await runPieces(seed, same);
      await expect
        .poll(async () => {
          // The page goes on until both lines have shown all they can do.
          await same.run({ seed: seed + 100, steps: [1, 2, 3] });
          return lines.every(({ counts }) => counts.lost > 0 && counts.swapped + counts.late > 0);
        }, ONCE_HEALED)
        .toBe(true);
      for (const line of lines) line.heal();
      await same.expectSame(ONCE_HEALED);
    },
  );

  test.each([
    ['ahead', 'behind', FIVE_MINUTES_MS],
    ['behind', 'ahead', -FIVE_MINUTES_MS],
  ] as const)(
    '[B5] with the visitor’s clock five minutes %s and the agent’s five minutes %s everything shows and works as ever',
    { timeout: 120_000 },
    async (_visitors, _agents, byMs) => {
      const shift = (shiftMs: number) => async (context: BrowserContext) => {
        await context.addInitScript((ms) => {
          const Real = Date;
          globalThis.Date = class extends Real {
            constructor(...given: unknown[]) {
              if (given.length === 0) super(Real.now() + ms);
              else super(...(given as [number]));
            }
            static override now = (): number => Real.now() + ms;
          } as DateConstructor;
        }, shiftMs);
      };
      both = await openSharedDesk(site, '/program', undefined, { visitor: shift(byMs), desk: shift(-byMs) });
      expect(await both.visitor.evaluate(() => Date.now())).not.toBeCloseTo(Date.now(), -5);
      const same = createSameness(both);
      await runPieces(5, same);
      await same.expectSame(ONCE_HEALED);
      const widget = toWidget(both.visitor);
      // Both have been sharing for less than a minute or two, and count on.
      const sharedFor = widget.getByRole('timer', { name: 'Shared for' });
      expect(await sharedFor.textContent()).toMatch(/^0?[0-2]:\d\d$/);
      await both.desk
        .getByText(/^Live 0?[0-2]:\d\d$/)
        .first()
        .waitFor();
      expect(await both.viewer.locator('.viewer-stale').isHidden()).toBe(true);
      // A permission of ten minutes is not over, whichever clock one asks.
      await both.visitor.evaluate(() => {
        const button = document.createElement('button');
        button.textContent = 'Press me';
        button.style.cssText = 'position: fixed; left: 20px; top: 20px; width: 300px; height: 80px; z-index: 5';
        button.onclick = () => (button.textContent = 'Pressed');
        document.body.append(button);
      });
      await both.desk.getByRole('button', { name: 'Permissions' }).click();
      await both.desk.getByRole('button', { name: 'Ask for clicking and typing' }).click();
      await widget.getByRole('button', { name: 'Allow', exact: true }).click();
      const allowed = await both.desk.getByText(/Allowed until/).textContent();
      // A person compares it with the clock of their own machine.
      const until = await both.desk.evaluate(() =>
        [9, 10].map((minutes) =>
          new Date(Date.now() + minutes * 60_000).toLocaleTimeString('en-GB', { hour: 'numeric', minute: '2-digit' }),
        ),
      );
      expect(
        until.some((time) => allowed?.endsWith(time.replace(/^0/, ''))),
        allowed ?? '',
      ).toBe(true);
      await both.desk.keyboard.press('Escape');
      await both.desk.getByRole('button', { name: 'Act on the page' }).click();
      const copy = both.desk.frameLocator('iframe[src*="/viewer/"]').frameLocator('.viewer-copy iframe');
      const button = await copy.getByText('Press me').boundingBox();
      if (button === null) throw new Error('The button is not on the agent’s screen.');
      await both.desk.mouse.click(button.x + button.width / 2, button.y + button.height / 2);
      await both.visitor.getByText('Pressed').waitFor();
      await copy.getByText('Pressed').waitFor();
    },
  );

  test('[B8] after a kill and a restart of the server both pages come back to the same share by themselves', async () => {
    both = await openSharedDesk(site, '/program');
    const same = createSameness(both);
    const before = await readOpenShare();
    await site.server.kill('SIGKILL');
    await runPieces(6, same);
    await site.server.start();
    await same.expectSame(ONCE_HEALED);
    await both.visitor
      .locator('#root p')
      .first()
      .evaluate((element) => (element.textContent = 'After all'));
    await expect.poll(async () => (await same.readAgent()).join('\n'), ONCE_HEALED).toContain('After all');
    expect(await readOpenShare()).toEqual(before);
    await both.desk
      .getByText(/^Live /)
      .first()
      .waitFor();
  });

  test('[B2] END pressed while the server is down holds: it begins again without the share, and nothing is sent', async () => {
    both = await openSharedDesk(site, '/program');
    const { shareId } = await readOpenShare();
    await site.server.kill('SIGKILL');
    await toWidget(both.visitor).getByRole('button', { name: 'END SCREEN SHARE' }).click();
    await site.server.start();
    await expect.poll(async () => (await readShare(shareId)).phase, ONCE_HEALED).toBe('ended');
    await both.desk.locator('iframe[src*="/viewer/"]').waitFor({ state: 'detached' });
    const { endReason } = await readShare(shareId);
    expect(endReason).toBe('ended-by-sharer');
    const metrics = await readMetrics(site.server);
    expect(metrics('foyer_share_frames_total{kind="key"}') + metrics('foyer_share_frames_total{kind="change"}')).toBe(
      0,
    );
  });

  const readShare = (shareId: string) =>
    site.server.read((db) =>
      db
        .selectFrom('shares')
        .select(['shareId', 'phase', 'scopeNumber', 'scopeJson', 'endReason'])
        .where('shareId', '=', shareId as ShareId)
        .executeTakeFirstOrThrow(),
    );
  async function readOpenShare() {
    const { shareId } = await site.server.read((db) =>
      db
        .selectFrom('shares')
        .select('shareId')
        .where('phase', '!=', 'ended')
        .orderBy('askedAt', 'desc')
        .executeTakeFirstOrThrow(),
    );
    return readShare(shareId);
  }
});
