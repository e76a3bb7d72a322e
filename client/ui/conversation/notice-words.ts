import type { ConversationClient } from '../../connection/conversation-client.ts';
import type { ShownMessage } from '../../connection/timeline.ts';
import { formatDuration } from '../format-time.ts';
import { sayConversation } from './conversation-texts.ts';

type Party = ConversationClient['party'];
type Notice = Extract<ShownMessage['body'], { kind: 'notice' }>;

/** A notice of the log in the reader's language and from the reader's side; null for a kind this page does not know. */
export function toNoticeWords({ notice, data }: Notice, reader: Party): string | null {
  switch (notice) {
    case 'agent-joined':
      return typeof data['name'] === 'string' && data['name'] !== ''
        ? sayConversation('agentJoined', { name: data['name'] })
        : sayConversation('agentJoined', { name: sayConversation('agent') });
    case 'call-started':
      if (data['modality'] === 'voice') return sayConversation('voiceCallStarted');
      return sayConversation(data['modality'] === 'video' ? 'videoCallStarted' : 'callStarted');
    case 'call-ended':
      return typeof data['durationMs'] === 'number' && data['durationMs'] > 0
        ? sayConversation('callEndedAfter', { duration: formatDuration(data['durationMs']) })
        : sayConversation('callEnded');
    case 'call-declined':
      return sayConversation('callDeclined');
    case 'call-missed':
      return sayConversation(data['wasCancelled'] === true ? 'callCancelled' : 'callMissed');
    case 'share-asked':
      return toAskedWords(data['kind'] === 'screen', reader);
    case 'share-started':
      if (data['kind'] !== 'screen') return sayConversation('pageShared');
      return toScreenWords(data['sharer'] === 'agent' ? 'agent' : 'visitor', reader);
    case 'share-ended':
      if (data['reason'] === 'viewer-left') return sayConversation('shareDeserted');
      return typeof data['durationMs'] === 'number' && data['durationMs'] > 0
        ? sayConversation('shareEndedAfter', { duration: formatDuration(data['durationMs']) })
        : sayConversation('shareEnded');
    case 'share-declined':
      return toUnsharedWords(data['reason']);
    case 'conversation-ended':
      return toEndWords(data['reason'], reader);
    default:
      return toUnknownNotice(notice);
  }
}

/** Only visitors are asked; who reads as an agent may have taken the conversation over since. */
function toAskedWords(isScreen: boolean, reader: Party): string {
  if (reader === 'visitor') return sayConversation(isScreen ? 'yourScreenAsked' : 'yourPageAsked');
  return sayConversation(isScreen ? 'screenAsked' : 'pageAsked');
}

function toScreenWords(sharer: Party, reader: Party): string {
  if (reader === 'visitor') return sayConversation(sharer === 'visitor' ? 'yourScreenShared' : 'screenSharedWithYou');
  return sayConversation(sharer === 'visitor' ? 'visitorScreenShared' : 'agentScreenShared');
}

/** Why nothing came of a question. */
function toUnsharedWords(reason: string | number | boolean | undefined): string {
  if (reason === 'cancelled') return sayConversation('shareCancelled');
  if (reason === 'failed') return sayConversation('shareNotPossible');
  return sayConversation(reason === 'unanswered' ? 'shareUnanswered' : 'shareDeclined');
}

function toEndWords(reason: string | number | boolean | undefined, reader: Party): string {
  switch (reason) {
    case 'agent-ended':
      return sayConversation(reader === 'agent' ? 'youEnded' : 'agentEnded');
    case 'visitor-ended':
      return sayConversation(reader === 'visitor' ? 'youEnded' : 'visitorEnded');
    case 'visitor-left':
      return sayConversation(reader === 'agent' ? 'visitorLeft' : 'ended');
    case 'abandoned':
      return sayConversation('leftQueue');
    case 'orphaned':
      return sayConversation('nobodyCame');
    default:
      return sayConversation('ended');
  }
}

/** The compiler makes sure that a kind is missing only where the server is newer than this page. */
function toUnknownNotice(_notice: never): null {
  return null;
}
