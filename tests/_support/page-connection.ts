import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type * as z from 'zod';
import { agentEvents, agentRequests, visitorEvents, visitorRequests } from '../../protocol/contract.ts';
import type {
  AgentEvents,
  AgentRequests,
  EventOf,
  InputOf,
  OutputOf,
  RequestSchema,
  VisitorEvents,
  VisitorRequests,
} from '../../protocol/contract.ts';
import type { Ack, ErrorCode, WireError } from '../../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import { createEventLog } from './event-log.ts';
import type { HeardEvent } from './event-log.ts';
import { signIn } from './http-session.ts';

/** What the server refused with, so that tests can write `rejects.toMatchObject({ code: … })`. */
export class PageError extends Error {
  override name = 'PageError';
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;

  constructor({ code, message, details }: WireError) {
    super(message);
    this.code = code;
    this.details = details ?? {};
  }
}

/** One open page, on one connection that does not come back by itself. */
export interface PageConnection<
  Requests extends Record<string, RequestSchema>,
  Events extends Record<string, z.ZodType>,
> {
  readonly socketId: string;
  isConnected(): boolean;
  /** Asks and gives the answer's data; a refusal is thrown as {@link PageError}. */
  request<Name extends keyof Requests & string>(
    name: Name,
    input: InputOf<Requests, Name>,
  ): Promise<OutputOf<Requests, Name>>;
  /** Sends anything under any name and gives the whole ack: for input that the contract forbids. */
  requestRaw(name: string, ...parameters: unknown[]): Promise<Ack<unknown>>;
  /**
   * The next event of this name that fits, heard since the page opened and not given before. Each wait goes on from
   * there: earlier events of the same name about the same conversation or offer are no longer looked at.
   */
  nextEvent<Name extends keyof Events & string>(
    name: Name,
    isWanted?: (event: EventOf<Events, Name>) => boolean,
    signal?: AbortSignal,
  ): Promise<EventOf<Events, Name>>;
  /** Every event of this name so far, whether waited for or not. */
  heard<Name extends keyof Events & string>(name: Name): EventOf<Events, Name>[];
  /** All events so far in order. */
  heardAll(): readonly HeardEvent[];
  /** What the server sent on this connection before now has been heard once this resolves. */
  settle(): Promise<void>;
  /** Resolves with the reason once the connection has ended, whoever ended it. */
  readonly disconnected: Promise<string>;
  /** Ends the connection as a closed tab does. */
  close(): void;
}

export type VisitorConnection = PageConnection<VisitorRequests, VisitorEvents>;
export type AgentConnection = PageConnection<AgentRequests, AgentEvents>;

export interface VisitorGreeting {
  siteKey?: string;
  token?: string;
  origin?: string;
  protocolVersion?: number;
  userAgent?: string;
  /** The address that limits count for, on a server with FOYER_TRUSTED_PROXIES=1. */
  forwardedFor?: string;
}

export interface AgentGreeting {
  origin?: string;
  protocolVersion?: number;
}

/** Opens `/visitor` as a widget does, before `visitor:start-session`. */
export async function connectVisitor(
  server: { url: string },
  {
    siteKey = 'demo',
    token,
    origin,
    protocolVersion = PROTOCOL_VERSION,
    userAgent,
    forwardedFor,
  }: VisitorGreeting = {},
): Promise<VisitorConnection> {
  return openPage(`${server.url}/visitor`, {
    auth: { protocolVersion, siteKey, ...(token !== undefined && { visitorToken: token }) },
    headers: {
      ...(origin && { origin }),
      ...(userAgent && { 'user-agent': userAgent }),
      ...(forwardedFor && { 'x-forwarded-for': forwardedFor }),
    },
    requests: visitorRequests,
    events: visitorEvents,
  });
}

/** Signs in over HTTP and opens `/agent` with the cookie, or with the cookie that is given. */
export async function connectAgent(
  server: { url: string },
  who: { email: string; password: string } | { cookie: string },
  { origin, protocolVersion = PROTOCOL_VERSION }: AgentGreeting = {},
): Promise<AgentConnection> {
  const cookie = 'cookie' in who ? who.cookie : (await signIn(server, who)).cookie;
  return openPage(`${server.url}/agent`, {
    auth: { protocolVersion },
    headers: { cookie, ...(origin && { origin }) },
    requests: agentRequests,
    events: agentEvents,
  });
}

interface PageOptions<Requests, Events> {
  auth: object;
  headers: Record<string, string>;
  requests: Requests;
  events: Events;
}

const ANSWER_TIMEOUT_MS = 20_000;

/** Opens a socket with any greeting; rejects with the server's refusal as {@link PageError}. */
export async function openSocket(url: string, auth: object, headers: Record<string, string> = {}): Promise<Socket> {
  const socket = io(url, {
    auth: { ...auth },
    extraHeaders: headers,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    autoConnect: false,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error: Error & { data?: WireError }) => {
      socket.disconnect();
      reject(error.data === undefined ? error : new PageError(error.data));
    });
    socket.connect();
  });
  return socket;
}

async function openPage<Requests extends Record<string, RequestSchema>, Events extends Record<string, z.ZodType>>(
  url: string,
  options: PageOptions<Requests, Events>,
): Promise<PageConnection<Requests, Events>> {
  const log = createEventLog(options.events);
  const socket = await openSocket(url, options.auth, options.headers);
  socket.onAny((name: string, event: unknown) => log.add(name, event));
  const disconnected = new Promise<string>((resolve) => {
    socket.once('disconnect', (reason) => {
      log.end(`the connection has ended (${reason})`);
      resolve(reason);
    });
  });

  async function requestRaw(name: string, ...parameters: unknown[]): Promise<Ack<unknown>> {
    return (await socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck(name, ...parameters)) as Ack<unknown>;
  }

  return {
    socketId: socket.id ?? '',
    isConnected: () => socket.connected,
    async request(name, input) {
      const answer = await requestRaw(name, input);
      if (!answer.ok) throw new PageError(answer.error);
      return answer.data as OutputOf<Requests, typeof name>;
    },
    requestRaw,
    nextEvent: (name, isWanted, signal) => log.next(name, isWanted, signal),
    heard: (name) =>
      log.all().flatMap((entry) => (entry.name === name ? [entry.event as EventOf<Events, typeof name>] : [])),
    heardAll: () => log.all(),
    async settle() {
      // Whatever the name, the answer comes after everything that the server had written before.
      await requestRaw('test:barrier', {});
    },
    disconnected,
    close: () => void socket.disconnect(),
  };
}
