import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { HostSite } from '../_support/host-site.ts';
import { countSent, type SentBytes } from './co-browse-page.ts';
import { startProcess } from './processes.ts';

const MODULES = join(import.meta.dirname, '..', '..', 'node_modules');
const SOCKET = join(MODULES, 'socket.io', 'client-dist', 'socket.io.min.js');
const RECORD = join(MODULES, '@rrweb', 'record', 'dist', 'record.umd.min.cjs');
const REPLAY = join(MODULES, '@rrweb', 'replay', 'dist', 'replay.umd.min.cjs');

/** The library's recorder, a bare socket.io server, the library's replayer: the baseline of a shared page. */
export interface RawPipe {
  readonly visitor: Page;
  readonly sent: SentBytes;
  /** A page that shows what the visitor's page has told so far, and what it tells from then on. */
  openViewer(): Promise<RawViewer>;
  close(): Promise<void>;
}

export interface RawViewer {
  readonly page: Page;
  /** Takes up everything, and resolves once these texts stand there; in ms since 1970, when it began and when it was done. */
  join(wanted: { probe: string; rows: string }): Promise<{ from: number; to: number }>;
  close(): Promise<void>;
}

interface RawWindow {
  io(url: string, options: object): RawSocket;
  rrwebRecord: { record(options: object): () => void };
  rrwebReplay: { Replayer: new (events: object[], options: object) => RawReplayer };
  rawReplayer?: RawReplayer;
}
interface RawSocket {
  on(name: string, handle: (value: never) => void): void;
  emit(name: string, value: unknown): void;
}
interface RawReplayer {
  iframe: HTMLIFrameElement;
  startLive(): void;
  addEvent(event: object): void;
}

/** @param path a page of the site without the widget */
export async function openRawPipe(browser: Browser, host: HostSite, path: string): Promise<RawPipe> {
  const relay = await startProcess<{ url: string }>('raw-relay-process.ts');
  host.setPage('/raw-viewer', '<!doctype html><title>Raw viewer</title><body></body>');
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1_280, height: 900 } });
  const visitor = await context.newPage();
  const sent = countSent(visitor);
  await visitor.goto(host.origin + path);
  await visitor.addScriptTag({ path: SOCKET });
  await visitor.addScriptTag({ path: RECORD });
  await visitor.evaluate(recordRaw, relay.hello.url);
  return {
    visitor,
    sent,
    async openViewer() {
      const viewing = await browser.newContext({ locale: 'en-GB', viewport: { width: 1_440, height: 900 } });
      const page = await viewing.newPage();
      await page.goto(`${host.origin}/raw-viewer`);
      await page.addScriptTag({ path: SOCKET });
      await page.addScriptTag({ path: REPLAY });
      return {
        page,
        join: (wanted) => page.evaluate(joinRaw, { url: relay.hello.url, ...wanted }),
        close: () => viewing.close(),
      };
    },
    async close() {
      await context.close();
      await relay.stop();
    },
  };
}

/** Runs in the visitor's page. */
function recordRaw(url: string): Promise<void> {
  const raw = window as never as RawWindow;
  const socket = raw.io(url, { transports: ['websocket'] });
  return new Promise((resolve) => {
    socket.on('connect', () => {
      raw.rrwebRecord.record({ emit: (event: unknown) => socket.emit('event', event) });
      resolve();
    });
  });
}

/** Runs in the viewer's page. */
function joinRaw({ url, probe, rows }: { url: string; probe: string; rows: string }) {
  const raw = window as never as RawWindow;
  const now = (): number => performance.timeOrigin + performance.now();
  const from = now();
  const socket = raw.io(url, { transports: ['websocket'], auth: { isViewer: true } });
  // With the library's virtual document, its default, what came before the viewer would never be shown live.
  const replayer = new raw.rrwebReplay.Replayer([], { liveMode: true, useVirtualDom: false });
  raw.rawReplayer = replayer;
  socket.on('kept', (events: object[]) => {
    replayer.startLive();
    for (const event of events) replayer.addEvent(event);
    socket.on('event', (event: object) => replayer.addEvent(event));
  });
  return new Promise<{ from: number; to: number }>((resolve) => {
    const look = (): void => {
      const copy = replayer.iframe.contentDocument;
      const isSame =
        copy?.querySelector('#probe')?.textContent === probe && copy.querySelector('#rows')?.outerHTML === rows;
      if (isSame) resolve({ from, to: now() });
      else requestAnimationFrame(look);
    };
    look();
  });
}
