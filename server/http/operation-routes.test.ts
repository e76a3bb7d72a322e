import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import type { CodedError } from '../errors.ts';
import { createLogger } from '../logger.ts';
import { createErrorResponder } from './error-responses.ts';
import { createOperationRoutes, isOwnNetwork } from './operation-routes.ts';

describe('for those who run the server', () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  async function serve(findUnready: () => Promise<string[]>): Promise<string> {
    const metrics = {
      contentType: 'text/plain; version=0.0.4',
      read: async () => 'foyer_pages 1\n',
      observeRequest: () => {},
      countMessage: () => {},
    };
    const isAnswer = (error: unknown): error is CodedError => error instanceof AppError;
    const shell = express()
      .use(createOperationRoutes({ metrics, findUnready }))
      .use(createErrorResponder(createLogger({ level: 'silent' }), isAnswer));
    const http = createServer(shell);
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => void http.close(() => resolve())));
    return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  }

  test('[O4] a server that waits for something is alive but not ready, and says for what', async () => {
    const url = await serve(async () => ['database', 'media workers']);
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(ready.headers.get('cache-control')).toBe('no-store');
    expect(await ready.json()).toEqual({ status: 'not-ready', waitingFor: ['database', 'media workers'] });
    const alive = await fetch(`${url}/healthz`);
    expect([alive.status, await alive.json()]).toEqual([200, { status: 'ok' }]);
  });

  test('[O4] a server that has everything is ready', async () => {
    const ready = await fetch(`${await serve(async () => [])}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', waitingFor: [] }]);
  });

  test.each(['x-forwarded-for', 'forwarded', 'x-real-ip', 'via', 'x-forwarded-host'])(
    '[O4] metrics are not read through a proxy that says so with %s',
    async (header) => {
      const url = await serve(async () => []);
      const refused = await fetch(`${url}/metrics`, { headers: { [header]: '127.0.0.1' } });
      expect(refused.status).toBe(403);
      expect(await refused.text()).not.toContain('foyer_pages');
      expect(await (await fetch(`${url}/metrics`)).text()).toContain('foyer_pages 1');
    },
  );

  test.each([
    '127.0.0.1',
    '127.9.9.9',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '::1',
    '::ffff:10.0.0.1',
    '::FFFF:127.0.0.1',
    'fd12:3456::1',
    'fc00::1',
  ])('[O4] %s is the own network', (address) => expect(isOwnNetwork(address)).toBe(true));

  test.each([
    '203.0.113.7',
    '172.15.0.1',
    '172.32.0.1',
    '11.0.0.1',
    '192.169.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '::ffff:203.0.113.7',
    '2001:db8::1',
    'fe80::1',
    'fd.example.com',
    '10.0.0.1.evil.example',
    '',
    'unknown',
  ])('[O4] %j is not the own network', (address) => expect(isOwnNetwork(address)).toBe(false));
});
