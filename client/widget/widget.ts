import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { PageFacts } from '../embed/embed.ts';
import type { VisitorEvents, VisitorRequests } from '../../protocol/contract.ts';
import type { ConversationView } from '../../protocol/conversations.ts';
import type { ConversationId, Modality } from '../../protocol/ids.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import { createConnection, type Connection } from '../connection/connection.ts';
import { createConversationClient, type ConversationClient } from '../connection/conversation-client.ts';
import { createRandomId } from '../connection/random-id.ts';
import { setLanguage } from '../ui/language.ts';
import type { HostBridge } from './host-bridge.ts';
import type { HostEvent } from './host-messages.ts';
import { toHostReport } from './host-report.ts';
import type { VisitorForm } from './visitor-form.ts';
import type { CallKey, VisitorMemory } from './visitor-memory.ts';
import { createVisitorToken, type Locks } from './visitor-token.ts';
import { createWidgetState, isRunning, nextWidgetState, toScreen } from './widget-state.ts';
import type { Screen, WidgetEvent, WidgetState } from './widget-state.ts';

export type VisitorConnection = Connection<VisitorRequests, VisitorEvents>;

/** The widget without its looks: what it knows, and what a visitor can do. Requests reject with a RequestError. */
export interface Widget {
  readonly siteKey: string;
  readonly state: ReadonlySignal<WidgetState>;
  readonly screen: ReadonlySignal<Screen>;
  readonly isOnline: ReadonlySignal<boolean>;
  readonly isFullScreen: ReadonlySignal<boolean>;
  readonly isFramed: boolean;
  /** The page around the widget, as it is now. */
  readonly page: ReadonlySignal<PageFacts>;
  readonly connection: VisitorConnection;
  readonly conversation: ReadonlySignal<ConversationClient | null>;
  /** What the page told about the visitor; fills the form, proves nothing. */
  readonly identity: ReadonlySignal<{ name?: string; email?: string }>;
  /** The call, or the conversation that will bring one, whose seat is in this tab. */
  readonly callHere: ReadonlySignal<CallKey | null>;
  /** The server's clock: call timers of both sides count by it. */
  now(): number;
  dispatch(event: WidgetEvent): void;
  handleHost(event: HostEvent): void;
  placeButton(widthPx: number, heightPx: number): void;
  /** Brings a script of ours to the page around, which talks through this port. */
  loadScript(script: `/${string}.js`, port: MessagePort): void;
  startConversation(modality: Modality, form: VisitorForm): Promise<void>;
  leaveQueue(conversationId: ConversationId): Promise<void>;
  endConversation(conversationId: ConversationId): Promise<void>;
  leaveMessage(message: { name: string; email: string; text: string }): Promise<void>;
  forgetMe(): Promise<void>;
  keepCallHere(call: CallKey, isHere: boolean): void;
  /** Asks the server anew what the site offers, such as after its texts have changed. */
  refresh(): Promise<void>;
  retry(): void;
  close(): void;
}

export interface WidgetOptions {
  siteKey: string;
  /** Tag of the visitor's language, such as "de-AT". */
  language: string;
  bridge: HostBridge;
  memory: VisitorMemory;
  connect?: (handshake: () => Promise<object>) => VisitorConnection;
  locks?: Locks | undefined;
}

/** By then a person begins to wonder whether anything will come. */
const SLOW_START_MS = 8_000;
/** A server restart or a change of network is over by then; the button need not blink for it. */
const CUT_OFF_AFTER_MS = 5_000;

const connectVisitor = (handshake: () => Promise<object>) =>
  createConnection<VisitorRequests, VisitorEvents>({ namespace: '/visitor', handshake });

export function createWidget(options: WidgetOptions): Widget {
  const { siteKey, language, bridge, memory, connect = connectVisitor, locks } = options;
  const remembered = memory.readWidget();
  const state = signal(createWidgetState(bridge.isFramed ? remembered : { ...remembered, isOpen: true }));
  const screen = computed(() => toScreen(state.value));
  const isFullScreen = signal(bridge.isFullScreen);
  const identity = signal<{ name?: string; email?: string }>({});
  const callHere = signal(memory.findCallHere());
  const conversation = signal<ConversationClient | null>(null);
  /** A repeated "Start" after a lost answer must not ask for two agents. */
  const requestIds = new Map<string, string>();
  const page = signal(bridge.page);
  let clockOffsetMs = 0;
  let startsUnderWay = 0;

  const token = createVisitorToken({
    memory,
    siteKey,
    locks,
    isNeeded: () => startsUnderWay > 0 || findRunningConversation() !== undefined,
    onReplaced() {
      dispatch({ kind: 'forgotten' });
      connection.restart();
    },
  });
  const connection = connect(async () => {
    const visitorToken = await token.find();
    return { protocolVersion: PROTOCOL_VERSION, siteKey, ...(visitorToken === undefined ? {} : { visitorToken }) };
  });

  function findRunningConversation(): ConversationView | undefined {
    const { session } = state.peek();
    const held = session.phase === 'known' ? session.conversation : null;
    return held !== null && isRunning(held) ? held : undefined;
  }

  function dispatch(event: WidgetEvent): void {
    const before = state.peek();
    const after = nextWidgetState(before, event);
    if (after === before) return;
    state.value = after;
    memory.keepWidget(after);
    for (const message of toHostReport(before, after)) bridge.post(message);
  }

  async function startSession(request: VisitorConnection['request']): Promise<void> {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const shownConversationId = findRunningConversation()?.conversationId;
    const started = await request('visitor:start-session', {
      page: page.peek(),
      language,
      timeZone,
      ...(shownConversationId === undefined ? {} : { shownConversationId }),
    });
    // With another token nothing of this answer is about this page.
    if (!token.take(started.visitorToken)) return connection.restart();
    setLanguage(started.site.language);
    clockOffsetMs = started.serverTime - Date.now();
    dispatch({ kind: 'session-started', ...started });
    if (started.conversation !== null) conversation.peek()?.applyConversation(started.conversation);
  }

  const stops = [
    connection.onConnected(({ request }) => startSession(request)),
    connection.on('routing:availability-changed', (event) => dispatch({ kind: 'availability-changed', ...event })),
    connection.on('routing:queue-changed', (event) => dispatch({ kind: 'queue-changed', ...event })),
    connection.on('conversation:changed', (event) => dispatch({ kind: 'conversation-changed', ...event })),
    connection.on('call:changed', ({ call }) => dispatch({ kind: 'call-changed', call })),
    connection.on('share:changed', ({ share }) => dispatch({ kind: 'share-changed', share })),
    watchRefusal(),
    watchCutOff(),
    followConversation(),
    effect(() => {
      // The button tells its own size, see placeButton.
      const { at } = screen.value;
      if (at !== 'button') bridge.post({ type: 'layout', layout: at === 'panel' ? 'panel' : 'hidden' });
    }),
    effect(() => bridge.post({ type: 'event', name: 'unread', value: conversation.value?.unreadCount.value ?? 0 })),
  ];

  function watchRefusal(): () => void {
    return effect(() => {
      const refusal = connection.refusal.value;
      if (refusal === null) return;
      dispatch({ kind: 'session-refused', code: refusal.code });
      if (state.peek().session.phase !== 'refused') return;
      // The site's developer reads this; a visitor has no use for it.
      // oxlint-disable-next-line no-console
      console.warn(`Foyer: live help is not shown. ${refusal.message}`);
    });
  }

  function watchCutOff(): () => void {
    const slowTimer = setTimeout(() => dispatch({ kind: 'session-slow' }), SLOW_START_MS);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = effect(() => {
      if (connection.state.value === 'online') {
        clearTimeout(timer);
        timer = undefined;
      } else {
        timer ??= setTimeout(() => dispatch({ kind: 'connection-lost' }), CUT_OFF_AFTER_MS);
      }
    });
    return () => {
      clearTimeout(slowTimer);
      clearTimeout(timer);
      stop();
    };
  }

  /** One client for the conversation that the screen is about, the ended one included: its words stay readable. */
  function followConversation(): () => void {
    const wantedId = computed(() => {
      const { session } = state.value;
      return session.phase === 'known' ? (session.conversation?.conversationId ?? null) : null;
    });
    return effect(() => {
      const conversationId = wantedId.value;
      if (conversationId === null) return;
      memory.noteConversation(conversationId);
      const { session } = state.peek();
      const view = session.phase === 'known' ? session.conversation : null;
      const opened = createConversationClient({
        connection,
        conversationId,
        party: 'visitor',
        ...(view === null ? {} : { conversation: view }),
      });
      conversation.value = opened;
      return () => {
        opened.close();
        conversation.value = null;
      };
    });
  }

  /** The same wish keeps its id until it is fulfilled, so asking twice has the effect of asking once. */
  async function askOnce<Output>(wish: object, ask: (clientRequestId: string) => Promise<Output>): Promise<Output> {
    const key = JSON.stringify(wish);
    const clientRequestId = requestIds.get(key) ?? createRandomId();
    requestIds.set(key, clientRequestId);
    const output = await ask(clientRequestId);
    requestIds.delete(key);
    return output;
  }

  function agreedTextVersion(): string {
    const { session } = state.peek();
    return session.phase === 'known' ? session.site.disclaimer.version : '';
  }

  function keepCallHere(call: CallKey, isHere: boolean): void {
    memory.keepCallHere(call, isHere);
    callHere.value = memory.findCallHere();
  }

  return {
    siteKey,
    state,
    screen,
    isOnline: computed(() => connection.state.value === 'online'),
    isFullScreen,
    isFramed: bridge.isFramed,
    page,
    connection,
    conversation,
    identity,
    callHere,
    now: () => Date.now() + clockOffsetMs,
    dispatch,
    handleHost(event) {
      switch (event.kind) {
        case 'page':
          page.value = event.page;
          if (connection.state.peek() === 'online') {
            // Lost news of a page is told again by the next start of a session.
            connection.request('visitor:report-page', { page: event.page }).catch(() => undefined);
          }
          break;
        case 'frame':
          isFullScreen.value = event.isFullScreen;
          break;
        case 'open':
          dispatch({ kind: 'opened', ...(event.modality === undefined ? {} : { modality: event.modality }) });
          break;
        case 'close':
          dispatch({ kind: 'closed' });
          break;
        case 'hide':
          dispatch({ kind: 'hidden-by-page' });
          break;
        case 'show':
          dispatch({ kind: 'shown-by-page' });
          break;
        case 'identify': {
          const { kind: _, ...told } = event;
          identity.value = { ...identity.peek(), ...told };
          break;
        }
      }
    },
    loadScript: (script, port) => bridge.post({ type: 'load', script }, [port]),
    placeButton: (widthPx, heightPx) => bridge.post({ type: 'layout', layout: 'button', widthPx, heightPx }),
    async startConversation(modality, { name, email, fields, departmentId }) {
      const wish = {
        modality,
        name,
        fields,
        agreedTextVersion: agreedTextVersion(),
        ...(email.trim() === '' ? {} : { email: email.trim() }),
        ...(departmentId === null ? {} : { departmentId }),
      };
      startsUnderWay += 1;
      try {
        const { conversation: started } = await askOnce(wish, (clientRequestId) =>
          connection.request('conversation:start-conversation', { clientRequestId, ...wish }),
        );
        if (modality !== 'text') keepCallHere(started.conversationId, true);
        dispatch({ kind: 'profile-learnt', profile: { name, email: email.trim() || null, fields } });
        dispatch({ kind: 'conversation-changed', conversation: started });
      } finally {
        startsUnderWay -= 1;
      }
    },
    async leaveQueue(conversationId) {
      await connection.request('routing:leave-queue', { conversationId });
    },
    async endConversation(conversationId) {
      await connection.request('conversation:end-conversation', { conversationId });
    },
    async leaveMessage(message) {
      const wish = { ...message, agreedTextVersion: agreedTextVersion() };
      await askOnce(wish, (clientRequestId) =>
        connection.request('conversation:leave-message', { clientRequestId, ...wish }),
      );
      dispatch({ kind: 'message-left' });
      // Whoever has left a message from the queue does not wait any longer.
      const { session } = state.peek();
      if (session.phase !== 'known' || session.conversation?.phase !== 'waiting') return;
      await connection.request('routing:leave-queue', { conversationId: session.conversation.conversationId });
    },
    async forgetMe() {
      const { visitorToken } = await connection.request('visitor:forget-me', {});
      token.replace(visitorToken);
      identity.value = {};
      dispatch({ kind: 'forgotten' });
      memory.forgetWords();
    },
    keepCallHere,
    refresh: () => startSession(connection.request),
    retry() {
      dispatch({ kind: 'session-retried' });
      connection.reconnect();
    },
    close() {
      for (const stop of stops) stop();
      token.close();
      connection.close();
    },
  };
}
