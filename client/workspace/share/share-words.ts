import type { ShareGrantName, ShareView } from '../../../protocol/sharing.ts';
import type { Refusal } from './act-news.ts';
import { sayShare } from './share-texts.ts';

const SURFACES = {
  monitor: 'wholeScreen',
  window: 'oneWindow',
  browser: 'oneTab',
  unknown: 'aScreen',
} as const;

/** What is shared, in short pieces. */
export function sayScope({ scope }: Pick<ShareView, 'scope'>): string[] {
  if (scope === null) return [];
  if (scope.kind === 'screen') return [sayShare(SURFACES[scope.surface])];
  const words = [sayShare(scope.kind === 'page' ? 'wholePage' : 'onePart')];
  if (scope.hiddenParts > 0) words.push(sayShare('hiddenParts', { count: scope.hiddenParts }));
  return words;
}

/** Why nothing is sent although the share goes on. */
export function sayPause(reason: ShareView['pausedBecause'], name: string): string {
  switch (reason) {
    case 'private-page':
      return sayShare('pausedPrivatePage', { name });
    case 'part-gone':
      return sayShare('pausedPartGone');
    case 'unreadable-rules':
      return sayShare('pausedRules');
    case 'out-of-reach':
      return sayShare('pausedOutOfReach', { name });
    case 'by-visitor':
    case null:
      return sayShare('pausedByVisitor', { name });
  }
}

const GRANTS = {
  point: { name: 'grantPoint', ask: 'askForPoint' },
  draw: { name: 'grantDraw', ask: 'askForDraw' },
  scroll: { name: 'grantScroll', ask: 'askForScroll' },
  'click-and-type': { name: 'grantClickAndType', ask: 'askForClickAndType' },
  navigate: { name: 'grantNavigate', ask: 'askForNavigate' },
} as const satisfies Record<ShareGrantName, object>;

export function sayGrant(grant: ShareGrantName): string {
  return sayShare(GRANTS[grant].name);
}

/** Name of the button that asks: "Ask for scrolling". */
export function sayAskFor(grant: ShareGrantName): string {
  return sayShare(GRANTS[grant].ask);
}

const REFUSALS: Record<Refusal, (name: string) => string> = {
  'not-granted': (name) => sayShare('refusedNotGranted', { name }),
  private: (name) => sayShare('refusedPrivate', { name }),
  'read-only': () => sayShare('refusedReadOnly'),
  gone: () => sayShare('refusedGone'),
  'own-interface': (name) => sayShare('refusedOwn', { name }),
  'visitor-is-busy': (name) => sayShare('refusedBusy', { name }),
  'not-possible': () => sayShare('refusedNotPossible'),
  declined: (name) => sayShare('refusedDeclined', { name }),
  paused: () => sayShare('refusedPaused'),
  elsewhere: () => sayShare('refusedElsewhere'),
  unanswered: () => sayShare('refusedUnanswered'),
  'too-fast': () => sayShare('refusedTooFast'),
  'ask-first': (name) => sayShare('askFirst', { name }),
};

/** Why an act of the agent did not happen. */
export function sayRefusal(refusal: Refusal, name: string): string {
  return REFUSALS[refusal](name);
}

const REASONS = ['canvas', 'closed-shadow-root', 'foreign-frame', 'media', 'plugin', 'font'] as const;

/** "Not shown: 2 drawings, 1 film", or null when everything is there. */
export function sayNotShown(counts: Readonly<Record<string, number>>): string | null {
  const list = REASONS.flatMap((reason) => {
    const count = counts[reason] ?? 0;
    return count > 0 ? [sayShare(reason, { count })] : [];
  });
  return list.length === 0 ? null : sayShare('notShown', { list: list.join(', ') });
}

/** The path of a shared page, which says more than its address and fits. */
export function toSharedPath(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}
