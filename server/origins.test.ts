import { describe, expect, test } from 'vitest';
import { isOriginAllowed } from './origins.ts';

describe('which pages may connect', () => {
  const host = 'support.example.com';

  test("[SE4] the server's own pages may connect, behind a proxy under the public address too", () => {
    expect(isOriginAllowed({ host, origin: `https://${host}` }, null)).toBe(true);
    expect(isOriginAllowed({ host: '10.0.0.5:3000', origin: `https://${host}` }, `https://${host}`)).toBe(true);
  });

  test.each([
    'https://evil.example',
    `https://${host}.evil.example`,
    'null',
    'https://support.example.com:8443',
    'nonsense',
  ])('[SE4] a page of %s may not connect', (origin) =>
    expect(isOriginAllowed({ host, origin }, `https://${host}`)).toBe(false),
  );

  test('[SE4] a site may allow its own origin', () => {
    const origin = 'https://www.shop.example';
    expect(isOriginAllowed({ host, origin }, null, [origin])).toBe(true);
    expect(isOriginAllowed({ host, origin: 'http://www.shop.example' }, null, [origin])).toBe(false);
  });

  test('[SE4] a program without an Origin header is no browser', () => {
    expect(isOriginAllowed({ host }, null)).toBe(true);
  });
});
