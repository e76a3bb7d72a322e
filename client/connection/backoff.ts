const FIRST_DELAY_MS = 250;
/** Keeps the return after a server restart within about two seconds. */
const SHORT_OUTAGE_MAX_MS = 2_000;
const SHORT_OUTAGE_ATTEMPTS = 30;
const LONG_OUTAGE_MAX_MS = 15_000;

/** How long to wait before the next attempt to connect; `random` (0 to 1) spreads the visitors of one site. */
export function toReconnectDelayMs(attempt: number, random: number): number {
  const maxMs = attempt < SHORT_OUTAGE_ATTEMPTS ? SHORT_OUTAGE_MAX_MS : LONG_OUTAGE_MAX_MS;
  return spread(Math.min(maxMs, FIRST_DELAY_MS * 2 ** Math.min(attempt, 16)), random);
}

/** How long to wait before a request that the server could not serve just now is tried again. */
export function toRetryDelayMs(attempt: number, random: number, retryAfterMs?: number): number {
  const delayMs = spread(Math.min(LONG_OUTAGE_MAX_MS, 1_000 * 2 ** Math.min(attempt, 16)), random);
  return Math.max(delayMs, Math.min(retryAfterMs ?? 0, 60_000));
}

function spread(delayMs: number, random: number): number {
  return Math.round(delayMs * (0.5 + random / 2));
}
