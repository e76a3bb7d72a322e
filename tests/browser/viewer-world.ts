import { join } from 'node:path';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { createFrameDeflater } from '../../client/widget/share/deflate/frame-deflater.ts';
import type { StreamEvent } from '../../cobrowse/stream-events.ts';
import { VIEWER_PORT_MESSAGE, type FromViewer, type ToViewer } from '../../cobrowse/viewer/viewer-messages.ts';
import { launchChromium } from '../_support/browser.ts';
import { startCountingServer, type CountedRequest } from '../_support/counting-server.ts';
import { startServer, type TestServer } from '../_support/start-server.ts';

const RECORDER = join(import.meta.dirname, '..', '..', 'node_modules', '@rrweb', 'record', 'umd', 'record.min.js');
export const TAB = '0f8e9a40-0000-4000-8000-000000000001';

/** The viewer page from a real server, in a workspace that is a bare page of the same origin. */
export interface ViewerWorld {
  server: TestServer;
  browser: Browser;
  /** Another website, which counts who comes. */
  foreignUrl: string;
  seen: CountedRequest[];
  close(): Promise<void>;
}

export async function createViewerWorld(): Promise<ViewerWorld> {
  const foreign = await startCountingServer();
  const server = await startServer();
  const browser = await launchChromium();
  return {
    server,
    browser,
    foreignUrl: foreign.url,
    seen: foreign.seen,
    async close() {
      await browser.close();
      await server.close();
      await foreign.close();
    },
  };
}

/** A visitor's page whose events are taken as they come. */
export interface SharedPage {
  page: Page;
  /** What has happened since the last time, everything pending included. */
  takeEvents(): Promise<StreamEvent[]>;
  /** A key frame as of now. */
  takeKey(): Promise<StreamEvent[]>;
  close(): Promise<void>;
}

export async function openSharedPage(
  { browser }: ViewerWorld,
  html: string,
  viewport = { width: 1000, height: 700 },
): Promise<SharedPage> {
  const page = await browser.newPage({ viewport });
  await page.setContent(html);
  await page.addScriptTag({ path: RECORDER });
  await page.evaluate(() => {
    const { rrwebRecord } = globalThis as never as { rrwebRecord: { record(options: object): void } };
    const events: unknown[] = [];
    Object.assign(globalThis, { recordedEvents: events });
    rrwebRecord.record({
      emit: (event: unknown) => events.push(event),
      recordAfter: 'DOMContentLoaded',
      inlineStylesheet: true,
      // Below zero nothing waits: the library's wait is one for all targets, and loses what else scrolls meanwhile.
      sampling: { mousemove: 50, scroll: -1, input: 'all' },
    });
  });
  const takeEvents = (): Promise<StreamEvent[]> =>
    page.evaluate(async () => {
      // Scrolling is told with the next frame, changes of the document before it.
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 0))));
      return (globalThis as never as { recordedEvents: StreamEvent[] }).recordedEvents.splice(0);
    });
  return {
    page,
    takeEvents,
    async takeKey() {
      await takeEvents();
      await page.evaluate(() => {
        (
          globalThis as never as { rrwebRecord: { record: { takeFullSnapshot(): void } } }
        ).rrwebRecord.record.takeFullSnapshot();
      });
      return takeEvents();
    },
    close: () => page.close(),
  };
}

/** The agent's window with the viewer in it. */
export interface ViewerWindow {
  context: BrowserContext;
  page: Page;
  /** The viewer itself. */
  viewer: Frame;
  say(message: Exclude<ToViewer, { type: 'frame' }>): Promise<void>;
  /** The pieces of one frame, in pieces of this size. */
  sendPieces(pieces: readonly SentPiece[]): Promise<void>;
  heard(): Promise<FromViewer[]>;
  /** Resolves with the first message like this that has come or comes. */
  untilHeard<Type extends FromViewer['type']>(type: Type, count?: number): Promise<Extract<FromViewer, { type: Type }>>;
  /** Runs in the viewer with the copied page's document. */
  inCopy<Result>(read: (document: Document) => Result): Promise<Result>;
  close(): Promise<void>;
}

export interface SentPiece {
  seq: number;
  isKey: boolean;
  isLast: boolean;
  data: string;
  epoch: number;
  scopeNumber: number;
  tabId: string;
}

export interface WindowOptions {
  context?: BrowserContext;
  assetPath?: string;
  size?: { width: number; height: number };
}

export async function openViewerWindow(world: ViewerWorld, options: WindowOptions = {}): Promise<ViewerWindow> {
  const size = options.size ?? { width: 1100, height: 800 };
  const context = options.context ?? (await world.browser.newContext({ viewport: size }));
  const page = await context.newPage();
  const { url } = world.server;
  await page.route(`${url}/workspace/test`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<!doctype html><style>body{margin:0}iframe{width:100vw;height:100vh;border:0}</style><title>Workspace</title>',
    }),
  );
  await page.goto(`${url}/workspace/test`);
  await page.evaluate(
    ([message, origin]) =>
      new Promise<void>((resolve) => {
        const heard: unknown[] = [];
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => {
          heard.push(data);
          if (data.type === 'ready') resolve();
        };
        Object.assign(globalThis, { heard, port: port1, secret: 'of the workspace' });
        const frame = document.createElement('iframe');
        frame.title = 'Shared page';
        frame.setAttribute('sandbox', 'allow-scripts allow-same-origin');
        frame.src = '/viewer/';
        frame.addEventListener('load', () => frame.contentWindow?.postMessage(message, origin, [port2]));
        document.body.append(frame);
      }),
    [VIEWER_PORT_MESSAGE, url] as const,
  );
  const viewer = page.frames().find((frame) => frame.url().endsWith('/viewer/'));
  if (viewer === undefined) throw new Error('The viewer has not loaded.');
  const say = (message: object): Promise<void> =>
    page.evaluate((content) => (globalThis as never as { port: MessagePort }).port.postMessage(content), message);
  await say({ type: 'look', language: 'en', scheme: 'light', assetPath: options.assetPath ?? '/cb-asset/t/' });

  return {
    context,
    page,
    viewer,
    say,
    sendPieces: (pieces) =>
      page.evaluate((all) => {
        const { port } = globalThis as never as { port: MessagePort };
        for (const { data, ...piece } of all) {
          const bytes = Uint8Array.from(atob(data), (sign) => sign.codePointAt(0) ?? 0);
          port.postMessage({ type: 'frame', ...piece, data: bytes.buffer }, [bytes.buffer]);
        }
      }, pieces),
    heard: () => page.evaluate(() => (globalThis as never as { heard: FromViewer[] }).heard),
    untilHeard: async (type, count = 1) => {
      const handle = await page.waitForFunction(
        ([wanted, least]) => {
          const all = (globalThis as never as { heard: FromViewer[] }).heard.filter(
            (message) => message.type === wanted,
          );
          return all.length >= least ? { found: all[least - 1] } : false;
        },
        [type, count] as const,
      );
      return ((await handle.jsonValue()) as { found: never }).found;
    },
    inCopy: (read) =>
      viewer.evaluate(
        `(${String(read)})([...document.querySelectorAll('.viewer-copy')].find((copy) => copy.style.visibility === '').querySelector('iframe').contentDocument)`,
      ),
    close: () => (options.context === undefined ? context.close() : page.close()),
  };
}

/** Makes pieces of frames as a visitor's page would. */
export function createFrameSource(place: Partial<Pick<SentPiece, 'epoch' | 'scopeNumber' | 'tabId'>> = {}) {
  const deflate = createFrameDeflater();
  let seq = 0;
  return (events: readonly object[], isKey = false, pieceBytes = 64_000): SentPiece[] => {
    const whole = Buffer.from(deflate(JSON.stringify(events), isKey));
    const pieces: SentPiece[] = [];
    for (let offset = 0; offset < whole.length; offset += pieceBytes) {
      const data = whole.subarray(offset, offset + pieceBytes).toString('base64');
      const isLast = offset + pieceBytes >= whole.length;
      pieces.push({ tabId: TAB, epoch: 1, scopeNumber: 0, seq, isKey, isLast, data, ...place });
    }
    seq += 1;
    return pieces;
  };
}
