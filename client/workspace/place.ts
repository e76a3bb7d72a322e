import type { ConversationId } from '../../protocol/ids.ts';

/** Where in the workspace one is; the address tells it, so a reload or a new sign-in leads back. */
export type Place =
  | { at: 'overview' }
  | { at: 'conversation'; conversationId: ConversationId }
  | { at: 'queue' }
  | { at: 'messages-left' };

export const BASE_PATH = '/workspace';

/** Reads a path below `/workspace`; what nobody knows is the overview. */
export function toPlace(path: string): Place {
  const [first, second] = path.split('/').filter(Boolean);
  if (first === 'queue') return { at: 'queue' };
  if (first === 'messages-left') return { at: 'messages-left' };
  if (first === 'conversations' && second !== undefined) {
    return { at: 'conversation', conversationId: second as ConversationId };
  }
  return { at: 'overview' };
}

export function toPath(place: Place): string {
  switch (place.at) {
    case 'overview':
      return '/';
    case 'conversation':
      return `/conversations/${place.conversationId}`;
    case 'queue':
      return '/queue';
    case 'messages-left':
      return '/messages-left';
  }
}
