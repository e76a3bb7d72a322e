import type { ErrorCode, WireError } from '../../protocol/errors.ts';

/** A request that did not succeed: refused by the server, unanswered (`timeout`) or never sent (`offline`). */
export class RequestError extends Error {
  override name = 'RequestError';
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;

  constructor({ code, message, details }: WireError) {
    super(message);
    this.code = code;
    this.details = details ?? {};
  }
}

/** Any thrown thing as a RequestError, so that callers read one shape. */
export function toRequestError(thrown: unknown): RequestError {
  if (thrown instanceof RequestError) return thrown;
  const error = new RequestError({ code: 'internal', message: 'Something went wrong on this page.' });
  error.cause = thrown;
  return error;
}

const PASSING_CODES: ReadonlySet<ErrorCode> = new Set([
  'timeout',
  'offline',
  'rate-limited',
  'internal',
  'shutting-down',
  'client-too-new',
]);

/** Whether the same request may succeed later without anybody changing it. */
export function isPassing(code: ErrorCode): boolean {
  return PASSING_CODES.has(code);
}

/** How long the server asked to wait, when it did. */
export function findRetryAfterMs(details: Record<string, unknown> | undefined): number | undefined {
  const value = details?.['retryAfterMs'];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** Reads what a refused handshake carries; anything unknown counts as a fault on the server's side. */
export function findWireError(value: unknown): WireError | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { code, message, details } = value as Partial<WireError>;
  if (typeof code !== 'string' || typeof message !== 'string') return undefined;
  return { code, message, ...(details === undefined ? {} : { details }) };
}
