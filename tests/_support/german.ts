import type { FrameLocator, Locator, Page } from 'playwright-core';
import { acceptRequest, askForHelp, openDesk, openShop } from './browser.ts';
import type { AgentPage, VisitorPage } from './browser.ts';
import type { BrowserWorld } from './browser-world.ts';

/** Words of the English interface that the main path shows; nothing of them may be left in German. */
export const ENGLISH_WIDGET =
  /\b(Live Help|Text chat|Voice call|Video call|How can we|Before we start|Your|agree|Please|Routing|Leave|Send|Write|End chat|Minimize|today|Attach|conversation|share|shared|sharing|screen|window|Allow|Not now|Whole page|part|hidden|Hide|Show|Pause|paused|Resume|Draw|Take back|Nobody|Nothing|Picture|Sharp|Smooth|Stop|recorded|Cancel)\b/i;
export const ENGLISH_WORKSPACE =
  /\b(Password|Sign in|Welcome|Live Help|Communication|Messages|Settings|Conversations|All quiet|Incoming|Accept|Decline|Queue|waiting|Voice call|Video call|End|Send|Visitor|Language|First visit|page|Sound|Nothing|read|wrote|share|shared|sharing|screen|window|Request|Permissions|Allowed|Ask|Whole|part|hidden|Paused|Look|Point|Draw|Highlight|Act on|Fit|Actual|Follow|Recorded|Cancel|Dismiss)\b/i;

/** Everything a person reads or a screen reader says, names of controls included. */
export async function wordsOf(where: Page | FrameLocator): Promise<string> {
  return where.locator('body').evaluate((body) => {
    const names = [...body.querySelectorAll('[aria-label], [title], [placeholder]')].flatMap((element) =>
      ['aria-label', 'title', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
    );
    return [(body as HTMLElement).innerText, ...names].join('\n');
  });
}

/** A visitor and the agent who has answered, both with a browser that is set to German. */
export interface GermanTalk {
  desk: AgentPage;
  shop: VisitorPage;
  visitorButton(name: string): Locator;
  agentButton(name: string): Locator;
  /** What either of them reads in English. */
  findEnglish(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openGermanTalk(
  { browser, server }: BrowserWorld,
  /** Before anything is opened in the two browsers. */
  prepare: (page: Page) => Promise<void> = () => Promise.resolve(),
): Promise<GermanTalk> {
  const desk = await openDesk(browser, server.url, await server.addAgent({ name: 'Ada Lind' }), { locale: 'de-DE' });
  const shop = await openShop(browser, server.url, { locale: 'de-DE', path: '/demo/startseite.html' });
  for (const { page } of [desk, shop]) {
    await prepare(page);
    await page.reload();
  }
  await askForHelp(shop.widget, 'Text chat', 'Jörg Müller');
  await acceptRequest(desk.page);
  await shop.widget.getByRole('textbox', { name: 'Nachricht' }).waitFor();
  return {
    desk,
    shop,
    visitorButton: (name) => shop.widget.getByRole('button', { name, exact: true }),
    agentButton: (name) => desk.page.getByRole('button', { name, exact: true }),
    async findEnglish() {
      const atVisitor = ENGLISH_WIDGET.exec(await wordsOf(shop.widget));
      const atAgent = ENGLISH_WORKSPACE.exec(await wordsOf(desk.page));
      return [atVisitor, atAgent].flatMap((found) => (found ? [found[0]] : []));
    },
    async close() {
      await desk.page.getByRole('button', { name: 'Gespräch beenden' }).click();
      await shop.widget.getByText('Dieses Gespräch ist beendet').waitFor();
      await Promise.all([shop.context.close(), desk.context.close()]);
    },
  };
}
