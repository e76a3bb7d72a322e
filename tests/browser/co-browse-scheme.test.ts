import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSharedDesk } from '../_support/shared-desk.ts';
import { createSharedSite, type SharedSite } from '../_support/shared-site.ts';

const DARK = 'rgb(0, 0, 99)';
const LIGHT = 'rgb(99, 0, 0)';
/** One paragraph for each way by which a page can follow the scheme. */
const WAYS = ['system', 'chosen', 'sheet', 'medium', 'adopted', 'inserted', 'replaced', 'written'];
const HEAD = `<title>Lamps</title><style id="sheet">
  :root { color-scheme: light dark } p { color: ${LIGHT} } #system { color: CanvasText }
  #chosen { color: light-dark(${LIGHT}, ${DARK}) }
  @media (prefers-color-scheme: dark) { #sheet-p { color: ${DARK} } }</style>
  <style media="(prefers-color-scheme: dark)">#medium-p { color: ${DARK} }</style>`;
const BODY = `${WAYS.map((way) => `<p id="${['system', 'chosen'].includes(way) ? way : `${way}-p`}">${way}</p>`).join('')}
  <script>
    const adopted = new CSSStyleSheet();
    adopted.replaceSync('@media (prefers-color-scheme: dark) { #adopted-p { color: ${DARK} } }');
    document.adoptedStyleSheets = [adopted];
  </script>`;

/** While it is shared; runs in the page. */
function changeSheets(dark: string): void {
  const toRule = (id: string): string => `@media (prefers-color-scheme: dark) { #${id} { color: ${dark} } }`;
  const { sheet } = document.querySelector<HTMLStyleElement>('#sheet')!;
  sheet!.insertRule(toRule('inserted-p'), sheet!.cssRules.length);
  document.adoptedStyleSheets[0]!.replaceSync(toRule('adopted-p') + toRule('replaced-p'));
  document.head.append(Object.assign(document.createElement('style'), { textContent: toRule('written-p') }));
}

/** Colours of all paragraphs; runs in the page and in the viewer. */
function readColours(page: Document): string[] {
  return [...page.querySelectorAll('p')].map(
    (element) => `${element.textContent} ${page.defaultView!.getComputedStyle(element).color}`,
  );
}
const toColours = (scheme: 'light' | 'dark'): string[] =>
  WAYS.map((way) => {
    const system = scheme === 'dark' ? 'rgb(255, 255, 255)' : 'rgb(0, 0, 0)';
    return `${way} ${way === 'system' ? system : scheme === 'dark' ? DARK : LIGHT}`;
  });

describe('a page that is light or dark as its visitor has chosen', () => {
  let site: SharedSite;
  beforeAll(async () => {
    site = await createSharedSite();
    site.setPage('/schemes', BODY, HEAD);
  });
  afterAll(() => site.close());

  test.each([
    ['dark', 'light'],
    ['light', 'dark'],
  ] as const)(
    '[B5] a visitor’s %s page is shown as it is to an agent whose machine is %s',
    async (visitors, agents) => {
      const dress = (page: Page, colorScheme: 'light' | 'dark') => page.emulateMedia({ colorScheme });
      const both = await openSharedDesk(site, '/schemes', (visitor) => void dress(visitor, visitors));
      await dress(both.desk, agents);
      await both.visitor.evaluate(changeSheets, DARK);
      const readCopy = () => both.inCopy(readColours).catch(() => []);
      expect(await both.visitor.evaluate(`(${String(readColours)})(document)`)).toEqual(toColours(visitors));
      await expect.poll(readCopy, { timeout: 10_000 }).toEqual(toColours(visitors));

      // The visitor's machine changes while the page is shared, as many do in the evening.
      await dress(both.desk, visitors);
      await dress(both.visitor, agents);
      await expect.poll(readCopy, { timeout: 10_000 }).toEqual(toColours(agents));
      await both.close();
    },
  );
});
