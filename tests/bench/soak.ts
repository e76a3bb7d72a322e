import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { toWidget } from '../_support/browser.ts';
import { openSharedDesk, type SharedDesk } from '../_support/shared-desk.ts';
import { createSharedSite, type SharedSite } from '../_support/shared-site.ts';
import { keepBusy, LOAD_BODY } from './co-browse-page.ts';
import type { Figure } from './figures.ts';
import { createPageMeter, createServerMeter, type MemoryMeter, type PageMemory } from './memory-meters.ts';
import { toTrend } from './robust-slope.ts';

const MINUTES = Number(process.env['FOYER_BENCH_SOAK_MINUTES'] ?? 30);
/** Everything that happens in a minute has happened by then, unless the machine is overwhelmed. */
const MINUTE_MS = 60_000;
const CALM_MS = 2_000;
/** Less than this over the time that is looked at is no growth. */
const FLAT_SHARE = 0.05;

type Row = Record<string, number>;

/**
 * A page is shared for as long as wanted while everything happens that does in a working day: changes and bursts of
 * them, pages of a single-page site, a second tab that comes, navigates and goes, narrower and wider scopes, pauses, and
 * a second agent's page that comes and goes. At the end of each minute everybody's memory, after their garbage is gone.
 */
export async function measureSoak(): Promise<Figure[]> {
  const site = await createSharedSite({}, { NODE_OPTIONS: '--inspect=127.0.0.1:0' });
  const rows: Row[] = [];
  try {
    site.setPage('/soak', LOAD_BODY);
    site.setPage('/other', '<h1>Another page</h1><p>It is only looked at for a moment.</p>');
    const both = await openSharedDesk(site, '/soak');
    const second = await both.desk.context().newPage();
    await second.goto(both.desk.url());
    const server = await createServerMeter(site.server);
    const pages: Record<string, MemoryMeter<PageMemory>> = {
      visitor: await createPageMeter(both.visitor),
      viewer: await createPageMeter(both.desk),
      'viewer 2': await createPageMeter(second),
    };
    for (let minute = 1; minute <= MINUTES; minute += 1) {
      const startedAt = performance.now();
      await liveAMinute(site, both, second, minute);
      await pause(Math.max(CALM_MS, MINUTE_MS - (performance.now() - startedAt)));
      const row: Row = { minute };
      for (const [who, meter] of Object.entries(pages)) {
        for (const [what, value] of Object.entries(await meter.read())) row[`${who} ${what}`] = value;
      }
      for (const [what, value] of Object.entries(await server.read())) row[`server ${what}`] = value;
      rows.push(row);
      printRow(row, minute === 1);
    }
    await server.close();
    await both.close();
  } finally {
    await site.close();
  }
  return toFigures(rows);
}

async function liveAMinute(site: SharedSite, both: SharedDesk, second: Page, minute: number): Promise<void> {
  const { visitor } = both;
  const step = async (name: string, act: () => Promise<void>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      console.log(`minute ${minute}: ${name} did not work: ${String(error).split('\n')[0]}`);
    }
  };
  await visitor.evaluate(keepBusy, 80);
  await pause(4_000);
  await step('burst', async () => {
    await visitor.evaluate(keepBusy, 950);
    await pause(8_000);
    await visitor.evaluate(keepBusy, 80);
  });
  await step('another page of a single-page site', () => visitor.evaluate(showOtherView, minute));
  await visitor.evaluate(keepBusy, 80);
  await pause(3_000);
  await step('change of what is shared', () => (minute % 2 === 0 ? pauseAndResume(visitor) : narrowAndWiden(both)));
  await pause(2_000);
  await step('second viewer leaves and comes back', async () => {
    await second.getByRole('link', { name: 'Communication Queue' }).click();
    await second.getByRole('region', { name: 'Shared page' }).waitFor({ state: 'detached' });
    await pause(2_000);
    await second.goBack();
    await second.getByRole('region', { name: 'Shared page' }).waitFor();
  });
  await step('second tab', async () => {
    const other = await visitor.context().newPage();
    for (let load = 0; load < 3; load += 1) {
      await other.goto(`${site.host.origin}/other?load=${load}`);
      await toWidget(other).getByRole('button', { name: 'END SCREEN SHARE' }).waitFor();
      await pause(1_500);
    }
    await other.close();
    // Every page of a browser without windows is in front, so none of them hears that it has come there.
    await visitor.evaluate(() => void dispatchEvent(new Event('focus')));
  });
  await step('another burst', async () => {
    await visitor.evaluate(keepBusy, 950);
    await pause(8_000);
  });
  await visitor.evaluate(keepBusy, 0);
  await visitor.evaluate((words) => void (document.querySelector('#probe')!.textContent = words), `minute ${minute}`);
  await step('picture', () =>
    both.viewer
      .waitForFunction(
        (probe) =>
          document
            .querySelector<HTMLIFrameElement>('.viewer-copy:not([style*="hidden"]) iframe')
            ?.contentDocument?.querySelector('#probe')?.textContent === probe,
        `minute ${minute}`,
        { timeout: 15_000, polling: 200 },
      )
      .then(() => undefined),
  );
}

async function pauseAndResume(visitor: Page): Promise<void> {
  const press = (name: string) => toWidget(visitor).getByRole('button', { name, exact: true }).click();
  await press('CHANGE SHARING');
  await press('Pause');
  await pause(1_500);
  await press('Resume');
}

async function narrowAndWiden({ visitor, desk }: SharedDesk): Promise<void> {
  const press = (name: string) => toWidget(visitor).getByRole('button', { name, exact: true }).click();
  const seen = (words: string) =>
    desk.getByRole('region', { name: 'Shared page' }).getByText(words, { exact: true }).waitFor({ timeout: 10_000 });
  await press('CHANGE SHARING');
  await press('Only this part …');
  // The picker lies over the page, so this is a place and not an element; its bar flees from the pointer in the middle.
  const box = await visitor.locator('h1').boundingBox();
  if (!box) throw new Error('The heading is not on the screen.');
  await visitor.mouse.move(box.x + 20, box.y + box.height / 2);
  await visitor.mouse.down();
  await visitor.mouse.up();
  await seen('Only a part of the page');
  await pause(1_500);
  await press('CHANGE SHARING');
  await press('Whole page');
  await seen('Whole page');
}

/** Runs in the visitor's page: new content under a new address, as single-page sites do. */
function showOtherView(view: number): void {
  history.pushState({}, '', `?view=${view}`);
  document.title = `View ${view}`;
  const rows = Array.from({ length: 500 }, (_, index) => {
    const row = document.createElement('li');
    row.className = 'row';
    row.textContent = `row ${index} of view ${view}`;
    return row;
  });
  document.querySelector('#rows')!.replaceChildren(...rows);
}

function printRow(row: Row, isFirst: boolean): void {
  const names = Object.keys(row);
  if (isFirst) console.log(names.join(' | '));
  console.log(names.map((name) => round(row[name] ?? Number.NaN).padStart(name.length)).join(' | '));
}

/** The last two thirds: until then caches fill and code is made fast. */
function toFigures(rows: readonly Row[]): Figure[] {
  const looked = rows.slice(Math.floor(rows.length / 3));
  const figures: Figure[] = [];
  for (const name of Object.keys(looked[0] ?? {})) {
    if (name === 'minute') continue;
    const { perStep, level } = toTrend(looked.map((row) => row[name] ?? Number.NaN));
    const share = level === 0 ? 0 : (perStep * (looked.length - 1)) / level;
    const verdict = Math.abs(share) < FLAT_SHARE ? 'flat' : share < 0 ? 'falls' : 'grows';
    figures.push({
      name: `${name}: ${verdict} (${(share * 100).toFixed(1)} % in ${looked.length} min), each minute`,
      unit: unitOf(name),
      measured: perStep,
      baseline: level,
    });
  }
  return figures;
}

function unitOf(name: string): string {
  if (/nodes|listeners/.test(name)) return '';
  return name.endsWith('Kb') ? 'kB' : 'MB';
}

function round(value: number): string {
  return value >= 1_000 ? value.toFixed(0) : value.toFixed(2);
}
