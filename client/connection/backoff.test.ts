import { expect, test } from 'vitest';
import { toReconnectDelayMs, toRetryDelayMs } from './backoff.ts';

const MINUTE_MS = 60_000;

test('[V15] a server that was away for a minute is found again within two seconds', () => {
  let waitedMs = 0;
  for (let attempt = 0; waitedMs < MINUTE_MS / 2; attempt += 1) {
    const delayMs = toReconnectDelayMs(attempt, 1);
    expect(delayMs).toBeLessThanOrEqual(2_000);
    waitedMs += delayMs;
  }
});

test('[O5] a long outage is asked about less and less, and never by all pages at the same moment', () => {
  expect(toReconnectDelayMs(1_000, 1)).toBe(15_000);
  expect(toReconnectDelayMs(1_000, 0)).toBe(7_500);
  expect(toReconnectDelayMs(0, 0)).toBeGreaterThan(100);
});

test('[O5] a retry waits at least as long as the server asked, within reason', () => {
  expect(toRetryDelayMs(0, 0, 5_000)).toBe(5_000);
  expect(toRetryDelayMs(0, 0, 86_400_000)).toBe(60_000);
  expect(toRetryDelayMs(3, 0)).toBeGreaterThan(toRetryDelayMs(0, 1));
});
