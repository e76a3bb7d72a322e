import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { ErrorCode } from '../../protocol/errors.ts';
import { AppError, toWireError } from '../errors.ts';
import type { CodedError } from '../errors.ts';
import type { Logger } from '../logger.ts';

const STATUS: Partial<Record<ErrorCode, number>> = {
  'bad-input': 400,
  'not-signed-in': 401,
  'wrong-credentials': 401,
  forbidden: 403,
  'wrong-origin': 403,
  'not-found': 404,
  'unknown-name': 404,
  'too-large': 413,
  'locked-out': 429,
  'rate-limited': 429,
  'shutting-down': 503,
  internal: 500,
};

export const unknownRoute: RequestHandler = () => {
  throw new AppError('not-found', 'There is nothing at this address.');
};

/** Every refused request reads the same: a status, a code, a sentence. */
export function createErrorResponder(
  log: Logger,
  isAnswer: (error: unknown) => error is CodedError,
): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const wireError = toWireError(toAnswer(error), isAnswer);
    if (wireError.code === 'internal') log.error({ err: error, path: request.path }, 'HTTP request failed');
    const retryAfterMs = wireError.details?.['retryAfterMs'];
    if (typeof retryAfterMs === 'number') response.setHeader('Retry-After', Math.ceil(retryAfterMs / 1_000));
    response.status(STATUS[wireError.code] ?? 409).json({ error: wireError });
  };
}

/** What express and its body parser refuse comes as an error with a status. */
function toAnswer(error: unknown): unknown {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (status === 413) return new AppError('too-large', 'This request is too large.', { cause: error });
  if (status === 404) return new AppError('not-found', 'There is nothing at this address.', { cause: error });
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new AppError('bad-input', 'This request could not be read.', { cause: error });
  }
  return error;
}
