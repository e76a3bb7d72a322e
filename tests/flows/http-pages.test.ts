import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '../_support/start-server.ts';
import type { TestServer } from '../_support/start-server.ts';
import { createClientFiles, directiveOf, sendRaw } from './http-world.ts';
import type { ClientFiles } from './http-world.ts';

const sites = [
  { key: 'shop', name: 'Shop', allowedOrigins: ['https://www.shop.example', 'https://shop.example:8443'] },
];

describe('the pages that a server hands out', () => {
  let files: ClientFiles;
  let server: TestServer;
  let secureServer: TestServer;
  beforeAll(async () => {
    files = await createClientFiles();
    const overrides = { clientDir: files.dir };
    server = await startServer({ sites, overrides });
    secureServer = await startServer({
      environment: { FOYER_PUBLIC_URL: 'https://support.example.com' },
      overrides,
    });
  });
  afterAll(async () => {
    await server.close();
    await secureServer.close();
    await files.remove();
  });
  const get = (path: string, init?: RequestInit) => fetch(`${server.url}${path}`, { redirect: 'manual', ...init });

  const EVERYWHERE = [
    '/embed.js',
    '/widget/?site=shop',
    '/workspace/',
    '/demo/',
    '/assets/widget-4f2a.js',
    '/api/v1/session',
    '/nothing',
  ];

  test.each(EVERYWHERE)('[O5] %s says nothing of what serves it and forbids guessing of types', async (path) => {
    const { headers } = await get(path);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).not.toBeNull();
    expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
  });

  test.each(EVERYWHERE)(
    '[O5] the policy of %s allows no inline script, no eval and no foreign script',
    async (path) => {
      const { headers } = await get(path);
      const scripts = directiveOf(headers, 'script-src') ?? directiveOf(headers, 'default-src');
      expect(["'self'", "'none'"]).toContain(scripts);
      expect(directiveOf(headers, 'default-src')).toBe("'none'");
      expect(directiveOf(headers, 'base-uri')).toBe("'none'");
    },
  );

  test.each(EVERYWHERE)('[O5] browsers insist on https for %s only where the public address is https', async (path) => {
    expect((await get(path)).headers.get('strict-transport-security')).toBeNull();
    const secure = await fetch(`${secureServer.url}${path.replace('shop', 'demo')}`);
    expect(secure.headers.get('strict-transport-security')).toMatch(/^max-age=31536000/);
  });

  test("[V1] the widget is framed by the site's own pages and ours, and by nobody else", async () => {
    const { status, headers } = await get('/widget/?site=shop');
    expect(status).toBe(200);
    expect(directiveOf(headers, 'frame-ancestors')).toBe("'self' https://www.shop.example https://shop.example:8443");
    expect(headers.get('x-frame-options')).toBeNull();
    expect(directiveOf((await get('/widget/?site=demo')).headers, 'frame-ancestors')).toBe("'self'");
  });

  test.each([
    '?site=unknown',
    '',
    '?site=',
    '?site=shop&site=demo',
    '?site[]=shop',
    '?site=SHOP',
    '?site=shop%00',
    '?site=__proto__',
    '?site=constructor',
  ])('[V1] /widget/%s names no site: nobody may frame what comes, and it says what to check', async (query) => {
    const answer = await get(`/widget/${query}`);
    expect(answer.status).toBe(404);
    expect(directiveOf(answer.headers, 'frame-ancestors')).toBe("'none'");
    expect(await answer.text()).toContain('data-site');
  });

  test.each(['/workspace/', '/workspace/conversations/some-id', '/api/v1/session', '/nothing'])(
    '[O5] %s can be framed by nobody',
    async (path) => {
      const { headers } = await get(path);
      expect(directiveOf(headers, 'frame-ancestors')).toBe("'none'");
      expect(headers.get('x-frame-options')).toMatch(/^(SAMEORIGIN|DENY)$/);
    },
  );

  test('[V1] the loader is kept for minutes, built files for good, pages are asked for anew', async () => {
    const cacheOf = async (path: string) => (await get(path)).headers.get('cache-control');
    expect(await cacheOf('/embed.js')).toBe('public, max-age=300, stale-while-revalidate=3600');
    expect(await cacheOf('/assets/widget-4f2a.js')).toBe('public, max-age=31536000, immutable');
    expect(await cacheOf('/widget/?site=shop')).toBe('no-cache');
    expect(await cacheOf('/workspace/')).toBe('no-cache');
    expect(await cacheOf('/api/v1/session')).toBe('no-store');
    expect(await cacheOf('/healthz')).toBe('no-store');
  });

  test('[V1] a page of another origin may load the loader and the built files', async () => {
    for (const path of ['/embed.js', '/assets/widget-4f2a.js']) {
      const { headers } = await get(path);
      expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
      expect(headers.get('content-type')).toMatch(/javascript/);
    }
    expect((await get('/workspace/')).headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });

  test('[V1] an unchanged loader is not sent twice', async () => {
    const etag = (await get('/embed.js')).headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    const head = 'GET /embed.js HTTP/1.1\r\nHost: localhost\r\nConnection: close';
    expect(await sendRaw(server, `${head}\r\nIf-None-Match: ${etag}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 304 /);
    expect(await sendRaw(server, `${head}\r\nIf-None-Match: "other"\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('[O4] what is large enough travels compressed', async () => {
    for (const path of ['/embed.js', '/assets/widget-4f2a.js']) {
      const answer = await get(path, { headers: { 'accept-encoding': 'gzip' } });
      expect(answer.headers.get('content-encoding')).toBe('gzip');
      expect(answer.headers.get('vary')).toContain('Accept-Encoding');
    }
  });

  test.each([
    '/assets/../secret.txt',
    '/assets/..%2fsecret.txt',
    '/assets/%2e%2e/secret.txt',
    '/assets/%2e%2e%2fsecret.txt',
    '/assets/..%5csecret.txt',
    '/assets/....//secret.txt',
    '/assets//../../secret.txt',
    '/assets/%00/../../secret.txt',
    '/assets/%c0%ae%c0%ae/secret.txt',
    '/demo/../secret.txt',
    '/demo/..%2f..%2f..%2f..%2fetc%2fpasswd',
    '/demo/.hidden',
    '/demo/%2ehidden',
    '/secret.txt',
    '//secret.txt',
    '/assets/',
    '/widget/index.html?site=shop/../../secret.txt',
  ])('[O5] %s leads to nothing', async (path) => {
    const answer = await sendRaw(server, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 (400|403|404) /);
    expect(answer).not.toContain('beside the folders');
    expect(answer).not.toContain('not for visitors');
    expect(answer).not.toContain('root:');
    expect(answer).not.toContain(files.dir);
  });

  test.each(['/demo/%E0%A4%A', '/workspace/%E0%A4%A', '/assets/%', '/api/v1/%ff'])(
    '[O5] %s with its broken escape is refused in the same words as any other',
    async (path) => {
      const answer = await get(path);
      expect([400, 404]).toContain(answer.status);
      expect(await answer.json()).toMatchObject({ error: { code: answer.status === 400 ? 'bad-input' : 'not-found' } });
    },
  );

  test.each([
    ['POST', '/healthz'],
    ['DELETE', '/embed.js'],
    ['PUT', '/widget/?site=shop'],
    ['PATCH', '/api/v1/session'],
    ['PUT', '/api/v1/session'],
    ['POST', '/workspace/'],
    ['DELETE', '/'],
    ['POST', '/metrics'],
  ])('[O5] %s %s does nothing and answers with a code', async (method, path) => {
    const answer = await get(path, { method });
    expect([404, 405]).toContain(answer.status);
    expect(await answer.json()).toMatchObject({ error: { code: 'not-found' } });
  });

  test('[O5] an unknown address answers with a sentence for a person and without a stack', async () => {
    const answer = await get('/api/v1/nothing?<script>alert(1)</script>');
    const text = await answer.text();
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(JSON.parse(text)).toEqual({ error: { code: 'not-found', message: expect.any(String) } });
    expect(text).not.toMatch(/script|node_modules|\.ts/);
  });

  test('[O4] metrics are read inside the network and not through a proxy', async () => {
    const direct = await get('/metrics');
    expect([direct.status, await direct.text()]).toEqual([200, expect.stringContaining('foyer_pages')]);
    const through = await get('/metrics', { headers: { 'x-forwarded-for': '127.0.0.1' } });
    expect([through.status, await through.json()]).toMatchObject([403, { error: { code: 'forbidden' } }]);
  });

  test('[O4] a running server is alive and ready', async () => {
    expect((await get('/healthz')).status).toBe(200);
    expect(await (await get('/readyz')).json()).toEqual({ status: 'ready', waitingFor: [] });
  });

  test.each([
    ['no HTTP at all', '\u0000\u0001\u0002 garbage\r\n\r\n'],
    ['a header without end', `GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`],
    ['two lengths', 'POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello'],
    [
      'a length and chunks',
      'POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
  ])('[O5] %s is refused, and the server goes on', async (_what, text) => {
    expect(await sendRaw(server, text)).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect((await get('/healthz')).status).toBe(200);
  });
});

describe('a server whose pages have not been built', () => {
  test('[O1] it says so, and what to do', async () => {
    const server = await startServer({ overrides: { clientDir: '/nowhere' } });
    try {
      for (const path of ['/embed.js', '/widget/?site=demo', '/workspace/']) {
        const answer = await fetch(`${server.url}${path}`);
        expect(answer.status).toBe(503);
        expect(await answer.text()).toContain('built yet');
      }
    } finally {
      await server.close();
    }
  });
});
