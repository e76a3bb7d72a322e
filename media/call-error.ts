import type { ErrorCode } from '../protocol/errors.ts';

/** A refusal of the call part: a stable code for the page and a sentence for the person. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly code: ErrorCode;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: { details?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details;
  }
}

/** One sentence per refusal, so that the same fault reads the same wherever it is found. */
export const callFaults = {
  notFound: () => new CallError('not-found', 'This call does not exist.'),
  foreignTrack: () => new CallError('not-found', 'This track does not exist in the call.'),
  noSeat: () => new CallError('forbidden', 'You have no seat in this call.'),
  notSharer: () => new CallError('forbidden', 'Only who shares a screen may show something here.'),
  ended: () => new CallError('call-ended', 'This call has ended.'),
  restarted: () => new CallError('call-restarted', 'The call moved to another media worker. Join it again.'),
  otherTab: () => new CallError('call-in-other-tab', 'You are in this call in another tab or window.'),
  notAccepted: () => new CallError('invalid-transition', 'The other side has not accepted this call yet.'),
  noMedia: (cause?: unknown) =>
    new CallError('media-unavailable', 'Calls are not possible at the moment. Please try again shortly.', { cause }),
} as const;
