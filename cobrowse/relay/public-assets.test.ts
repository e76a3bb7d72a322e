import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { isPublicAddress } from './public-addresses.ts';
import { createPublicAssetDoor } from './public-assets.ts';
import type { PublicAssetParts } from './public-assets.ts';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const PUBLIC = '93.184.216.34';
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A web server on this machine that answers for every name; names resolve as the test says. */
async function stage(listener: RequestListener, parts: PublicAssetParts = {}) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.headers.host?.split(':')[0]}${request.url}`);
    expect(request.headers.cookie).toBeUndefined();
    expect(request.headers.referer).toBeUndefined();
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const door = createPublicAssetDoor({
    resolve: (hostname) => Promise.resolve(hostname.startsWith('inside') ? ['10.0.0.7'] : [PUBLIC]),
    dial: () => '127.0.0.1',
    isPortAllowed: () => true,
    ...parts,
  });
  return { asked, fetch: (path: string, host = 'cdn.example') => door.fetchPublic(`http://${host}:${port}${path}`) };
}

const sendPng: RequestListener = (_request, response) => {
  response.setHeader('Content-Type', 'image/png');
  response.end(PNG);
};

test.each([
  ['127.0.0.1', false],
  ['127.9.9.9', false],
  ['0.0.0.0', false],
  ['10.1.2.3', false],
  ['172.16.0.1', false],
  ['172.31.255.255', false],
  ['192.168.1.1', false],
  ['100.64.0.1', false],
  ['169.254.169.254', false],
  ['192.0.0.8', false],
  ['192.0.2.1', false],
  ['198.18.0.1', false],
  ['224.0.0.1', false],
  ['240.0.0.1', false],
  ['255.255.255.255', false],
  ['::', false],
  ['::1', false],
  ['fe80::1', false],
  ['fc00::1', false],
  ['fd12:3456::1', false],
  ['ff02::1', false],
  ['::ffff:127.0.0.1', false],
  ['::ffff:10.0.0.1', false],
  ['::127.0.0.1', false],
  ['64:ff9b::a00:1', false],
  ['64:ff9b:1::a00:1', false],
  ['2002:7f00:1::', false],
  ['2001:0:1::', false],
  ['2001:db8::1', false],
  ['not an address', false],
  [PUBLIC, true],
  ['::ffff:93.184.216.34', true],
  ['2606:2800:220:1::1', true],
])('[B5] %s is public: %s', (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic);
});

test('[B5] a public picture is fetched without cookies and told by its content', async () => {
  const { fetch, asked } = await stage(sendPng);
  expect(await fetch('/logo.png')).toEqual({ contentType: 'image/png', bytes: PNG });
  expect(asked).toEqual(['cdn.example/logo.png']);
});

test('[B11] a name that leads inside is never connected to, not even by a redirect or among others', async () => {
  const { fetch, asked } = await stage((request, response) => {
    if (request.url === '/go') response.writeHead(302, { location: 'http://inside.example/secret' }).end();
    else if (request.url === '/literal') response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
    else sendPng(request, response);
  });
  expect(await fetch('/x.png', 'inside.example')).toBeUndefined();
  expect(await fetch('/x.png', '127.0.0.1')).toBeUndefined();
  expect(await fetch('/x.png', '[::1]')).toBeUndefined();
  expect(await fetch('/x.png', '2130706433')).toBeUndefined();
  expect(asked).toEqual([]);
  expect(await fetch('/go')).toBeUndefined();
  expect(await fetch('/literal')).toBeUndefined();
  expect(asked).toEqual(['cdn.example/go', 'cdn.example/literal']);
  const mixed = await stage(sendPng, { resolve: () => Promise.resolve([PUBLIC, '10.0.0.1']) });
  expect(await mixed.fetch('/x.png')).toBeUndefined();
  expect(mixed.asked).toEqual([]);
});

test('[B11] a name is resolved once: what it resolves to afterwards does not count', async () => {
  let count = 0;
  const { fetch } = await stage(sendPng, {
    resolve: () => Promise.resolve((count += 1) === 1 ? [PUBLIC] : ['127.0.0.1']),
    dial: (address) => (address === PUBLIC ? '127.0.0.1' : '127.0.0.99'),
  });
  expect(await fetch('/logo.png')).toBeDefined();
  expect(count).toBe(1);
});

test('[B5] three redirects are followed and not a fourth', async () => {
  const { fetch } = await stage((request, response) => {
    const left = Number(request.url?.slice(1));
    if (left > 0) response.writeHead(307, { location: `/${left - 1}` }).end();
    else sendPng(request, response);
  });
  expect(await fetch('/3')).toBeDefined();
  expect(await fetch('/4')).toBeUndefined();
});

test('[B5] what is no picture, too large, packed, late or refused is not taken', async () => {
  const { fetch } = await stage(
    (request, response) => {
      switch (request.url) {
        case '/page':
          return response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
        case '/disguised':
          return response.writeHead(200, { 'content-type': 'image/png' }).end('<html><script>1</script>');
        case '/large':
          return response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.concat([PNG, Buffer.alloc(600)]));
        case '/endless':
          response.writeHead(200, { 'content-type': 'image/png' }).write(PNG);
          return response.write(Buffer.alloc(2_000));
        case '/packed':
          return response.writeHead(200, { 'content-type': 'image/png', 'content-encoding': 'gzip' }).end(PNG);
        case '/never':
          return undefined;
        default:
          return response.writeHead(404).end();
      }
    },
    { maxBytes: 500, timeoutMs: 200 },
  );
  for (const path of ['/page', '/disguised', '/large', '/endless', '/packed', '/never', '/missing']) {
    expect(await fetch(path), path).toBeUndefined();
  }
});

test.each([
  'ftp://cdn.example/x',
  'http://name:word@cdn.example/x',
  'file:///etc/passwd',
  'not an address',
  'http://cdn.example:22/x',
])('[B11] %s is not even tried', async (url) => {
  const door = createPublicAssetDoor({ resolve: () => Promise.reject(new Error('resolved')) });
  expect(await door.fetchPublic(url)).toBeUndefined();
});
