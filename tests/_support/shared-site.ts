import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';
import { createFrameDecoder, type FrameDecoder } from '../../cobrowse/viewer/frame-decoder.ts';
import type { AgentEvents, EventOf } from '../../protocol/contract.ts';
import type { ConversationId, ShareId } from '../../protocol/ids.ts';
import type { ShareView } from '../../protocol/sharing.ts';
import { askForHelp, launchChromium, toWidget, type ChromiumOptions } from './browser.ts';
import { startHostSite, type HostSite } from './host-site.ts';
import { spawnServer, type SpawnedServer } from './spawn-server.ts';
import { nextRung, openReadyAgent, type AgentPage } from './story.ts';
import type { TestSite } from './start-server.ts';
import { logWire, type WireLog } from './wire-log.ts';

export type ArrivedFrame = EventOf<AgentEvents, 'share:frame-arrived'>;

/** A customer's website on an origin of its own with the widget on its pages, and Foyer in a process of its own. */
export interface SharedSite {
  readonly server: SpawnedServer;
  readonly browser: Browser;
  readonly host: HostSite;
  /** At the wire: frames are decoded here, nothing is shown. */
  readonly agent: AgentPage;
  /** With the others who answer there. */
  readonly agents: readonly AgentPage[];
  /** A page with the widget on it. */
  setPage(path: string, body: string, head?: string): void;
  close(): Promise<void>;
}

export async function createSharedSite(
  coBrowse: TestSite['coBrowse'] = {},
  environment: Record<string, string> = {},
  colleagues: readonly string[] = [],
  chromium: ChromiumOptions = {},
): Promise<SharedSite> {
  const dataDir = await mkdtemp(join(tmpdir(), 'foyer-shared-'));
  const host = await startHostSite(
    () => server.url,
    () => "default-src * data: blob: 'unsafe-inline'",
  );
  const config = join(dataDir, 'config.json');
  const site: TestSite = { key: 'lamps', name: 'Lamps', allowedOrigins: [host.origin], coBrowse };
  await writeFile(config, JSON.stringify({ sites: [site] }));
  const server: SpawnedServer = await spawnServer({ dataDir, environment: { ...environment, FOYER_CONFIG: config } });
  const browser = await launchChromium('working', chromium);
  const openAgent = (name: string): Promise<AgentPage> =>
    openReadyAgent(server, { name, siteKey: 'lamps', chatCap: 50 });
  const agent = await openAgent('Mira Kowalski');
  const agents = [agent];
  for (const name of colleagues) agents.push(await openAgent(name));
  return {
    server,
    browser,
    host,
    agent,
    agents,
    setPage: (path, body, head = '<title>Lamps</title>') =>
      host.setPage(
        path,
        `<!doctype html><html lang="en"><head>${head}<script async src="${server.url}/embed.js" data-site="lamps"></script></head><body>${body}</body></html>`,
      ),
    async close() {
      for (const one of agents) one.close();
      await browser.close();
      await server.close();
      await host.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A visitor in real Chromium whose page is shared. */
export interface SharingVisitor {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly widget: FrameLocator;
  readonly wire: WireLog;
  /** Who has answered. */
  readonly agent: AgentPage;
  readonly conversationId: ConversationId;
  readonly share: ShareView;
  press(button: string): Promise<void>;
  /** Waits until the share is as wanted, as the agent hears it. */
  untilShare(isWanted: (share: ShareView) => boolean): Promise<ShareView>;
  /** The agent ends the conversation, and the browser goes. */
  leave(): Promise<void>;
}

export interface OpenSharing {
  /** Put in the place of the recorder. */
  recorderScript?: string;
  /** On the page while the question stands: what happens just before the recorder comes. */
  beforeAllow?: (page: Page) => Promise<unknown>;
  /** The visitor ticks that it may be recorded; the site must offer it. */
  isRecorded?: boolean;
}

let visitorCount = 0;

/** Opens a page, asks for help, is answered, is asked to share and presses "Allow". */
export async function openSharing(
  site: SharedSite,
  path: string,
  { recorderScript, beforeAllow, isRecorded = false }: OpenSharing = {},
): Promise<SharingVisitor> {
  const { browser, host, agents, server } = site;
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1_280, height: 900 } });
  const page = await context.newPage();
  if (recorderScript !== undefined) {
    await context.route(`${server.url}/recorder.js`, (route) =>
      route.fulfill({ contentType: 'text/javascript', body: recorderScript }),
    );
  }
  const wire = logWire(page, server);
  await page.goto(host.origin + path);
  const widget = toWidget(page);
  // A name of its own: several visitors may ask at once.
  visitorCount += 1;
  const name = `Grace Hofer ${visitorCount}`;
  await askForHelp(widget, 'Text chat', name);
  const { agent, offer } = await nextRung(agents, ({ request }) => request.visitor.name === name);
  await agent.request('routing:accept-offer', { offerId: offer.offerId });
  const { conversationId } = offer.request;
  await widget.getByRole('textbox', { name: 'Message' }).waitFor();
  await agent.request('share:request-share', { conversationId, kind: 'co-browse' });
  const press = (name: string) => widget.getByRole('button', { name, exact: true }).click();
  const untilShare: SharingVisitor['untilShare'] = async (isWanted) => {
    const { share } = await agent.nextEvent(
      'share:changed',
      (event) => event.share.conversationId === conversationId && isWanted(event.share),
    );
    return share;
  };
  await widget.getByRole('button', { name: 'Allow', exact: true }).waitFor();
  await beforeAllow?.(page);
  if (isRecorded) await widget.getByRole('checkbox', { name: 'This may be recorded' }).check();
  await press('Allow');
  const share = await untilShare(({ phase }) => phase === 'allowed' || phase === 'live');
  const leave = async (): Promise<void> => {
    await agent.request('conversation:end-conversation', { conversationId });
    await context.close();
  };
  return { context, page, widget, wire, agent, conversationId, share, press, untilShare, leave };
}

/** What one agent has been sent of a share, readable. */
export interface Eye {
  text(): string;
  frames(): readonly ArrivedFrame[];
  /** Reads what comes until it contains these words. */
  untilSeen(words: string): Promise<void>;
}

/** The agent looks at a share from now on. */
export async function watchShare(agent: AgentPage, shareId: ShareId): Promise<Eye> {
  const decoders = new Map<string, FrameDecoder>();
  const frames: ArrivedFrame[] = [];
  let text = '';
  // Whoever looks now has not seen what this page of theirs was shown before.
  const earlier = new Set<unknown>(agent.heard('share:frame-arrived'));
  await agent.request('share:watch-stream', { shareId });
  return {
    text: () => text,
    frames: () => frames,
    async untilSeen(words) {
      while (!text.includes(words)) {
        const isNew = (event: ArrivedFrame): boolean => event.shareId === shareId && !earlier.has(event);
        const frame = await agent.nextEvent('share:frame-arrived', isNew);
        frames.push(frame);
        const key = `${frame.tabId} ${frame.epoch}`;
        const decoder = decoders.get(key) ?? createFrameDecoder();
        decoders.set(key, decoder);
        const decoded = decoder.take({ ...frame, data: new Uint8Array(frame.data) });
        if (decoded.kind === 'frame') text += JSON.stringify(decoded.events);
      }
    },
  };
}

/** A visitor whose page is shared, and the eye of the agent who has read these words there. */
export async function openWatched(
  site: SharedSite,
  path: string,
  words: string,
): Promise<{ visitor: SharingVisitor; eye: Eye }> {
  const visitor = await openSharing(site, path);
  const eye = await watchShare(visitor.agent, visitor.share.shareId);
  await eye.untilSeen(words);
  await visitor.untilShare(({ phase }) => phase === 'live');
  return { visitor, eye };
}
