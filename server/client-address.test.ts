import { describe, expect, test } from 'vitest';
import { toClientAddress } from './client-address.ts';
import type { AddressedRequest } from './client-address.ts';

const from = (remoteAddress: string | undefined, forwardedFor?: string | string[]): AddressedRequest => ({
  headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor },
  socket: { remoteAddress },
});

describe('the address that limits count for', () => {
  test('[O5] without proxies a forwarded address is not believed', () => {
    expect(toClientAddress(from('203.0.113.7', '1.2.3.4'), 0)).toBe('203.0.113.7');
  });

  test('[O5] behind one proxy only what the proxy itself added is believed', () => {
    expect(toClientAddress(from('10.0.0.1', '1.2.3.4, 203.0.113.7'), 1)).toBe('203.0.113.7');
  });

  test('[O5] behind two proxies the second from the right counts, whatever stands further left', () => {
    expect(toClientAddress(from('10.0.0.1', 'made up, 203.0.113.7, 10.0.0.2'), 2)).toBe('203.0.113.7');
  });

  test('[O5] a header sent in pieces is read as one', () => {
    expect(toClientAddress(from('10.0.0.1', ['1.2.3.4', '203.0.113.7']), 1)).toBe('203.0.113.7');
  });

  test.each([undefined, '', ' , ,'])('[O5] a proxy that forwards nothing (%j) leaves its own address', (header) => {
    expect(toClientAddress(from('10.0.0.1', header), 1)).toBe('10.0.0.1');
  });

  test('[O5] a shorter way than configured is counted for the furthest address that is known', () => {
    expect(toClientAddress(from('10.0.0.1', '203.0.113.7'), 3)).toBe('203.0.113.7');
  });

  test('[O5] a connection that is gone already has a name all the same', () => {
    expect(toClientAddress(from(undefined), 0)).toBe('unknown');
  });

  test.each([
    ['2001:db8:1:2:aaaa::1', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2:bbbb:cccc:dddd:eeee', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['203.0.113.7', '203.0.113.7'],
  ])('[SE2] %s is counted as %s: of IPv6 a household has a whole network', (address, counted) => {
    expect(toClientAddress(from(address), 0)).toBe(counted);
    expect(toClientAddress(from('10.0.0.1', address), 1)).toBe(counted);
  });
});
