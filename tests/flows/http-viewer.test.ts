import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { createClientFiles, directiveOf, sendRaw } from './http-world.ts';
import type { ClientFiles } from './http-world.ts';

describe('the page that shows shared pages', () => {
  let files: ClientFiles;
  let server: TestServer;
  let splitServer: TestServer;
  beforeAll(async () => {
    files = await createClientFiles();
    const overrides = { clientDir: files.dir };
    server = await startServer({ overrides });
    splitServer = await startServer({
      environment: {
        FOYER_PUBLIC_URL: 'https://support.example.com',
        FOYER_VIEWER_URL: 'https://viewer.example.net',
      },
      overrides,
    });
  });
  afterAll(async () => {
    await server.close();
    await splitServer.close();
    await files.remove();
  });

  const ask = (host: string, path: string) =>
    sendRaw(splitServer, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

  test('[B11] it may load our own scripts and stored pictures and nothing else, and tells nobody where it is', async () => {
    const { status, headers } = await fetch(`${server.url}/viewer/`);
    const { host } = new URL(server.url);
    expect(status).toBe(200);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    const policy = Object.fromEntries(
      (headers.get('content-security-policy') ?? '').split(';').map((directive) => {
        const [name = '', ...values] = directive.trim().split(' ');
        return [name, values.join(' ')];
      }),
    );
    expect(policy).toEqual({
      'default-src': "'none'",
      'script-src': `${host}/assets/`,
      'style-src': `${host}/assets/ 'unsafe-inline'`,
      'img-src': `${host}/cb-asset/ data:`,
      'font-src': `${host}/cb-asset/ data:`,
      'media-src': "'none'",
      'connect-src': "'none'",
      'frame-src': "'none'",
      'object-src': "'none'",
      'worker-src': "'none'",
      'form-action': "'none'",
      'base-uri': "'none'",
      'frame-ancestors': "'self'",
    });
  });

  test('[B11] the workspace frames nothing but the viewer', async () => {
    const { headers } = await fetch(`${server.url}/workspace/`);
    expect(directiveOf(headers, 'frame-src')).toBe("'self'");
    const split = await fetch(`${splitServer.url}/workspace/`);
    expect(directiveOf(split.headers, 'frame-src')).toBe('https://viewer.example.net');
  });

  test('[B11] a hostname of its own serves the viewer, its parts and its pictures, and nothing else', async () => {
    const page = await ask('viewer.example.net', '/viewer/');
    expect(page).toMatch(/^HTTP\/1\.1 200 /);
    expect(page).toContain('content="https://support.example.com"');
    expect(page).toContain('frame-ancestors https://support.example.com');
    expect(await ask('viewer.example.net', '/assets/widget-4f2a.js')).toMatch(/^HTTP\/1\.1 200 /);
    for (const path of [
      '/',
      '/api/v1/session',
      '/metrics',
      '/workspace/',
      '/demo/',
      '/widget/?site=demo',
      '/embed.js',
      '/viewer',
      '/viewers/',
    ]) {
      expect(await ask('viewer.example.net', path), path).toMatch(/^HTTP\/1\.1 404 /);
    }
    expect(await ask('support.example.com', '/viewer/')).toMatch(/^HTTP\/1\.1 404 /);
    expect(await ask('support.example.com', '/workspace/')).toMatch(/^HTTP\/1\.1 200 /);
  });

  test.each(['evil.example; script-src *', "evil.example 'unsafe-inline'", '[::1]:3000', '*', '', 'a'.repeat(300)])(
    '[B11] a request for the host %j writes nothing into the policy',
    async (host) => {
      const answer = await sendRaw(server, `GET /viewer/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      const policy = /content-security-policy: (.*)/i.exec(answer)?.[1] ?? '';
      if (!answer.startsWith('HTTP/1.1 400')) expect(policy).toMatch(/script-src 'self';/);
      expect(policy).not.toMatch(/evil|\*|script-src[^;]*unsafe|::1/);
    },
  );
});
