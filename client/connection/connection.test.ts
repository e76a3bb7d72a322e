import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket as NetSocket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Server, type Socket } from 'socket.io';
import type { VisitorEvents, VisitorRequests } from '../../protocol/contract.ts';
import type { WireError } from '../../protocol/errors.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { FakeBrowserStorage } from './testing/browser-storage.ts';
import { createConnection, type Connection, type ConnectionState } from './connection.ts';

const conversationId = '0199a000-0000-7000-8000-000000000001' as ConversationId;

/** A real socket.io server that can be taken away and brought back on the same port. */
interface Desk {
  io: Server;
  http: HttpServer;
  handshakes: unknown[];
  /** Refuses the next handshakes, one each. */
  refusals: WireError[];
  /** Answers a request; no answer when it gives undefined. */
  answer: (name: string, input: unknown, socket: Socket) => unknown;
  heard: { name: string; input: unknown }[];
  tcpSockets: Set<NetSocket>;
}

let desk: Desk;
let port = 0;
const opened: { close(): void }[] = [];

async function startDesk(atPort: number): Promise<Desk> {
  const http = createServer();
  const io = new Server(http);
  const started: Desk = {
    io,
    http,
    handshakes: [],
    refusals: [],
    answer: () => ({ ok: true, data: {} }),
    heard: [],
    tcpSockets: new Set(),
  };
  http.on('connection', (tcp) => {
    started.tcpSockets.add(tcp);
    tcp.on('close', () => started.tcpSockets.delete(tcp));
  });
  const visitors = io.of('/visitor');
  visitors.use((socket, next) => {
    started.handshakes.push(socket.handshake.auth);
    const refusal = started.refusals.shift();
    next(refusal === undefined ? undefined : Object.assign(new Error(refusal.message), { data: refusal }));
  });
  visitors.on('connection', (socket) => {
    socket.onAny((name: string, input: unknown, reply?: (answer: unknown) => void) => {
      started.heard.push({ name, input });
      const answer = started.answer(name, input, socket);
      if (answer !== undefined) reply?.(answer);
    });
  });
  await new Promise<void>((resolve) => http.listen(atPort, '127.0.0.1', resolve));
  port = (http.address() as AddressInfo).port;
  return started;
}

async function stopDesk(): Promise<void> {
  for (const tcp of desk.tcpSockets) tcp.destroy();
  await desk.io.close();
}

function connect(
  options: { handshake?: () => object; reload?: () => void } = {},
): Connection<VisitorRequests, VisitorEvents> {
  const connection = createConnection<VisitorRequests, VisitorEvents>({
    namespace: '/visitor',
    url: `http://127.0.0.1:${port}`,
    handshake: () => ({ protocolVersion: 1, siteKey: 'demo' }),
    ...options,
  });
  opened.push(connection);
  return connection;
}

function whenState(connection: Connection<VisitorRequests, VisitorEvents>, wanted: ConnectionState): Promise<void> {
  return new Promise((resolve) => {
    const stop = connection.state.subscribe((state) => {
      if (state === wanted) queueMicrotask(() => (stop(), resolve()));
    });
  });
}

beforeEach(async () => {
  desk = await startDesk(0);
});

afterEach(async () => {
  for (const connection of opened.splice(0)) connection.close();
  await stopDesk();
});

test('[C1] a request is answered with what the server has put into the envelope', async () => {
  const connection = connect();
  desk.answer = () => ({ ok: true, data: { messages: [], lastSeq: 7 } });
  const answer = await connection.request('conversation:fetch-messages', { conversationId, afterSeq: 3 });
  expect(answer).toEqual({ messages: [], lastSeq: 7 });
  expect(desk.heard).toEqual([{ name: 'conversation:fetch-messages', input: { conversationId, afterSeq: 3 } }]);
});

test('[O5] a refused request says why, by a code and a sentence', async () => {
  const connection = connect();
  desk.answer = () => ({
    ok: false,
    error: { code: 'conversation-ended', message: 'It has ended.', details: { a: 1 } },
  });
  await expect(connection.request('conversation:end-conversation', { conversationId })).rejects.toMatchObject({
    name: 'RequestError',
    code: 'conversation-ended',
    message: 'It has ended.',
    details: { a: 1 },
  });
});

test('[O5] an answer without the envelope counts as a fault of the server', async () => {
  const connection = connect();
  for (const answer of ['yes', null, {}, { ok: true }, { ok: false, error: 'no' }]) {
    desk.answer = () => answer;
    const asked = connection.request('conversation:end-conversation', { conversationId });
    await expect(asked).rejects.toMatchObject({ code: 'internal' });
  }
});

test('[C1] start-session is answered before anything else is sent, on every connection', async () => {
  const connection = connect();
  connection.onConnected(async ({ request }) => {
    await request('visitor:forget-me', {});
  });
  await connection.request('conversation:end-conversation', { conversationId });
  expect(desk.heard.map(({ name }) => name)).toEqual(['visitor:forget-me', 'conversation:end-conversation']);

  const isAway = whenState(connection, 'reconnecting');
  for (const tcp of desk.tcpSockets) tcp.destroy();
  await isAway;
  await connection.request('conversation:end-conversation', { conversationId });
  expect(desk.heard.slice(2).map(({ name }) => name)).toEqual(['visitor:forget-me', 'conversation:end-conversation']);
});

test('[C1] a handler that comes late is run on the connection that is there', async () => {
  const connection = connect();
  await whenState(connection, 'online');
  await new Promise<void>((resolve) => {
    connection.onConnected(async ({ request }) => {
      await request('visitor:forget-me', {});
      resolve();
    });
  });
  expect(desk.heard.map(({ name }) => name)).toEqual(['visitor:forget-me']);
});

test('[V15] a server that restarts is found again, and the handshake is asked anew', async () => {
  let token = 'first';
  const connection = connect({ handshake: () => ({ token }) });
  await whenState(connection, 'online');
  const isAway = whenState(connection, 'reconnecting');
  await stopDesk();
  await isAway;
  token = 'second';
  desk = await startDesk(port);
  await whenState(connection, 'online');
  expect(desk.handshakes).toEqual([{ token: 'second' }]);
});

test('[V15] a server that sends everybody away gets them back', async () => {
  const connection = connect();
  await whenState(connection, 'online');
  const isAway = whenState(connection, 'reconnecting');
  desk.io.of('/visitor').disconnectSockets();
  await isAway;
  await whenState(connection, 'online');
  expect(desk.handshakes).toHaveLength(2);
});

test('[C1] a request that was under way when the connection broke fails as offline', async () => {
  const connection = connect();
  await whenState(connection, 'online');
  const isAsked = new Promise<void>((resolve) => {
    desk.answer = () => resolve();
  });
  const asked = connection.request('conversation:end-conversation', { conversationId });
  await isAsked;
  for (const tcp of desk.tcpSockets) tcp.destroy();
  await expect(asked).rejects.toMatchObject({ code: 'offline' });
});

test('[C1] a request without a connection waits for its time and then fails as offline', async () => {
  await stopDesk();
  const connection = connect();
  const asked = connection.request('conversation:end-conversation', { conversationId }, { timeoutMs: 50 });
  await expect(asked).rejects.toMatchObject({ code: 'offline' });
  desk = await startDesk(port);
});

test('[C1] a link that has died without a word is noticed by the first unanswered request', async () => {
  const connection = connect();
  await whenState(connection, 'online');
  // From here on the server hears nothing, as when a phone has changed its network.
  for (const tcp of desk.tcpSockets) tcp.pause();
  const isAway = whenState(connection, 'reconnecting');
  const asked = connection.request('conversation:end-conversation', { conversationId }, { timeoutMs: 300 });
  await expect(asked).rejects.toMatchObject({ code: 'timeout' });
  await isAway;
  await whenState(connection, 'online');
  await connection.request('conversation:end-conversation', { conversationId });
});

test('[C1] a request that is only slow does not cost the connection', async () => {
  const connection = connect();
  await whenState(connection, 'online');
  desk.answer = (name, _input, socket) => {
    if (name !== 'conversation:end-conversation') return { ok: true, data: {} };
    socket.emit('conversation:typing-changed', { conversationId, party: 'agent', isTyping: true });
    return undefined;
  };
  const asked = connection.request('conversation:end-conversation', { conversationId }, { timeoutMs: 1_000 });
  await expect(asked).rejects.toMatchObject({ code: 'timeout' });
  expect(connection.state.value).toBe('online');
});

test('[V1] a refusal that waiting does not cure ends the attempts and says why', async () => {
  const refusal: WireError = { code: 'unknown-site', message: 'There is no such site.' };
  desk.refusals.push(refusal);
  const connection = connect();
  const asked = connection.request('conversation:end-conversation', { conversationId });
  await expect(asked).rejects.toMatchObject({ code: 'unknown-site' });
  expect(connection.state.value).toBe('refused');
  expect(connection.refusal.value).toEqual(refusal);

  connection.reconnect();
  await whenState(connection, 'online');
  expect(connection.refusal.value).toBeNull();
});

test('[O5] a page that is too old for the server loads itself anew', async () => {
  vi.stubGlobal('sessionStorage', new FakeBrowserStorage());
  desk.refusals.push({ code: 'client-too-old', message: 'Please load the page again.' });
  await new Promise<void>((resolve) => connect({ reload: resolve }));
  vi.unstubAllGlobals();
});

test('[O5] a refusal that passes is tried again by itself', async () => {
  desk.refusals.push(
    { code: 'shutting-down', message: 'Wait.' },
    { code: 'rate-limited', message: 'Wait.', details: { retryAfterMs: 10 } },
  );
  const connection = connect();
  await whenState(connection, 'online');
  expect(desk.handshakes).toHaveLength(3);
});

test('[A1] a start-session that is refused for good refuses the connection', async () => {
  desk.answer = () => ({ ok: false, error: { code: 'not-signed-in', message: 'Please sign in.' } });
  const connection = connect();
  connection.onConnected(async ({ request }) => {
    await request('visitor:forget-me', {});
  });
  await whenState(connection, 'refused');
  expect(connection.refusal.value?.code).toBe('not-signed-in');
});

test('[C1] events are heard until the handler is taken away, over reconnections too', async () => {
  const connection = connect();
  await whenState(connection, 'online');
  const heard: boolean[] = [];
  let wake: () => void = () => undefined;
  const stop = connection.on('conversation:typing-changed', ({ isTyping }) => {
    heard.push(isTyping);
    wake();
  });
  const emit = (isTyping: boolean) => {
    const arrived = new Promise<void>((resolve) => (wake = resolve));
    desk.io.of('/visitor').emit('conversation:typing-changed', { conversationId, party: 'agent', isTyping });
    return arrived;
  };
  await emit(true);
  const isAway = whenState(connection, 'reconnecting');
  desk.io.of('/visitor').disconnectSockets();
  await isAway;
  await whenState(connection, 'online');
  await emit(false);
  stop();
  emit(true);
  await connection.request('conversation:end-conversation', { conversationId });
  expect(heard).toEqual([true, false]);
});

test('[C1] a signal without a connection is dropped and never sent later', async () => {
  const connection = connect();
  connection.signal('conversation:set-typing', { conversationId, isTyping: true });
  await connection.request('conversation:end-conversation', { conversationId });
  connection.signal('conversation:set-typing', { conversationId, isTyping: false });
  await connection.request('conversation:end-conversation', { conversationId });
  expect(desk.heard.map(({ name, input }) => [name, input])).toEqual([
    ['conversation:end-conversation', { conversationId }],
    ['conversation:set-typing', { conversationId, isTyping: false }],
    ['conversation:end-conversation', { conversationId }],
  ]);
});

test('[C1] a closed connection stays closed and fails what still waits', async () => {
  const connection = connect();
  const asked = connection.request('conversation:end-conversation', { conversationId });
  connection.close();
  connection.close();
  await expect(asked).rejects.toMatchObject({ code: 'offline' });
  connection.reconnect();
  expect(connection.state.value).toBe('closed');
});
