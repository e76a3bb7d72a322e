import { AppError } from '../errors.ts';
import type { OfferPhase } from '../db/schema.ts';

/** An offer rings one agent. Rules QU1 to QU3 of docs/spec.md. */
export type OfferEvent = 'accept' | 'decline' | 'queue' | 'expire' | 'withdraw';

const OUTCOME: Record<OfferEvent, Exclude<OfferPhase, 'open'>> = {
  accept: 'accepted',
  decline: 'declined',
  queue: 'queued',
  expire: 'expired',
  withdraw: 'withdrawn',
};

/**
 * An open offer closes once; the same answer again is harmless, another answer comes too late.
 *
 * @throws `offer-gone`
 */
export function nextOfferPhase(phase: OfferPhase, event: OfferEvent): OfferPhase {
  const outcome = OUTCOME[event];
  if (phase === 'open' || phase === outcome) return outcome;
  throw new AppError('offer-gone', 'This request is no longer offered to you.', { details: { phase } });
}
