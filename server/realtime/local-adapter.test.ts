import { createServer } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import type { Namespace } from 'socket.io';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LocalAdapter } from './local-adapter.ts';

describe('what is told to a room', () => {
  let http: HttpServer;
  let server: Server;
  let pages: Namespace;
  let first: Socket;
  let second: Socket;
  const heard: string[] = [];
  beforeEach(async () => {
    http = createServer();
    server = new Server(http, { adapter: LocalAdapter });
    pages = server.of('/visitor');
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    heard.length = 0;
    [first, second] = [await open('first'), await open('second')];
    await pages.in(first.id ?? '').socketsJoin(['both', 'alone']);
    await pages.in(second.id ?? '').socketsJoin('both');
  });
  afterEach(async () => {
    first.disconnect();
    second.disconnect();
    await server.close();
  });

  async function open(name: string): Promise<Socket> {
    const page = io(`http://127.0.0.1:${(http.address() as AddressInfo).port}/visitor`, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    page.onAny((event: string) => heard.push(`${name} ${event}`));
    await new Promise<void>((resolve) => page.once('connect', resolve));
    return page;
  }

  /** Everything said before has been heard when this comes. */
  async function settle(): Promise<void> {
    const last = [first, second].map((page) => new Promise<void>((resolve) => page.once('last', () => resolve())));
    pages.emit('last');
    await Promise.all(last);
  }
  const heardBefore = (): string[] => heard.filter((line) => !line.endsWith(' last')).toSorted();

  test('[MS1] all pages in it hear it, but those that are left out', async () => {
    pages.to('both').emit('to both');
    pages
      .to('both')
      .except(first.id ?? '')
      .emit('to the other');
    pages.to(['nobody', 'alone']).emit('to one of two rooms');
    pages.emit('to everybody');
    await settle();
    expect(heardBefore()).toEqual([
      'first to both',
      'first to everybody',
      'first to one of two rooms',
      'second to both',
      'second to everybody',
      'second to the other',
    ]);
  });

  test('[MS1] what no page would hear is not even written', async () => {
    const news = { toJSON: vi.fn(() => ({})) };
    pages.to('nobody').emit('to nobody', news);
    pages
      .to('alone')
      .except(first.id ?? '')
      .emit('to no other page', news);
    pages.to('both').except(['both']).emit('to none of them', news);
    expect(news.toJSON).not.toHaveBeenCalled();
    pages.to('both').emit('last', news);
    expect(news.toJSON).toHaveBeenCalled();
    await settle();
    expect(heardBefore()).toEqual([]);
  });
});
