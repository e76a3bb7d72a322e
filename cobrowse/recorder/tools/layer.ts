import { boxOf } from './composed-tree.ts';
import { createFollower } from './follower.ts';
import { attempt, guarded } from './guarded.ts';
import { LAYER_CSS } from './layer-style.ts';

/** Where everything of ours is shown: above the page, out of its reach, and never over the widget. */
export interface Layer {
  /** Shows a new element in it. The layer itself is on the page only while it holds something. */
  add<Name extends keyof HTMLElementTagNameMap>(tag: Name, className: string): HTMLElementTagNameMap[Name];
  remove(element: Element): void;
  owns(node: Node): boolean;
  setAccent(accent: string | null): void;
  close(): void;
}

export interface LayerOptions {
  claim(element: Element): void;
  isOwnInterface(node: Node): boolean;
  accent: string | null;
  /** What it is put into, the page itself unless said; in a part of the page it covers the widget as well. */
  home?: Element;
}

const STYLES: Record<string, string> = {
  all: 'initial',
  display: 'block',
  position: 'fixed',
  inset: '0',
  width: '100%',
  height: '100%',
  margin: '0',
  padding: '0',
  border: '0',
  background: 'none',
  overflow: 'visible',
  'pointer-events': 'none',
  'z-index': '2147483646',
  'color-scheme': 'light dark',
};

/** In a part of the page it is put back at once if it stood for so long: longer than a press takes. */
const STOOD_MS = 200;

/** The design's own, on light and on dark ground. */
const ACCENT = '#1f6b57';

export function createLayer({ claim, isOwnInterface, accent, home }: LayerOptions): Layer {
  const host = document.createElement('div');
  claim(host);
  for (const name in STYLES) host.style.setProperty(name, STYLES[name] ?? '', 'important');
  host.setAttribute('popover', 'manual');
  const root = attachUnseen(host);
  addStyle(root);
  // Changes are made in here: those of the host itself would be taken for changes of the page.
  const all = document.createElement('div');
  all.className = 'all';
  root.append(all);
  const frames = document.getElementsByTagName('iframe');
  let life: AbortController | undefined;
  let clip = '';
  let attachedAt = -Infinity;

  /** A dialog that opens later stands above everything, so the layer has to come after it. */
  const raise = guarded(() => {
    if (!host.isConnected || typeof host.showPopover !== 'function') return;
    if (host.matches(':popover-open')) host.hidePopover();
    host.showPopover();
  });
  const attach = guarded(() => {
    if (!life || host.isConnected || home?.isConnected === false) return;
    // NOTE: a page that takes it out whenever it comes would be answered for ever; `home` is looked after by who gave it.
    if (home && performance.now() - attachedAt < STOOD_MS) return;
    attachedAt = performance.now();
    (home ?? document.documentElement).append(host);
    raise();
  });
  /** What an agent draws must not hide the banner that ends the sharing. */
  const spareWidget = (): boolean => {
    const boxes = Array.from(frames, (frame) => (isOwnInterface(frame) ? boxOf(frame) : null));
    const holes = boxes.map((box) =>
      box && box.width && box.height ? `M${box.x} ${box.y}h${box.width}v${box.height}h${-box.width}z` : '',
    );
    const path = `path(evenodd,"M0 0H${innerWidth}V${innerHeight}H0z${holes.join('')}")`;
    if (home || path === clip) return false;
    clip = path;
    all.style.setProperty('clip-path', path);
    return true;
  };
  const follower = createFollower(() => (spareWidget() ? 'moving' : 'still'));

  const open = (): void => {
    if (life) return;
    life = new AbortController();
    const { signal } = life;
    attach();
    spareWidget();
    follower.wake();
    const roots = new MutationObserver(attach);
    roots.observe(document, { childList: true });
    roots.observe(home ?? document.documentElement, { childList: true });
    const dialogs = new MutationObserver((changes) => {
      if (changes.some(({ target }) => (target as Element).localName === 'dialog')) raise();
    });
    dialogs.observe(document, { subtree: true, attributeFilter: ['open'] });
    const handleToggle = guarded((event: Event) => {
      if (event.target !== host && (event as Partial<ToggleEvent>).newState === 'open') raise();
    });
    document.addEventListener('toggle', handleToggle, { capture: true, signal });
    document.addEventListener('fullscreenchange', raise, { signal });
    signal.addEventListener('abort', () => {
      roots.disconnect();
      dialogs.disconnect();
    });
  };
  const hide = (): void => {
    life?.abort();
    life = undefined;
    follower.stop();
    host.remove();
  };
  const setAccent = (colour: string | null): void => {
    const isColour = colour !== null && attempt(() => CSS.supports('color', colour), false);
    all.style.setProperty('--accent', isColour ? colour : ACCENT);
    all.style.setProperty('--on-accent', isColour && isPale(colour) ? '#111' : '#fff');
  };
  setAccent(accent);

  return {
    add(tag, className) {
      open();
      const element = document.createElement(tag);
      element.className = className;
      all.append(element);
      return element;
    },
    remove(element) {
      element.remove();
      if (all.childElementCount === 0) hide();
    },
    owns: (node) => node === host || node.getRootNode() === root,
    setAccent,
    close() {
      all.replaceChildren();
      hide();
    },
  };
}

/** The recording watches every tree attached in the way it has put in place, and keeps the browser's own way there. */
function attachUnseen(host: Element): ShadowRoot {
  const attach: Element['attachShadow'] & { __rrweb_original__?: Element['attachShadow'] } = host.attachShadow;
  return (attach.__rrweb_original__ ?? attach).call(host, { mode: 'closed' });
}

/** As a sheet of its own, which also works where the page's policy forbids style elements. */
function addStyle(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(LAYER_CSS);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement('style');
    style.textContent = LAYER_CSS;
    root.append(style);
  }
}

/** Whether dark text reads better on it; colours in other forms than `#rrggbb` are taken for dark ones. */
function isPale(colour: string): boolean {
  const [red, green, blue] = (/^#(..)(..)(..)$/.exec(colour) ?? []).slice(1).map((part) => parseInt(part, 16));
  return (
    red !== undefined && green !== undefined && blue !== undefined && red * 299 + green * 587 + blue * 114 > 150_000
  );
}
