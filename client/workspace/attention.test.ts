import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ConversationId } from '../../protocol/ids.ts';
import { installFakeAudio } from '../ui/testing/fake-audio.ts';
import type { FakeAudio } from '../ui/testing/fake-audio.ts';
import { createAttention } from './attention.ts';
import type { Attention } from './attention.ts';
import { createDesk } from './desk.ts';
import type { Desk } from './desk.ts';
import { callOf, conversationOf, idOf, messageOf, NINE_OCLOCK, offerOf, sessionOf } from './desk-fixtures.ts';
import type { SettingsSignal } from './settings.ts';
import { scriptedConnection } from './testing/scripted-connection.ts';
import type { ScriptedConnection } from './testing/scripted-connection.ts';

/** One note of the system: what it says, whether it makes a sound of its own, and whether it still stands there. */
class FakeNotification extends EventTarget {
  static readonly permission = 'granted';
  static readonly all: FakeNotification[] = [];
  isShown = true;
  readonly title: string;
  readonly options: NotificationOptions;
  constructor(title: string, options: NotificationOptions) {
    super();
    this.title = title;
    this.options = options;
    FakeNotification.all.push(this);
  }
  close(): void {
    this.isShown = false;
  }
}

class FakeDocument extends EventTarget {
  title = 'Foyer';
  visibilityState = 'visible';
  isFocused = true;
  hasFocus = (): boolean => this.isFocused;
  lookAway(): void {
    this.visibilityState = 'hidden';
    this.isFocused = false;
  }
}

let page: FakeDocument;
let audio: FakeAudio;
let beeps: readonly number[];
let desk: Desk;
let attention: Attention;
let tell: ScriptedConnection['tell'];
let settings: SettingsSignal;
const shown: ConversationId[] = [];

beforeEach(async () => {
  vi.useFakeTimers({ now: NINE_OCLOCK });
  page = new FakeDocument();
  vi.stubGlobal('document', page);
  vi.stubGlobal('window', { focus: () => undefined });
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('Notification', FakeNotification);
  FakeNotification.all.length = 0;
  shown.length = 0;
  audio = installFakeAudio();
  ({ beeps } = audio);

  const { connection, connect, ...script } = scriptedConnection();
  ({ tell } = script);
  desk = createDesk(connection, Date.now);
  settings = Object.assign(signal({ language: 'en', theme: 'system', hasSounds: true } as const), {
    close: () => {},
  });
  attention = createAttention({ desk, settings, show: (conversationId) => shown.push(conversationId) });
  await connect().answer(sessionOf({ conversations: [conversationOf(7)] }));
});
afterEach(() => {
  attention.close();
  desk.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** As a reload does. */
function openAttentionAnew(): void {
  attention.close();
  attention = createAttention({ desk, settings, show: (conversationId) => shown.push(conversationId) });
}
const notesShown = (): FakeNotification[] => FakeNotification.all.filter(({ isShown }) => isShown);
/** What is beeped while so much time goes by. */
function beepsDuring(ms: number): number {
  const before = beeps.length;
  vi.advanceTimersByTime(ms);
  return beeps.length - before;
}

test('[A4] a request rings, counts in the title and notes itself until it is answered', () => {
  audio.touch();
  page.lookAway();
  tell('routing:offer-made', { offer: offerOf(1) });
  expect(beepsDuring(6_000)).toBeGreaterThan(4);
  expect(page.title).toBe('(1) Foyer');
  expect(notesShown().map(({ title, options }) => [title, options.body])).toEqual([
    ['Incoming chat request', 'Guest 1: Text chat, Orders'],
  ]);
  tell('routing:offer-closed', { offerId: offerOf(1).offerId, outcome: 'accepted' });
  expect(beepsDuring(60_000)).toBe(0);
  expect(page.title).toBe('Foyer');
  expect(notesShown()).toEqual([]);
});

test('[A4] a request whose end is lost with the network stops ringing, counting and noting when its card goes', () => {
  audio.touch();
  page.lookAway();
  tell('routing:offer-made', { offer: offerOf(1) });
  // No word of its closing comes: the line is gone.
  vi.advanceTimersByTime(24_000);
  expect(desk.state.value).toMatchObject({ offers: [] });
  expect(beepsDuring(60_000)).toBe(0);
  expect(page.title).toBe('Foyer');
  expect(notesShown()).toEqual([]);
});

test('[A4] of two requests the one that is over leaves the other ringing', () => {
  audio.touch();
  tell('routing:offer-made', { offer: offerOf(1) });
  tell('routing:offer-made', { offer: offerOf(2, { expiresAt: NINE_OCLOCK + 50_000 }) });
  expect(page.title).toBe('(2) Foyer');
  vi.advanceTimersByTime(24_000);
  expect(page.title).toBe('(1) Foyer');
  expect(beepsDuring(6_000)).toBeGreaterThan(4);
});

test('[M3] a call that the visitor proposes rings until it is answered', () => {
  audio.touch();
  const { conversationId } = conversationOf(7);
  tell('call:changed', { call: callOf(conversationId) });
  expect(beepsDuring(6_000)).toBeGreaterThan(4);
  tell('call:changed', { call: callOf(conversationId, { revision: 2, phase: 'ended', endReason: 'declined' }) });
  expect(beepsDuring(60_000)).toBe(0);
});

test('[A4] a request noted while the agent looked at the page is not noted again when they look away', () => {
  tell('routing:offer-made', { offer: offerOf(1) });
  page.lookAway();
  tell('routing:offer-made', { offer: offerOf(2) });
  expect(notesShown()).toHaveLength(1);
  expect(notesShown()[0]?.options.body).toContain('Guest 2');
});

test('[C14] a message sounds and is noted unless its conversation is looked at; its note leads there', () => {
  audio.touch();
  const id = idOf<ConversationId>(3, 7);
  attention.noteShown(id);
  attention.handleMessage(id, messageOf(1));
  expect(beeps).toEqual([]);
  page.lookAway();
  attention.handleMessage(id, messageOf(2, { text: 'Are you there?' }));
  expect(beeps.length).toBeGreaterThan(0);
  expect(notesShown().map(({ title, options }) => [title, options.body])).toEqual([['Guest 1', 'Are you there?']]);
  notesShown()[0]?.dispatchEvent(new Event('click'));
  expect(shown).toEqual([id]);
});

test('[A4] a note makes the sound of the system only where the page itself is kept silent', () => {
  page.lookAway();
  tell('routing:offer-made', { offer: offerOf(1) });
  expect(notesShown()[0]?.options.silent).toBe(true);

  audio.wantTouch();
  openAttentionAnew();
  expect(notesShown().at(-1)?.options.silent).toBe(false);
  expect(attention.isSoundBlocked.value).toBe(false);
  vi.advanceTimersByTime(2_000);
  expect(attention.isSoundBlocked.value).toBe(true);

  settings.value = { ...settings.value, hasSounds: false };
  expect(attention.isSoundBlocked.value).toBe(false);
  attention.handleMessage(conversationOf(7).conversationId, messageOf(1));
  expect(notesShown().at(-1)?.options.silent).toBe(true);

  settings.value = { ...settings.value, hasSounds: true };
  audio.touch();
  expect(attention.isSoundBlocked.value).toBe(false);
  expect(beepsDuring(6_000)).toBeGreaterThan(4);
});

test('[A10] sounds that are switched off stay off, and what rings is still counted and noted', () => {
  audio.touch();
  settings.value = { ...settings.value, hasSounds: false };
  page.lookAway();
  tell('routing:offer-made', { offer: offerOf(1) });
  expect(beepsDuring(10_000)).toBe(0);
  expect(page.title).toBe('(1) Foyer');
  expect(notesShown()).toHaveLength(1);
});

test('[A1] once closed nothing rings, counts or stands on the desktop', () => {
  audio.touch();
  page.lookAway();
  tell('routing:offer-made', { offer: offerOf(1) });
  attention.close();
  expect(beepsDuring(60_000)).toBe(0);
  expect(page.title).toBe('Foyer');
  expect(notesShown()).toEqual([]);
});
