import { signal, type ReadonlySignal } from '@preact/signals';
import { language } from '../../ui/language.ts';
import { awaitKeyboard } from '../focus.ts';
import type { Widget } from '../widget.ts';
import { isWindowReady, type WindowShell } from './window-shell.ts';

/** The widget as it is drawn in the window; closing it takes it out again. */
export interface ShownInWindow {
  close(): void;
}

/** The open panel in a window of its own. Socket, media and recorder stay in the frame; only the drawing moves. */
export interface PopOut {
  /** What the window offers, while the conversation stands in it. */
  readonly shell: ReadonlySignal<WindowShell | null>;
  readonly isOpening: ReadonlySignal<boolean>;
  /** The browser opened nothing. */
  readonly isRefused: ReadonlySignal<boolean>;
  /** Within the visitor's click, otherwise browsers open nothing. */
  open(): void;
  bringBack(): void;
  goToWindow(): void;
  /** Somebody can read what the panel shows. */
  isSeen(): boolean;
  dismissRefusal(): void;
  close(): void;
}

export interface PopOutOptions {
  widget: Pick<Widget, 'siteKey' | 'state' | 'screen' | 'dispatch'>;
  /** Draws the panel into the window, by code that is fetched only now. */
  show(target: Window, shell: WindowShell): Promise<ShownInWindow>;
  /** The window that this code runs in. */
  home?: Window;
}

/** A page of ours is there long before; a window that stays empty helps nobody. */
const OPEN_WITHIN_MS = 10_000;
/** How long the next page waits for a window that stood beside the last one. */
const FOUND_WITHIN_MS = 2_500;
/** A window that crashes says nothing. */
const LOOK_EVERY_MS = 1_000;

const WIDTH_PX = 400;
const HEIGHT_PX = 680;

export function createPopOut({ widget, show, home = window }: PopOutOptions): PopOut {
  const shell = signal<WindowShell | null>(null);
  const isOpening = signal(false);
  const isRefused = signal(false);
  let target: Window | null = null;
  let shown: ShownInWindow | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Grows with each window; what was begun for an earlier one has no effect any more. */
  let turn = 0;
  /** It repeats its word until it is taken up. */
  let beingDrawn: Window | null = null;

  function wait(forMs: number, onTooLate: () => void): void {
    clearTimeout(timer);
    timer = setTimeout(onTooLate, forMs);
  }

  async function attach(found: Window): Promise<void> {
    detach();
    const given = found.foyerShell;
    if (given === undefined) return;
    target = found;
    turn += 1;
    const mine = turn;
    beingDrawn = found;
    const drawn = await show(found, given).catch(() => undefined);
    if (mine !== turn) return drawn?.close();
    beingDrawn = null;
    if (drawn === undefined) {
      refuse();
      return;
    }
    clearTimeout(timer);
    shown = drawn;
    found.addEventListener('pagehide', handleWindowGone);
    isOpening.value = false;
    isRefused.value = false;
    shell.value = given;
    widget.dispatch({ kind: 'popped-out' });
  }

  /** The window is not drawn into any more; where the conversation stands then is for the caller to say. */
  function detach(): void {
    turn += 1;
    beingDrawn = null;
    shell.value = null;
    target?.removeEventListener('pagehide', handleWindowGone);
    const drawn = shown;
    shown = undefined;
    drawn?.close();
  }

  /** Closed, loaded anew, or gone to another address: its page says so once more if it comes back. */
  function handleWindowGone(): void {
    detach();
    widget.dispatch({ kind: 'brought-back' });
  }

  function refuse(): void {
    clearTimeout(timer);
    detach();
    target?.close();
    target = null;
    isOpening.value = false;
    isRefused.value = true;
    widget.dispatch({ kind: 'brought-back' });
  }

  function awaitWindow(): void {
    if (!widget.state.peek().isPoppedOut) return;
    wait(FOUND_WITHIN_MS, () => {
      if (shell.peek() === null) widget.dispatch({ kind: 'brought-back' });
    });
  }

  function handleMessage({ origin, source, data }: MessageEvent<unknown>): void {
    if (origin !== home.location.origin || source === null || !isWindowReady(data, widget.siteKey)) return;
    const found = source as Window;
    if (found === beingDrawn || (found === target && shell.peek() !== null)) return;
    const isExpected = found === target || (widget.state.peek().isPoppedOut && shell.peek() === null);
    if (isExpected) void attach(found);
    // It stood beside an earlier page, and meanwhile the conversation is in this one.
    else found.close();
  }

  /** The page goes; the window looks for the widget of the next one, which remembers that it is popped out. */
  function handlePageGone(): void {
    const given = shell.peek();
    detach();
    given?.release();
  }

  const looking = setInterval(() => {
    if (target?.closed !== true) return;
    target = null;
    if (isOpening.peek()) refuse();
    else if (shell.peek() !== null) handleWindowGone();
  }, LOOK_EVERY_MS);
  home.addEventListener('message', handleMessage);
  home.addEventListener('pagehide', handlePageGone);
  home.addEventListener('pageshow', awaitWindow);
  awaitWindow();

  function bringBack(): void {
    awaitKeyboard();
    detach();
    const left = target;
    target = null;
    widget.dispatch({ kind: 'brought-back' });
    left?.close();
  }

  return {
    shell,
    isOpening,
    isRefused,
    open() {
      if (isOpening.peek() || shell.peek() !== null) return;
      isRefused.value = false;
      const address = `/widget/window?${new URLSearchParams({ site: widget.siteKey, language: language.peek() })}`;
      const opened = home.open(address, '_blank', toFeatures(home));
      if (opened === null) {
        isRefused.value = true;
        return;
      }
      target = opened;
      isOpening.value = true;
      wait(OPEN_WITHIN_MS, refuse);
    },
    bringBack,
    goToWindow() {
      if (target === null || shell.peek() === null) bringBack();
      else target.focus();
    },
    isSeen() {
      const drawnIn = shell.peek() === null ? home.document : target?.document;
      const isPanel = shell.peek() !== null || widget.screen.peek().at === 'panel';
      return isPanel && drawnIn?.visibilityState === 'visible';
    },
    dismissRefusal: () => void (isRefused.value = false),
    close() {
      clearInterval(looking);
      clearTimeout(timer);
      home.removeEventListener('message', handleMessage);
      home.removeEventListener('pagehide', handlePageGone);
      home.removeEventListener('pageshow', awaitWindow);
      detach();
      target?.close();
    },
  };
}

/** Beside the right edge of the page's window, where the panel stood. */
function toFeatures({ screenX, screenY, outerWidth, outerHeight }: Window): string {
  const left = Math.max(0, Math.round(screenX + outerWidth - WIDTH_PX - 40));
  const top = Math.max(0, Math.round(screenY + outerHeight - HEIGHT_PX - 60));
  return `popup,width=${WIDTH_PX},height=${HEIGHT_PX},left=${left},top=${top}`;
}
