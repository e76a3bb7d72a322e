import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRecorderWorld, NO_RULES, WHOLE_PAGE } from '../_support/recorder-page.ts';
import type { RecorderWorld } from '../_support/recorder-page.ts';

const CLIENT_DIR = join(import.meta.dirname, '..', '..', 'dist', 'client');
const STREAM = { epoch: 1, scopeNumber: 1, scope: WHOLE_PAGE, rules: NO_RULES };
/** The widget's side in a frame of its own: it has the loader bring the recorder, and says what it hears to the page. */
const WIDGET = `<!doctype html><script>addEventListener('message', ({ data, ports: [port] }) => {
  if (data.foyer !== 'connect') return;
  const load = (script) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => {
      parent.postMessage({ said: data.type, script }, '*');
      if (data.type !== 'ready') return;
      port1.postMessage({ type: 'start', stream: ${JSON.stringify(STREAM)} });
      port1.postMessage({ type: 'watermark', text: 'Shared' });
    };
    port.postMessage({ type: 'load', script }, [port2]);
  };
  load('/../evil.js');
  load('/recorder.js');
})</script>`;
const PAGE = `<!doctype html><title>Shop</title><script>
  addEventListener('message', ({ data }) => { window.said = [...(window.said ?? []), data]; });
  addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
    window.violations = [...(window.violations ?? []), effectiveDirective];
  });
</script><p>Lamps</p><script async src="/embed.js" data-site="x"></script>`;

type Said = { said?: { said: string; script: string }[]; violations?: string[] };

describe('the scripts that sharing brings to a page', () => {
  let world: RecorderWorld;

  beforeAll(async () => {
    world = await createRecorderWorld();
    world.site.setPage('/embed.js', readFileSync(join(CLIENT_DIR, 'embed.js')), { 'content-type': 'text/javascript' });
    world.site.setPage('/widget/', WIDGET);
  });
  afterAll(() => world.close());

  const openInsisting = async (policies: string): Promise<Page> => {
    world.site.setPage('/', PAGE, {
      'content-security-policy': `require-trusted-types-for 'script'; trusted-types ${policies}`,
    });
    const page = await world.browser.newPage();
    await page.goto(world.site.origin);
    return page;
  };

  test('[V1] a page that insists on trusted types takes them under the name "foyer"', async () => {
    const page = await openInsisting('foyer');
    const tools = page.waitForResponse(/recorder-tools\.js/);
    await page.waitForFunction(() => (window as Said).said?.some(({ said }) => said === 'events'));
    expect((await tools).status()).toBe(200);
    await page.locator('div[popover="manual"]').waitFor({ state: 'attached' });
    expect(await page.evaluate(() => (window as Said).violations ?? [])).toEqual([]);
    expect(world.site.requests().filter((path) => path.includes('evil'))).toEqual([]);
    await page.close();
  });

  test('[V1] a page that allows no such name brings none of them and goes on', async () => {
    const before = world.site.requests().length;
    const page = await openInsisting("'none'");
    await page.waitForFunction(() => ((window as Said).violations?.length ?? 0) > 0);
    expect(await page.locator('p').innerText()).toBe('Lamps');
    expect(world.site.requests().slice(before)).not.toContain('/recorder.js');
    await page.close();
  });

  test('[B6] the second script comes with the first tool, not with the word that none is in use', async () => {
    const recorded = await world.open('<!doctype html><title>Shop</title><p>Lamps</p>');
    const before = world.site.requests().length;
    const toolsFetched = () =>
      world.site
        .requests()
        .slice(before)
        .filter((path) => path === '/recorder-tools.js').length;
    await recorded.tell({ type: 'grants', grants: ['point'] });
    await recorded.tell({ type: 'show-hidden', isOn: false, agentName: 'Mira' });
    await recorded.tell({ type: 'tool', tool: 'none' });
    await recorded.tell({ type: 'watermark', text: null });
    await recorded.tell({ type: 'marks', name: 'Mira', marks: [] });
    await recorded.start();
    await recorded.settle();
    expect(toolsFetched()).toBe(0);
    await recorded.tell({ type: 'watermark', text: 'Shared with Mira' });
    await recorded.page.locator('div[popover="manual"]').waitFor({ state: 'attached' });
    expect(toolsFetched()).toBe(1);
    await recorded.context.close();
  });
});
