import { constants, createDeflateRaw, gzipSync } from 'node:zlib';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { launchChromium } from '../_support/browser.ts';
import { openRecorded, startRecorderSite, type RecordedPage, type RecorderSite } from '../_support/recorder-page.ts';
import { percentile, type Figure } from './figures.ts';

const LOADS = [
  { name: '80 changes/s', perTick: 4 },
  { name: '950 changes/s', perTick: 48, maxKbPerSecond: 12, maxAddedMs: 40 },
  { name: '8,700 changes/s', perTick: 435 },
];
const RUN_MS = 5_000;
const RUNS = 3;
/** Elements and texts. */
const KEY_NODES = 8_000;

type Recorder = 'off' | 'ours' | 'library';

/** What it costs a visitor's page to be shared, beside the same page unshared and the library by itself. */
export async function measureRecorder(): Promise<Figure[]> {
  const browser = await launchChromium();
  const site = await startRecorderSite();
  try {
    return [...(await measureKeyFrame(browser, site)), ...(await measureLoads(browser, site))];
  } finally {
    await browser.close();
    await site.close();
  }
}

async function measureKeyFrame(browser: Browser, site: RecorderSite): Promise<Figure[]> {
  site.setPage('/key', toPage(KEY_NODES / 6));
  const recorded = await openRecorded(browser, site, '/key');
  const nodes = await recorded.page.evaluate(() => {
    const walker = document.createTreeWalker(document);
    let count = 0;
    while (walker.nextNode()) count += 1;
    return count;
  });
  const took: number[] = [];
  let frame = '';
  await recorded.start({ deny: ['.price'] });
  for (let run = 0; run < RUNS; run += 1) {
    const from = (await recorded.heard()).length;
    const result = await recorded.page.evaluate(async (start) => {
      const startedAt = performance.now();
      window.tellRecorder({ type: 'key' });
      const { port1, port2 } = new MessageChannel();
      const next = () =>
        new Promise((resolve) => {
          port2.addEventListener('message', resolve, { once: true });
          port2.start();
          port1.postMessage(0);
        });
      const find = () => window.recorderHeard.slice(start).find((message) => message.type === 'events');
      while (!find()) await next();
      const found = find();
      return { tookMs: performance.now() - startedAt, events: found?.type === 'events' ? found.events : '' };
    }, from);
    took.push(result.tookMs);
    frame = result.events;
  }
  await recorded.page.addScriptTag({ url: '/raw-library.js' });
  const raw = await recorded.page.evaluate(() => {
    const library = (window as { rrwebRecord?: { record(options: object): () => void } }).rrwebRecord;
    const times: number[] = [];
    let json = '';
    for (let run = 0; run < 3; run += 1) {
      const events: unknown[] = [];
      const startedAt = performance.now();
      const stop = library?.record({ emit: (event: unknown) => events.push(event), slimDOMOptions: 'all' });
      json = JSON.stringify(events);
      times.push(performance.now() - startedAt);
      stop?.();
    }
    return { times, json };
  });
  await recorded.context.close();
  const about = `${nodes.toLocaleString('en')} nodes`;
  return [
    {
      name: `key frame of ${about}`,
      unit: 'ms',
      measured: percentile(took, 0.5),
      baseline: percentile(raw.times, 0.5),
      goal: '≤ 250 ms',
    },
    {
      name: `key frame of ${about}, gzip`,
      unit: 'kB',
      measured: toKb(gzipSync(frame).length),
      baseline: toKb(gzipSync(raw.json).length),
      goal: '≤ 60 kB',
    },
  ];
}

async function measureLoads(browser: Browser, site: RecorderSite): Promise<Figure[]> {
  site.setPage('/load', toPage(500));
  const figures: Figure[] = [];
  for (const { name, perTick, maxKbPerSecond, maxAddedMs } of LOADS) {
    const runs: Record<Recorder, { scriptMs: number; kbPerSecond: number }[]> = { off: [], ours: [], library: [] };
    for (let run = 0; run < RUNS; run += 1) {
      for (const recorder of ['off', 'ours', 'library'] as const) {
        runs[recorder].push(await runLoad(browser, site, recorder, perTick));
      }
    }
    const median = (recorder: Recorder, of: 'scriptMs' | 'kbPerSecond'): number =>
      percentile(
        runs[recorder].map((figure) => figure[of]),
        0.5,
      );
    const off = median('off', 'scriptMs');
    figures.push(
      {
        name: `script time added at ${name}`,
        unit: 'ms/s',
        measured: median('ours', 'scriptMs') - off,
        baseline: median('library', 'scriptMs') - off,
        ...(maxAddedMs !== undefined && { goal: `≤ ${maxAddedMs} ms/s` }),
      },
      {
        name: `sent at ${name}, deflated`,
        unit: 'kB/s',
        measured: median('ours', 'kbPerSecond'),
        baseline: median('library', 'kbPerSecond'),
        ...(maxKbPerSecond !== undefined && { goal: `≤ ${maxKbPerSecond} kB/s` }),
      },
    );
  }
  return figures;
}

/** One page under load for a while: the script time it took per second, and what was to be sent. */
async function runLoad(
  browser: Browser,
  site: RecorderSite,
  recorder: Recorder,
  perTick: number,
): Promise<{ scriptMs: number; kbPerSecond: number }> {
  const recorded = await openRecorded(browser, site, '/load');
  const { page, context } = recorded;
  await begin(recorded, recorder);
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  const before = await readScriptSeconds(session);
  const from = (await recorded.heard()).length;
  await page.evaluate(changeForAWhile, { perTick, runMs: RUN_MS });
  const scriptMs = ((await readScriptSeconds(session)) - before) * 1_000;
  if (recorder === 'ours') await recorded.settle();
  const sent = await readSent(page, recorder, from);
  await context.close();
  return { scriptMs: scriptMs / (RUN_MS / 1_000), kbPerSecond: toKb(await deflatedLength(sent)) / (RUN_MS / 1_000) };
}

async function begin(recorded: RecordedPage, recorder: Recorder): Promise<void> {
  if (recorder === 'ours') await recorded.start({ deny: ['.price-secret'] });
  if (recorder !== 'library') return;
  await recorded.page.addScriptTag({ url: '/raw-library.js' });
  await recorded.page.addScriptTag({ url: '/raw.js' });
  await recorded.page.evaluate(() => window.startRaw());
  await recorded.page.evaluate(() => void (window.rawEvents.length = 0));
}

async function readScriptSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN;
}

async function readSent(page: Page, recorder: Recorder, from: number): Promise<string[]> {
  if (recorder === 'off') return [];
  if (recorder === 'library') return page.evaluate(() => window.rawEvents.map((event) => JSON.stringify(event)));
  return page.evaluate(
    (start) =>
      window.recorderHeard.slice(start).flatMap((message) => (message.type === 'events' ? [message.events] : [])),
    from,
  );
}

/** In one context, each piece readable at once: as it travels. */
async function deflatedLength(pieces: readonly string[]): Promise<number> {
  const deflate = createDeflateRaw({ level: 1 });
  let length = 0;
  deflate.on('data', (piece: Buffer) => {
    length += piece.length;
  });
  for (const piece of pieces) {
    deflate.write(piece);
    await new Promise<void>((resolve) => {
      deflate.flush(constants.Z_SYNC_FLUSH, () => resolve());
    });
  }
  return length;
}

function toKb(bytes: number): number {
  return bytes / 1_024;
}

/** Six nodes to a row. */
function toPage(rows: number): string {
  const row = (index: number): string =>
    `<tr class="row row-${index % 7}" id="row-${index}"><td class="name"><b>Lamp ${index}</b></td><td class="price" title="Net">${index * 7} €</td></tr>`;
  return `<!doctype html><html lang="en"><head><title>Stock</title><style>.row{color:#223}.row-3{background:#eef}.price{text-align:right}</style></head>
    <body><table><tbody>${Array.from({ length: rows }, (_, index) => row(index)).join('')}</tbody></table></body></html>`;
}

/** Runs in the page: twenty ticks a second of texts, classes, styles, and rows that come and go. Always the same. */
function changeForAWhile({ perTick, runMs }: { perTick: number; runMs: number }): Promise<void> {
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return seed % below;
  };
  const body = document.querySelector('tbody')!;
  const endsAt = performance.now() + runMs;
  return new Promise((resolve) => {
    const tick = (): void => {
      for (let change = 0; change < perTick; change += 1) {
        const row = body.children[random(body.children.length)] as HTMLElement;
        const kind = random(10);
        if (kind < 6) row.lastElementChild!.textContent = `${random(100_000)} €`;
        else if (kind < 8) row.className = `row row-${random(9)}`;
        else if (kind < 9) row.style.opacity = `${random(100) / 100}`;
        else {
          const place = body.children[random(body.children.length)]!;
          body.insertBefore(row.cloneNode(true), place);
          place.remove();
        }
      }
      if (performance.now() < endsAt) setTimeout(tick, 50);
      else resolve();
    };
    tick();
  });
}
