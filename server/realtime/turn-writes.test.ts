import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import type { Socket as ServerSocket } from 'socket.io';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gatherTurnWrites } from './turn-writes.ts';

describe.each(['websocket', 'polling'])('what a turn says to a page, over %s', (transport) => {
  let server: Server;
  let page: Socket;
  let heard: unknown[];
  let sizes: number[];
  beforeEach(async () => {
    const http = createServer();
    server = new Server(http, { perMessageDeflate: false });
    gatherTurnWrites(server.engine);
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    page = io(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, {
      transports: [transport],
      reconnection: false,
    });
    heard = [];
    page.onAny((name, ...values) => heard.push(name, ...values));
    await new Promise<void>((resolve) => page.once('connect', resolve));
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

  test('[C1] the first word of a turn leaves at once, an answer and the events before it together and in order', async () => {
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
