import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { becomeReady, openWorkspace } from '../_support/story.ts';
import { createSharedSite, openSharing, watchShare, type SharedSite } from '../_support/shared-site.ts';

/** Both halves say something new twenty times a second, in text, attribute and style sheet; each saying is numbered. */
const LIVELY_PAGE = `
  <main><section id="left" aria-label="Left"><h2>left-start</h2><p>left-0</p></section>
  <section id="right" aria-label="Right"><h2>right-start</h2><p>right-0</p><div id="host"></div></section></main>
  <script>
    const host = document.getElementById('host').attachShadow({ mode: 'open' });
    host.innerHTML = '<p>right-shadow-0</p>';
    let count = 0;
    setInterval(() => {
      count += 1;
      for (const side of ['left', 'right']) {
        const section = document.getElementById(side);
        section.querySelector('p').firstChild.nodeValue = side + '-' + count;
        section.querySelector('h2').title = side + '-title-' + count;
        const made = document.createElement('i');
        made.textContent = side + '-made-' + count;
        section.querySelectorAll('i').forEach((old) => old.remove());
        section.append(made);
      }
      host.firstChild.textContent = 'right-shadow-' + count;
      document.title = 'Count ' + count;
    }, 50);
  </script>`;

/** Everything the hidden half says, whatever it is. */
const RIGHT = /right-(?:start|title|made|shadow|\d)/;

describe('a share that is narrowed while the page is busy', () => {
  let site: SharedSite;
  beforeAll(async () => {
    site = await createSharedSite();
    site.setPage('/lively', LIVELY_PAGE);
  });
  afterAll(() => site.close());

  test.each([
    ['Only this part …', '#left', 'part'],
    ['Hide this part …', '#right', 'page'],
  ])(
    '[B3] from the click on "%s" on nothing of the rest is sent, kept or shown to who joins later',
    async (name, picked, kind) => {
      const { agent } = site;
      const visitor = await openSharing(site, '/lively');
      const { page, wire, press, share, context } = visitor;
      const eye = await watchShare(agent, share.shareId);
      await eye.untilSeen('right-made-');
      await press('CHANGE SHARING');
      const choice = visitor.widget.getByRole('button', { name });
      await choice.waitFor();
      await choice.click();
      const sentBefore = wire.messages().length;
      // What was on the socket before the click may still be on its way to the agent; the server shuts with the pause.
      const paused = await visitor.untilShare(({ phase }) => phase === 'paused');
      // The picker's own layer stands over the page; what is in it only people reach.
      await page.locator('div[popover="manual"]').first().waitFor({ state: 'attached' });
      const box = (await page.locator(`${picked} h2`).boundingBox())!;
      await page.mouse.move(box.x + 20, box.y + box.height / 2, { steps: 3 });
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Enter');
      const narrowed = await visitor.untilShare(({ scope, phase }) => phase === 'live' && scope?.kind === kind);
      expect(narrowed.scopeNumber).toBeGreaterThan(paused.scopeNumber);
      const later = await watchShare(agent, share.shareId);
      await later.untilSeen('left-made-');
      const count = /left-made-(\d+)/.exec(later.text())?.[1] ?? '0';
      await later.untilSeen(`left-made-${Number(count) + 20}`);

      const sent = wire
        .messages()
        .slice(sentBefore)
        .filter(({ from }) => from === 'page');
      expect(sent.some(({ text }) => text.includes('left-made-'))).toBe(true);
      expect(sent.filter(({ text }) => RIGHT.test(text)).map(({ name: sentAs }) => sentAs)).toEqual([]);
      expect(later.text()).not.toMatch(RIGHT);

      // Somebody who opens the workspace only now gets what is kept.
      const late = await openWorkspace(site.server, agent.account);
      await becomeReady(late);
      const lateEye = await watchShare(late, share.shareId);
      await lateEye.untilSeen('left-made-');
      expect(lateEye.text()).not.toMatch(RIGHT);
      // At the agent, from the message that blanks the view on.
      const heard = agent.heardAll().filter(({ event }) => (event as { shareId?: string }).shareId === share.shareId);
      const cleared = heard.findIndex(
        (entry) =>
          entry.name === 'share:view-cleared' &&
          (entry.event as { scopeNumber: number }).scopeNumber >= paused.scopeNumber,
      );
      const stale = heard
        .slice(cleared)
        .filter((entry) => entry.name === 'share:frame-arrived')
        .filter(({ event }) => (event as { scopeNumber: number }).scopeNumber < paused.scopeNumber);
      expect(cleared).toBeGreaterThan(0);
      expect(stale).toEqual([]);
      late.close();
      await agent.request('conversation:end-conversation', { conversationId: visitor.conversationId });
      await context.close();
    },
  );
});
