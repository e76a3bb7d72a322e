import { describe, expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import { createRateLimits } from './rate-limits.ts';
import type { RateLimits } from './rate-limits.ts';

async function countAllowed(limits: RateLimits, wireName: string, key: string, tries: number): Promise<number> {
  const outcomes = await Promise.allSettled(Array.from({ length: tries }, () => limits.check(wireName, key)));
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}

describe('how much one person may ask', () => {
  test.each([
    ['conversation:send-message', 30],
    ['conversation:set-typing', 120],
    ['conversation:start-conversation', 10],
    ['visitor:forget-me', 10],
    ['call:propose-call', 10],
    ['conversation:fetch-messages', 100],
  ])('[O5] %s is served %i times in a row and then refused', async (wireName, allowed) => {
    expect(await countAllowed(createRateLimits(1), wireName, 'ana', allowed + 5)).toBe(allowed);
  });

  test('[O5] a refusal says "rate-limited" and when to come again', async () => {
    const limits = createRateLimits(1);
    await countAllowed(limits, 'conversation:send-message', 'ana', 30);
    const refusal: unknown = await limits.check('conversation:send-message', 'ana').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({ code: 'rate-limited' });
    const retryAfterMs = refusal instanceof AppError ? Number(refusal.details?.['retryAfterMs']) : 0;
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThanOrEqual(10_000);
  });

  test('[O5] one person who floods hinders neither others nor their own other requests', async () => {
    const limits = createRateLimits(1);
    await countAllowed(limits, 'conversation:send-message', 'ana', 100);
    await expect(limits.check('conversation:send-message', 'ben')).resolves.toBeUndefined();
    await expect(limits.check('conversation:end-conversation', 'ana')).resolves.toBeUndefined();
  });

  test('[O5] an address opens 300 connections in ten seconds and no more', async () => {
    const limits = createRateLimits(1);
    const outcomes = await Promise.allSettled(Array.from({ length: 310 }, () => limits.checkConnection('203.0.113.7')));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(300);
    await expect(limits.checkConnection('203.0.113.8')).resolves.toBeUndefined();
  });

  test('[O5] a load test multiplies every limit', async () => {
    expect(await countAllowed(createRateLimits(3), 'conversation:send-message', 'ana', 100)).toBe(90);
  });
});
