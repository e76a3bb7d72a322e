import type { ShareView } from '../../protocol/sharing.ts';
import { sayRequest } from './share-request-texts.ts';

/** How a share ended, in a sentence; null when the agent did it and needs no telling. */
export function toEndWords({ endReason, sharer }: ShareView, name: string): string | null {
  switch (endReason) {
    case 'declined':
      return sayRequest('declined', { name });
    case 'unanswered':
      return sayRequest('unanswered', { name });
    case 'ended-by-sharer':
      return sharer === 'visitor' ? sayRequest('endedByVisitor', { name }) : null;
    case 'ended-by-viewer':
      return sharer === 'agent' ? sayRequest('endedByVisitor', { name }) : null;
    case 'stopped-in-browser':
      return sayRequest('stoppedInBrowser');
    case 'sharer-left':
      return sharer === 'visitor' ? sayRequest('visitorGone', { name }) : sayRequest('endedHere');
    case 'viewer-left':
      return sayRequest('youWereAway');
    case 'failed':
      return sayRequest('failed');
    case 'cancelled':
    case 'conversation-ended':
    case null:
      return null;
  }
}
