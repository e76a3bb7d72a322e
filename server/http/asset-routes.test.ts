import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, expect, test } from 'vitest';
import { createAssetRoutes } from './asset-routes.ts';

const TOKEN = 'abcdefghijklmnopqrstuvwxyz0123456789';
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
const shell = express();
const asked: unknown[][] = [];
shell.use(
  '/cb-asset',
  createAssetRoutes({
    findAsset: (...given) => {
      asked.push(given);
      const [token, , , assetKey] = given;
      const isThere = token === TOKEN && assetKey === 7;
      return Promise.resolve(isThere ? { contentType: 'image/svg+xml', bytes: SVG } : undefined);
    },
  }),
);
const server = createServer(shell);
const listening = new Promise<string>((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
});
afterAll(() => {
  server.close();
});

test('[B11] a shared picture is served so that it can only ever be a picture, and stays on no disk', async () => {
  const answer = await fetch(`${await listening}/cb-asset/${TOKEN}/3/tab/7`);
  expect(answer.status).toBe(200);
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(SVG);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'image/svg+xml',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'cross-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
});

test('[B11] an unknown token or key finds nothing, and nonsense is not even looked for', async () => {
  const url = await listening;
  for (const path of [`${TOKEN}x/3/tab/7`, `${TOKEN}/3/tab/8`]) {
    const answer = await fetch(`${url}/cb-asset/${path}`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  }
  const before = asked.length;
  for (const path of [`short/3/tab/7`, `${TOKEN}/-3/tab/7`, `${TOKEN}/3/tab/7e3`, `${TOKEN}/3/tab/99999999999`]) {
    expect((await fetch(`${url}/cb-asset/${path}`)).status).toBe(404);
  }
  expect(asked).toHaveLength(before);
});
