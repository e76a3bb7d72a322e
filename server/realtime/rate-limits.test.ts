import { describe, expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import { createRateLimits } from './rate-limits.ts';
import type { RateLimits } from './rate-limits.ts';

function refusalOf(ask: () => void): unknown {
  try {
    ask();
    return undefined;
  } catch (error) {
    return error;
  }
}

function countAllowed(limits: RateLimits, wireName: string, key: string, tries: number): number {
  const refusals = Array.from({ length: tries }, () => refusalOf(() => limits.check(wireName, key)));
  return refusals.filter((refusal) => refusal === undefined).length;
}

describe('how much one person may ask', () => {
  test.each([
    ['conversation:send-message', 30],
    ['conversation:set-typing', 120],
    ['conversation:start-conversation', 10],
    ['visitor:forget-me', 10],
    ['call:propose-call', 10],
    ['share:request-share', 10],
    ['share:request-grant', 10],
    ['share:send-frame', 600],
    ['share:confirm-frames', 600],
    ['share:send-marks', 600],
    ['share:send-asset', 200],
    ['share:end-share', 100],
    ['share:pause-share', 100],
    ['share:ask-act', 400],
    ['share:report-act', 400],
    ['conversation:fetch-messages', 100],
  ])('[O5] %s is served %i times in a row and then refused', (wireName, allowed) => {
    expect(countAllowed(createRateLimits(1), wireName, 'ana', allowed + 5)).toBe(allowed);
  });

  test('[O5] a refusal says "rate-limited" and when to come again', () => {
    const limits = createRateLimits(1);
    countAllowed(limits, 'conversation:send-message', 'ana', 30);
    const refusal = refusalOf(() => limits.check('conversation:send-message', 'ana'));
    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({ code: 'rate-limited' });
    const retryAfterMs = refusal instanceof AppError ? Number(refusal.details?.['retryAfterMs']) : 0;
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThanOrEqual(10_000);
  });

  test('[O5] one person who floods hinders neither others nor their own other requests', () => {
    const limits = createRateLimits(1);
    countAllowed(limits, 'conversation:send-message', 'ana', 100);
    expect(refusalOf(() => limits.check('conversation:send-message', 'ben'))).toBeUndefined();
    expect(refusalOf(() => limits.check('conversation:end-conversation', 'ana'))).toBeUndefined();
  });

  test.each([
    'share:end-share',
    'share:pause-share',
    'share:change-scope',
    'share:set-grant',
    'share:decline-share',
    'share:resume-share',
  ])('[SH13] %s is taken at once, whatever the pages of this person have said before', (wireName) => {
    const limits = createRateLimits(1);
    for (const other of ['share:report-act', 'share:send-frame', 'share:send-marks', 'conversation:fetch-messages'])
      countAllowed(limits, other, 'ana', 700);
    expect(refusalOf(() => limits.check(wireName, 'ana'))).toBeUndefined();
  });

  test('[SH11] END is taken when pauses and grants have used up what is theirs', () => {
    const limits = createRateLimits(1);
    countAllowed(limits, 'share:pause-share', 'ana', 200);
    expect(refusalOf(() => limits.check('share:end-share', 'ana'))).toBeUndefined();
  });

  test('[O5] an address opens 300 connections in ten seconds and no more', () => {
    const limits = createRateLimits(1);
    const refusals = Array.from({ length: 310 }, () => refusalOf(() => limits.checkConnection('203.0.113.7')));
    expect(refusals.filter((refusal) => refusal === undefined)).toHaveLength(300);
    expect(refusalOf(() => limits.checkConnection('203.0.113.8'))).toBeUndefined();
  });

  test('[O5] a load test multiplies every limit', () => {
    expect(countAllowed(createRateLimits(3), 'conversation:send-message', 'ana', 100)).toBe(90);
  });
});
