import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame, Page } from 'playwright-core';

const AXE_SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The frame that the widget lives in; the loader has put it there already. */
export function widgetFrame(page: Page): Frame {
  const frame = page.frames().find((candidate) => new URL(candidate.url()).pathname.startsWith('/widget'));
  if (!frame) throw new Error('There is no widget in this page.');
  return frame;
}

interface AxeRun {
  run(
    context: Document,
    options: object,
  ): Promise<{
    violations: { id: string; impact: string | null; nodes: { html: string; failureSummary?: string }[] }[];
  }>;
}

/** What axe-core finds serious or worse in this document, one line each, so that a failing test says it all. */
export async function findBarriers(where: Page | Frame): Promise<string[]> {
  // A script tag would be refused by the page's own policy.
  if (!(await where.evaluate(() => 'axe' in window))) await where.evaluate(AXE_SOURCE);
  return where.evaluate(async (tags) => {
    const { axe } = window as Window & { axe?: AxeRun };
    if (!axe) throw new Error('axe-core has not arrived in this page.');
    const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`));
  }, WCAG);
}

export interface FocusedControl {
  role: string;
  name: string;
  /** A ring on the control itself or on what is drawn for it. */
  isRinged: boolean;
}

/** What has the keyboard in this document, as a person sees and hears it. */
export function findFocused(where: Page | Frame): Promise<FocusedControl | null> {
  return where.evaluate(() => {
    // Not by class: in the conversation's own window stand elements that the widget's frame has made.
    const focused = document.activeElement as HTMLElement | null;
    if (focused === null || focused === document.body || focused.localName === 'iframe') return null;
    const labels = 'labels' in focused ? [...((focused.labels as NodeListOf<HTMLElement> | null) ?? [])] : [];
    const labelledBy = (focused.getAttribute('aria-labelledby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id));
    const name =
      focused.getAttribute('aria-label') ??
      ([...labels, ...labelledBy]
        .map((label) => label?.innerText ?? '')
        .join(' ')
        .trim() ||
        focused.innerText);
    const drawn = [focused, focused.parentElement, focused.nextElementSibling, focused.parentElement?.parentElement];
    const isRinged = drawn.some(
      (element) => element && / 0px 0px 0px [2-4]px/.test(getComputedStyle(element).boxShadow),
    );
    return { role: focused.getAttribute('role') ?? focused.tagName.toLowerCase(), name: name.trim(), isRinged };
  });
}

/**
 * Presses Tab until the named control has the keyboard, and says which controls on the way had no visible focus.
 * @param where the document that the control is in, which may be a frame of the page
 */
export async function tabTo(
  page: Page,
  where: Page | Frame,
  name: string | RegExp,
  key: 'Tab' | 'Shift+Tab' = 'Tab',
): Promise<{ unringed: string[] }> {
  const unringed: string[] = [];
  const passed: string[] = [];
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press(key);
    const focused = await findFocused(where);
    if (!focused) continue;
    passed.push(focused.name);
    if (!focused.isRinged) unringed.push(`${focused.role} "${focused.name}"`);
    if (typeof name === 'string' ? focused.name === name : name.test(focused.name)) return { unringed };
  }
  throw new Error(`"${String(name)}" was not reached with ${key}. Passed: ${passed.join(' | ')}`);
}

/** Names of what moves for longer than an eye would notice. */
export function findMotion(where: Page | Frame): Promise<string[]> {
  return where.evaluate(() =>
    document
      .getAnimations()
      .filter((animation) => Number(animation.effect?.getComputedTiming().duration ?? 0) > 1)
      .map((animation) => (animation instanceof CSSAnimation ? animation.animationName : animation.id || 'transition')),
  );
}
