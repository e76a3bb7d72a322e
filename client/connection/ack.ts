import type { Ack } from '../../protocol/errors.ts';
import { RequestError } from './request-error.ts';

/** Opens the envelope of an answer: gives what is inside or throws what the server refused with. */
export function readAck(answer: unknown): unknown {
  if (!isAck(answer)) {
    throw new RequestError({ code: 'internal', message: 'The server gave an answer that this page cannot read.' });
  }
  if (!answer.ok) throw new RequestError(answer.error);
  return answer.data;
}

function isAck(answer: unknown): answer is Ack<unknown> {
  if (typeof answer !== 'object' || answer === null || !('ok' in answer)) return false;
  if (answer.ok === true) return 'data' in answer;
  if (!('error' in answer) || typeof answer.error !== 'object' || answer.error === null) return false;
  return 'code' in answer.error && 'message' in answer.error;
}
