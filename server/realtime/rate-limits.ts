import { RateLimiterMemory } from 'rate-limiter-flexible';
import { AppError } from '../errors.ts';

/** `points` in `duration` seconds. Generous for people, tight for scripts; per person, so tabs share it. */
const LIMITS = {
  /** Typing, marks and other small talk of the page itself. */
  small: { points: 120, duration: 10 },
  /** What a person writes. Pasting ten lines quickly is fine. */
  message: { points: 30, duration: 10 },
  /** What makes work for others: conversations, calls, left messages. */
  request: { points: 10, duration: 60 },
  /** Everything else. */
  plain: { points: 100, duration: 10 },
  /** New connections of one address: an office of fifty that comes back after a restart fits in. */
  connection: { points: 300, duration: 10 },
} as const;

type LimitName = keyof typeof LIMITS;

const LIMIT_OF: Record<string, LimitName> = {
  'conversation:send-message': 'message',
  'conversation:set-typing': 'small',
  'conversation:mark-messages': 'small',
  'call:report-quality': 'small',
  'conversation:start-conversation': 'request',
  'conversation:leave-message': 'request',
  'visitor:forget-me': 'request',
  'call:propose-call': 'request',
};

export interface RateLimits {
  /** @throws `rate-limited` with `retryAfterMs` */
  check(wireName: string, key: string): Promise<void>;
  checkConnection(address: string): Promise<void>;
}

/** @param factor multiplies every limit; load tests on one machine need many people behind one address */
export function createRateLimits(factor: number): RateLimits {
  const limiters = new Map<LimitName, RateLimiterMemory>();
  for (const [name, { points, duration }] of Object.entries(LIMITS)) {
    limiters.set(name as LimitName, new RateLimiterMemory({ keyPrefix: name, points: points * factor, duration }));
  }
  async function consume(name: LimitName, key: string): Promise<void> {
    try {
      await limiters.get(name)?.consume(key);
    } catch (refusal) {
      if (refusal instanceof Error) throw refusal;
      const retryAfterMs = (refusal as { msBeforeNext?: number }).msBeforeNext ?? 1_000;
      throw new AppError('rate-limited', 'That was a lot at once. Please wait a moment.', {
        details: { retryAfterMs },
      });
    }
  }
  return {
    check: (wireName, key) => consume(LIMIT_OF[wireName] ?? 'plain', key),
    checkConnection: (address) => consume('connection', address),
  };
}
