import type { ShareHistoryEntry } from '../../../protocol/recordings.ts';
import { sayHistory } from './history-texts.ts';

type Data = ShareHistoryEntry['data'];

/** One line of the history as a sentence. */
export function sayEntry({ what, actor, actorName, data }: ShareHistoryEntry): string {
  const who = actorName || sayHistory('somebody');
  switch (what) {
    case 'share-asked':
      return sayHistory(data['kind'] === 'screen' ? 'askedScreen' : 'askedPage', { who });
    case 'share-allowed':
      return sayHistory(data['isRecorded'] === true ? 'allowedRecorded' : 'allowed', { who, scope: sayScope(data) });
    case 'share-declined':
      return sayHistory('declined', { who });
    case 'share-scope-changed':
      return sayHistory('scopeChanged', { who, scope: sayScope(data) });
    case 'share-paused':
      return sayChosen(PAUSES[String(data['reason'])] ?? 'pausedByVisitor', who);
    case 'share-resumed':
      return sayHistory('resumed', { who });
    case 'share-ended':
      if (actor !== 'system') return sayHistory('ended', { who });
      return sayHistory('endedItself', { reason: sayChosen(ENDS[String(data['reason'])] ?? 'endOther') });
    case 'share-watched':
      return sayHistory('watched', { who });
    case 'share-unwatched':
      return sayHistory('unwatched', { who });
    case 'grant-asked':
      return sayHistory('grantAsked', { who, grant: sayGrant(data) });
    case 'grant-declined':
      return sayHistory('grantDeclined', { who, grant: sayGrant(data) });
    case 'grant-given':
      return sayHistory('grantGiven', { who, grant: sayGrant(data) });
    case 'grant-taken-back':
      return sayHistory('grantTakenBack', { who, grant: sayGrant(data) });
    case 'grant-expired':
      return sayHistory('grantExpired', { grant: sayGrant(data) });
    case 'act-done':
      return sayAct(data, who);
    case 'act-refused': {
      const reason = sayChosen(REFUSALS[String(data['refusal'])] ?? 'refusedOther');
      return sayHistory('refused', { act: sayAct(data, who), reason });
    }
    case 'recording-watched':
      return sayHistory('played', { who });
    case 'recording-erased':
      return sayHistory('erased');
  }
}

function sayScope(data: Data): string {
  const scope = sayChosen(SCOPES[String(data['scope'])] ?? 'wholePage');
  const count = Number(data['hiddenParts'] ?? 0);
  return count > 0 ? sayHistory('hiddenParts', { scope, count }) : scope;
}

function sayGrant(data: Data): string {
  const grant = String(data['grant']);
  return isGrant(grant) ? sayHistory(grant) : grant;
}

function sayAct(data: Data, who: string): string {
  return sayChosen(ACTS[String(data['kind'])] ?? 'actClick', who);
}

type Key = Parameters<typeof sayHistory>[0];

/** A text chosen by what the server says: at most it names who it was. */
function sayChosen(key: Key, who = ''): string {
  return sayHistory(key as 'ended', { who });
}

type Keys = Readonly<Record<string, Key>>;

const GRANTS = ['point', 'draw', 'scroll', 'click-and-type', 'navigate'] as const;

function isGrant(name: string): name is (typeof GRANTS)[number] {
  return GRANTS.some((grant) => grant === name);
}

const SCOPES: Keys = { page: 'wholePage', part: 'onePart', screen: 'screen' };
const PAUSES: Keys = {
  'by-visitor': 'pausedByVisitor',
  'private-page': 'pausedPrivatePage',
  'part-gone': 'pausedPartGone',
  'unreadable-rules': 'pausedRules',
  'out-of-reach': 'pausedOutOfReach',
};
const ENDS: Keys = {
  unanswered: 'endUnanswered',
  'conversation-ended': 'endConversation',
  'sharer-left': 'endLeft',
  'viewer-left': 'endDeserted',
  failed: 'endFailed',
};
const ACTS: Keys = {
  scroll: 'actScroll',
  click: 'actClick',
  type: 'actType',
  press: 'actPress',
  select: 'actSelect',
  navigate: 'actNavigate',
  open: 'actOpen',
};
const REFUSALS: Keys = {
  'not-granted': 'refusedNotGranted',
  private: 'refusedPrivate',
  'read-only': 'refusedReadOnly',
  gone: 'refusedGone',
  'own-interface': 'refusedOwn',
  'visitor-is-busy': 'refusedBusy',
  declined: 'refusedDeclined',
  paused: 'refusedPaused',
};
