import { describe, expect, test } from 'vitest';
import { nextOfferPhase } from './offer-lifecycle.ts';
import type { OfferEvent } from './offer-lifecycle.ts';

describe('an offer that rings an agent', () => {
  test.each<[OfferEvent, string]>([
    ['accept', 'accepted'],
    ['decline', 'declined'],
    ['queue', 'queued'],
    ['expire', 'expired'],
    ['withdraw', 'withdrawn'],
  ])('[QU1] an open offer closes on %s', (event, outcome) => {
    expect(nextOfferPhase('open', event)).toBe(outcome);
  });

  test('[QU2] the same answer twice is harmless', () => {
    expect(nextOfferPhase('accepted', 'accept')).toBe('accepted');
    expect(nextOfferPhase('declined', 'decline')).toBe('declined');
  });

  test('[QU3] an answer after the offer has closed otherwise comes too late', () => {
    for (const phase of ['declined', 'queued', 'expired', 'withdrawn'] as const) {
      expect(() => nextOfferPhase(phase, 'accept')).toThrow(expect.objectContaining({ code: 'offer-gone' }));
    }
    expect(() => nextOfferPhase('accepted', 'decline')).toThrow(expect.objectContaining({ code: 'offer-gone' }));
  });
});
