import type { OwnEvents } from '../stream-events.ts';

export interface PageWatchOptions {
  handleViewport(): void;
  /** Another page of a single-page site, another title, or the page came to the front or left it. */
  handlePage(): void;
  /** The page goes away. It may come back as it was. */
  handleLeaving(): void;
  handleReset(): void;
  /** Twice a second: much that matters here makes no event. */
  handleTick(): void;
}

const TICK_MS = 500;

/** All that is listened to on the page beside what the recorder library does. Made anew with each recording. */
export function watchPage(options: PageWatchOptions): () => void {
  const { signal, abort } = toLife();
  const listen = (target: EventTarget | null | undefined, names: string[], act: () => void): void => {
    for (const name of names) target?.addEventListener(name, act, { signal, passive: true });
  };
  listen(window, ['resize'], options.handleViewport);
  listen(window.visualViewport, ['resize', 'scroll'], options.handleViewport);
  listen(window, ['popstate', 'hashchange', 'focus'], options.handlePage);
  listen(document, ['visibilitychange'], options.handlePage);
  listen((window as { navigation?: EventTarget }).navigation, ['currententrychange'], options.handlePage);
  listen(window, ['pagehide'], options.handleLeaving);
  listen(document, ['reset'], options.handleReset);
  const timer = setInterval(options.handleTick, TICK_MS);
  return () => {
    abort();
    clearInterval(timer);
  };
}

export function readViewport(): OwnEvents['foyer:viewport'] {
  const viewport = window.visualViewport;
  return {
    width: window.innerWidth,
    height: window.innerHeight,
    offsetLeft: viewport?.offsetLeft ?? 0,
    offsetTop: viewport?.offsetTop ?? 0,
    scale: viewport?.scale ?? 1,
    devicePixelRatio: window.devicePixelRatio,
    isTouch: matchMedia('(pointer: coarse)').matches,
  };
}

function toLife(): { signal: AbortSignal; abort(): void } {
  const life = new AbortController();
  return { signal: life.signal, abort: () => life.abort() };
}
