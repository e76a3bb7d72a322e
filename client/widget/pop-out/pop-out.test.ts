import { computed, signal } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeAvailability, makeConversation, makeSite } from '../widget-fixtures.ts';
import { createWidgetState, nextWidgetState, toScreen } from '../widget-state.ts';
import { createPopOut, type PopOut } from './pop-out.ts';
import { isCaptureLent, isWindowReady, type WindowShell } from './window-shell.ts';

const OURS = 'https://support.example.com';

/** As much of a browser's window as the pop-out touches. */
class FakeWindow extends EventTarget {
  location = { origin: OURS };
  document = { visibilityState: 'visible' };
  closed = false;
  isFocused = false;
  opened: FakeWindow | null = null;
  foyerShell: WindowShell | undefined;
  screenX = 0;
  screenY = 0;
  outerWidth = 1_440;
  outerHeight = 900;
  open = (): FakeWindow | null => this.opened;
  focus = () => void (this.isFocused = true);
  close = () => void (this.closed = true);
  hear(source: FakeWindow, data: unknown, origin = OURS): void {
    this.dispatchEvent(Object.assign(new Event('message'), { origin, source, data }));
  }
}

const READY = { foyer: 'window-ready', siteKey: 'demo' };

let home: FakeWindow;
let own: FakeWindow;
let drawn: string[];
let popOut: PopOut;
const state = signal(createWidgetState({ isOpen: true, isPoppedOut: false, dismissedId: null }));

function makeWindow(): FakeWindow {
  const made = new FakeWindow();
  made.foyerShell = {
    root: {} as HTMLElement,
    take() {},
    release: () => void drawn.push('released'),
    focusPage() {},
    lendCapture: () => false,
  };
  return made;
}

function start(isPoppedOut: boolean): void {
  state.value = nextWidgetState(createWidgetState({ isOpen: true, isPoppedOut, dismissedId: null }), {
    kind: 'session-started',
    site: makeSite(),
    availability: makeAvailability(),
    profile: null,
    conversation: makeConversation(),
  });
  popOut = createPopOut({
    widget: {
      siteKey: 'demo',
      state,
      screen: computed(() => toScreen(state.value)),
      dispatch: (event) => void (state.value = nextWidgetState(state.peek(), event)),
    },
    show: async () => {
      drawn.push('drawn');
      return { close: () => void drawn.push('gone') };
    },
    home: home as EventTarget as Window,
  });
}

const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  home = new FakeWindow();
  own = makeWindow();
  home.opened = own;
  drawn = [];
});
afterEach(() => {
  popOut.close();
  vi.useRealTimers();
});

test('[M15] the panel is drawn into the window once, however often it says that it is ready', async () => {
  start(false);
  popOut.open();
  expect(popOut.isOpening.value).toBe(true);
  for (let count = 0; count < 4; count += 1) home.hear(own, READY);
  await settle();
  home.hear(own, READY);
  await settle();
  expect(drawn).toEqual(['drawn']);
  expect(state.value.isPoppedOut).toBe(true);
  expect(popOut.shell.value).toBe(own.foyerShell);
});

test('[M15] closing the window brings the panel back into the page, open', async () => {
  start(false);
  popOut.open();
  home.hear(own, READY);
  await settle();
  own.dispatchEvent(new Event('pagehide'));
  expect(drawn).toEqual(['drawn', 'gone']);
  expect(state.value).toMatchObject({ isOpen: true, isPoppedOut: false });
});

test('[M15] a window that crashes is noticed, though it says nothing', async () => {
  start(false);
  popOut.open();
  home.hear(own, READY);
  await settle();
  own.closed = true;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(state.value.isPoppedOut).toBe(false);
});

test('[M15] a browser that opens no window, or one that stays empty, leaves the chat in the page and says so', async () => {
  home.opened = null;
  start(false);
  popOut.open();
  expect(popOut.isRefused.value).toBe(true);
  home.opened = own;
  popOut.open();
  expect(popOut.isRefused.value).toBe(false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(popOut.isRefused.value).toBe(true);
  expect(own.closed).toBe(true);
  expect(state.value.isPoppedOut).toBe(false);
});

test('[M15] the next page takes up the window that stood beside the last one; in vain it waits a moment only', async () => {
  start(true);
  home.hear(own, READY);
  await settle();
  expect(drawn).toEqual(['drawn']);
  home.dispatchEvent(new Event('pagehide'));
  expect(drawn).toEqual(['drawn', 'gone', 'released']);
  expect(state.value.isPoppedOut).toBe(true);
  popOut.close();

  start(true);
  await vi.advanceTimersByTimeAsync(2_500);
  expect(state.value).toMatchObject({ isOpen: true, isPoppedOut: false });
});

test('[O5] nobody but a window of our own origin and of this site gets the conversation', async () => {
  start(true);
  home.hear(own, READY, 'https://shop.example.com');
  home.hear(own, { ...READY, siteKey: 'other' });
  for (const data of [null, 'window-ready', 7, {}, { foyer: 'connect' }]) home.hear(own, data);
  await settle();
  expect(drawn).toEqual([]);
  expect(isWindowReady(READY, 'demo')).toBe(true);
  expect(isCaptureLent(undefined)).toBe(false);
});

test('[M15] a window nobody waits for is closed: the conversation is in the page', async () => {
  start(false);
  home.hear(own, READY);
  await settle();
  expect(drawn).toEqual([]);
  expect(own.closed).toBe(true);
});

test('[M15] the button of the page brings the window to the front, and without one the panel back', async () => {
  start(false);
  popOut.open();
  home.hear(own, READY);
  await settle();
  popOut.goToWindow();
  expect(own.isFocused).toBe(true);
  expect(popOut.isSeen()).toBe(true);
  own.document.visibilityState = 'hidden';
  expect(popOut.isSeen()).toBe(false);
  popOut.bringBack();
  expect(own.closed).toBe(true);
  expect(state.value.isPoppedOut).toBe(false);
});
