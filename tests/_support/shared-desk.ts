import type { BrowserContext, Frame, Page } from 'playwright-core';
import { acceptRequest, askForHelp, openDesk, toWidget, type PersonOptions } from './browser.ts';
import type { SharedSite } from './shared-site.ts';

/** A visitor's page beside the workspace of the agent who sees it, both in real Chromium. */
export interface SharedDesk {
  visitor: Page;
  desk: Page;
  viewer: Frame;
  contexts: BrowserContext[];
  /** Runs in the viewer with the document of the copy that is shown. */
  inCopy<Result>(read: (page: Document) => Result): Promise<Result>;
  close(): Promise<void>;
}

/** From the visitor's question to the page in the agent's workspace, by the names on screen; `prepare` gets the visitor's page while it is empty. */
export async function openSharedDesk(
  site: SharedSite,
  path: string,
  prepare: (visitor: Page) => void = () => undefined,
  /** The browsers of both, while nothing is open in them. */
  browsers: { visitor?: PersonOptions['prepare']; desk?: PersonOptions['prepare'] } = {},
): Promise<SharedDesk> {
  const { browser, server, host } = site;
  // Else it would ring at the agent that has no screen; after a kill of the server that one is gone.
  if (site.agent.isConnected()) await site.agent.request('agent:set-availability', { isAvailable: false });
  const account = await server.addAgent({ name: 'Ben Same', siteKey: 'lamps', chatCap: 50 });
  const { context, page: desk } = await openDesk(
    browser,
    server.url,
    account,
    browsers.desk && { prepare: browsers.desk },
  );
  const visiting = await browser.newContext({ locale: 'en-GB', viewport: { width: 1_280, height: 900 } });
  await browsers.visitor?.(visiting);
  const visitor = await visiting.newPage();
  prepare(visitor);
  await visitor.goto(host.origin + path);
  await askForHelp(toWidget(visitor), 'Text chat', 'Grace Hofer');
  await acceptRequest(desk);
  await desk.getByRole('button', { name: 'Request co-browsing' }).click();
  await toWidget(visitor).getByRole('button', { name: 'Allow', exact: true }).click();
  const frame = await desk.waitForSelector('iframe[src*="/viewer/"]');
  const viewer = await frame.contentFrame();
  if (viewer === null) throw new Error('The viewer has no document.');
  await viewer.waitForFunction(() =>
    [...document.querySelectorAll<HTMLElement>('.viewer-copy')].some(({ style }) => style.visibility === ''),
  );
  return {
    visitor,
    desk,
    viewer,
    contexts: [context, visiting],
    inCopy: (read) =>
      viewer.evaluate(
        `(${String(read)})([...document.querySelectorAll('.viewer-copy')].find((copy) => copy.style.visibility === '').querySelector('iframe').contentDocument)`,
      ),
    async close() {
      await Promise.all([context.close(), visiting.close()]);
    },
  };
}
