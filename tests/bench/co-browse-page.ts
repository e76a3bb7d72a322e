import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';

/** A page that is as busy as wanted, and a probe in it that tells when it was changed. */

export const LOAD_BODY = `<h1>Busy</h1><p id="probe">0</p><ul id="rows">${'<li class="row">row</li>'.repeat(500)}</ul>`;

/**
 * Runs in the page: twenty ticks a second, each with its share of text and attribute changes; zero stops. The ticks are
 * not even, or they would always come just before or just after what gathers changes for a while.
 */
export function keepBusy(mutationsPerSecond: number): void {
  const page = globalThis as never as { busyTimer?: number; written?: number[] };
  clearTimeout(page.busyTimer);
  if (mutationsPerSecond === 0) return;
  const written = (page.written ??= []);
  const rows = [...document.querySelectorAll<HTMLElement>('.row')];
  const probe = document.querySelector('#probe')!.firstChild!;
  const perTick = Math.round(mutationsPerSecond / 20);
  const MOST_WRITTEN = 2_000;
  let tick = 0;
  const work = (): void => {
    tick += 1;
    page.busyTimer = Number(setTimeout(work, 30 + ((tick * 17) % 41)));
    for (let change = 0; change < perTick - 1; change += 1) {
      const row = rows[(tick * 7 + change) % rows.length]!;
      if (change % 3 === 0) row.style.marginLeft = `${(tick + change) % 40}px`;
      else row.firstChild!.nodeValue = `row ${(tick * 31 + change) % 997} of the table, price ${tick % 89}.90`;
    }
    const now = performance.timeOrigin + performance.now();
    probe.nodeValue = String(now);
    written.push(now);
    if (written.length > MOST_WRITTEN) written.splice(0, MOST_WRITTEN / 2);
  };
  work();
}

/**
 * Runs in a viewer: notes when each value of the probe stands in the copy that is shown.
 *
 * @param frame leads to the frame of that copy, which another takes the place of from time to time
 */
export function watchProbe(frame: string): void {
  const seen: SeenValue[] = [];
  Object.assign(globalThis, { seen });
  let copy: Document | null = null;
  let last = '';
  const look = (): void => {
    const text = copy?.querySelector('#probe')?.textContent ?? '';
    if (text === last || text === '' || Number.isNaN(Number(text))) return;
    last = text;
    seen.push({ value: Number(text), at: performance.timeOrigin + performance.now() });
  };
  const changes = new MutationObserver(look);
  const follow = (): void => {
    const shown = document.querySelector<HTMLIFrameElement>(frame)?.contentDocument ?? null;
    if (shown === null || shown === copy) return;
    copy = shown;
    changes.disconnect();
    changes.observe(shown, { childList: true, characterData: true, subtree: true });
    look();
  };
  new MutationObserver(follow).observe(document, { childList: true, subtree: true, attributeFilter: ['style'] });
  follow();
}

export interface SeenValue {
  /** When it was written. */
  value: number;
  at: number;
}

/**
 * How long each change took until it, or one that came after it, was seen: what is overwritten on the way counts as long
 * as somebody would have waited for it.
 */
export function toLatencies(written: readonly number[], seen: readonly SeenValue[]): number[] {
  const latencies: number[] = [];
  let next = 0;
  for (const { value, at } of seen) {
    for (; next < written.length && written[next]! <= value; next += 1) latencies.push(at - written[next]!);
  }
  return latencies;
}

export interface SentBytes {
  /** Bytes since the last time. */
  take(): number;
}

/** What a page sends over its WebSockets from now on. */
export function countSent(page: Page): SentBytes {
  let bytes = 0;
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      bytes += payload.length;
    }),
  );
  return {
    take() {
      const taken = bytes;
      bytes = 0;
      return taken;
    },
  };
}

/** What stands on a page of this kind, to compare with. */
export function readBusyPage(page: Page): Promise<{ probe: string; rows: string }> {
  return page.evaluate(() => ({
    probe: document.querySelector('#probe')?.textContent ?? '',
    rows: document.querySelector('#rows')?.outerHTML ?? '',
  }));
}

export interface ThreadTime {
  scriptMs: number;
  /** With layout, painting and everything else. */
  taskMs: number;
}

/** Milliseconds a second, on the thread that a page runs on. */
export async function readThread(page: Page, seconds: number): Promise<ThreadTime> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const read = async (): Promise<ThreadTime> => {
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (wanted: string): number => (metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN) * 1_000;
    return { scriptMs: of('ScriptDuration'), taskMs: of('TaskDuration') };
  };
  const before = await read();
  await pause(seconds * 1_000);
  const after = await read();
  await session.detach();
  return {
    scriptMs: (after.scriptMs - before.scriptMs) / seconds,
    taskMs: (after.taskMs - before.taskMs) / seconds,
  };
}
