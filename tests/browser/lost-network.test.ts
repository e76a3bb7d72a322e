import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { acceptRequest, askForHelp, launchChromium, openDesk, openShop } from '../_support/browser.ts';
import type { AgentPage, VisitorPage } from '../_support/browser.ts';
import { createNetworkPath } from '../_support/network-path.ts';
import type { NetworkPath } from '../_support/network-path.ts';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';

type Side = 'visitor' | 'agent';

const WRITTEN = {
  visitor: ['visitor one', 'visitor two', 'visitor three'],
  agent: ['agent one', 'agent two', 'agent three'],
};
/** Either end gives up a line that has been silent for 18 s: no ping at the page, no answer to it at the server. */
const NOTICED_BY_ITSELF = { timeout: 60_000 };
const SOON = { timeout: 30_000 };

describe('a browser loses the network in a chat', () => {
  let browser: Browser;
  let server: TestServer;
  /** Between each browser and the server, so that only one of them is cut off. */
  let paths: Record<Side, NetworkPath>;
  let desk: AgentPage;
  let shop: VisitorPage;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    server = await startServer();
    paths = { visitor: await createNetworkPath(server), agent: await createNetworkPath(server) };
    desk = await openDesk(browser, paths.agent.url, await server.addAgent({ name: 'Ada Lind' }));
    shop = await openShop(browser, paths.visitor.url);
    await askForHelp(shop.widget, 'Text chat', 'Grace Hofer');
    await acceptRequest(desk.page);
    await shop.widget.getByRole('button', { name: 'End chat' }).waitFor();
  });
  afterEach(async () => {
    await shop.context.close();
    await desk.context.close();
    await Promise.all([paths.visitor.close(), paths.agent.close()]);
    await server.close();
  });

  const pageOf = (side: Side): Page | FrameLocator => (side === 'visitor' ? shop.widget : desk.page);
  const logOf = (side: Side) => pageOf(side).getByRole('log', { name: 'Conversation' });

  async function writeAll(side: Side): Promise<void> {
    for (const text of WRITTEN[side]) {
      await pageOf(side).getByRole('textbox', { name: 'Message' }).fill(text);
      await pageOf(side).getByRole('button', { name: 'Send', exact: true }).click();
    }
  }

  /** The test's own messages as they stand in the log of a side, from top to bottom. */
  async function textsAt(side: Side): Promise<string[]> {
    const shown = (await logOf(side).textContent()) ?? '';
    return shown.match(/(?:visitor|agent) (?:one|two|three)/g) ?? [];
  }

  async function expectAllOnceInOrder(): Promise<void> {
    for (const side of ['visitor', 'agent'] as const) {
      for (const text of [...WRITTEN.visitor, ...WRITTEN.agent]) await logOf(side).getByText(text).waitFor(SOON);
      await expect.poll(() => pageOf(side).getByText('Waiting for connection').count(), SOON).toBe(0);
    }
    // Where one's own waited at the end, the server's order brings them to their place.
    await expect.poll(() => textsAt('visitor'), SOON).toHaveLength(6);
    await expect.poll(async () => (await textsAt('agent')).join(), SOON).toBe((await textsAt('visitor')).join());
    const seen = await textsAt('visitor');
    expect(seen.toSorted()).toEqual([...WRITTEN.visitor, ...WRITTEN.agent].toSorted());
    expect(seen.filter((text) => text.startsWith('visitor'))).toEqual(WRITTEN.visitor);
    expect(seen.filter((text) => text.startsWith('agent'))).toEqual(WRITTEN.agent);
  }

  test("[C1] the visitor's network is cut while both write: all six arrive once and in order", async () => {
    paths.visitor.cut();
    await shop.widget.getByText('You are offline. Messages are kept').waitFor(SOON);
    await desk.page.getByText('Grace Hofer is away from the page').waitFor(SOON);
    await writeAll('visitor');
    await writeAll('agent');
    await shop.widget.getByText('Waiting for connection').first().waitFor();
    expect(await textsAt('agent')).toEqual(WRITTEN.agent);
    expect(await textsAt('visitor')).toEqual(WRITTEN.visitor);

    paths.visitor.restore();
    await expectAllOnceInOrder();
    await desk.page.getByText('Grace Hofer is away from the page').waitFor({ state: 'hidden' });
    await shop.widget.getByText('You are offline').waitFor({ state: 'hidden' });
  });

  test("[C1] the agent's network is cut while both write: all six arrive once and in order", async () => {
    paths.agent.cut();
    await desk.page.getByText('No connection.').waitFor(SOON);
    await writeAll('agent');
    await writeAll('visitor');
    expect(await textsAt('visitor')).toEqual(WRITTEN.visitor);
    expect(await textsAt('agent')).toEqual(WRITTEN.agent);

    paths.agent.restore();
    await expectAllOnceInOrder();
    await desk.page.getByText('No connection.').waitFor({ state: 'hidden' });
  });

  test("[C1] the visitor's network is off until both ends have noticed by themselves: all six arrive once and in order", async () => {
    paths.visitor.swallow();
    await writeAll('visitor');
    await writeAll('agent');
    await shop.widget.getByText('You are offline. Messages are kept').waitFor(NOTICED_BY_ITSELF);
    // Nothing tells the server: it finds after 18 s that its pings are not answered.
    await desk.page.getByText('Grace Hofer is away from the page').waitFor(NOTICED_BY_ITSELF);
    expect(await textsAt('agent')).toEqual(WRITTEN.agent);
    expect(await textsAt('visitor')).toEqual(WRITTEN.visitor);

    paths.visitor.restore();
    await expectAllOnceInOrder();
    await desk.page.getByText('Grace Hofer is away from the page').waitFor({ state: 'hidden' });
    await shop.widget.getByText('You are offline').waitFor({ state: 'hidden' });
  });
});
