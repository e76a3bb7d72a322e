/**
 * Every code a client can meet. A code is stable for good; the sentence beside it may change and is written for the
 * person who reads it.
 */
export const errorCodes = [
  'bad-input',
  'unknown-name',
  'too-large',
  'rate-limited',
  'not-signed-in',
  'wrong-credentials',
  'locked-out',
  'wrong-origin',
  'unknown-site',
  'client-too-old',
  'client-too-new',
  'forbidden',
  'not-found',
  'invalid-transition',
  'invalid-name',
  'consent-required',
  'modality-not-offered',
  'nobody-available',
  'conversation-ended',
  'conversation-running',
  'offer-gone',
  'request-taken',
  'visitor-left',
  'limit-reached',
  'call-ended',
  'call-running',
  'call-in-other-tab',
  'call-restarted',
  'media-unavailable',
  'share-ended',
  'share-running',
  'share-not-allowed',
  'stale-stream',
  'shutting-down',
  'timeout',
  'offline',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** What the wire carries when a request fails. `details` names fields and limits, never another person's data. */
export interface WireError {
  code: ErrorCode;
  message: string;
  details?: Record<string, unknown>;
}

/** The answer to every request: exactly one of the two. */
export type Ack<Output> = { ok: true; data: Output } | { ok: false; error: WireError };
