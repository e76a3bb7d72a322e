import { signal, type ReadonlySignal } from '@preact/signals';
import type * as z from 'zod';
import { io, type Socket } from 'socket.io-client';
import type { EventOf, InputOf, OutputOf, RequestSchema } from '../../protocol/contract.ts';
import type { WireError } from '../../protocol/errors.ts';
import { toReconnectDelayMs } from './backoff.ts';
import { isBrowserOffline, watchPage } from './page-watch.ts';
import { reloadOutdatedPage } from './outdated-page.ts';
import { findRetryAfterMs, findWireError, isPassing, RequestError, toRequestError } from './request-error.ts';
import { readAck } from './ack.ts';

type RequestMap = Record<string, RequestSchema>;
type EventMap = Record<string, z.ZodType>;

/**
 * - `connecting`: the first attempt of this page is under way
 * - `online`: connected, and every `onConnected` handler is done
 * - `reconnecting`: was online or failed once; comes back by itself
 * - `refused`: the server said no for a reason that waiting does not cure, see `refusal`
 * - `closed`: `close()` was called
 */
export type ConnectionState = 'connecting' | 'online' | 'reconnecting' | 'refused' | 'closed';

export interface RequestOptions {
  timeoutMs?: number;
}

/** The request function of one contract: input and answer follow from the name. */
export type Ask<Requests extends RequestMap> = <Name extends keyof Requests & string>(
  name: Name,
  input: InputOf<Requests, Name>,
  options?: RequestOptions,
) => Promise<OutputOf<Requests, Name>>;

/** Runs on each connection before anything else is sent; `request` here bypasses the queue that waits for it. */
export type OpeningHandler<Requests extends RequestMap> = (opening: { request: Ask<Requests> }) => Promise<void> | void;

export interface Connection<Requests extends RequestMap, Events extends EventMap> {
  readonly state: ReadonlySignal<ConnectionState>;
  /** Why the server refused, while `state` is `refused`. */
  readonly refusal: ReadonlySignal<WireError | null>;
  /**
   * Sends a request and resolves with its answer, or rejects with a RequestError. While the connection is away it
   * waits for it, up to the same timeout, and then fails with `offline`.
   */
  readonly request: Ask<Requests>;
  /** Sends without an answer and without a second try; nothing at all while away. For typing and pointers. */
  signal<Name extends keyof Requests & string>(name: Name, input: InputOf<Requests, Name>): void;
  /** Hears an event of the server until the returned function is called. */
  on<Name extends keyof Events & string>(name: Name, handler: (event: EventOf<Events, Name>) => void): () => void;
  /** For start-session. Registered while online it runs at once. A passing failure reconnects, another one refuses. */
  onConnected(handler: OpeningHandler<Requests>): () => void;
  /** Tries again at once: after a sign-in, or from "Try again". */
  reconnect(): void;
  /** Connects anew even while online: this page is somebody else from now on. */
  restart(): void;
  close(): void;
}

export interface ConnectionOptions {
  namespace: '/visitor' | '/agent';
  /** Asked before each attempt, so that a token learnt meanwhile goes along. */
  handshake: () => object | Promise<object>;
  /** Origin of the server; the page's own when left out. */
  url?: string;
  /** Replaces `location.reload()` when this page is too old for the server. */
  reload?: () => void;
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** An attempt that has not led anywhere by then is given up. */
const ATTEMPT_TIMEOUT_MS = 8_000;
/** A browser that says it is offline wakes us when it is not; trying is only for servers on the same machine. */
const OFFLINE_RETRY_MS = 5_000;
/** The server pings every 25 s; a link silent for longer has most likely died while the device slept. */
const SILENCE_LIMIT_MS = 35_000;

/** Opens the one connection of a page and keeps it open until `close()`. */
export function createConnection<Requests extends RequestMap, Events extends EventMap>(
  options: ConnectionOptions,
): Connection<Requests, Events> {
  const state = signal<ConnectionState>('connecting');
  const refusal = signal<WireError | null>(null);
  const eventHandlers = new Map<string, Set<(event: unknown) => void>>();
  const openingHandlers = new Set<OpeningHandler<Requests>>();
  const waiting = new Set<{ send: () => void; fail: (error: RequestError) => void }>();

  let socket: Socket | undefined;
  let attempt = 0;
  let heardAtMs = 0;
  let hasUsedWebSocket = false;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;

  function open(): void {
    clearTimeout(retryTimer);
    dropSocket();
    const opened = io(`${options.url ?? ''}${options.namespace}`, {
      auth: (send) => void Promise.resolve(options.handshake()).then((said) => send({ ...said })),
      // A proxy may swallow WebSocket upgrades without a word: until one has worked, every second attempt goes without.
      transports: hasUsedWebSocket || attempt % 2 === 0 ? ['websocket', 'polling'] : ['polling', 'websocket'],
      tryAllTransports: true,
      forceNew: true,
      reconnection: false,
      timeout: ATTEMPT_TIMEOUT_MS,
      withCredentials: true,
    });
    socket = opened;
    opened.on('connect', () => void runOpening(opened));
    opened.on('connect_error', (error: Error & { data?: unknown }) => handleFailure(opened, findWireError(error.data)));
    opened.on('disconnect', () => handleFailure(opened, undefined));
    opened.onAny((name: string, event: unknown) => {
      for (const handler of eventHandlers.get(name) ?? []) deliver(handler, event);
    });
    opened.io.on('open', () => {
      heardAtMs = Date.now();
      opened.io.engine.on('packet', () => (heardAtMs = Date.now()));
    });
  }

  async function runOpening(opened: Socket): Promise<void> {
    hasUsedWebSocket ||= opened.io.engine.transport.name === 'websocket';
    try {
      for (const handler of openingHandlers) await handler({ request: openingRequest(opened) });
    } catch (thrown) {
      handleFailure(opened, toRequestError(thrown));
      return;
    }
    if (opened !== socket || !opened.connected) return;
    attempt = 0;
    refusal.value = null;
    state.value = 'online';
    const released = [...waiting];
    waiting.clear();
    for (const { send } of released) send();
  }

  function handleFailure(failed: Socket, error: WireError | RequestError | undefined): void {
    if (failed !== socket) return;
    dropSocket();
    if (error !== undefined && !isPassing(error.code)) {
      refuse({ code: error.code, message: error.message, ...(error.details ? { details: error.details } : {}) });
      return;
    }
    state.value = 'reconnecting';
    const delayMs = toReconnectDelayMs(attempt, Math.random());
    attempt += 1;
    const leastMs = Math.max(findRetryAfterMs(error?.details) ?? 0, isBrowserOffline() ? OFFLINE_RETRY_MS : 0);
    retryTimer = setTimeout(open, Math.max(delayMs, leastMs));
  }

  function refuse(error: WireError): void {
    refusal.value = error;
    state.value = 'refused';
    failWaiting(new RequestError(error));
    if (error.code === 'client-too-old') reloadOutdatedPage(options.reload);
  }

  function failWaiting(error: RequestError): void {
    const failed = [...waiting];
    waiting.clear();
    for (const { fail } of failed) fail(error);
  }

  function dropSocket(): void {
    const dropped = socket;
    socket = undefined;
    dropped?.disconnect();
    dropped?.offAny();
  }

  /** Sends on a connected socket. Nothing heard while an answer was due means that the link is dead, whatever it says. */
  async function ask(asked: Socket, name: string, input: unknown, timeoutMs: number): Promise<unknown> {
    const sentAtMs = Date.now();
    const answer: unknown = await asked
      .timeout(timeoutMs)
      .emitWithAck(name, input)
      .catch(() => {
        if (!asked.connected) throw new RequestError({ code: 'offline', message: 'The connection was lost.' });
        if (heardAtMs <= sentAtMs) handleFailure(asked, undefined);
        throw new RequestError({ code: 'timeout', message: 'The server took too long to answer.' });
      });
    return readAck(answer);
  }

  function openingRequest(opened: Socket): Ask<Requests> {
    return (name, input, { timeoutMs = DEFAULT_TIMEOUT_MS } = {}) =>
      ask(opened, name, input, timeoutMs) as Promise<OutputOf<Requests, typeof name>>;
  }

  function request<Name extends keyof Requests & string>(
    name: Name,
    input: InputOf<Requests, Name>,
    { timeoutMs = DEFAULT_TIMEOUT_MS }: RequestOptions = {},
  ): Promise<OutputOf<Requests, Name>> {
    return new Promise((resolve, reject) => {
      const send = () => {
        if (socket === undefined) return reject(offlineError());
        ask(socket, name, input, timeoutMs).then((output) => resolve(output as OutputOf<Requests, Name>), reject);
      };
      if (state.value === 'online') return send();
      if (state.value === 'closed') return reject(offlineError());
      if (state.value === 'refused') return reject(new RequestError(refusal.value ?? offlineError()));
      const entry = {
        send: () => (clearTimeout(timer), send()),
        fail: (error: RequestError) => (clearTimeout(timer), reject(error)),
      };
      const timer = setTimeout(() => (waiting.delete(entry), reject(offlineError())), timeoutMs);
      waiting.add(entry);
    });
  }

  const stopWatching = watchPage({
    onWake() {
      if (state.value === 'reconnecting' || (state.value === 'online' && Date.now() - heardAtMs > SILENCE_LIMIT_MS)) {
        state.value = 'reconnecting';
        attempt = 0;
        open();
      }
    },
    onNetworkLost() {
      if (socket !== undefined && state.value === 'online') handleFailure(socket, undefined);
    },
  });

  function restart(): void {
    if (state.value === 'closed') return;
    attempt = 0;
    refusal.value = null;
    state.value = 'reconnecting';
    open();
  }

  open();

  return {
    state,
    refusal,
    request,
    signal(name, input) {
      if (state.value === 'online') socket?.volatile.emit(name, input);
    },
    on(name, handler) {
      const handlers = eventHandlers.get(name) ?? new Set();
      eventHandlers.set(name, handlers);
      const listener = (event: unknown) => handler(event as EventOf<Events, typeof name>);
      handlers.add(listener);
      return () => handlers.delete(listener);
    },
    onConnected(handler) {
      openingHandlers.add(handler);
      const current = socket;
      if (current !== undefined && state.value === 'online') {
        Promise.resolve(handler({ request: openingRequest(current) })).catch((thrown: unknown) =>
          handleFailure(current, toRequestError(thrown)),
        );
      }
      return () => openingHandlers.delete(handler);
    },
    reconnect() {
      if (state.value !== 'online') restart();
    },
    restart,
    close() {
      if (state.value === 'closed') return;
      stopWatching();
      clearTimeout(retryTimer);
      dropSocket();
      state.value = 'closed';
      failWaiting(offlineError());
    },
  };
}

function offlineError(): RequestError {
  return new RequestError({ code: 'offline', message: 'There is no connection to the server.' });
}

/** A handler that fails must not keep the event from the others. */
function deliver(handler: (event: unknown) => void, event: unknown): void {
  try {
    handler(event);
  } catch (fault) {
    queueMicrotask(() => {
      throw fault;
    });
  }
}
