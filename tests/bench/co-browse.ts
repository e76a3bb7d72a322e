import { createFrameDeflater } from '../../client/widget/share/deflate/frame-deflater.ts';
import { launchChromium, toWidget } from '../_support/browser.ts';
import { openRecorded, startRecorderSite } from '../_support/recorder-page.ts';
import { openSharedDesk, type SharedDesk } from '../_support/shared-desk.ts';
import { createSharedSite } from '../_support/shared-site.ts';
import { keepBusy, LOAD_BODY, watchProbe } from './co-browse-page.ts';
import { percentile } from './figures.ts';
import type { Figure } from './figures.ts';

const LOADS = [80, 950, 8_700];
const SECONDS = 8;
const NODES = 8_000;
const KEY_ROUNDS = 5;

const wait = (seconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, seconds * 1_000);
  });

/** From a change at the visitor to the same change in the agent's workspace, what that costs, and a large key frame. */
export async function measureCoBrowse(): Promise<Figure[]> {
  return [...(await measureLoads()), ...(await measureKeyFrame())];
}

async function measureLoads(): Promise<Figure[]> {
  const site = await createSharedSite();
  try {
    site.setPage('/busy', LOAD_BODY);
    let sentBytes = 0;
    const both = await openSharedDesk(site, '/busy', (page) =>
      page.on('websocket', (socket) =>
        socket.on('framesent', ({ payload }) => {
          sentBytes += payload.length;
        }),
      ),
    );
    await both.inCopy(watchProbe);
    const shared = [];
    for (const load of LOADS) {
      await both.visitor.evaluate(keepBusy, load);
      await wait(2);
      sentBytes = 0;
      await both.viewer.evaluate(() => void (globalThis as never as { latencies: number[] }).latencies.splice(0));
      const script = await readScriptMs(both, SECONDS);
      const bytesPerSecond = sentBytes / SECONDS;
      const latencies = await both.viewer.evaluate(() => (globalThis as never as { latencies: number[] }).latencies);
      shared.push({ load, script, bytesPerSecond, latencies });
    }
    await toWidget(both.visitor).getByRole('button', { name: 'END SCREEN SHARE' }).click();
    const figures: Figure[] = [];
    for (const { load, script, bytesPerSecond, latencies } of shared) {
      await both.visitor.evaluate(keepBusy, load);
      await wait(1);
      const alone = await readScriptMs(both, SECONDS);
      const at = `at ${load} changes/s`;
      const goal = load === 950 ? { goal: '≤ 120 ms' } : {};
      figures.push(
        { name: `change to agent's page ${at}, p50`, unit: 'ms', measured: percentile(latencies, 0.5) },
        { name: `change to agent's page ${at}, p95`, unit: 'ms', measured: percentile(latencies, 0.95), ...goal },
        {
          name: `sent by the visitor ${at}`,
          unit: 'kB/s',
          measured: bytesPerSecond / 1_000,
          ...(load === 950 && { goal: '≤ 12 kB/s' }),
        },
        { name: `script time of the visitor's page ${at}`, unit: 'ms/s', measured: script, baseline: alone },
      );
    }
    await both.close();
    return figures;
  } finally {
    await site.close();
  }
}

/** Milliseconds of script a second, on the thread that the visitor's page runs on. */
async function readScriptMs({ visitor }: SharedDesk, seconds: number): Promise<number> {
  const session = await visitor.context().newCDPSession(visitor);
  await session.send('Performance.enable');
  const read = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0) * 1_000;
  };
  const before = await read();
  await wait(seconds);
  const after = await read();
  await session.detach();
  return (after - before) / seconds;
}

async function measureKeyFrame(): Promise<Figure[]> {
  const browser = await launchChromium();
  const site = await startRecorderSite();
  try {
    const row = '<tr class="row"><td>Lamp</td><td><b>12.90</b></td></tr>';
    site.setPage('/', `<!doctype html><title>Large</title><table>${row.repeat(Math.round(NODES / 6))}</table>`);
    const recorded = await openRecorded(browser, site);
    await recorded.start();
    const times: number[] = [];
    for (let round = 0; round < KEY_ROUNDS; round += 1) {
      // From the wish to the events in the widget's hands: begins the library anew, cleans and makes text of it.
      const took = await recorded.page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const from = window.recorderHeard.length;
            const startedAt = performance.now();
            window.tellRecorder({ type: 'key' });
            const look = (): void => {
              const isThere = window.recorderHeard.slice(from).some((message) => message.type === 'events');
              if (isThere) resolve(performance.now() - startedAt);
              else setTimeout(look);
            };
            look();
          }),
      );
      times.push(took);
    }
    const key = (await recorded.heard()).findLast((message) => message.type === 'events' && message.isKey);
    const text = key?.type === 'events' ? key.events : '';
    const nodes = text.match(/"id":/g)?.length ?? 0;
    return [
      { name: `key frame of ${nodes} nodes`, unit: 'ms', measured: percentile(times, 0.5), goal: '≤ 250 ms' },
      {
        name: `key frame of ${nodes} nodes, deflated`,
        unit: 'kB',
        measured: createFrameDeflater()(text, true).length / 1_000,
        baseline: text.length / 1_000,
        goal: '≤ 60 kB',
      },
    ];
  } finally {
    await browser.close();
    await site.close();
  }
}
