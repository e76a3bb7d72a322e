import { describe, expect, test } from 'vitest';
import { isPrivateAddress, planListening } from './announced-address.ts';

const lo = [{ address: '127.0.0.1', internal: true }];
const at = (address: string) => [{ address, internal: false }];

describe('with a configured address', () => {
  test('[D1] workers listen everywhere and browsers are told that one alone', () => {
    const plan = planListening('203.0.113.7', () => ({ lo, eth0: at('10.0.0.4') }));
    expect(plan).toMatchObject({ origin: 'configured', announcedAddresses: ['203.0.113.7'], warning: null });
    expect(plan.toListenInfos(40_001)).toEqual([
      { protocol: 'udp', port: 40_001, ip: '0.0.0.0', announcedAddress: '203.0.113.7' },
      { protocol: 'tcp', port: 40_001, ip: '0.0.0.0', announcedAddress: '203.0.113.7' },
    ]);
  });
  test('[D1] an IPv6 address is listened to by IPv6, a hostname by IPv4', () => {
    expect(planListening('2001:db8::7').toListenInfos(1)[0]).toMatchObject({ ip: '::' });
    expect(planListening('calls.example.com').toListenInfos(1)[0]).toMatchObject({ ip: '0.0.0.0' });
    expect(planListening('calls.example.com').warning).toBeNull();
  });
  test('[D1] a private address is used as told, with a word of warning', () => {
    expect(planListening('172.18.0.2').warning).toContain('172.18.0.2');
  });
});

describe('without one', () => {
  test('[O1] every outward address and loopback get a socket, loopback last, UDP before TCP', () => {
    const plan = planListening(undefined, () => ({ lo, eth0: at('192.168.1.20'), wlan0: at('192.168.1.21') }));
    expect(plan.origin).toBe('detected');
    expect(plan.toListenInfos(40_000).map(({ protocol, ip }) => `${protocol} ${ip}`)).toEqual([
      'udp 192.168.1.20',
      'udp 192.168.1.21',
      'udp 127.0.0.1',
      'tcp 192.168.1.20',
      'tcp 192.168.1.21',
      'tcp 127.0.0.1',
    ]);
    expect(plan.warning).toContain('192.168.1.20');
  });
  test('[O1] a machine that is on no network still carries calls of its own', () => {
    const plan = planListening(undefined, () => ({ lo }));
    expect(plan).toMatchObject({ origin: 'loopback', announcedAddresses: ['127.0.0.1'] });
    expect(plan.warning).toContain('no network');
  });
  test('[O1] addresses of container bridges are not told to browsers while there is a real one', () => {
    const interfaces = { lo, docker0: at('172.17.0.1'), 'br-12ab': at('172.18.0.1'), eth0: at('198.51.100.4') };
    expect(planListening(undefined, () => interfaces)).toMatchObject({
      announcedAddresses: ['198.51.100.4', '127.0.0.1'],
      warning: null,
    });
  });
  test('[O1] link-local addresses are left out, IPv6 is used where there is no IPv4', () => {
    expect(planListening(undefined, () => ({ eth0: at('169.254.7.7'), eth1: at('fe80::1') })).origin).toBe('loopback');
    expect(planListening(undefined, () => ({ eth0: at('2001:db8::5') })).announcedAddresses).toEqual([
      '2001:db8::5',
      '127.0.0.1',
    ]);
    const both = { eth0: [...at('2001:db8::5'), ...at('192.0.2.9')] };
    expect(planListening(undefined, () => both).announcedAddresses).toEqual(['192.0.2.9', '127.0.0.1']);
  });
});

test('[CA22] a worker that is replaced listens on the addresses that are there then', () => {
  let interfaces = { lo, eth0: at('192.168.1.20'), vpn0: at('10.8.0.2') };
  const plan = planListening(undefined, () => interfaces);
  interfaces = { lo, eth0: at('192.168.1.20'), vpn0: [] };
  expect(plan.toListenInfos(1).map(({ ip }) => ip)).not.toContain('10.8.0.2');
});

test.each([
  ['10.1.2.3', true],
  ['172.15.0.1', false],
  ['172.16.0.1', true],
  ['172.31.255.1', true],
  ['172.32.0.1', false],
  ['192.168.0.1', true],
  ['100.64.0.1', true],
  ['100.128.0.1', false],
  ['127.0.0.1', true],
  ['169.254.1.1', true],
  ['8.8.8.8', false],
  ['::1', true],
  ['fd00::2', true],
  ['fe80::2', true],
  ['2001:db8::1', false],
  ['calls.example.com', false],
])('[D1] %s is private: %s', (address, isPrivate) => {
  expect(isPrivateAddress(address)).toBe(isPrivate);
});
