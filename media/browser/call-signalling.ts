import type { EventOf, InputOf, OutputOf } from '../../protocol/contract.ts';
import type { ErrorCode, WireError } from '../../protocol/errors.ts';
import type { callEvents, callRequests } from '../../protocol/media.ts';

export type CallRequests = typeof callRequests;
export type CallEvents = typeof callEvents;
export type CallRequestName = keyof CallRequests;
export type CallEventName = keyof CallEvents;
export type JoinedCall = OutputOf<CallRequests, 'call:join-call'>;

/**
 * What a call needs of the page's connection. A refused request rejects with an error that carries the wire's `code`;
 * a request while offline may reject (`offline`, `timeout`), the call tries again by itself.
 */
export interface CallSignalling {
  request<Name extends CallRequestName>(
    name: Name,
    input: InputOf<CallRequests, Name>,
  ): Promise<OutputOf<CallRequests, Name>>;
  on<Name extends CallEventName>(event: Name, handler: (event: EventOf<CallEvents, Name>) => void): () => void;
  /** The connection was lost and is back, so that events may have been missed. */
  onReconnected?(handler: () => void): () => void;
}

export interface CallFailure {
  code: ErrorCode;
  message: string;
}

/** Reads the code of a refused request; anything else that was thrown counts as our own fault. */
export function toCallFailure(error: unknown): CallFailure {
  if (isWireError(error)) return { code: error.code, message: error.message };
  return { code: 'internal', message: error instanceof Error ? error.message : 'The call could not be set up.' };
}

function isWireError(error: unknown): error is WireError {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string' &&
    'message' in error &&
    typeof error.message === 'string' &&
    // NOTE: a DOMException also has a `code`, but a number; codes of the wire are words with dashes.
    /^[a-z-]+$/.test(error.code)
  );
}
