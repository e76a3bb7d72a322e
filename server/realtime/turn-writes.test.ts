import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import type { Socket as ServerSocket } from 'socket.io';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gatherTurnWrites } from './turn-writes.ts';
import type { Connection } from './turn-writes.ts';

describe.each(['websocket', 'polling'])('what a turn says to a page, over %s', (transport) => {
  let server: Server;
  let page: Socket;
  let connect: () => Promise<Socket>;
  let heard: unknown[];
  let sizes: number[];
  beforeEach(async () => {
    const http = createServer();
    server = new Server(http, { perMessageDeflate: false });
    gatherTurnWrites(server.engine, () => {});
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    connect = async () => {
      const socket = io(url, { transports: [transport], forceNew: true, reconnection: false });
      await new Promise<void>((resolve) => socket.once('connect', resolve));
      return socket;
    };
    page = await connect();
    heard = [];
    page.onAny((name, ...values) => heard.push(name, ...values));
    sizes = [];
    server.engine.on('flush', (_connection: unknown, packets: unknown[]) => sizes.push(packets.length));
  });
  afterEach(async () => {
    page.disconnect();
    await server.close();
  });

  const serve = (listener: (socket: ServerSocket, acknowledge: (answer: string) => void) => unknown) => {
    for (const socket of server.sockets.sockets.values())
      socket.on('ask', (acknowledge: (answer: string) => void) => listener(socket, acknowledge));
  };

  test('[C1] an answer and the events before it leave together and in order', async () => {
    serve((socket, acknowledge) => {
      socket.emit('first');
      socket.emit('second');
      acknowledge('done');
    });
    expect(await page.emitWithAck('ask')).toBe('done');
    expect(heard).toEqual(['first', 'second']);
    expect(sizes[0]).toBe(3);
  });

  test('[C1] what an answer waited for is said before it, in a piece of its own', async () => {
    serve(async (socket, acknowledge) => {
      socket.emit('first');
      await Promise.resolve();
      socket.emit('second');
      acknowledge('done');
    });
    expect(await page.emitWithAck('ask')).toBe('done');
    expect(heard).toEqual(['first', 'second']);
    expect(sizes.slice(0, 2)).toEqual([1, 2]);
  });

  test('[C1] a message to the other side and the answer to who wrote it leave right behind each other', async () => {
    const steps: string[] = [];
    const other = await connect();
    const told = new Promise<void>((resolve) => other.once('told', () => resolve()));
    serve((socket, acknowledge) => {
      server.engine.on('flush', (connection: unknown) => steps.push(connection === socket.conn ? 'answer' : 'message'));
      socket.broadcast.emit('told');
      steps.push('told');
      acknowledge('done');
      steps.push('answered');
    });
    await page.emitWithAck('ask');
    await told;
    other.disconnect();
    expect(steps.slice(0, 4)).toEqual(['told', 'answered', 'message', 'answer']);
  });

  test('[C1] a hundred events arrive whole and in order', async () => {
    serve((socket, acknowledge) => {
      for (let count = 0; count < 100; count += 1) socket.emit('count', count, 'ä'.repeat(count));
      acknowledge('done');
    });
    await page.emitWithAck('ask');
    expect(heard).toEqual(Array.from({ length: 100 }, (_, count) => ['count', count, 'ä'.repeat(count)]).flat());
  });

  test('[SE3] the last word before a connection is ended still arrives', async () => {
    serve((socket) => {
      socket.emit('last word');
      socket.disconnect(true);
    });
    const ended = new Promise<string>((resolve) => page.once('disconnect', resolve));
    page.emit('ask', () => {});
    expect(await ended).toBe('io server disconnect');
    expect(heard).toEqual(['last word']);
  });
});

test('[C1] a connection that cannot be written to takes nobody else’s words along', async () => {
  let admit: (connection: Connection) => void = () => {};
  const failures: unknown[] = [];
  gatherTurnWrites({ on: (_name, listener) => (admit = listener) }, (error) => failures.push(error));
  const written: string[] = [];
  const connect = (name: string, failure?: Error): Connection => {
    const flush = (): void => {
      if (failure) throw failure;
      written.push(name);
    };
    const connection: Connection = { request: { socket: { cork() {}, uncork() {} } }, flush };
    admit(connection);
    return connection;
  };
  const noLine = new Error('no line');
  for (const connection of [connect('first'), connect('broken', noLine), connect('last')]) connection.flush?.();
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect(written).toEqual(['first', 'last']);
  expect(failures).toEqual([noLine]);
});
