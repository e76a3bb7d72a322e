import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { identify, isStale, withLock } from './lock.mjs';

const MINUTE = 60_000;
const waiting = { title: 'Waiting' };
let folder;
let file;

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  folder = mkdtempSync(join(tmpdir(), 'foyer-lock-'));
  file = join(folder, 'lock');
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe('a lock whose holder', () => {
  const facts = (alive) => ({
    host: 'here',
    platform: 'linux',
    identify: (pid) => (alive[pid] ? { pid, startedAt: alive[pid] } : undefined),
  });
  const holder = { host: 'here', processes: [{ pid: 7, startedAt: '100' }], silentMs: 0 };

  test('[O1] runs is respected, however long it takes', () => {
    expect(isStale({ ...holder, silentMs: 60 * MINUTE }, facts({ 7: '100' }))).toBe(false);
  });

  test('[O1] was killed is taken over at once', () => {
    expect(isStale(holder, facts({}))).toBe(true);
  });

  test('[O1] was killed while another process got its number is taken over', () => {
    expect(isStale(holder, facts({ 7: '999' }))).toBe(true);
  });

  test('[O1] was killed while its compiler still writes is respected', () => {
    const withCompiler = { ...holder, processes: [...holder.processes, { pid: 8, startedAt: '101' }] };
    expect(isStale(withCompiler, facts({ 8: '101' }))).toBe(false);
  });

  test('[O1] lives on another machine is judged by its heartbeat', () => {
    expect(isStale({ ...holder, host: 'elsewhere', silentMs: 10_000 }, facts({}))).toBe(false);
    expect(isStale({ ...holder, host: 'elsewhere', silentMs: 2 * MINUTE }, facts({}))).toBe(true);
  });
});

test('[O1] two set-ups at once work one after the other', async () => {
  const events = [];
  const setUp = (name) =>
    withLock(file, waiting, async () => {
      events.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      events.push(`${name} ends`);
    });
  await Promise.all([setUp('first'), setUp('second')]);
  expect(events).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
});

test('[O1] the lock of a set-up that failed does not stand in the way of the next', async () => {
  await expect(withLock(file, waiting, () => Promise.reject(new Error('no network')))).rejects.toThrow('no network');
  await expect(withLock(file, waiting, async () => 'done')).resolves.toBe('done');
});

test('[O1] a lock left by a killed set-up, whole or half written, does not stand in the way', async () => {
  const dead = { token: 'x', host: hostname(), processes: [{ pid: process.pid, startedAt: 'another time' }] };
  writeFileSync(file, JSON.stringify(dead));
  utimesSync(file, new Date(0), new Date(0)); // where start times are unknown, only its silence tells
  await expect(withLock(file, waiting, async () => 'done')).resolves.toBe('done');
  writeFileSync(file, '{"token":');
  utimesSync(file, new Date(0), new Date(0));
  await expect(withLock(file, waiting, async () => 'done')).resolves.toBe('done');
});

test('[O1] a process that has ended is told from one that runs', () => {
  expect(identify(process.pid)).toMatchObject({ pid: process.pid });
  expect(identify(2 ** 22 + 1)).toBeUndefined();
});
