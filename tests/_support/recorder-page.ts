import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { ChosenScope, FromRecorder, PrivacyRules, ToRecorder } from '../../cobrowse/recorder/recorder-messages.ts';
import { launchChromium } from './browser.ts';

const REPOSITORY_DIR = join(import.meta.dirname, '..', '..');
const CLIENT_DIR = join(REPOSITORY_DIR, 'dist', 'client');

/** The recorder in a page with nothing of Foyer around it: the harness is the widget's side of the port. */
const HARNESS = `
  const channel = new MessageChannel();
  window.recorderHeard = [];
  window.tellRecorder = (message) => channel.port1.postMessage(message);
  channel.port1.onmessage = ({ data }) => {
    // Bytes are only weighed here; a page that is photographed as JSON needs no pictures.
    window.recorderHeard.push(data.type === 'asset' ? { ...data, bytes: data.bytes && data.bytes.byteLength } : data);
  };
  const script = document.createElement('script');
  script.foyerPort = channel.port2;
  script.src = '/recorder.js';
  document.head.append(script);
`;
/** The library as it comes, recording beside ours: what it hears shows that the probe would have found it. */
const RAW = `
  window.rawEvents = [];
  window.startRaw = () => {
    window.stopRaw = rrwebRecord.record({ emit: (event) => window.rawEvents.push(event), collectFonts: true });
  };
`;

export interface RecorderSite {
  readonly origin: string;
  /** Another origin, for frames and pictures that are not the page's own. */
  readonly foreignOrigin: string;
  setPage(path: string, body: string | Buffer, headers?: Record<string, string>): void;
  requests(): readonly string[];
  close(): Promise<void>;
}

export async function startRecorderSite(): Promise<RecorderSite> {
  const pages = new Map<string, { body: string | Buffer; headers: Record<string, string> }>();
  const requests: string[] = [];
  const files: Record<string, () => Buffer | string> = {
    '/recorder.js': () => readFileSync(join(CLIENT_DIR, 'recorder.js')),
    '/recorder-tools.js': () => readFileSync(join(CLIENT_DIR, 'recorder-tools.js')),
    '/raw-library.js': () =>
      readFileSync(join(REPOSITORY_DIR, 'node_modules', '@rrweb', 'record', 'dist', 'record.umd.min.cjs')),
    '/raw.js': () => RAW,
    '/harness.js': () => HARNESS,
    '/favicon.ico': () => '',
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    requests.push(request.url ?? '/');
    const page = pages.get(pathname);
    const body = page?.body ?? files[pathname]?.();
    response.statusCode = body === undefined ? 404 : 200;
    const type = pathname.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
    response.writeHead(response.statusCode, { 'content-type': type, ...page?.headers });
    response.end(body ?? '');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    foreignOrigin: `http://localhost:${port}`,
    setPage: (path, body, headers = {}) => void pages.set(path, { body, headers }),
    requests: () => requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const NO_RULES: PrivacyRules = {
  deny: [],
  allow: [],
  isPrivateByDefault: false,
  readOnly: [],
  privatePaths: [],
};
export const WHOLE_PAGE: ChosenScope = { onlyPart: null, hidden: [] };

declare global {
  interface Window {
    recorderHeard: FromRecorder[];
    tellRecorder(message: ToRecorder): void;
    rawEvents: unknown[];
    startRaw(): void;
  }
}

export interface RecordedPage {
  page: Page;
  context: BrowserContext;
  tell(message: ToRecorder): Promise<void>;
  /** Begins a stream and waits for its key frame. Each call is a new epoch. */
  start(rules?: Partial<PrivacyRules>, scope?: ChosenScope): Promise<void>;
  heard(): Promise<FromRecorder[]>;
  /** Waits until one message of this type has come that was not there before `from`. */
  until<Type extends FromRecorder['type']>(type: Type, from?: number): Promise<Extract<FromRecorder, { type: Type }>>;
  /** Everything that was posted, as text; `from` leaves out what came before. */
  posted(from?: number): Promise<string>;
  /** Waits until everything that has happened on the page so far was posted. */
  settle(): Promise<void>;
  /** What the library alone has recorded, as text. */
  raw(): Promise<string>;
}

let epochs = 0;

export async function openRecorded(browser: Browser, site: RecorderSite, path = '/'): Promise<RecordedPage> {
  const context = await browser.newContext({ viewport: { width: 1_000, height: 800 } });
  const page = await context.newPage();
  await page.goto(site.origin + path);
  return bringRecorder(page, context);
}

/** A browser and a site of one page, for the tests of a file. */
export interface RecorderWorld {
  readonly browser: Browser;
  readonly site: RecorderSite;
  /** The page, with the recorder in it; the test closes its context. `path` may have a query and a fragment. */
  open(html: string, at?: { path?: string; headers?: Record<string, string> }): Promise<RecordedPage>;
  close(): Promise<void>;
}

export async function createRecorderWorld(): Promise<RecorderWorld> {
  const browser = await launchChromium();
  const site = await startRecorderSite();
  return {
    browser,
    site,
    open(html, { path = '/', headers } = {}) {
      site.setPage(new URL(path, site.origin).pathname, html, headers);
      return openRecorded(browser, site, path);
    },
    async close() {
      await browser.close();
      await site.close();
    },
  };
}

/** On a page that is open already, as after a navigation. */
export async function bringRecorder(page: Page, context: BrowserContext): Promise<RecordedPage> {
  await page.addScriptTag({ url: '/harness.js' });
  const heard = () => page.evaluate(() => window.recorderHeard);
  const until: RecordedPage['until'] = async (type, from = 0) => {
    const found = await page.waitForFunction(
      ([wanted, start]) => window.recorderHeard.slice(start).find((message) => message.type === wanted),
      [type, from] as const,
    );
    return (await found.jsonValue()) as never;
  };
  const tell: RecordedPage['tell'] = (message) => page.evaluate((sent) => window.tellRecorder(sent), message);
  await until('ready');
  return {
    page,
    context,
    tell,
    heard,
    until,
    async start(rules = {}, scope = WHOLE_PAGE) {
      epochs += 1;
      const from = (await heard()).length;
      await tell({
        type: 'start',
        stream: { epoch: epochs, scopeNumber: epochs, scope, rules: { ...NO_RULES, ...rules } },
      });
      await until('events', from);
    },
    posted: async (from = 0) => JSON.stringify((await heard()).slice(from)),
    async settle() {
      // A mark of our own travels the same way as everything before it.
      const mark = `mark-${Math.trunc(performance.now() * 1_000)}`;
      await page.evaluate((name) => {
        const element = document.createElement('foyer-mark');
        element.className = name;
        (document.querySelector('[data-marks]') ?? document.body).append(element);
      }, mark);
      await page.waitForFunction(
        (name) => window.recorderHeard.some((m) => m.type === 'events' && m.events.includes(name)),
        mark,
      );
    },
    async raw() {
      return page.evaluate(() => JSON.stringify(window.rawEvents));
    },
  };
}
