import { createServer } from 'node:http';
import { join } from 'node:path';
import { chromium, type Browser, type Page as BrowserPage } from 'playwright-core';
import { build } from 'vite';
import type { CallRequests } from '../../../media/call-host.ts';
import { callRequests } from '../../../protocol/media.ts';
import type { CallWorld, Page, ToldEvent } from './call-world.ts';
import type { PageCall } from './call-page.ts';

/** A real browser whose pages run the real call code against a world's call part. */
export interface CallBrowser {
  /** Opens a page in a context of its own and connects it to the world as this page. */
  openPage(world: CallWorld, page: Page): Promise<BrowserCall>;
  close(): Promise<void>;
}

export interface BrowserCall {
  page: BrowserPage;
  personId: string;
  /** What the page asked so far, with the wire code where it was refused. */
  asked: { name: string; code: string | null }[];
  run<Name extends keyof PageCall>(
    name: Name,
    ...args: Parameters<PageCall[Name]>
  ): Promise<Awaited<ReturnType<PageCall[Name]>>>;
  close(): Promise<void>;
}

const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--use-fake-ui-for-media-stream',
  // Two encoders and two decoders share what is often two cores.
  '--use-fake-device-for-media-stream=fps=15',
  '--autoplay-policy=no-user-gesture-required',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function createCallBrowser(): Promise<CallBrowser> {
  const script = await bundlePage();
  // getUserMedia wants a secure page, which localhost is.
  const site = createServer((request, response) => {
    const isScript = request.url === '/call-page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><title>call</title><script src="/call-page.js"></script>');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const address = site.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
  const browser: Browser = await chromium.launch({
    executablePath: process.env['FOYER_CHROMIUM'] ?? '/usr/bin/chromium',
    args: CHROMIUM_ARGS,
  });

  return {
    async openPage(world, { caller }) {
      const context = await browser.newContext();
      const page = await context.newPage();
      let isOpen = true;
      const asked: BrowserCall['asked'] = [];
      await page.exposeFunction('foyerRequest', async (name: string, input: unknown) => {
        const answered = await answer(world, caller, name, input);
        asked.push({ name, code: answered.ok ? null : answered.error.code });
        return answered;
      });
      world.onTold(({ to, name, payload }: ToldEvent) => {
        if (!isOpen || (to !== 'conversation' && to !== caller.socketId)) return;
        page.evaluate((event) => Reflect.get(window, 'foyerTell')(event), { name, payload }).catch(() => {});
      });
      await page.goto(url);
      return {
        page,
        personId: caller.personId,
        asked,
        run: (name, ...args) =>
          page.evaluate(([method, values]) => Reflect.get(window, 'foyerCall')[method](...values), [
            name,
            args,
          ] as const),
        async close() {
          isOpen = false;
          await context.close();
        },
      };
    },
    async close() {
      await browser.close();
      await new Promise((resolve) => site.close(resolve));
    },
  };
}

type Answer = { ok: true; data: object } | { ok: false; error: { code: string; message: string } };

/** As the gateway does it: known name, valid input, then the handler; errors become codes. */
async function answer(world: CallWorld, caller: Page['caller'], name: string, input: unknown): Promise<Answer> {
  try {
    if (!isRequestName(name)) throw new Error(`No request is called ${name}.`);
    const handle: (input: never, caller: Page['caller']) => Promise<object> = world.service.handlers[name];
    return { ok: true, data: await handle(callRequests[name].input.parse(input) as never, caller) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'internal';
    return { ok: false, error: { code, message: String(error) } };
  }
}

function isRequestName(name: string): name is keyof CallRequests & string {
  return Object.hasOwn(callRequests, name);
}

async function bundlePage(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"test"' },
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry: join(import.meta.dirname, 'call-page.ts'), formats: ['iife'], name: 'callPage' },
    },
  });
  const [bundle] = Array.isArray(built) ? built : [built];
  const chunk = bundle && 'output' in bundle ? bundle.output.find((each) => each.type === 'chunk') : undefined;
  if (!chunk || chunk.type !== 'chunk') throw new Error('The call page was not bundled.');
  return chunk.code;
}
