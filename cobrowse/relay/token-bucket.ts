/** Lets through `perSecond` on average and `atOnce` in one go. */
export interface TokenBucket {
  take(amount?: number): boolean;
}

export function createTokenBucket(perSecond: number, atOnce: number, now: () => number): TokenBucket {
  let tokens = atOnce;
  let filledAt = now();
  return {
    take(amount = 1) {
      const at = now();
      // A clock that is set back gives nothing and takes nothing.
      tokens = Math.min(atOnce, tokens + (Math.max(0, at - filledAt) / 1_000) * perSecond);
      filledAt = at;
      if (tokens < amount) return false;
      tokens -= amount;
      return true;
    },
  };
}
