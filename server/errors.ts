import type { ErrorCode, WireError } from '../protocol/errors.ts';

export interface AppErrorOptions {
  /** Names of fields, limits and own ids: goes to the client as it is. */
  details?: Record<string, unknown>;
  cause?: unknown;
}

/**
 * The one error that may reach a person: a stable code, a sentence for whoever reads it, the cause kept for the log.
 * `internal` is our fault and logged as an error; every other code is an answer.
 */
export class AppError extends Error {
  override name = 'AppError';
  readonly code: ErrorCode;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details;
  }
}

/** A part without access to AppError (media, co-browsing) marks its answers with a code of the contract. */
export interface CodedError extends Error {
  code: ErrorCode;
  details?: Record<string, unknown> | undefined;
}

/** What the wire carries for anything thrown; unknown throwables become `internal` and say nothing of the inside. */
export function toWireError(error: unknown, isAnswer: (error: unknown) => error is CodedError): WireError {
  if (isAnswer(error)) {
    return { code: error.code, message: error.message, ...(error.details && { details: error.details }) };
  }
  return { code: 'internal', message: 'Something went wrong on our side. Please try again.' };
}
