import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ShareId } from '../../protocol/ids.ts';
import { acceptRequest, openDesk, type AgentPage } from '../_support/browser.ts';
import { startCountingServer, type CountingServer } from '../_support/counting-server.ts';
import { FORGED_BOMBS } from '../_support/forged-bombs.ts';
import { added, element, loaders, snapshot, text } from '../_support/forged-page.ts';
import { openForgedStream, packFrame, type ForgedStream } from '../_support/forged-stream.ts';
import { readMetrics } from '../_support/read-metrics.ts';
import { createSharedSite, type SharedSite } from '../_support/shared-site.ts';
import { waitingVisitor, type WaitingVisitor } from '../_support/story.ts';

/** What the worst of them may leave behind in the server, a little above what one share may keep. */
const MAX_GROWTH_KB = 300_000;
const MAX_KEPT_BYTES = 16_000_000;
/** What the workspace and the viewer themselves load. */
const OWN_PATHS = ['/cb-asset/', '/workspace', '/viewer/', '/assets/', '/api/v1/session', '/socket.io/', '/healthz'];

/** A hostile visitor on a raw socket with a token of their own; the real server; a real agent in real Chromium. */
describe('a visitor who forges what is shared', () => {
  let site: SharedSite;
  let counter: CountingServer;
  let desk: AgentPage;
  let story: WaitingVisitor;
  let shareId: ShareId;
  const tabId = randomUUID();
  const requested: string[] = [];

  beforeAll(async () => {
    [site, counter] = await Promise.all([createSharedSite(), startCountingServer()]);
    await site.agent.request('agent:set-availability', { isAvailable: false });
    const account = await site.server.addAgent({ name: 'Ben Same', siteKey: 'lamps', chatCap: 50 });
    desk = await openDesk(site.browser, site.server.url, account);
    await desk.context.addCookies([{ name: 'agent', value: 'secret', url: counter.url }]);
    desk.context.on('response', (response) => requested.push(response.url()));
    story = await waitingVisitor(site.server, { siteKey: 'lamps', origin: site.host.origin });
    await acceptRequest(desk.page);
    const { visitor, conversationId } = story;
    await visitor.nextEvent('conversation:changed', (event) => event.conversation.phase === 'active');
    const scope = { kind: 'page' as const, hiddenParts: 0 };
    shareId = (await visitor.request('share:allow-share', { conversationId, shareId: null, scope })).share.shareId;
    // Until the agent's page looks, what is sent is let go of.
    await visitor.nextEvent('share:stream-wanted', ({ isWanted }) => isWanted);
  });
  afterAll(async () => {
    story.visitor.close();
    await desk.context.close();
    await Promise.all([site.close(), counter.close()]);
  });

  const openStream = (): Promise<ForgedStream> => openForgedStream(story.visitor, shareId, tabId);
  const copy = () =>
    desk.page
      .frameLocator('iframe[src*="/viewer/"]')
      .locator('.viewer-copy:not([style*="hidden"])')
      .frameLocator('iframe');
  const untilShown = (words: string) => copy().getByText(words, { exact: true }).waitFor({ state: 'attached' });

  let marks = 0;
  /** An honest page after it all: the agent sees it, so everything before has been dealt with. */
  async function expectGoingOn(): Promise<void> {
    marks += 1;
    const stream = await openStream();
    const page = snapshot([element('h1', {}, [text(`Honest ${marks}`)])]);
    expect(await stream.send(packFrame(page), true)).toBe('ok');
    await untilShown(`Honest ${marks}`);
  }

  let lines = 0;
  async function expectUnharmed(): Promise<void> {
    expect(counter.seen).toEqual([]);
    const { url } = site.server;
    const isOwn = (each: string) =>
      /^(?:data|blob):/.test(each) || OWN_PATHS.some((path) => each.startsWith(url + path));
    expect(requested.filter((each) => !isOwn(each))).toEqual([]);
    for (const frame of desk.page.frames()) {
      if (frame.url().startsWith(url))
        expect(await frame.evaluate(() => 'hacked' in globalThis), frame.url()).toBe(false);
    }
    expect(new URL(desk.page.url()).pathname).toMatch(/^\/workspace\//);
    // The workspace is in use: a message goes out, and still as this agent.
    const words = `Still at work ${(lines += 1)}`;
    await desk.page.getByRole('textbox', { name: 'Message' }).fill(words);
    await desk.page.keyboard.press('Enter');
    await story.visitor.nextEvent(
      'conversation:message-added',
      ({ message }) => message.body.kind === 'text' && message.body.text === words,
    );
  }

  test('[B11] makes the agent load nothing, run nothing and go nowhere', async () => {
    const { url } = site.server;
    const targets = [counter.url, `${url}/api/v1/session?`, url, '', '//127.0.0.1:9'];
    const stream = await openStream();
    const key = snapshot(targets.flatMap(loaders), loaders(counter.url));
    expect(await stream.send(packFrame(key), true)).toBe('ok');
    const ends = (words: string) => added([element('p', {}, [text(words)])]);
    expect(await stream.send(packFrame([ends('All of it')]), false)).toBe('ok');
    await untilShown('All of it');
    await expectUnharmed();
    expect(await stream.send(packFrame([added(targets.flatMap(loaders)), ends('Once more')]), false)).toBe('ok');
    await untilShown('Once more');
    await expectUnharmed();
    // A hand on a link does no more than that.
    const link = copy().getByText('go', { exact: true }).first();
    await link.dispatchEvent('click');
    await expectGoingOn();
    await expectUnharmed();
  });

  test('[B5] reaches nobody under an epoch or a scope that is not the present one', async () => {
    const earlier = await openStream();
    const { epoch, send } = await openStream();
    const page = packFrame(snapshot([element('h1', {}, [text('Slipped in')])]));
    expect(await earlier.send(page, true)).toBe('stale-stream');
    const wrongs = [{ epoch: epoch + 1 }, { epoch: epoch - 1 }, { scopeNumber: 0 }, { scopeNumber: 99 }];
    for (const wrong of wrongs) expect(await send(page, true, wrong), JSON.stringify(wrong)).toBe('stale-stream');
    for (const wrong of [{ epoch: -1 }, { epoch: Number.NaN }, { scopeNumber: Number.NaN }])
      expect(await send(page, true, wrong), JSON.stringify(wrong)).toBe('bad-input');
    await expectGoingOn();
    expect(await copy().getByText('Slipped in').count()).toBe(0);
  });

  test.each(FORGED_BOMBS)(
    '[O5] with %s gets a clear answer, the server stays small, and the next page is shown',
    async (_what, make) => {
      const before = await readMemoryKb();
      const stream = await openStream();
      for (const [index, frame] of make().entries()) {
        expect(['ok', 'too-large', 'rate-limited', 'stale-stream']).toContain(await stream.send(frame, index === 0));
      }
      await expectGoingOn();
      await expectUnharmed();
      const metrics = await readMetrics(site.server);
      expect(metrics('foyer_share_kept_bytes{kind="frames"}')).toBeLessThan(MAX_KEPT_BYTES);
      expect((await readMemoryKb()) - before).toBeLessThan(MAX_GROWTH_KB);
    },
  );

  /** What the server's process has in memory, its inflaters included. */
  async function readMemoryKb(): Promise<number> {
    const status = await readFile(`/proc/${site.server.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  }
});
