import { AppError } from '../errors.ts';
import { createWindowCounter } from './window-counter.ts';
import type { WindowCounter } from './window-counter.ts';

/** `points` in `durationMs`. Generous for people, tight for scripts; per person, so tabs share it. */
const LIMITS = {
  /** Typing, marks and other small talk of the page itself. */
  small: { points: 120, durationMs: 10_000 },
  /** What a person writes. Pasting ten lines quickly is fine. */
  message: { points: 30, durationMs: 10_000 },
  /** What makes work for others: conversations, calls, left messages. */
  request: { points: 10, durationMs: 60_000 },
  /** Frames of a shared page, and the confirmations of one viewer: up to 60 a second. */
  frame: { points: 600, durationMs: 10_000 },
  /** Pointing and drawing: up to 60 a second. */
  mark: { points: 600, durationMs: 10_000 },
  /** What is done on a shared page for its agent, and the answers: the relay takes 30 a second, 60 at once. */
  act: { points: 400, durationMs: 10_000 },
  /** What a person decides about a share: nothing that a page says by itself can use it up. */
  decision: { points: 100, durationMs: 10_000 },
  /** END, whatever else has been said. */
  end: { points: 100, durationMs: 10_000 },
  /** Pictures of a shared page, in pieces. */
  asset: { points: 200, durationMs: 10_000 },
  /** Everything else. */
  plain: { points: 100, durationMs: 10_000 },
  /** New connections of one address: an office of fifty that comes back after a restart fits in. */
  connection: { points: 300, durationMs: 10_000 },
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
  'share:request-share': 'request',
  'share:request-grant': 'request',
  'share:end-share': 'end',
  'share:decline-share': 'decision',
  'share:change-scope': 'decision',
  'share:pause-share': 'decision',
  'share:resume-share': 'decision',
  'share:set-grant': 'decision',
  'share:ask-act': 'act',
  'share:report-act': 'act',
  'share:send-frame': 'frame',
  'share:confirm-frames': 'frame',
  'share:send-marks': 'mark',
  'share:send-asset': 'asset',
};

export interface RateLimits {
  /** @throws `rate-limited` with `retryAfterMs` */
  check(wireName: string, key: string): void;
  checkConnection(address: string): void;
}

/** @param factor multiplies every limit; load tests on one machine need many people behind one address */
export function createRateLimits(factor: number): RateLimits {
  const counters = new Map<LimitName, WindowCounter>();
  for (const [name, { points, durationMs }] of Object.entries(LIMITS))
    counters.set(name as LimitName, createWindowCounter({ points: points * factor, durationMs }));
  function consume(name: LimitName, key: string): void {
    const retryAfterMs = counters.get(name)?.take(key) ?? 0;
    if (retryAfterMs === 0) return;
    throw new AppError('rate-limited', 'That was a lot at once. Please wait a moment.', { details: { retryAfterMs } });
  }
  return {
    check: (wireName, key) => consume(LIMIT_OF[wireName] ?? 'plain', key),
    checkConnection: (address) => consume('connection', address),
  };
}
