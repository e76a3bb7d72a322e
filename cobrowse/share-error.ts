import type { ErrorCode } from '../protocol/errors.ts';
import type { ShareId } from '../protocol/ids.ts';

/** A refusal of the sharing part: a stable code for the page and a sentence for the person. */
export class ShareError extends Error {
  override readonly name = 'ShareError';
  readonly code: ErrorCode;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: { details?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details;
  }
}

/** One sentence per refusal, so that the same fault reads the same wherever it is found. */
export const shareFaults = {
  notFound: () => new ShareError('not-found', 'This share does not exist.'),
  noRecording: () => new ShareError('not-found', 'This recording does not exist.'),
  ended: () => new ShareError('share-ended', 'This share has ended.'),
  running: (shareId: ShareId) =>
    new ShareError('share-running', 'Something of this kind is shared or asked for already.', { details: { shareId } }),
  notOffered: () => new ShareError('share-not-allowed', 'This site does not offer this kind of sharing.'),
  scopeFixed: () => new ShareError('share-not-allowed', 'On this site the whole page is shared, or nothing.'),
  surfaceFixed: () =>
    new ShareError('share-not-allowed', 'On this site a shared screen stays the one that was chosen, or ends.'),
  grantNotOffered: () => new ShareError('share-not-allowed', 'This site does not offer this permission.'),
  notGranted: () => new ShareError('share-not-allowed', 'The visitor has not allowed this.'),
  tooMuch: () => new ShareError('rate-limited', 'That was a lot at once. Please wait a moment.'),
  notYours: () => new ShareError('forbidden', 'Only the person who shares may do this.'),
  staleStream: () => new ShareError('stale-stream', 'What is shared has changed. Begin again with the present scope.'),
} as const;
