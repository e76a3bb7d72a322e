import type { Page } from 'playwright-core';
import { createFrameDecoder } from '../../cobrowse/viewer/frame-decoder.ts';
import type { ShareId } from '../../protocol/ids.ts';
import { openDesk } from '../_support/browser.ts';
import { openSharing, type SharedSite } from '../_support/shared-site.ts';
import type { AgentPage } from '../_support/story.ts';
import { keepBusy, LOAD_BODY, readBusyPage } from './co-browse-page.ts';
import { percentile } from './figures.ts';
import type { Figure } from './figures.ts';
import { openRawPipe } from './raw-pipe.ts';

/** Just below what makes the relay ask for a fresh key frame. */
const TAIL_BYTES = 1_850_000;
const MAX_TAIL_BYTES = 2_000_000;
const LOAD = 8_700;
const ROUNDS = 5;

/**
 * A page has changed for 2 MB since its key frame, and an agent opens the conversation only now: from the click in the
 * workspace to the page in the state that the visitor's is in. Beside it a page with nothing but the library that is
 * given all events of the raw pipe, its scripts loaded already.
 */
export async function measureLateJoin(site: SharedSite): Promise<Figure[]> {
  site.setPage('/late', LOAD_BODY);
  const raw = await measureRaw(site);
  const { tailBytes, times } = await measureOurs(site);
  const about = `late join, tail of ${(tailBytes / 1e6).toFixed(1)} MB`;
  return [
    {
      name: `${about}, median; raw pipe`,
      unit: 'ms',
      measured: percentile(times, 0.5),
      baseline: percentile(raw.times, 0.5),
      goal: '≤ 1,500 ms',
    },
    {
      name: `${about}, first (nothing cached); raw pipe`,
      unit: 'ms',
      measured: times[0] ?? Number.NaN,
      baseline: raw.times[0] ?? Number.NaN,
      goal: '≤ 1,500 ms',
    },
  ];
}

async function measureOurs(site: SharedSite): Promise<{ tailBytes: number; times: number[] }> {
  const { agent, browser, server } = site;
  await agent.request('agent:set-availability', { isAvailable: true });
  const visitor = await openSharing(site, '/late');
  const desk = await openDesk(browser, server.url, agent.account);
  try {
    await agent.request('share:watch-stream', { shareId: visitor.share.shareId });
    const tailBytes = await makeTail(visitor.page, agent, visitor.share.shareId);
    await desk.context.addInitScript(watchForSame, await readBusyPage(visitor.page));
    await desk.page.reload();
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) times.push(await openConversation(desk.page));
    return { tailBytes, times };
  } finally {
    await desk.context.close();
    await visitor.context.close();
  }
}

/** Keeps the page busy until what the relay keeps beside the key frame is as large as wanted. */
async function makeTail(page: Page, agent: AgentPage, shareId: ShareId): Promise<number> {
  const decoder = createFrameDecoder();
  const readFrame = async (): Promise<{ isKey: boolean; bytes: number }> => {
    const frame = await agent.nextEvent('share:frame-arrived', (event) => event.shareId === shareId);
    const decoded = decoder.take({ ...frame, data: new Uint8Array(frame.data) });
    return decoded.kind === 'frame'
      ? { isKey: decoded.isKey, bytes: JSON.stringify(decoded.events).length }
      : { isKey: false, bytes: 0 };
  };
  for (let isBegun = false; !isBegun;) isBegun = (await readFrame()).isKey;
  await page.evaluate(keepBusy, LOAD);
  let bytes = 0;
  for (; bytes < TAIL_BYTES;) {
    const frame = await readFrame();
    // One that was on its way already begins the tail.
    bytes = frame.isKey ? 0 : bytes + frame.bytes;
  }
  await page.evaluate(keepBusy, 0);
  if (bytes > MAX_TAIL_BYTES) throw new Error(`The tail has become too long: ${bytes} bytes.`);
  return bytes;
}

type WatchingWindow = Window & { clickedAt?: number; sameAt?: Promise<number> };

/** From the queue to the conversation by a click, and back; in ms. */
async function openConversation(page: Page): Promise<number> {
  await page.getByRole('link', { name: 'Communication Queue' }).click();
  await page.getByRole('region', { name: 'Shared page' }).waitFor({ state: 'detached' });
  await page
    .getByRole('link', { name: /Grace Hofer/ })
    .first()
    .click();
  const clickedAt = await page.evaluate(() => (window as WatchingWindow).clickedAt ?? Number.NaN);
  const frame = await page.waitForSelector('iframe[src*="/viewer/"]');
  const viewer = await frame.contentFrame();
  if (viewer === null) throw new Error('The viewer has no document.');
  return (await viewer.evaluate(() => (window as WatchingWindow).sameAt ?? Number.NaN)) - clickedAt;
}

/** Runs in every frame of the workspace: when something was clicked, and in the viewer when the shown copy is the same. */
function watchForSame({ probe, rows }: { probe: string; rows: string }): void {
  const now = (): number => performance.timeOrigin + performance.now();
  addEventListener('click', () => Object.assign(window, { clickedAt: now() }), { capture: true });
  if (!location.pathname.startsWith('/viewer/')) return;
  const sameAt = new Promise<number>((resolve) => {
    const look = (): void => {
      const shown = [...document.querySelectorAll<HTMLElement>('.viewer-copy')].find(
        ({ style }) => style.visibility === '',
      );
      const copy = shown?.querySelector('iframe')?.contentDocument;
      const isSame =
        copy?.querySelector('#probe')?.textContent === probe && copy.querySelector('#rows')?.outerHTML === rows;
      if (isSame) resolve(now());
      else requestAnimationFrame(look);
    };
    look();
  });
  Object.assign(window, { sameAt });
}

async function measureRaw(site: SharedSite): Promise<{ times: number[] }> {
  site.host.setPage('/raw-late', `<!doctype html><title>Lamps</title><body>${LOAD_BODY}</body>`);
  const pipe = await openRawPipe(site.browser, site.host, '/raw-late');
  try {
    pipe.sent.take();
    await pipe.visitor.evaluate(keepBusy, LOAD);
    for (let bytes = 0; bytes < TAIL_BYTES; bytes += pipe.sent.take()) await pipe.visitor.waitForTimeout(50);
    await pipe.visitor.evaluate(keepBusy, 0);
    const wanted = await readBusyPage(pipe.visitor);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const viewer = await pipe.openViewer();
      const { from, to } = await viewer.join(wanted);
      times.push(to - from);
      await viewer.close();
    }
    return { times };
  } finally {
    await pipe.close();
  }
}
