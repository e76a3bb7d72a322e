import type { ActRefusal, ShareGrantName, ShareView } from '../../../protocol/sharing.ts';
import { sayShare } from './share-texts.ts';

/** What is shared, in short pieces. */
export function sayScope({ scope, isRecorded }: ShareView): string[] {
  const words: string[] = [];
  if (scope?.kind === 'page') words.push(sayShare('wholePage'));
  if (scope?.kind === 'part') words.push(sayShare('onePart'));
  const hidden = scope && scope.kind !== 'screen' ? scope.hiddenParts : 0;
  if (hidden === 1) words.push(sayShare('hiddenPart'));
  if (hidden > 1) words.push(sayShare('hiddenParts', { count: hidden }));
  if (isRecorded) words.push(sayShare('recorded'));
  return words;
}

export function sayPause(reason: ShareView['pausedBecause'], name: string): string {
  switch (reason) {
    case 'private-page':
      return sayShare('pausedPrivatePage');
    case 'part-gone':
      return sayShare('pausedPartGone');
    case 'unreadable-rules':
      return sayShare('pausedRules');
    default:
      return sayShare('pausedByVisitor', { name });
  }
}

const GRANT_WORDS = {
  point: 'grantPoint',
  draw: 'grantDraw',
  scroll: 'grantScroll',
  'click-and-type': 'grantClickAndType',
  navigate: 'grantNavigate',
} as const satisfies Record<ShareGrantName, string>;

export function sayGrant(grant: ShareGrantName): string {
  return sayShare(GRANT_WORDS[grant]);
}

const REFUSALS: Record<ActRefusal | 'unanswered', (name: string) => string> = {
  'not-granted': (name) => sayShare('refusedNotGranted', { name }),
  private: (name) => sayShare('refusedPrivate', { name }),
  'read-only': () => sayShare('refusedReadOnly'),
  gone: () => sayShare('refusedGone'),
  'own-interface': (name) => sayShare('refusedOwn', { name }),
  'visitor-is-busy': (name) => sayShare('refusedBusy', { name }),
  'not-possible': () => sayShare('refusedNotPossible'),
  declined: (name) => sayShare('refusedDeclined', { name }),
  paused: () => sayShare('refusedPaused'),
  unanswered: () => sayShare('refusedUnanswered'),
};

/** Why an act of the agent did not happen. */
export function sayRefusal(refusal: ActRefusal | 'unanswered', name: string): string {
  return REFUSALS[refusal](name);
}
