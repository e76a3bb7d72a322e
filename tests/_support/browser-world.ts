import type { Browser } from 'playwright-core';
import { launchChromium } from './browser.ts';
import { startServer, type TestServer, type TestServerOptions } from './start-server.ts';

/** Real Chromium and a server for its pages, for the tests of a file. */
export interface BrowserWorld {
  readonly browser: Browser;
  readonly server: TestServer;
  close(): Promise<void>;
}

export async function createBrowserWorld(options: TestServerOptions = {}): Promise<BrowserWorld> {
  const browser = await launchChromium();
  const server = await startServer(options);
  return {
    browser,
    server,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
