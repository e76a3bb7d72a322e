import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { toWidget } from '../_support/browser.ts';
import { openSharedDesk } from '../_support/shared-desk.ts';
import type { SharedSite } from '../_support/shared-site.ts';
import { keepBusy, LOAD_BODY } from './co-browse-page.ts';
import { percentile } from './figures.ts';
import type { Figure } from './figures.ts';
import { startProcess } from './processes.ts';
import { openSlowLine } from './slow-line.ts';

const SOCKET = join(import.meta.dirname, '..', '..', 'node_modules', 'socket.io', 'client-dist', 'socket.io.min.js');
const LOAD = 950;
const ROUNDS = 20;
const SETTLE_MS = 400;
/** Each way. How many trips END takes can be read off only where a trip takes longer than everything else. */
const LINE_MS = 50;

/**
 * From the visitor's click on END SCREEN SHARE to the last byte of the busy page at the agent's, and to the moment from
 * which nothing of it stands there. Beside it what a bare socket.io server takes to echo a message of the same size to
 * the visitor's page, asked right before each click. Once on this machine alone, once with a slow line before each page.
 */
export async function measureEnd(site: SharedSite): Promise<Figure[]> {
  const bare = await startProcess<{ url: string }>('bare-server-process.ts');
  const lines = await Promise.all([openSlowLine(site.server, LINE_MS), openSlowLine(bare.hello, LINE_MS)]);
  try {
    const near = await measureRounds(site, site.server.url, bare.hello.url);
    const far = await measureRounds(site, lines[0].url, lines[1].url);
    return [...toFigures('', near), ...toFigures(`, line of ${LINE_MS} ms each way`, far, 'one round trip: < 2×')];
  } finally {
    for (const line of lines) line.close();
    await bare.stop();
  }
}

interface Rounds {
  toLastByte: number[];
  toBlank: number[];
  toEcho: number[];
}

async function measureRounds(site: SharedSite, serverUrl: string, bareUrl: string): Promise<Rounds> {
  const script = `<script async src="${serverUrl}/embed.js" data-site="lamps"></script>`;
  site.host.setPage('/end', `<!doctype html><html lang="en"><head>${script}</head><body>${LOAD_BODY}</body></html>`);
  const seenFrom = { ...site, server: { ...site.server, url: serverUrl } };
  const note = async (context: BrowserContext): Promise<void> => {
    await context.addInitScript(noteWhatHappens);
  };
  const both = await openSharedDesk(seenFrom, '/end', undefined, { visitor: note, desk: note });
  const { visitor, desk } = both;
  const widget = toWidget(visitor);
  const rounds: Rounds = { toLastByte: [], toBlank: [], toEcho: [] };
  try {
    await visitor.addScriptTag({ path: SOCKET });
    await visitor.evaluate(openEcho, bareUrl);
    for (let round = 0; round < ROUNDS; round += 1) {
      if (round > 0) await shareAgain(visitor, desk);
      await visitor.evaluate(keepBusy, LOAD);
      // Of the time before the click as well: right before it there may be none.
      await takeNotes(desk);
      await pause(SETTLE_MS);
      rounds.toEcho.push(await visitor.evaluate(() => (window as NotingWindow).askEcho?.() ?? Number.NaN));
      await widget.getByRole('button', { name: 'END SCREEN SHARE' }).click();
      await desk.getByRole('button', { name: 'Request co-browsing' }).waitFor();
      await pause(SETTLE_MS);
      const clickedAt = await widget.locator('body').evaluate(() => (window as NotingWindow).clickedAt ?? Number.NaN);
      const { bytesAt, blankAt } = await takeNotes(desk);
      const lastByteAt = bytesAt.at(-1);
      const lastBlankAt = blankAt.find((at) => at >= clickedAt);
      if (lastByteAt === undefined || lastBlankAt === undefined) throw new Error('A page has noted nothing.');
      rounds.toLastByte.push(Math.max(0, lastByteAt - clickedAt));
      rounds.toBlank.push(lastBlankAt - clickedAt);
    }
    return rounds;
  } finally {
    await both.close();
  }
}

/** Offered by the visitor: an agent may not ask as often as this. */
async function shareAgain(visitor: Page, desk: Page): Promise<void> {
  const widget = toWidget(visitor);
  await visitor.evaluate(keepBusy, 0);
  await widget.getByRole('button', { name: 'Share this page' }).click();
  await widget.getByRole('button', { name: 'Allow', exact: true }).click();
  await desk.waitForFunction(() => (window as NotingWindow).isShown === true);
}

function toFigures(where: string, { toLastByte, toBlank, toEcho }: Rounds, goal?: string): Figure[] {
  const row = (name: string, values: number[], share: number): Figure => ({
    name: `END to ${name}${where}; bare echo`,
    unit: 'ms',
    measured: percentile(values, share),
    baseline: percentile(toEcho, share),
  });
  return [
    row('the last byte at the agent, median', toLastByte, 0.5),
    { ...row('the agent’s screen blank, median', toBlank, 0.5), ...(goal && { goal }) },
    row('the agent’s screen blank, longest', toBlank, 1),
  ];
}

interface Notes {
  /** When bytes of a share came, and when it was that nothing stood there any more; in ms since 1970. */
  bytesAt: number[];
  blankAt: number[];
}
type NotingWindow = Window &
  Partial<Notes> & { isShown?: boolean; clickedAt?: number; askEcho?: () => Promise<number> };

/** What was noted since the last time. */
function takeNotes(desk: Page): Promise<Notes> {
  return desk.evaluate(() => {
    const { bytesAt = [], blankAt = [] } = window as NotingWindow;
    return { bytesAt: bytesAt.splice(0), blankAt: blankAt.splice(0) };
  });
}

/** Runs in every frame, of the visitor and of the workspace, before anything else. */
function noteWhatHappens(): void {
  const since1970 = (at = performance.now()): number => performance.timeOrigin + at;
  const noteClick = ({ timeStamp }: Event): void => void Object.assign(window, { clickedAt: since1970(timeStamp) });
  addEventListener('click', noteClick, { capture: true });
  if (location.pathname.startsWith('/viewer/')) {
    const desk = parent as NotingWindow;
    const look = (): void => {
      const copies = [...document.querySelectorAll<HTMLElement>('.viewer-copy')];
      const isShown = copies.some(({ style }) => style.visibility === '');
      if (desk.isShown && !isShown) desk.blankAt?.push(since1970());
      desk.isShown = isShown;
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true, attributeFilter: ['style'] });
  }
  if (!location.pathname.startsWith('/workspace')) return;
  const desk: NotingWindow = Object.assign(window, { bytesAt: [], blankAt: [] });
  // A viewer that is taken away shows nothing either.
  const watchViewer = (): void => {
    if (!desk.isShown || document.querySelector('iframe[src*="/viewer/"]') !== null) return;
    desk.isShown = false;
    desk.blankAt?.push(since1970());
  };
  new MutationObserver(watchViewer).observe(document, { childList: true, subtree: true });
  // Nothing but shares is binary.
  window.WebSocket = class extends WebSocket {
    constructor(...given: ConstructorParameters<typeof WebSocket>) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        if (typeof data !== 'string') desk.bytesAt?.push(since1970());
      });
    }
  };
}

/** Runs in the visitor's page. */
function openEcho(url: string): Promise<void> {
  const { io } = window as never as { io(url: string, options: object): EchoSocket };
  const socket = io(url, { transports: ['websocket'] });
  const message = { shareId: crypto.randomUUID(), reason: 'by-person' };
  const askEcho = (): Promise<number> => {
    const from = performance.now();
    return new Promise((resolve) => socket.emit('echo', message, () => resolve(performance.now() - from)));
  };
  Object.assign(window, { askEcho });
  return new Promise((resolve) => socket.on('connect', resolve));
}
interface EchoSocket {
  on(name: string, handle: () => void): void;
  emit(name: string, value: unknown, answered: () => void): void;
}
