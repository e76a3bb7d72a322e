import { setTimeout as pause } from 'node:timers/promises';
import type { Frame, Page } from 'playwright-core';
import { toWidget } from '../_support/browser.ts';
import { openSharedDesk } from '../_support/shared-desk.ts';
import { createSharedSite, type SharedSite } from '../_support/shared-site.ts';
import { measureEnd } from './co-browse-end.ts';
import { measureLateJoin } from './co-browse-late-join.ts';
import { countSent, keepBusy, LOAD_BODY, readBusyPage, readThread, toLatencies, watchProbe } from './co-browse-page.ts';
import type { SeenValue, SentBytes, ThreadTime } from './co-browse-page.ts';
import { percentile } from './figures.ts';
import type { Figure } from './figures.ts';
import { openRawPipe } from './raw-pipe.ts';

const LOADS = [80, 950, 8_700];
const SECONDS = 8;
const SETTLE_MS = 2_000;

/** From a change at the visitor to the same change before the agent, what it costs, how soon who comes late is there, and END. */
export async function measureCoBrowse(): Promise<Figure[]> {
  const site = await createSharedSite();
  try {
    return [...(await measureLoads(site)), ...(await measureLateJoin(site)), ...(await measureEnd(site))];
  } finally {
    await site.close();
  }
}

interface Way {
  visitor: Page;
  /** Where `watchProbe` runs. */
  viewer: Frame;
  sent: SentBytes;
}

interface Carried {
  latencies: number[];
  kbPerSecond: number;
  thread: ThreadTime;
}

/** The same page under the same loads, in turn: shared, over the raw pipe, and by itself. */
async function measureLoads(site: SharedSite): Promise<Figure[]> {
  site.setPage('/busy', LOAD_BODY);
  site.host.setPage('/raw', `<!doctype html><title>Lamps</title><body>${LOAD_BODY}</body>`);
  const raw = await openRawPipe(site.browser, site.host, '/raw');
  const rawViewer = await raw.openViewer();
  await rawViewer.join(await readBusyPage(raw.visitor));
  await rawViewer.page.evaluate(watchProbe, '.replayer-wrapper iframe');
  let sent: SentBytes | undefined;
  const both = await openSharedDesk(site, '/busy', (page) => {
    sent = countSent(page);
  });
  await both.viewer.evaluate(watchProbe, '.viewer-copy:not([style*="hidden"]) iframe');
  if (sent === undefined) throw new Error('The visitor’s page was not prepared.');
  const rawWay: Way = { visitor: raw.visitor, viewer: rawViewer.page.mainFrame(), sent: raw.sent };
  const ourWay: Way = { visitor: both.visitor, viewer: both.viewer, sent };
  try {
    const carried: { load: number; ours: Carried; raw: Carried }[] = [];
    for (const load of LOADS) {
      carried.push({ load, ours: await carry(ourWay, load), raw: await carry(rawWay, load) });
    }
    await toWidget(both.visitor).getByRole('button', { name: 'END SCREEN SHARE' }).click();
    const figures: Figure[] = [];
    for (const { load, ...ways } of carried) {
      await both.visitor.evaluate(keepBusy, load);
      await pause(SETTLE_MS);
      const alone = await readThread(both.visitor, SECONDS);
      figures.push(...toFigures(load, ways.ours, ways.raw, alone));
    }
    return figures;
  } finally {
    await both.close();
    await rawViewer.close();
    await raw.close();
  }
}

async function carry({ visitor, viewer, sent }: Way, load: number): Promise<Carried> {
  await visitor.evaluate(keepBusy, load);
  await pause(SETTLE_MS);
  sent.take();
  await visitor.evaluate(() => void (globalThis as never as { written: number[] }).written.splice(0));
  const thread = await readThread(visitor, SECONDS);
  const kbPerSecond = sent.take() / SECONDS / 1_000;
  await visitor.evaluate(keepBusy, 0);
  const written = await visitor.evaluate(() => (globalThis as never as { written: number[] }).written);
  // The last of it is still on its way.
  await viewer.waitForFunction(
    (last) => ((globalThis as never as { seen: SeenValue[] }).seen.at(-1)?.value ?? 0) >= last,
    written.at(-1) ?? 0,
  );
  const seen = await viewer.evaluate(() => (globalThis as never as { seen: SeenValue[] }).seen.splice(0));
  return { latencies: toLatencies(written, seen), kbPerSecond, thread };
}

function toFigures(load: number, ours: Carried, raw: Carried, alone: ThreadTime): Figure[] {
  const at = `at ${load.toLocaleString('en')} changes/s`;
  const isGoal = load === 950;
  const latency = (name: string, share: number): Figure => ({
    name: `change to agent's page ${at}, ${name}; raw pipe`,
    unit: 'ms',
    measured: percentile(ours.latencies, share),
    baseline: percentile(raw.latencies, share),
  });
  return [
    latency('p50', 0.5),
    { ...latency('p95', 0.95), ...(isGoal && { goal: '≤ 120 ms' }) },
    {
      name: `sent by the visitor ${at}; raw pipe`,
      unit: 'kB/s',
      measured: ours.kbPerSecond,
      baseline: raw.kbPerSecond,
      ...(isGoal && { goal: '≤ 12 kB/s' }),
    },
    {
      name: `script time of the visitor's page ${at}; not shared`,
      unit: 'ms/s',
      measured: ours.thread.scriptMs,
      baseline: alone.scriptMs,
    },
    {
      name: `all time of its thread ${at}; not shared`,
      unit: 'ms/s',
      measured: ours.thread.taskMs,
      baseline: alone.taskMs,
    },
    {
      name: `script time of the visitor's page ${at}; raw pipe`,
      unit: 'ms/s',
      measured: ours.thread.scriptMs,
      baseline: raw.thread.scriptMs,
    },
  ];
}
