/**
 * The loader a customer's page carries: `<script async src="https://support.example/embed.js" data-site="KEY"></script>`.
 * It puts the widget's iframe on the page and passes messages. It stays a single file without imports because its
 * weight is paid by every page view, and nothing it does may ever throw into, slow down or restyle the page around it.
 */

/** The page a visitor looks at; the widget cuts what is too long. The fragment is left out: it never leaves the browser, and some sites keep secrets there. */
export interface PageFacts {
  url: string;
  title: string;
  referrer: string;
}

/** First message to the widget, by `postMessage` to its exact origin, together with the port for everything later. */
export interface ConnectMessage {
  foyer: 'connect';
  page: PageFacts;
  isFullScreen: boolean;
}

/** What the page tells the widget. Commands pass through unread: the widget checks them. */
export type HostMessage =
  | { type: 'page'; page: PageFacts }
  | { type: 'frame'; isFullScreen: boolean }
  | { type: 'command'; name: unknown; options: unknown };

/**
 * What the widget tells the page. An event with a value is a state: a handler that comes later hears the latest.
 * `load` comes with a port and brings a script of our own origin to the page, with that port on its element.
 */
export type WidgetMessage =
  | { type: 'load'; script: `/${string}.js` }
  | { type: 'layout'; layout: 'hidden' | 'panel'; widthPx?: never; heightPx?: never }
  | { type: 'layout'; layout: 'button'; widthPx: number; heightPx: number }
  | { type: 'event'; name: 'open' | 'close' | 'started' | 'ended'; value?: never }
  | { type: 'event'; name: 'ready' | 'status'; value: boolean }
  | { type: 'event'; name: 'unread'; value: number };

type Handler = (value?: boolean | number) => void;
type Arguments = readonly unknown[];
interface FoyerFunction {
  (...call: Arguments): void;
  /** Calls made before the loader ran. */
  q?: Arguments[];
  /** Set once a loader has taken over, so that a second script tag is harmless. */
  isLoaded?: boolean;
}

/** Gives scripts of our own origin, and nothing else, to pages that insist on trusted types. */
export interface ScriptPolicy {
  createScriptURL(path: string): string;
}

declare global {
  interface Window {
    Foyer?: FoyerFunction;
    trustedTypes?: { createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy };
  }
  interface HTMLScriptElement {
    /** For a script that brings another one. */
    foyerPolicy?: ScriptPolicy | undefined;
    /** How a script that the loader brought talks to the widget: it takes the port off its own element. */
    foyerPort?: MessagePort | undefined;
  }
}

const PANEL_WIDTH_PX = 380;
const PANEL_HEIGHT_PX = 640;
const PANEL_MARGIN_PX = 20;
/** The button brings its own room for shadow and focus ring, so its frame stands closer to the corner. */
const BUTTON_MARGIN_PX = 8;
/** The document inside follows the system's scheme; a frame of another scheme would get an opaque background. */
const BASE_STYLES = 'all:initial;color-scheme:light dark;';
/** Single-page sites set the title a moment after the address. */
const PAGE_SETTLE_MS = 250;

type Layout = Extract<WidgetMessage, { type: 'layout' }>;

/** Every outside entry (timer, event, call of the page) goes through here: a fault of ours ends here. */
function guarded<Inputs extends unknown[]>(act: (...inputs: Inputs) => void): (...inputs: Inputs) => void {
  return (...inputs) => {
    try {
      // Not spread: a page may have broken how lists are walked.
      act.apply(null, inputs);
    } catch {
      // Nothing of ours is worth breaking the customer's page for.
    }
  };
}

/**
 * Each with a semicolon at its end. By the property, never by a style attribute or element: those a strict CSP of the
 * page would refuse.
 */
function setStyles(element: HTMLElement, styles: string): void {
  element.style.cssText = styles.replace(/;/g, '!important;');
}

function readPage(): PageFacts {
  return {
    url: location.href.replace(/#.*/, ''),
    title: document.title,
    referrer: document.referrer,
  };
}

/** Calls back when the visitor is on another page of a single-page site, or its title came later. */
function watchPage(signal: AbortSignal, onChange: (page: PageFacts) => void): void {
  let last = readPage();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const settle = guarded(() => {
    timer ??= setTimeout(report, PAGE_SETTLE_MS);
  });
  const report = guarded(() => {
    timer = undefined;
    const page = readPage();
    if (signal.aborted || (page.url === last.url && page.title === last.title)) return;
    // Within a single-page site one comes from the site's own last page, whatever the document says.
    page.referrer = page.url === last.url ? last.referrer : last.url;
    last = page;
    onChange(page);
  });
  const titles = new MutationObserver(settle);
  titles.observe(document.head, { childList: true, subtree: true, characterData: true });
  addEventListener('popstate', settle, { signal });
  signal.addEventListener('abort', () => titles.disconnect());

  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    const observed: typeof original = function (this: History, ...inputs) {
      original.apply(this, inputs);
      settle();
    };
    history[name] = observed;
    signal.addEventListener('abort', () => {
      // Somebody may have wrapped it again after us; then ours stays inside theirs and does nothing.
      if (history[name] === observed) history[name] = original;
    });
  }
}

/** Made once: a page that insists on trusted types may allow each name for one policy alone. */
let scriptPolicy: ScriptPolicy | undefined;

/** Classic and with an address, so that it also runs where the page's own policy lets in our origin and no more. */
function loadScript(origin: string, path: string, port: MessagePort | undefined): void {
  const rules: ScriptPolicy = {
    createScriptURL(ours) {
      // Only a path on our own origin still reads the same once it is resolved.
      const url = origin + ours;
      if (new URL(ours, origin).href !== url) throw url;
      return url;
    },
  };
  const fail = (): void => port?.postMessage({ type: 'failed' });
  try {
    scriptPolicy ??= window.trustedTypes?.createPolicy('foyer', rules) ?? rules;
    const script = document.createElement('script');
    script.foyerPort = port;
    script.foyerPolicy = scriptPolicy;
    script.addEventListener('error', fail);
    script.src = scriptPolicy.createScriptURL(path);
    document.head.append(script);
  } catch {
    // Whoever waits on the port would wait for long.
    fail();
  }
}

/** The iframe in its corner; returns how to talk to the widget inside. Ends with the signal. */
function createFrame(
  src: URL,
  signal: AbortSignal,
  receive: (message: WidgetMessage) => void,
): (message: HostMessage) => void {
  const container = document.createElement('div');
  const iframe = document.createElement('iframe');
  const phone = matchMedia('(max-width:480px),(max-height:420px)');
  const viewport = window.visualViewport;
  let layout: Layout = { type: 'layout', layout: 'hidden' };
  let port: MessagePort | undefined;
  let openedFrom: HTMLElement | null = null;
  /** What was said before the widget listened. */
  let unsent: HostMessage[] = [];

  const place = guarded(() => {
    const isPanel = layout.layout === 'panel';
    const isFull = isPanel && phone.matches;
    const margin = isPanel ? PANEL_MARGIN_PX : BUTTON_MARGIN_PX;
    const toSize = (panelPx: number, buttonPx: number | undefined) =>
      // Hidden is without a size: the frame inside does not take over whether it can be seen.
      isPanel ? `min(${panelPx}px,100% - ${2 * margin}px)` : `${buttonPx ?? 0}px`;
    const inset = (side: string) => `env(safe-area-inset-${side})`;
    const toCorner = (side: string) => `calc(${margin}px + ${inset(side)})`;
    setStyles(
      container,
      `${BASE_STYLES}position:fixed;box-sizing:border-box;z-index:2147483647;overflow:hidden;` +
        (isFull
          ? // The on-screen keyboard and two fingers change only the visual viewport, and the panel stands exactly in
            // that. Where the browser has none, the first inset holds. Pages that reach behind a notch or the home bar:
            // the panel itself stays clear of them.
            `inset:0;width:${viewport?.width}px;height:${viewport?.height}px;inset:${viewport?.offsetTop}px auto auto ${viewport?.offsetLeft}px;padding:${['top', 'right', 'bottom', 'left'].map(inset).join(' ')};background:Canvas;`
          : `width:${toSize(PANEL_WIDTH_PX, layout.widthPx)};height:${toSize(PANEL_HEIGHT_PX, layout.heightPx)};inset:auto ${toCorner('right')} ${toCorner('bottom')} auto;${isPanel ? 'border-radius:16px;box-shadow:0 24px 64px -16px #0005,0 6px 16px #0002;' : ''}`),
    );
  });
  const post = (message: HostMessage) => {
    if (port) port.postMessage(message);
    else unsent.push(message);
  };

  const handleMessage = guarded(({ data: message, ports }: MessageEvent<WidgetMessage>) => {
    if (message.type === 'load') loadScript(src.origin, message.script, ports[0]);
    if (message.type === 'layout') {
      const wasPanel = layout.layout === 'panel';
      layout = message;
      place();
      if (message.layout === 'panel') {
        if (!wasPanel && openedFrom) iframe.focus();
      } else if (wasPanel) {
        // Opened from a button of the page: that is where the keyboard goes on.
        if (document.activeElement === iframe) openedFrom?.focus();
        openedFrom = null;
      }
    }
    receive(message);
  });
  // Each load is a fresh widget (it reloads itself after an update): one new channel, handed over once.
  const connect = guarded(() => {
    port?.close();
    const channel = new MessageChannel();
    port = channel.port1;
    port.addEventListener('message', handleMessage);
    port.start();
    const hello: ConnectMessage = { foyer: 'connect', page: readPage(), isFullScreen: phone.matches };
    iframe.contentWindow?.postMessage(hello, src.origin, [channel.port2]);
    unsent.forEach(post);
    unsent = [];
  });
  // The body may not be there yet, and some sites replace it on navigation: stay on the page either way.
  const attach = guarded(() => {
    if (!container.isConnected) document.body?.append(container);
  });

  setStyles(iframe, `${BASE_STYLES}display:block;width:100%;height:100%;`);
  iframe.title = 'Live help';
  iframe.allow = 'camera; microphone; display-capture; autoplay; fullscreen; clipboard-write';
  iframe.src = src.href;
  iframe.addEventListener('load', connect);
  phone.addEventListener(
    'change',
    () => {
      place();
      post({ type: 'frame', isFullScreen: phone.matches });
    },
    { signal },
  );
  viewport?.addEventListener('resize', place, { signal });
  viewport?.addEventListener('scroll', place, { signal });
  place();
  container.append(iframe);
  const bodies = new MutationObserver(attach);
  bodies.observe(document.documentElement, { childList: true });
  attach();
  signal.addEventListener('abort', () => {
    bodies.disconnect();
    port?.close();
    container.remove();
  });

  return (message) => {
    if (message.type === 'command' && message.name === 'open')
      openedFrom = document.activeElement as HTMLElement | null;
    post(message);
  };
}

function run(): void {
  const earlier = window.Foyer;
  if (earlier?.isLoaded) return;
  const script = (document.currentScript ??
    document.querySelector('script[data-site][src*="/embed.js"]')) as HTMLScriptElement | null;
  const siteKey = script?.dataset['site']?.trim();
  if (!script || !siteKey) {
    // The page's own developer is the reader here; there is no other place to tell them.
    // oxlint-disable-next-line no-console
    console.warn('Foyer: data-site is missing.');
    return;
  }
  const src = new URL('/widget/', script.src);
  const { language } = script.dataset;
  src.searchParams.set('site', siteKey);
  if (language) src.searchParams.set('language', language);

  const handlers: [name: unknown, handler: Handler][] = [];
  const states = new Map<unknown, boolean | number>();
  let life: AbortController | undefined;
  let post: (message: HostMessage) => void;

  // In a task of its own: a fault in the page's handler is the page's, reported there and stopping nothing here.
  const call = (handler: Handler, value?: boolean | number) => queueMicrotask(() => handler(value));
  const receive = (message: WidgetMessage) => {
    if (message.type !== 'event') return;
    if (message.value !== undefined) states.set(message.name, message.value);
    for (const [name, handler] of handlers) if (name === message.name) call(handler, message.value);
  };
  const boot = () => {
    if (life) return;
    life = new AbortController();
    post = createFrame(src, life.signal, receive);
    watchPage(life.signal, (page) => post({ type: 'page', page }));
  };

  const Foyer: FoyerFunction = guarded((name: unknown, first: unknown, second: unknown) => {
    if (name === 'on') {
      if (typeof second !== 'function') return;
      handlers.push([first, second as Handler]);
      const state = states.get(first);
      if (state !== undefined) call(second as Handler, state);
    } else if (name === 'boot') {
      boot();
    } else if (name === 'shutdown') {
      life?.abort();
      life = undefined;
      states.clear();
    } else if (life) {
      post({ type: 'command', name, options: first });
    }
  });
  Foyer.isLoaded = true;
  window.Foyer = Foyer;
  boot();
  earlier?.q?.forEach((queued) => Foyer(...queued));
}

guarded(run)();
