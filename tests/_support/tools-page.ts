import { randomUUID } from 'node:crypto';
import type { FromRecorder, PrivacyRules, RecorderLook } from '../../cobrowse/recorder/recorder-messages.ts';
import type { ActRefusal, ShareAct, ShareGrantName } from '../../protocol/sharing.ts';
import { bringRecorder, NO_RULES, WHOLE_PAGE, type RecordedPage, type RecorderWorld } from './recorder-page.ts';

/** Notes the closed shadow roots as they are made: what is shown above the page is in one of them. */
const SEE_CLOSED_ROOTS = () => {
  const roots: ShadowRoot[] = [];
  Object.defineProperty(window, 'closedRoots', { value: roots });
  const attachShadow = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function attach(init) {
    const root = attachShadow.call(this, init);
    if (init.mode === 'closed') roots.push(root);
    return root;
  };
};

/** Writes down what the page hears, as `type#id`. */
const LISTEN = `
  window.log = [];
  const names = ['pointerdown','mousedown','focusin','pointerup','mouseup','click','beforeinput','input','change','keydown','keyup','submit','reset'];
  for (const name of names) document.addEventListener(name, (event) => {
    const target = event.composedPath()[0];
    window.log.push(name + '#' + target.id);
    if (name === 'submit') event.preventDefault();
  }, true);
`;

declare global {
  interface Window {
    closedRoots: ShadowRoot[];
    /** What a listening page has heard. */
    log?: string[];
  }
}

const EVERY_GRANT: readonly ShareGrantName[] = ['point', 'draw', 'scroll', 'click-and-type', 'navigate'];
type ActAnswer = Extract<FromRecorder, { type: 'act-done' }>;

export interface ToolsPage extends RecordedPage {
  /** The number under which the other side knows the element with this id, `#` and all. */
  idOf(selector: string): Promise<number>;
  /** Lets an agent called Jana act, and says what came of it. */
  act(act: ShareAct): Promise<ActAnswer>;
  /** What a listening page has heard since this was asked last. */
  log(): Promise<string[]>;
  click(selector: string, x?: number, y?: number): Promise<ActRefusal | null>;
  type(selector: string, text: string): Promise<ActRefusal | null>;
  press(selector: string, key: 'Enter' | 'Escape' | 'Tab' | 'Backspace'): Promise<ActRefusal | null>;
  select(selector: string, indexes: number[]): Promise<ActRefusal | null>;
  grant(...grants: ShareGrantName[]): Promise<void>;
  /** What our layer shows that matches, as text and box. */
  layer(selector: string): Promise<{ text: string; box: [x: number, y: number, width: number, height: number] }[]>;
  /** Waits until the layer shows this. */
  untilLayer(selector: string, text?: string): Promise<void>;
  untilLayerEmpty(selector?: string): Promise<void>;
}

export interface ToolsPageOptions {
  path?: string;
  rules?: Partial<PrivacyRules>;
  grants?: readonly ShareGrantName[];
  colorScheme?: 'light' | 'dark';
  hasTouch?: boolean;
  reducedMotion?: 'reduce';
  look?: RecorderLook;
  /** Before anything of ours is on the page. */
  before?: () => void;
}

/** A page of a customer's with the recorder running and every grant given, as the widget would have it. */
export async function openTools({ browser, site }: RecorderWorld, options: ToolsPageOptions = {}): Promise<ToolsPage> {
  const context = await browser.newContext({
    viewport: { width: 1_000, height: 700 },
    colorScheme: options.colorScheme ?? 'light',
    hasTouch: options.hasTouch ?? false,
    ...(options.reducedMotion && { reducedMotion: options.reducedMotion }),
  });
  const page = await context.newPage();
  await page.addInitScript(SEE_CLOSED_ROOTS);
  if (options.before) await page.addInitScript(options.before);
  await page.goto(site.origin + (options.path ?? '/'));
  const recorded = await bringRecorder(page, context);
  const { tell } = recorded;
  if (options.look) await tell({ type: 'look', look: options.look });
  await recorded.start({ ...NO_RULES, ...options.rules }, WHOLE_PAGE);
  await tell({ type: 'grants', grants: options.grants ?? EVERY_GRANT });
  // The second script comes with the first tool in use; nothing is listened for before it is there.
  await tell({ type: 'show-hidden', isOn: true });
  await page.waitForFunction(() => window.closedRoots.length > 0);
  await tell({ type: 'show-hidden', isOn: false });

  async function act(wanted: ShareAct): Promise<ActAnswer> {
    const actId = randomUUID();
    await tell({ type: 'act', actId, act: wanted, agentName: 'Jana' });
    const found = await page.waitForFunction(
      (id) => window.recorderHeard.find((message) => message.type === 'act-done' && message.actId === id),
      actId,
    );
    return (await found.jsonValue()) as ActAnswer;
  }
  async function idOf(selector: string): Promise<number> {
    const events = (await recorded.heard()).flatMap((message) =>
      message.type === 'events' ? (JSON.parse(message.events) as unknown[]) : [],
    );
    const nodeId = findNodeId(events, selector.replace('#', ''));
    if (nodeId === undefined) throw new Error(`Nothing was sent of ${selector}.`);
    return nodeId;
  }

  return {
    ...recorded,
    act,
    idOf,
    log: () => page.evaluate(() => window.log?.splice(0) ?? []),
    click: async (selector, x = 0.5, y = 0.5) =>
      (await act({ kind: 'click', at: { nodeId: await idOf(selector), x, y } })).refusal,
    type: async (selector, text) => (await act({ kind: 'type', nodeId: await idOf(selector), text })).refusal,
    press: async (selector, key) => (await act({ kind: 'press', nodeId: await idOf(selector), key })).refusal,
    select: async (selector, indexes) => (await act({ kind: 'select', nodeId: await idOf(selector), indexes })).refusal,
    grant: (...grants) => tell({ type: 'grants', grants }),
    layer: (selector) =>
      page.evaluate(
        (wanted) =>
          window.closedRoots.flatMap((root) =>
            Array.from(root.querySelectorAll<HTMLElement>(wanted), (element) => {
              const { x, y, width, height } = element.getBoundingClientRect();
              return { text: element.innerText, box: [x, y, width, height] as [number, number, number, number] };
            }),
          ),
        selector,
      ),
    async untilLayer(selector, text = '') {
      await page.waitForFunction(
        ([wanted, words]) =>
          window.closedRoots.some((root) =>
            Array.from(root.querySelectorAll<HTMLElement>(wanted)).some(
              (element) => element.getClientRects().length > 0 && element.innerText.includes(words),
            ),
          ),
        [selector, text] as const,
      );
    },
    async untilLayerEmpty(selector = '.all *') {
      await page.waitForFunction(
        (wanted) => window.closedRoots.every((root) => !root.isConnected || root.querySelector(wanted) === null),
        selector,
      );
    },
  };
}

/** A page with this body that writes down every event it hears; `script` runs after that. */
export async function openListening(
  world: RecorderWorld,
  body: string,
  options: ToolsPageOptions = {},
  script = '',
): Promise<ToolsPage> {
  world.site.setPage('/page.js', `${LISTEN}\n${script}`);
  world.site.setPage(
    '/',
    `<!doctype html><html lang="en"><head><title>Shop</title></head><body>${body}<script src="/page.js"></script></body></html>`,
  );
  return openTools(world, options);
}

/** The latest node that carries this id attribute. */
function findNodeId(value: unknown, mark: string): number | undefined {
  let found: number | undefined;
  const visit = (each: unknown): void => {
    if (typeof each !== 'object' || each === null) return;
    const { id, attributes } = each as { id?: unknown; attributes?: { id?: unknown } };
    if (typeof id === 'number' && attributes?.id === mark) found = id;
    for (const inner of Object.values(each)) visit(inner);
  };
  visit(value);
  return found;
}
