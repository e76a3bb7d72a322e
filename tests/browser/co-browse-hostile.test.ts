import { randomUUID } from 'node:crypto';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ShareAct } from '../../protocol/sharing.ts';
import {
  createSharedSite,
  openSharing,
  watchShare,
  type Eye,
  type SharedSite,
  type SharingVisitor,
} from '../_support/shared-site.ts';
import { becomeReady, openWorkspace, type AgentPage } from '../_support/story.ts';

const FORM = `<h1>Form</h1><input id="name" value="ok-name"><input id="secret" type="password" value="x">
  <section data-foyer="mask"><button id="masked">Pay</button></section><button id="buy">Buy</button>
  <script>window.done = []; for (const id of ['name', 'secret', 'masked', 'buy'])
    for (const kind of ['click', 'input']) document.getElementById(id).addEventListener(kind, () => window.done.push(kind + ' ' + id));
  </script>`;

describe('a shared page in bad company', () => {
  let site: SharedSite;
  let visitor: SharingVisitor;
  beforeAll(async () => {
    site = await createSharedSite({ offeredGrants: ['point', 'click-and-type', 'scroll', 'navigate'] });
    site.setPage('/form', FORM);
  });
  afterAll(() => site.close());
  afterEach(() => visitor.context.close());

  /** The number that an element of the page has in what the agent was sent. */
  const findNodeId = (eye: Eye, attribute: string): number => {
    const at = eye.text().indexOf(attribute);
    const [, nodeId] = /.*"id":(\d+)/s.exec(eye.text().slice(0, Math.max(0, at))) ?? [];
    expect(nodeId, attribute).toBeDefined();
    return Number(nodeId);
  };

  test('[B7] an agent who acts without a permission, on private places or on nothing at all does nothing', async () => {
    visitor = await openSharing(site, '/form');
    const { agent } = site;
    const { shareId } = visitor.share;
    const eye = await watchShare(agent, shareId);
    await eye.untilSeen('ok-name');
    const { tabId, epoch } = eye.frames().at(-1)!;
    const ask = (act: ShareAct, place: object = {}) => {
      const actId = randomUUID();
      const asked = agent.request('share:ask-act', { shareId, tabId, epoch, actId, act, ...place });
      return asked.then(
        async () => (await agent.nextEvent('share:act-answered', (event) => event.actId === actId)).refusal,
        (error: { code: string }) => error.code,
      );
    };
    const name = findNodeId(eye, '"id":"name"');
    const secret = findNodeId(eye, '"type":"password"');
    const click = (nodeId: number): ShareAct => ({ kind: 'click', at: { nodeId, x: 0.5, y: 0.5 } });
    expect(await ask(click(name))).toBe('share-not-allowed');
    expect(await ask({ kind: 'type', nodeId: name, text: 'taken over' })).toBe('share-not-allowed');

    await agent.request('share:request-grant', { shareId, grant: 'click-and-type' });
    await visitor.press('Allow');
    await visitor.untilShare(({ grants }) => grants.some(({ grant }) => grant === 'click-and-type'));
    expect(await ask({ kind: 'type', nodeId: secret, text: 'guessed' })).toBe('private');
    expect(await ask({ kind: 'scroll', nodeId: null, left: 0, top: 9 })).toBe('share-not-allowed');
    const madeUp = await Promise.all([1_999_999, 2_147_483_647].map((nodeId) => ask(click(nodeId))));
    for (const refusal of madeUp) expect(refusal).not.toBeNull();
    expect(await ask(click(name), { epoch: epoch + 7 })).not.toBeNull();
    expect(await visitor.page.evaluate(() => (globalThis as never as { done: string[] }).done)).toEqual([]);
    expect(await visitor.page.locator('#secret').inputValue()).toBe('x');
    expect(await visitor.page.locator('#name').inputValue()).toBe('ok-name');
    await agent.request('conversation:end-conversation', { conversationId: visitor.conversationId });
  });

  test('[B8] a server that is killed in the middle of it comes back to the same share', async () => {
    visitor = await openSharing(site, '/form');
    const { shareId } = visitor.share;
    const eye = await watchShare(site.agent, shareId);
    await eye.untilSeen('ok-name');
    await visitor.untilShare(({ phase }) => phase === 'live');
    await site.server.kill('SIGKILL');
    await visitor.page.locator('h1').evaluate((heading) => (heading.textContent = 'Changed meanwhile'));
    await site.server.start();
    const again = await openWorkspace(site.server, site.agent.account);
    await becomeReady(again);
    const later = await watchShare(again, shareId);
    await later.untilSeen('Changed meanwhile');
    expect(Math.min(...later.frames().map(({ epoch }) => epoch))).toBeGreaterThan(eye.frames().at(-1)!.epoch);
    await again.request('share:end-share', { shareId });
    await visitor.widget.getByRole('button', { name: 'END SCREEN SHARE' }).waitFor({ state: 'detached' });
    again.close();
  });
});

describe('a rule of the site that no browser understands', () => {
  let site: SharedSite;
  let agent: AgentPage;
  beforeAll(async () => {
    site = await createSharedSite({ deny: ['.fine'] });
    site.setPage('/form', FORM);
    const { server } = site;
    await server.kill('SIGTERM');
    // Refused where it is written; it is stored by somebody who asked nobody.
    const database = new SqliteDatabase(server.databasePath);
    database.exec(`create trigger "spoil" after update of "settingsJson" on "sites" when new."settingsJson" ->> '$.key' = 'lamps'
      begin
        update "sites" set "settingsJson" = json_set(new."settingsJson", '$.coBrowse.deny[1]', 'p:not((') where "siteId" = new."siteId";
      end`);
    database.close();
    await server.start();
    agent = await openWorkspace(server, site.agent.account);
    await becomeReady(agent);
  });
  afterAll(async () => {
    agent.close();
    await site.close();
  });

  test('[B4] stops all sharing, says so, and not one frame is sent', async () => {
    const visitor = await openSharing({ ...site, agents: [agent] }, '/form');
    await agent.request('share:watch-stream', { shareId: visitor.share.shareId });
    const paused = await visitor.untilShare(({ phase }) => phase === 'paused');
    expect(paused.pausedBecause).toBe('unreadable-rules');
    await visitor.widget.getByText('Paused: this page cannot be shared safely').first().waitFor();
    expect(visitor.wire.messages().filter(({ name }) => name === 'share:send-frame')).toEqual([]);
    await visitor.context.close();
  });
});
