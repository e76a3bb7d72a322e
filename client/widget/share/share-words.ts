import type { ShareAct, ShareGrantName, ShareView } from '../../../protocol/sharing.ts';
import { joinNames, sayShare } from '../../ui/share/share-texts.ts';
import { sayVisitorShare as say } from './visitor-share-texts.ts';

/** "You are sharing this page", or why nothing is to be seen. */
export function sayShared({ kind, sharer, phase, pausedBecause, scope }: ShareView, agentName: string): string {
  if (phase === 'paused') {
    switch (pausedBecause) {
      case 'private-page':
        return say('pausedPrivatePage');
      case 'part-gone':
        return say(scope?.kind === 'part' ? 'pausedPartGone' : 'pausedHiddenGone');
      case 'unreadable-rules':
        return say('pausedRules');
      case 'out-of-reach':
        return say('pausedOutOfReach');
      default:
        return say('paused');
    }
  }
  if (sharer === 'agent') return say('agentShares', { name: agentName });
  if (kind === 'co-browse') return say(scope?.kind === 'part' ? 'sharesPart' : 'sharesPage');
  if (scope?.kind !== 'screen') return say('sharesScreen');
  switch (scope.surface) {
    case 'window':
      return say('sharesWindow');
    case 'browser':
      return say('sharesTab');
    default:
      return say('sharesScreen');
  }
}

/** With whom, and how much of it stays hidden. */
export function sayShareDetails({ watchers, sharer, phase }: ShareView, hiddenCount: number): string[] {
  if (phase === 'paused') return [say('nothingShown')];
  const looking =
    watchers.length === 0 ? sayShare('nobodyLooks') : sayShare('withNames', { names: joinNames(watchers) });
  return [
    ...(sharer === 'agent' ? [] : [looking]),
    ...(hiddenCount > 0 ? [say('partsHidden', { count: hiddenCount })] : []),
  ];
}

/** "would like to scroll on this page". */
export function sayAskedGrant(grant: ShareGrantName, name: string): string {
  switch (grant) {
    case 'point':
      return say('asksPoint', { name });
    case 'draw':
      return say('asksDraw', { name });
    case 'scroll':
      return say('asksScroll', { name });
    case 'click-and-type':
      return say('asksAct', { name });
    case 'navigate':
      return say('asksNavigate', { name });
  }
}

export function sayGrant(grant: ShareGrantName): string {
  switch (grant) {
    case 'point':
      return say('grantPoint');
    case 'draw':
      return say('grantDraw');
    case 'scroll':
      return say('grantScroll');
    case 'click-and-type':
      return say('grantAct');
    case 'navigate':
      return say('grantNavigate');
  }
}

/** "Mira clicked “Add to cart”". */
export function sayAct({
  kind,
  agentName: name,
  label,
}: {
  kind: ShareAct['kind'];
  agentName: string;
  label: string | null;
}): string {
  const what = label === null || label.trim() === '' ? null : say('quoted', { words: label });
  switch (kind) {
    case 'scroll':
      return say('didScroll', { name });
    case 'click':
    case 'press':
      return what === null ? say('didClick', { name }) : say('didClickOn', { name, what });
    case 'type':
    case 'select':
      return what === null ? say('didType', { name }) : say('didTypeIn', { name, what });
    case 'navigate':
    case 'open':
      return say('didNavigate', { name });
  }
}
