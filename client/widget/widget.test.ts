import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WidgetMessage } from '../embed/embed.ts';
import type { VisitorId } from '../../protocol/ids.ts';
import type { ConnectionState, OpeningHandler } from '../connection/connection.ts';
import { RequestError } from '../connection/request-error.ts';
import { createSafeStorage } from '../connection/safe-storage.ts';
import type { VisitorRequests } from '../../protocol/contract.ts';
import type { WireError } from '../../protocol/errors.ts';
import { createVisitorForm } from './visitor-form.ts';
import { createVisitorMemory } from './visitor-memory.ts';
import type { Locks } from './visitor-token.ts';
import { makeActiveConversation, makeAvailability, makeConversation, makeSite } from './widget-fixtures.ts';
import { createWidget, type VisitorConnection, type Widget } from './widget.ts';

interface Sent {
  name: string;
  input: Record<string, unknown>;
}

/** The server's side of one page, answering as told. */
function openPage(
  remembered = createVisitorMemory('demo', createSafeStorage(undefined), createSafeStorage(undefined)),
  locks?: Locks,
) {
  const sent: Sent[] = [];
  const posted: WidgetMessage[] = [];
  const answers = new Map<string, () => unknown>([
    [
      'visitor:start-session',
      () => ({
        visitorId: '018f0000-0000-7000-8000-000000000005' as VisitorId,
        visitorToken: 'secret',
        serverTime: 0,
        site: makeSite(),
        availability: makeAvailability(),
        profile: null,
        conversation: null,
      }),
    ],
    ['conversation:start-conversation', () => ({ conversation: makeConversation() })],
  ]);
  const state = signal<ConnectionState>('connecting');
  const openings = new Set<OpeningHandler<VisitorRequests>>();
  const listeners = new Map<string, (event: never) => void>();
  let handshake: () => Promise<object> = async () => ({});
  let restarts = 0;
  const request: VisitorConnection['request'] = async (name, input) => {
    sent.push({ name, input: input as Record<string, unknown> });
    return (answers.get(name)?.() ?? {}) as Awaited<ReturnType<typeof request<typeof name>>>;
  };
  const connection: VisitorConnection = {
    state,
    refusal: signal<WireError | null>(null),
    request,
    signal: () => undefined,
    on(name, handler) {
      listeners.set(name, handler);
      return () => listeners.delete(name);
    },
    onConnected(handler) {
      openings.add(handler);
      return () => openings.delete(handler);
    },
    reconnect: () => undefined,
    restart: () => void (restarts += 1),
    close: () => undefined,
  };
  const widget = createWidget({
    siteKey: 'demo',
    language: 'en',
    memory: remembered,
    locks,
    bridge: {
      page: { url: 'https://shop.example/', title: 'Shop', referrer: '' },
      isFullScreen: false,
      isFramed: true,
      post: (message) => posted.push(message),
    },
    connect(asked) {
      handshake = asked;
      return connection;
    },
  });
  const answerStart = async () => {
    for (const opening of openings) await opening({ request });
  };
  return {
    widget,
    memory: remembered,
    posted,
    answers,
    state,
    handshake: () => handshake(),
    restarts: () => restarts,
    sentOf: (name: string) => sent.filter((request) => request.name === name).map(({ input }) => input),
    answerStart,
    async goOnline() {
      await handshake();
      await answerStart();
      state.value = 'online';
    },
  };
}

let opened: Widget[] = [];
function open(...inputs: Parameters<typeof openPage>) {
  const page = openPage(...inputs);
  opened.push(page.widget);
  return page;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const widget of opened) widget.close();
  opened = [];
  vi.useRealTimers();
});

const form = { ...createVisitorForm({ name: 'Ana María', email: 'ana@example.org' }), hasAgreed: true };

test('[V15] the token of a new visitor is kept and shown at the next connection', async () => {
  const page = open();
  expect(await page.handshake()).not.toHaveProperty('visitorToken');
  await page.goOnline();
  expect(await page.handshake()).toMatchObject({ siteKey: 'demo', visitorToken: 'secret' });
  expect(await open(page.memory).handshake()).toMatchObject({ visitorToken: 'secret' });
});

test('[V5] "Start" after a lost answer asks for the same conversation, not for a second one', async () => {
  const page = open();
  await page.goOnline();
  page.answers.set('conversation:start-conversation', () => {
    throw new RequestError({ code: 'timeout', message: '' });
  });
  await expect(page.widget.startConversation('text', form)).rejects.toMatchObject({ code: 'timeout' });
  page.answers.set('conversation:start-conversation', () => ({ conversation: makeConversation() }));
  await page.widget.startConversation('text', form);
  const [first, second] = page.sentOf('conversation:start-conversation');
  expect(second).toEqual(first);

  await page.widget.startConversation('text', form);
  expect(page.sentOf('conversation:start-conversation')[2]?.['clientRequestId']).not.toBe(first?.['clientRequestId']);
});

test('[V6] the version of the text that was ticked goes along', async () => {
  const page = open();
  await page.goOnline();
  await page.widget.startConversation('voice', form);
  expect(page.sentOf('conversation:start-conversation')).toMatchObject([
    { modality: 'voice', name: 'Ana María', email: 'ana@example.org', agreedTextVersion: '1' },
  ]);
});

test('[V3] a call asked for with the request belongs to the tab that asked', async () => {
  const page = open();
  await page.goOnline();
  await page.widget.startConversation('video', form);
  expect(page.widget.callHere.value).toBe(makeConversation().conversationId);
  expect(open(page.memory).widget.callHere.value).toBe(makeConversation().conversationId);
});

test('[V11] whoever leaves a message from the queue leaves the queue with it', async () => {
  const page = open();
  await page.goOnline();
  await page.widget.startConversation('text', form);
  await page.widget.leaveMessage({ name: 'Ana María', email: 'ana@example.org', text: 'Call me' });
  expect(page.sentOf('routing:leave-queue')).toEqual([{ conversationId: makeConversation().conversationId }]);
});

test('[V2] the button outlives a short interruption and goes with a long one', async () => {
  const page = open();
  await page.goOnline();
  page.state.value = 'reconnecting';
  vi.advanceTimersByTime(2_000);
  expect(page.widget.screen.value.at).toBe('button');
  page.state.value = 'online';
  page.state.value = 'reconnecting';
  vi.advanceTimersByTime(4_000);
  expect(page.widget.screen.value.at).toBe('button');
  vi.advanceTimersByTime(2_000);
  expect(page.widget.screen.value.at).toBe('nothing');
});

test('[V1] a page that changed while the connection was away is told with the next session', async () => {
  const page = open();
  const basket = { url: 'https://shop.example/basket', title: 'Basket', referrer: 'https://shop.example/' };
  page.widget.handleHost({ kind: 'page', page: basket });
  expect(page.sentOf('visitor:report-page')).toEqual([]);
  await page.goOnline();
  expect(page.sentOf('visitor:start-session')).toMatchObject([{ page: basket }]);
  page.widget.handleHost({ kind: 'page', page: { ...basket, title: 'Basket (1)' } });
  expect(page.sentOf('visitor:report-page')).toMatchObject([{ page: { title: 'Basket (1)' } }]);
});

test('[C6] whoever has ended the chat reads so, even when the answer was lost', async () => {
  const page = open();
  await page.goOnline();
  await page.widget.startConversation('text', form);
  page.state.value = 'reconnecting';
  const ended = makeActiveConversation({ revision: 3, phase: 'ended', endReason: 'visitor-ended', endedAt: 9_000 });
  const answer = page.answers.get('visitor:start-session');
  page.answers.set('visitor:start-session', () => ({ ...(answer?.() as object), conversation: ended }));
  await page.goOnline();
  const shown = { shownConversationId: ended.conversationId };
  expect(page.sentOf('visitor:start-session')).toEqual([
    expect.not.objectContaining(shown),
    expect.objectContaining(shown),
  ]);
  expect(page.widget.state.value.session).toMatchObject({ conversation: { endReason: 'visitor-ended' } });
});

test('[V1] the page hears what the widget does, and how large it is to be', async () => {
  const page = open();
  expect(page.posted).toContainEqual({ type: 'layout', layout: 'hidden' });
  await page.goOnline();
  page.widget.placeButton(220, 76);
  page.widget.handleHost({ kind: 'open' });
  expect(page.posted.slice(-5)).toEqual([
    { type: 'event', name: 'ready', value: true },
    { type: 'event', name: 'status', value: true },
    { type: 'layout', layout: 'button', widthPx: 220, heightPx: 76 },
    { type: 'layout', layout: 'panel' },
    { type: 'event', name: 'open' },
  ]);
});

test('[V5] "Not you?" forgets the person and goes on as another visitor', async () => {
  const page = open();
  await page.goOnline();
  await page.widget.startConversation('text', form);
  page.answers.set('visitor:forget-me', () => ({
    visitorId: '018f0000-0000-7000-8000-000000000006',
    visitorToken: 'new',
  }));
  await page.widget.forgetMe();
  expect(page.memory.findToken()).toBe('new');
  expect(page.widget.state.value.session).toMatchObject({ profile: null });
});

/** Tabs of one browser: what one of them stores the others hear. */
function openBrowser() {
  const local = createSafeStorage(undefined);
  const tabs: { hear: () => void }[] = [];
  return {
    openTab(locks?: Locks) {
      const tab = { hear: () => undefined as void };
      tabs.push(tab);
      const memory = createVisitorMemory('demo', local, createSafeStorage(undefined));
      return open(
        {
          ...memory,
          keepToken(token) {
            memory.keepToken(token);
            for (const other of tabs) if (other !== tab) other.hear();
          },
          onTokenChanged(handler) {
            tab.hear = handler;
            return () => undefined;
          },
        },
        locks,
      );
    },
  };
}

function nameVisitor(page: ReturnType<typeof open>, visitorToken: string): void {
  const answer = page.answers.get('visitor:start-session');
  page.answers.set('visitor:start-session', () => ({ ...(answer?.() as object), visitorToken }));
}

test('[V15] of two tabs opened at once the second waits for who the first one becomes', async () => {
  let queue = Promise.resolve();
  const locks: Locks = {
    request(_name, _options, work) {
      queue = queue.then(work);
      return queue;
    },
  };
  const browser = openBrowser();
  const [first, second] = [browser.openTab(locks), browser.openTab(locks)];
  const started = first.goOnline();
  const shown = second.handshake();
  await started;
  expect(await shown).toMatchObject({ visitorToken: 'secret' });
  // Nobody holds the turn any longer than needed.
  await queue;
});

test('[V15] where tabs cannot wait for each other, the later one becomes who the earlier one is', async () => {
  const browser = openBrowser();
  const [first, second] = [browser.openTab(), browser.openTab()];
  nameVisitor(second, 'another');
  await Promise.all([first.handshake(), second.handshake()]);
  await first.goOnline();
  await second.answerStart();
  expect(second.restarts()).toBe(1);
  expect(second.widget.state.value.session.phase).toBe('starting');
  expect(await second.handshake()).toMatchObject({ visitorToken: 'secret' });
  expect(first.restarts()).toBe(0);
});

test('[V5] "Not you?" in one tab makes the others forget too', async () => {
  const browser = openBrowser();
  const [first, second] = [browser.openTab(), browser.openTab()];
  await first.goOnline();
  await second.goOnline();
  first.answers.set('visitor:forget-me', () => ({ visitorToken: 'new' }));
  await first.widget.forgetMe();
  expect(second.restarts()).toBe(1);
  expect(await second.handshake()).toMatchObject({ visitorToken: 'new' });
});

test('[V15] a tab in which a conversation runs stays who it is, and so do the others', async () => {
  const browser = openBrowser();
  const [first, second] = [browser.openTab(), browser.openTab()];
  await first.goOnline();
  await second.goOnline();
  await second.widget.startConversation('text', form);
  first.answers.set('visitor:forget-me', () => ({ visitorToken: 'new' }));
  await first.widget.forgetMe();
  expect(second.restarts()).toBe(0);
  expect(first.restarts()).toBe(1);
  expect(await first.handshake()).toMatchObject({ visitorToken: 'secret' });
});

test('[V15] two tabs that each need their own visitor do not replace each other for ever', async () => {
  const browser = openBrowser();
  const [first, second] = [browser.openTab(), browser.openTab()];
  await first.goOnline();
  await first.widget.startConversation('text', form);
  await second.goOnline();
  await second.widget.startConversation('text', form);
  second.answers.set('visitor:forget-me', () => ({ visitorToken: 'new' }));
  await second.widget.forgetMe();
  expect([first.restarts(), second.restarts()]).toEqual([0, 0]);
  expect(first.memory.findToken()).toBe('new');
});
