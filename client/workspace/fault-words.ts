import type { ErrorCode } from '../../protocol/errors.ts';
import type { workspaceTexts } from './texts.ts';

export type TextKey = keyof (typeof workspaceTexts)['en'];

const WORDS: Partial<Record<ErrorCode, TextKey>> = {
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
};

/** The sentence for an agent whose wish the server refused: what happened and, where there is something, what to do. */
export function toFaultText(code: ErrorCode): TextKey {
  return WORDS[code] ?? 'failOther';
}
