import type { ErrorCode } from '../../protocol/errors.ts';
import type { TextKey } from './texts.ts';

const WORDS = {
  offline: 'failOffline',
  'shutting-down': 'failOffline',
  timeout: 'failTimeout',
  'rate-limited': 'failRateLimited',
  forbidden: 'failForbidden',
  'not-found': 'failNotFound',
  'offer-gone': 'offerGone',
  'request-taken': 'offerTaken',
  'visitor-left': 'visitorGone',
  'conversation-ended': 'failEnded',
  'invalid-transition': 'failEnded',
  'limit-reached': 'failLimit',
  'call-running': 'callRunning',
  'call-ended': 'failNotFound',
  'call-in-other-tab': 'callInOtherTab',
  'media-unavailable': 'failMedia',
  'share-ended': 'shareEnded',
  'share-running': 'shareRunning',
  'share-not-allowed': 'shareNotAllowed',
} as const satisfies Partial<Record<ErrorCode, TextKey>>;

/** Texts that need nothing but their key. */
export type FaultText = (typeof WORDS)[keyof typeof WORDS] | 'failOther';

/** The sentence for an agent whose wish the server refused: what happened and, where there is something, what to do. */
export function toFaultText(code: ErrorCode): FaultText {
  return isNamed(code) ? WORDS[code] : 'failOther';
}

function isNamed(code: ErrorCode): code is keyof typeof WORDS {
  return code in WORDS;
}
